"""The OpenAPI document: what the code declares, with what apispec cannot know."""

from typing import Any

import yaml
from apispec import APISpec

from app.shapes.fields import SLUG_PATTERN

TITLE = "Limber"
VERSION = "0.1.0"
DESCRIPTION = """\
Exercises for the relief of upper back pain, with intensity levels, safety, typed sources, routines and places.

Everything here is published content: no key is needed, every answer carries an `ETag` and may be cached.
Lists are pages of whole documents: follow `page.next`. Errors are problem details (RFC 9457).

The content is no substitute for advice by a professional. Show `guidance`, `stop_if` and `contraindications` wherever
you show an exercise.
"""

PATH_SCHEMAS = {
    "slug": {"type": "string", "pattern": SLUG_PATTERN, "maxLength": 120},
    "vocabulary": {"type": "string", "pattern": SLUG_PATTERN, "maxLength": 120},
    "name": {"type": "string", "pattern": SLUG_PATTERN, "maxLength": 120},
    "intensity": {"type": "integer", "minimum": 1, "maximum": 5},
    "number": {"type": "integer", "minimum": 1, "maximum": 999_999},
}
PATH_DESCRIPTIONS = {
    "slug": "The entity's slug.",
    "vocabulary": "The slug of a vocabulary.",
    "name": "The name of a problem.",
    "intensity": "1 very gentle to 5 very strong.",
    "number": "The place in the list, from 1.",
}
HEADERS = {
    "ETag": ("Identifies these very bytes; send it as If-None-Match.", {"type": "string"}),
    "Cache-Control": ("How long the answer may be kept.", {"type": "string"}),
    "Vary": ("What the answer was negotiated by.", {"type": "string"}),
    "X-Request-Id": ("The request's id, yours where you sent one.", {"type": "string"}),
    "Content-Language": ("The language that was served.", {"type": "string"}),
    "Link": ("The first page and the next, where there is one (RFC 8288).", {"type": "string"}),
}


def settings() -> dict[str, Any]:
    """flask-smorest's configuration."""
    return {
        "API_TITLE": TITLE,
        "API_VERSION": VERSION,
        "OPENAPI_VERSION": "3.1.0",
        "API_SPEC_OPTIONS": {
            "info": {"description": DESCRIPTION},
            "servers": [{"url": "/", "description": "This service."}],
        },
    }


def document(spec: APISpec) -> dict[str, Any]:
    """The whole document as plain data."""
    described: dict[str, Any] = spec.to_dict()
    for path, operations in described["paths"].items():
        for parameter in operations.get("parameters", ()):
            parameter["schema"] = PATH_SCHEMAS[parameter["name"]]
            parameter["description"] = PATH_DESCRIPTIONS[parameter["name"]]
        for operation in operations.values():
            if isinstance(operation, dict):
                _complete(operation, catalogue=path.startswith("/v1/"))
    for name, schema in described["components"]["schemas"].items():
        # Answers gain fields over time; a client whose code was made from a closed schema would refuse them.
        if not name.endswith("Draft") and schema.get("additionalProperties") is False:
            del schema["additionalProperties"]
    return described


def _complete(operation: dict[str, Any], *, catalogue: bool) -> None:
    paged = any(parameter["name"] == "cursor" for parameter in operation.get("parameters", ()))
    operation["responses"]["200"]["headers"] = {
        name: {"description": description, "schema": schema}
        for name, (description, schema) in HEADERS.items()
        if (catalogue or name != "Content-Language") and (paged or name != "Link")
    }
    for parameter in operation.get("parameters", ()):
        parameter["schema"].pop("nullable", None)
        parameter["description"] = parameter.get("description") or parameter["schema"].get("description", "")
    operation["responses"] = dict(sorted(operation["responses"].items()))


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def as_yaml(described: dict[str, Any]) -> str:
    """The document as `openapi.yaml` has it."""
    return yaml.dump(described, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
