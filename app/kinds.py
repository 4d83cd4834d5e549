"""The kinds of content that Limber serves, in the order in which they are applied and released.

A new kind is a folder and a line here.
"""

from app.content.content_type import Catalogue
from app.exercises.content import EXERCISE
from app.places.content import PLACE
from app.routines.content import ROUTINE
from app.sources.content import SOURCE
from app.vocabularies.content import TERM

CATALOGUE = Catalogue((TERM, SOURCE, PLACE, EXERCISE, ROUTINE))
