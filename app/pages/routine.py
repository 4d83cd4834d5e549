"""`/routines/{slug}`: a routine's page, whose print is a handout."""

from flask import Response

from app.look.template_values import exercises_of, routine_values
from app.pages.document_page import document_page
from app.pages.json_ld import of_routine


def routine_response(slug: str) -> Response:
    """A routine's page."""
    return document_page(
        "routines",
        slug,
        linked_data=of_routine,
        values=lambda connection, routine: routine_values(routine, exercises_of(connection, routine)),
    )
