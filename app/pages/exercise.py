"""`/exercises/{slug}`: an exercise's page."""

from flask import Response

from app.look.template_values import exercise_values
from app.pages.document_page import document_page
from app.pages.json_ld import of_exercise


def exercise_response(slug: str) -> Response:
    """An exercise's page."""
    return document_page(
        "exercises", slug, linked_data=of_exercise, values=lambda _connection, exercise: exercise_values(exercise)
    )
