"""Every field of every kind's draft as tables for people, made from the schemas."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from marshmallow import Schema, fields, validate

from app.content.content_type import Catalogue
from app.content.draft_schemas import NumberedEntries
from app.shapes import fields as f

BEGIN, END = "<!-- fields: written by `make generated` -->", "<!-- end of fields -->"


class FieldRow(NamedTuple):
    """A field: its place in the draft (`steps[].cue`), what it may hold, whether it must be there, what it means."""

    name: str
    value: str
    required: bool
    description: str


def with_fields(page: str, catalogue: Catalogue) -> str:
    """The page with the tables between its marks, one for each kind."""
    tables = "\n\n".join(_table(content_type.noun, content_type.draft_schema) for content_type in catalogue)
    before, after = page.partition(BEGIN)[0], page.partition(END)[2]
    return f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}"


def _table(noun: str, schema: type[Schema]) -> str:
    rows = [
        f"| `{row.name}`{' (required)' if row.required else ''} | {row.value} | {row.description} |"
        for row in draft_fields(schema)
    ]
    return "\n".join(
        [f"### Fields of a draft: {noun}", "", "| field | may be | meaning |", "| --- | --- | --- |", *rows]
    )


def draft_fields(schema: type[Schema], before: str = "") -> Iterator[FieldRow]:
    """Every field of a draft, those of lists and objects within it too."""
    shapes: dict[str, type[Schema]] = getattr(schema, "type_schemas", {"": schema})
    seen: dict[str, list[str]] = {}
    for name, shape in shapes.items():
        for key in shape().load_fields:
            seen.setdefault(key, []).append(name)
    if issubclass(schema, NumberedEntries):
        yield FieldRow(before + schema.number_key, "whole number", False, "Its place in the list; it may be left out.")
    for key, names in seen.items():
        field = _joined([shapes[name]().load_fields[key] for name in names])
        only = "" if len(names) == len(shapes) else f" Only with `type` {' or '.join(names)}."
        yield from _rows(field, before + key, only)


def _joined(alike: Sequence[fields.Field[Any]]) -> fields.Field[Any]:
    """The field of several shapes of a draft, with the choices of all of them."""
    first = alike[0]
    if not isinstance(first, f.Choice):
        return first
    choices = dict.fromkeys(choice for field in alike if isinstance(field, f.Choice) for choice in field.choices)
    return f.Choice(tuple(choices), required=first.required, metadata=first.metadata)


def _rows(field: fields.Field[Any], name: str, only: str) -> Iterator[FieldRow]:
    description = str(field.metadata.get("description", ""))
    yield FieldRow(name, _value(field), field.required, description + only)
    inner, path = field, f"{name}."
    if isinstance(field, fields.List):
        inner, path = field.inner, f"{name}[]."
    if isinstance(inner, fields.Nested):
        yield from draft_fields(type(inner.schema), path)


def _value(field: Any) -> str:
    """What a field may hold, in words."""
    return next(
        (words(field) for sort, words in _SORTS.items() if isinstance(field, sort)),
        re.sub(r"(?<!^)(?=[A-Z])", " ", type(field).__name__).lower(),
    )


def _list_value(field: fields.List[Any]) -> str:
    limit = next((one.max for one in field.validators if isinstance(one, validate.Length)), None)
    return f"list{f' of at most {limit}' if limit else ''}: {_value(field.inner)}"


# The first that fits holds: a special sort of field stands before the one that it is made of.
_SORTS: dict[type[fields.Field[Any]], Callable[[Any], str]] = {
    fields.List: _list_value,
    f.Choice: lambda field: ", ".join(f"`{choice}`" for choice in field.choices),
    f.WholeNumber: lambda field: f"whole number from {field.low} to {field.high}",
    f.TranslatableText: lambda field: f"text or translations, at most {field.limit} characters",
    f.PlainText: lambda field: f"text of at most {field.limit} characters",
    f.Coordinate: lambda field: f"degrees from -{field.bound} to {field.bound}",
    f.Entry: lambda _field: "slug, or an object with fields",
    fields.Nested: lambda _field: "object with fields",
    f.Slug: lambda _field: "slug",
    f.YesNo: lambda _field: "`true` or `false`",
    f.CalendarDate: lambda _field: "day, `YYYY-MM-DD`",
    f.WebAddress: lambda _field: "address, `https://…` or `http://…`",
    f.Isbn: lambda _field: "ISBN of 10 or 13 digits",
    f.SpdxLicence: lambda _field: "SPDX licence identifier",
    f.CountryCode: lambda _field: "country, ISO 3166-1 alpha-2",
}
