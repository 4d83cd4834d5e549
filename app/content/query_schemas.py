"""The query parameters of lists and documents, made from what a kind declares."""

from functools import cache
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from app.content.content_type import ContentType, Filter
from app.content.cursors import MAX_LENGTH
from app.content.delivery import DEFAULT_LIMIT, MAX_LIMIT
from app.content.selection import SORT_COLUMNS
from app.shapes.fields import Choice, Slug, WholeNumber, country_codes, is_country

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

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=validate.OneOf(country_codes()), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> str:
        code = str(value)
        code = code.upper() if code.isascii() else code
        if not is_country(code):
            raise ValidationError("Must be an ISO 3166-1 country code of two letters, such as GB.")
        return code


def _filter_field(each: Filter) -> fields.Field[Any]:
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
    return fields.List(value, validate=validate.Length(1, 50), metadata=metadata)


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
    return fields.List(
        Choice(content_type.document_fields),
        validate=validate.Length(1, 60),
        metadata={"description": "Only these fields of each document; `kind` and `slug` always stay."},
    )


@cache
def list_query(content_type: ContentType) -> Schema:
    """The parameters of a kind's list."""
    keys = tuple(sign + key for key in SORT_COLUMNS for sign in ("", "-"))
    declared: dict[str, Any] = {each.parameter: _filter_field(each) for each in content_type.filters}
    declared |= {
        "sort": fields.List(
            Choice(keys),
            validate=validate.Length(1, 6),
            metadata={"description": "Keys to sort by, `-` for descending; by name where nothing is said."},
        ),
        "limit": limit_parameter(),
        "cursor": cursor_parameter(),
        "fields": fields_parameter(content_type),
    }
    return _schema(f"{content_type.kind.title()}ListQuery", QuerySchema, declared)


@cache
def document_query(content_type: ContentType) -> Schema:
    """The parameters of a kind's single documents."""
    return _schema(f"{content_type.kind.title()}Query", QuerySchema, {"fields": fields_parameter(content_type)})


def _schema(name: str, base: type[Schema], declared: dict[str, Any]) -> Schema:
    made: type[Schema] = type(name, (base,), declared)
    return made()
