"""`/v1/suggestions`: names that complete what somebody types into a search box."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Response
from marshmallow import fields

from app.content import canonical_json
from app.content.document_schemas import DocumentSchema
from app.delivery.query_schemas import LanguageQuery
from app.delivery.routes import asked_language, json_response
from app.search.suggestions import MAX_SUGGESTIONS, suggest
from app.shapes.fields import WholeNumber
from app.shapes.query_fields import SearchedText
from app.web.api import Blueprint
from app.web.installed import database

blueprint = Blueprint(
    "suggestions", __name__, url_prefix="/v1/suggestions", description="Completing what somebody types."
)


class SuggestionQuery(LanguageQuery):
    """What has been typed."""

    q = SearchedText(
        required=True,
        metadata={
            "description": "What has been typed so far, any text; without words nothing is suggested.",
        },
    )
    limit = WholeNumber(
        1,
        MAX_SUGGESTIONS,
        load_default=MAX_SUGGESTIONS,
        metadata={"description": f"Suggestions, {MAX_SUGGESTIONS} where nothing is said."},
    )


class SuggestionSchema(DocumentSchema):
    """A name, and the entity that has it."""

    text = fields.String(metadata={"description": "The name or other name that fits."})
    kind = fields.String()
    slug = fields.String()


class SuggestionsSchema(DocumentSchema):
    """The likeliest first."""

    items = fields.List(fields.Nested(SuggestionSchema))


@blueprint.operation(
    "",
    operation_id="listSuggestions",
    summary="Complete what is being typed",
    description=(
        "Names and other names of published entities of every kind that begin like `q`, or have words that do, at most"
        " ten, the likeliest first. Typing errors are forgiven. Cheap enough to ask on each key."
    ),
    example="/v1/suggestions?q=sholder%20bl&limit=3",
    schema=SuggestionsSchema,
    query=SuggestionQuery,
    counts_as_search=True,
)
def list_suggestions(query: Mapping[str, Any]) -> Response:
    """The likeliest completions."""
    language = asked_language(query)
    with database().released() as connection:
        suggestions = suggest(connection, query["q"], language, query["limit"])
    return json_response(canonical_json.dump({"items": [asdict(suggestion) for suggestion in suggestions]}), language)
