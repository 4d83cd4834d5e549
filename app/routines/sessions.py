"""The marks of a session that is composed for a wish; see `routines.scoring`."""

from collections.abc import Sequence

from sqlalchemy import Connection

from app.content.content_type import Catalogue
from app.delivery.expanding import documents_of
from app.errors import InvalidParameters
from app.routines.composer import compose_routine
from app.routines.scoring import Mark, marks
from app.routines.wishes import Wish


def session_marks(connection: Connection, catalogue: Catalogue, wish: Wish) -> Sequence[Mark] | None:
    """The marks of the session for a wish, or None where nothing fits."""
    try:
        session = compose_routine(connection, catalogue, wish, "")
    except InvalidParameters:
        return None
    slugs = [item["exercise"]["slug"] for item in session["stages"][0]["items"]]
    return marks(session, documents_of(connection, "exercise", slugs, wish.language), wish.seconds)
