"""The kinds of content that Limber serves, in the order in which they are applied and released.

A new kind is a folder and a line here: `create_app` makes its addresses, its part of the OpenAPI document, of bundles
and of the change feed from its declaration. See CONTRIBUTING.md, "a kind".
"""

from app.content.content_type import Catalogue
from app.exercises.kind import EXERCISE
from app.places.kind import PLACE
from app.routines.kind import ROUTINE
from app.sources.kind import SOURCE
from app.vocabularies.kind import TERM

CATALOGUE = Catalogue((TERM, SOURCE, PLACE, EXERCISE, ROUTINE))
