"""What articles answer besides their list and documents: single paragraphs."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response
from marshmallow import fields

from app.content import canonical_json
from app.content.content_type import ContentType
from app.content.document_schemas import DocumentSchema
from app.delivery.query_schemas import LanguageQuery
from app.delivery.routes import stored_response
from app.web.api import Blueprint


class ParagraphDocument(DocumentSchema):
    """A paragraph of an article."""

    text = fields.String()


def add_routes(blueprint: Blueprint, article: ContentType) -> None:
    """Declares the paragraphs of an article."""

    @blueprint.operation(
        "/<slug:slug>/paragraphs/<number:paragraph>",
        operation_id="getAnatomyArticleParagraph",
        summary="Get one paragraph of an article",
        description="The paragraph with this number, from 1.",
        example="/v1/anatomy-articles/the-neck/paragraphs/1",
        schema=ParagraphDocument,
        query=LanguageQuery,
        problems=("not-found", "not-acceptable"),
    )
    def get_paragraph(query: Mapping[str, Any], slug: str, paragraph: int) -> Response:
        """One paragraph of an article."""

        def answer(body: bytes) -> bytes:
            return canonical_json.dump({"text": json.loads(body)["text"].split("\n\n")[paragraph - 1]})

        return stored_response(article, slug, query, answer)
