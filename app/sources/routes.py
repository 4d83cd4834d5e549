"""What sources answer besides their list and documents: the exercises that cite them."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from app.delivery.answer_schemas import page_answer
from app.delivery.pages import Moved, read_document
from app.delivery.query_schemas import list_query
from app.delivery.routes import delivery_blueprint, list_request, list_response, moved_response, scope_of
from app.exercises.kind import EXERCISE
from app.sources.kind import SOURCE
from app.web.installed import database

blueprint = delivery_blueprint(
    SOURCE,
    description="Sources: books, videos, professionals and online pages.",
    list_description="Published sources that meet every parameter given. Sorted by title; follow `page.next` for more.",
    example_slug="light-on-yoga",
    example_filter="type=book",
)


@blueprint.operation(
    "/<slug:slug>/exercises",
    operation_id="listSourceExercises",
    summary="List the exercises that cite a source",
    description="Published exercises that cite the source, with the same parameters as the list of exercises.",
    example="/v1/sources/light-on-yoga/exercises?type=yoga&limit=1",
    schema=page_answer(EXERCISE),
    query=list_query(EXERCISE),
    problems=("malformed-cursor", "not-found", "not-acceptable", "too-many-requests"),
)
def list_exercises(query: Mapping[str, Any], slug: str) -> Response:
    """The exercises that cite a source."""
    with database().released() as connection:
        source = read_document(connection, SOURCE, slug)
        if isinstance(source, Moved):
            return moved_response(SOURCE, slug, source)
        return list_response(connection, list_request(EXERCISE, query, [scope_of("source", slug)]))
