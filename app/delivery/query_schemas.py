"""The query parameters of lists and documents, made from what a kind declares."""

from functools import cache
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from app.content.content_type import ContentType, Filter
from app.delivery.conditions import SORT_COLUMNS
from app.delivery.cursors import MAX_LENGTH
from app.delivery.pages import DEFAULT_LIMIT, MAX_LIMIT
from app.shapes.fields import (
    Choice,
    Slug,
    WholeNumber,
    country_codes,
    is_country,
    suggest_fields,
)
from app.shapes.languages import LANGUAGES
from app.shapes.lists import BoundedList
from app.shapes.query_fields import Kilometres, Point, RenderedLanguage, SearchedText

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
    """A schema of parameters, whose error for an unknown one lists the allowed ones."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages = {
            **self.error_messages,
            "unknown": f"Unknown field. Allowed: {', '.join(sorted(self.load_fields)) or 'none'}.",
        }

    def handle_error(self, error: ValidationError, data: Any, **_options: Any) -> None:
        """Adds the parameter that was perhaps meant to the error of an unknown one."""
        suggest_fields(self, error)


class Country(fields.String):
    """A country code, in capital or small letters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=validate.OneOf(country_codes()), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> str:
        code = str(value)
        code = code.upper() if code.isascii() else code
        if not is_country(code):
            raise ValidationError("Must be an ISO 3166-1 country code of two letters, such as GB.")
        return code


class NoneOrMore(BoundedList):
    """A list; an empty value gives an empty list."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> list[Any]:
        return super()._deserialize([] if value == [""] else value, attr, data, **options)


def filter_field(chosen: Filter) -> fields.Field[Any]:
    """The parameter of a filter."""
    metadata: dict[str, Any] = {"description": chosen.description}
    if chosen.bounds:
        return WholeNumber(*chosen.bounds, metadata=metadata)
    metadata["description"] += OR
    if chosen.kind:
        group, name = chosen.group or ("kind", chosen.kind)
        metadata[f"x-{group}"] = name
        metadata["description"] += f" Slugs of {chosen.slugs_of or f'published entities of kind `{chosen.kind}`'}."
    value: fields.Field[Any] = (
        Choice((*chosen.choices, *dict(chosen.aliases))) if chosen.choices else Country() if chosen.country else Slug()
    )
    if chosen.operator == "within":
        return NoneOrMore(value, validate=validate.Length(0, 50), metadata=metadata)
    return BoundedList(value, validate=validate.Length(1, 50), metadata=metadata)


def limit_parameter() -> fields.Field[Any]:
    """`limit`: how many on a page."""
    description = f"Entries on a page, {DEFAULT_LIMIT} where nothing is said."
    return WholeNumber(1, MAX_LIMIT, load_default=DEFAULT_LIMIT, metadata={"description": description})


def cursor_parameter() -> fields.Field[Any]:
    """`cursor`: where the page begins."""
    description = "`page.next` of the page before, with the same filters and order."
    return fields.String(metadata={"description": description, "minLength": 1, "maxLength": MAX_LENGTH})


def fields_parameter(content_type: ContentType) -> fields.Field[Any]:
    """`fields`: the document's fields to keep."""
    return BoundedList(
        Choice(content_type.document_fields),
        validate=validate.Length(1, 60),
        metadata={"description": "Only these fields of each document; `kind`, `id` and `slug` always stay."},
    )


def expand_parameter(content_type: ContentType) -> fields.Field[Any]:
    """`expand`: references to show as whole documents."""
    names = tuple(expansion.name for expansion in content_type.expansions)
    return BoundedList(
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
        "near": Point(metadata={"description": near, "example": "51.5,-0.12", "maxLength": 50}),
        "radius_km": Kilometres(metadata={"description": radius}),
    }


def language_parameter() -> fields.Field[Any]:
    """`lang`: the language to answer in."""
    description = (
        f"The language of the texts, {' or '.join(LANGUAGES)}, a region allowed (`es-MX`). Without it `Accept-Language`"
        " decides. Missing texts are in English."
    )
    return RenderedLanguage(metadata={"description": description})


class LanguageQuery(QuerySchema):
    """In which language."""

    lang = language_parameter()


@cache
def list_query(content_type: ContentType) -> Schema:
    """The parameters of a kind's list."""
    keys = tuple(sign + key for key in SORT_COLUMNS for sign in ("", "-"))
    declared: dict[str, Any] = {chosen.parameter: filter_field(chosen) for chosen in content_type.filters}
    if content_type.facets:
        declared["facets"] = BoundedList(
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
        "sort": BoundedList(
            Choice(keys),
            validate=validate.Length(1, 6),
            metadata={"description": SORT_DESCRIPTION},
        ),
        "limit": limit_parameter(),
        "cursor": cursor_parameter(),
        "fields": fields_parameter(content_type),
    }
    return _schema(f"{content_type.type_name}ListQuery", LanguageQuery, declared)


@cache
def document_query(content_type: ContentType) -> Schema:
    """The parameters of a kind's single documents."""
    declared: dict[str, Any] = {"fields": fields_parameter(content_type)}
    if content_type.expansions:
        declared["expand"] = expand_parameter(content_type)
    return _schema(f"{content_type.type_name}Query", LanguageQuery, declared)


def _schema(name: str, base: type[Schema], declared: dict[str, Any]) -> Schema:
    schema: type[Schema] = type(name, (base,), declared)
    return schema()
