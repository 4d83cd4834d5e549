"""The query parameters of lists and documents, made from what a kind declares."""

from functools import cache
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from app.content.content_type import ContentType, Filter
from app.content.cursors import MAX_LENGTH
from app.content.delivery import DEFAULT_LIMIT, MAX_LIMIT
from app.content.selection import SORT_COLUMNS
from app.shapes.fields import Choice, Kilometres, PlainText, Point, SearchedText, Slug, WholeNumber, is_country
from app.shapes.languages import LANGUAGES

SORT_DESCRIPTION = (
    "Keys to sort by, `-` for descending. Where nothing is said: by distance with `near`, by relevance with `q`, else"
    " by name."
)
SEARCH_DESCRIPTION = (
    "Words to search for in names, other names, terms and texts, in the language of the answer. Any text is allowed:"
    " what is no word is ignored, and typing errors are forgiven."
)
OR = " Repeated or comma-separated values are alternatives."


class QuerySchema(Schema):
    """Says which parameters there are when one is unknown."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages = {
            **self.error_messages,
            "unknown": f"Unknown field. Allowed: {', '.join(sorted(self.load_fields)) or 'none'}.",
        }


class Country(fields.String):
    """A country code; small letters are taken too."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> str:
        code = str(value).upper()
        if not is_country(code):
            raise ValidationError("Must be an ISO 3166-1 country code of two letters, such as GB.")
        return code


class NoneOrMore(fields.List[Any]):
    """A list that an empty value leaves empty."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> list[Any]:
        given = [] if value == [""] else value
        return super()._deserialize(given, attr, data, **options)


def filter_field(each: Filter) -> fields.Field[Any]:
    """The parameter of a filter."""
    metadata: dict[str, Any] = {"description": each.description}
    if each.bounds:
        return WholeNumber(*each.bounds, metadata=metadata)
    metadata["description"] += OR
    if each.vocabulary:
        metadata["x-vocabulary"] = each.vocabulary
        metadata["description"] += f" Slugs of `/v1/vocabularies/{each.vocabulary}`."
    if each.kind:
        metadata["x-kind"] = each.kind
        metadata["description"] += f" Slugs of published entities of kind `{each.kind}`."
    value: fields.Field[Any] = Choice(each.choices) if each.choices else Country() if each.country else Slug()
    if each.operator == "within":
        return NoneOrMore(value, validate=validate.Length(0, 50), metadata=metadata)
    return fields.List(value, validate=validate.Length(1, 50), metadata=metadata)


def limit_parameter() -> fields.Field[Any]:
    """`limit`: how many on a page."""
    description = f"Entries on a page, {DEFAULT_LIMIT} where nothing is said."
    return WholeNumber(1, MAX_LIMIT, load_default=DEFAULT_LIMIT, metadata={"description": description})


def cursor_parameter() -> fields.Field[Any]:
    """`cursor`: where the page begins."""
    description = "`page.next` of the page before, with the same filters and order."
    return PlainText(limit=MAX_LENGTH, metadata={"description": description})


def fields_parameter(content_type: ContentType) -> fields.Field[Any]:
    """`fields`: the document's fields to keep."""
    return fields.List(
        Choice(content_type.document_fields),
        validate=validate.Length(1, 60),
        metadata={"description": "Only these fields of each document; `kind` and `slug` always stay."},
    )


def expand_parameter(content_type: ContentType) -> fields.Field[Any]:
    """`expand`: references to show as whole documents."""
    names = tuple(each.name for each in content_type.expansions)
    return fields.List(
        Choice(names),
        validate=validate.Length(1, len(names)),
        metadata={"description": "What to show as whole documents instead of by slug and name."},
    )


def search_parameter() -> fields.Field[Any]:
    """`q`: what to search for."""
    return SearchedText(metadata={"description": SEARCH_DESCRIPTION})


def location_parameters() -> dict[str, fields.Field[Any]]:
    """`near` and `radius_km`."""
    near = "Degrees north and east, `LAT,LON`: the nearest first, and only what has coordinates."
    radius = "With `near`: only what is within so many kilometres."
    return {
        "near": Point(metadata={"description": near, "example": "51.5,-0.12"}),
        "radius_km": Kilometres(metadata={"description": radius}),
    }


def language_parameter() -> fields.Field[Any]:
    """`lang`: the language to answer in."""
    description = "The language of the texts; without it `Accept-Language` decides. Missing texts are in English."
    return Choice(LANGUAGES, metadata={"description": description})


class LanguageQuery(QuerySchema):
    """In which language."""

    lang = language_parameter()


@cache
def list_query(content_type: ContentType) -> Schema:
    """The parameters of a kind's list."""
    keys = tuple(sign + key for key in SORT_COLUMNS for sign in ("", "-"))
    declared: dict[str, Any] = {each.parameter: filter_field(each) for each in content_type.filters}
    if content_type.facets:
        declared["facets"] = fields.List(
            Choice(tuple(content_type.facets)),
            validate=validate.Length(1, 20),
            metadata={"description": "Filters whose values to count, each under all other filters."},
        )
    if content_type.located:
        declared |= location_parameters()
    if content_type.expansions:
        declared["expand"] = expand_parameter(content_type)
    declared |= {
        "q": search_parameter(),
        "sort": fields.List(
            Choice(keys),
            validate=validate.Length(1, 6),
            metadata={"description": SORT_DESCRIPTION},
        ),
        "limit": limit_parameter(),
        "cursor": cursor_parameter(),
        "fields": fields_parameter(content_type),
    }
    return _schema(f"{content_type.kind.title()}ListQuery", LanguageQuery, declared)


@cache
def document_query(content_type: ContentType) -> Schema:
    """The parameters of a kind's single documents."""
    declared: dict[str, Any] = {"fields": fields_parameter(content_type)}
    if content_type.expansions:
        declared["expand"] = expand_parameter(content_type)
    return _schema(f"{content_type.kind.title()}Query", LanguageQuery, declared)


@cache
def page_schema(content_type: ContentType) -> Schema:
    """A page of documents."""
    name = f"{content_type.kind.title()}Page"
    items = fields.List(fields.Nested(content_type.document_schema), required=True)
    declared: dict[str, Any] = {"items": items, "page": fields.Nested(PageSchema, required=True)}
    if content_type.facets:
        values = fields.List(fields.Nested(FacetValueSchema))
        description = "The facets asked for: for each value the number of documents under all other filters."
        declared["facets"] = fields.Dict(keys=fields.String(), values=values, metadata={"description": description})
    return _schema(name, Schema, declared)


def _schema(name: str, base: type[Schema], declared: dict[str, Any]) -> Schema:
    made: type[Schema] = type(name, (base,), declared)
    return made()


class FacetValueSchema(Schema):
    """A value of a facet, and how many documents have it."""

    slug = fields.String(required=True)
    name = fields.String(required=True)
    count = fields.Integer(required=True)


class PageSchema(Schema):
    """Where a page stands in its list."""

    limit = fields.Integer(required=True)
    total = fields.Integer(required=True, metadata={"description": "Everything that matches, on all pages."})
    next = fields.String(required=True, allow_none=True, metadata={"description": "The cursor of the next page."})
