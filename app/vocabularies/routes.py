"""The vocabularies, the terms of each, and single terms."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Response
from marshmallow import fields
from sqlalchemy import func, select

from app.content import canonical_json
from app.content.content_type import ContentType
from app.content.document_schemas import DocumentSchema
from app.content.documents import on_this_service
from app.delivery import cursors
from app.delivery.answer_schemas import PageSchema, document_answer, page_answer
from app.delivery.pages import Moved, read_document, trim
from app.delivery.query_schemas import LanguageQuery, cursor_parameter, document_query, limit_parameter, list_query
from app.delivery.routes import (
    asked_language,
    json_response,
    list_request,
    list_response,
    moved_response,
    page_links,
    scope_of,
)
from app.errors import NotFound
from app.models.tables import facet
from app.models.vocabulary import VOCABULARIES
from app.vocabularies.schemas import VocabularyDocument
from app.web.api import Blueprint
from app.web.installed import database

NAMES = json.loads(Path(__file__).with_name("names.json").read_text(encoding="utf-8"))
"""Each vocabulary's name and description, by language."""


class VocabularyPage(DocumentSchema):
    """A page of vocabularies."""

    items = fields.List(fields.Nested(VocabularyDocument))
    page = fields.Nested(PageSchema)


class VocabularyListQuery(LanguageQuery):
    """Which page."""

    limit = limit_parameter()
    cursor = cursor_parameter()


def _check_vocabulary(vocabulary: str) -> None:
    if vocabulary not in VOCABULARIES:
        raise NotFound(f"There is no vocabulary '{vocabulary}'. There are: {', '.join(VOCABULARIES)}.")


def add_routes(blueprint: Blueprint, term: ContentType) -> None:
    """Declares the vocabularies, and the terms of each."""

    @blueprint.operation(
        "",
        operation_id="listVocabularies",
        summary="List the vocabularies",
        description="Every vocabulary, with the number of its terms and the address of their list.",
        example="/v1/vocabularies",
        schema=VocabularyPage,
        query=VocabularyListQuery,
    )
    def list_vocabularies(query: Mapping[str, Any]) -> Response:
        """Every vocabulary."""
        fingerprint = cursors.fingerprint("vocabularies")
        after = cursors.decode(query["cursor"], fingerprint, 1)[0] if "cursor" in query else ""
        rest = [slug for slug in sorted(VOCABULARIES) if slug > after]
        shown, limit = rest[: query["limit"]], query["limit"]
        statement = select(facet.c.value, func.count()).where(facet.c.name == "vocabulary").group_by(facet.c.value)
        with database().released() as connection:
            counts = {row[0]: row[1] for row in connection.execute(statement)}
        language = asked_language(query)
        names = NAMES[language]
        items = [
            {
                "slug": slug,
                "name": names[slug][0],
                "description": names[slug][1],
                "terms_count": counts.get(slug, 0),
                "url": on_this_service(f"/v1/vocabularies/{slug}"),
            }
            for slug in shown
        ]
        following = cursors.encode(fingerprint, [shown[-1]]) if len(rest) > limit else None
        page = {"limit": limit, "total": len(VOCABULARIES), "next": following}
        response = json_response(canonical_json.dump({"items": items, "page": page}), language)
        response.headers["Link"] = page_links(following)
        return response

    @blueprint.operation(
        "/<slug:vocabulary>",
        operation_id="listTerms",
        summary="List the terms of a vocabulary",
        description="Published terms of one vocabulary, by name. Their slugs are the values of the filters.",
        example="/v1/vocabularies/regions?limit=2",
        schema=page_answer(term),
        query=list_query(term),
    )
    def list_terms(query: Mapping[str, Any], vocabulary: str) -> Response:
        """The terms of one vocabulary."""
        _check_vocabulary(vocabulary)
        asked = list_request(term, query, [scope_of("vocabulary", vocabulary)])
        with database().released() as connection:
            return list_response(connection, asked)

    @blueprint.operation(
        "/<slug:vocabulary>/<slug:slug>",
        operation_id="getTerm",
        summary="Get one term",
        description="The whole published document of one term. A slug that it had before answers 308.",
        example="/v1/vocabularies/conditions/upper-back-pain",
        schema=document_answer(term),
        query=document_query(term),
    )
    def get_term(query: Mapping[str, Any], vocabulary: str, slug: str) -> Response:
        """One term."""
        _check_vocabulary(vocabulary)
        language = asked_language(query)
        with database().released() as connection:
            document = read_document(connection, term, slug, language)
        if isinstance(document, Moved):
            return moved_response(term, slug, document)
        if json.loads(document)["vocabulary"] != vocabulary:
            raise NotFound(f"The vocabulary {vocabulary} has no published term '{slug}'.")
        return json_response(trim(document, query.get("fields", ())), language)
