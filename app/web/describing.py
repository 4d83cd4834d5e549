"""What OpenAPI and JSON Schema say of fields that take more than one shape."""

from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import fields

from app.shapes.fields import SLUG_PATTERN, CalendarDate, Entry, TranslatableText, WebAddress
from app.shapes.languages import DEFAULT_LANGUAGE
from app.shapes.query_fields import Point

_LATITUDE = r"-?([0-8]?[0-9](\.[0-9]{1,17})?|90)"
_LONGITUDE = r"-?((1[0-7]|[0-9])?[0-9](\.[0-9]{1,17})?|180)"


def describe_fields(plugin: MarshmallowPlugin) -> None:
    """Teaches an initialised plugin our fields."""
    if plugin.converter is None:
        raise ValueError("The plugin belongs to no document yet.")
    plugin.converter.add_attribute_function(_shapes)  # type: ignore[no-untyped-call]  # apispec is untyped there


def _shapes(_converter: Any, field: fields.Field[Any], *, ret: dict[str, Any]) -> dict[str, Any]:
    if isinstance(field, TranslatableText):
        text = {"type": "string", "minLength": 1, "maxLength": field.limit}
        translations = {"type": "object", "additionalProperties": text, "required": [DEFAULT_LANGUAGE]}
        return {"anyOf": [text, translations]}
    if isinstance(field, Entry):
        whole = {key: ret.pop(key) for key in ("$ref", "allOf", "anyOf") if key in ret}
        return {"anyOf": [{"type": "string", "pattern": SLUG_PATTERN}, whole]}
    if isinstance(field, CalendarDate):
        return {"format": "date"}
    if isinstance(field, Point):
        return {"pattern": f"^{_LATITUDE},{_LONGITUDE}$"}
    if isinstance(field, WebAddress) and not field.local:
        return {"format": "uri"}
    return {}
