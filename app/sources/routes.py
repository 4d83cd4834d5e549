"""What sources answer besides their list and documents: the exercises that cite them."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from app.content.content_type import ContentType
from app.delivery.answer_schemas import page_answer
from app.delivery.pages import Moved, read_document
from app.delivery.query_schemas import list_query
from app.delivery.routes import list_request, list_response, moved_response, scope_of
from app.exercises.kind import EXERCISE
from app.web.api import Blueprint
from app.web.installed import database


def add_routes(blueprint: Blueprint, source: ContentType) -> None:
    """Declares the exercises that cite a source."""

    @blueprint.operation(
        "/<slug:slug>/exercises",
        operation_id="listSourceExercises",
        summary="List the exercises that cite a source",
        description="Published exercises that cite the source, with the same parameters as the list of exercises.",
        example="/v1/sources/light-on-yoga/exercises?type=yoga&limit=1",
        schema=page_answer(EXERCISE),
        query=list_query(EXERCISE),
    )
    def list_exercises(query: Mapping[str, Any], slug: str) -> Response:
        """The exercises that cite a source."""
        asked = list_request(EXERCISE, query, [scope_of("source", slug)])
        with database().released() as connection:
            document = read_document(connection, source, slug)
            if isinstance(document, Moved):
                return moved_response(source, slug, document)
            return list_response(connection, asked)
