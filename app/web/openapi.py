"""The OpenAPI document: what the code declares, with what apispec cannot know."""

import re
from collections.abc import Iterator
from typing import Any

import yaml
from apispec import APISpec

from app.config import VERSION
from app.shapes.fields import SLUG_PATTERN

TITLE = "Limber"
DESCRIPTION = """\
Exercises for the relief of upper back pain, with intensity levels, safety, typed sources, routines and places.

What is published needs no key: every answer carries an `ETag` and may be cached. Lists are pages of whole documents:
follow `page.next`. Errors are problem details (RFC 9457).

Editors work under `/v1/admin` with a key: drafts, which nobody else sees, releases, rollbacks and imports.

The content is no substitute for advice by a professional. Show `guidance`, `stop_if` and `contraindications` wherever
you show an exercise.
"""

_SLUG = {"type": "string", "pattern": SLUG_PATTERN, "maxLength": 120}
_NUMBER = {"type": "integer", "minimum": 1, "maximum": 999_999}
PATH_PARAMETERS: dict[str, tuple[dict[str, Any], str]] = {
    "slug": (_SLUG, "The entity's slug."),
    "vocabulary": (_SLUG, "The slug of a vocabulary."),
    "partner": (_SLUG, "The id of a partner, as cards name it."),
    "name": (_SLUG, "The name of a problem."),
    "intensity": ({"type": "integer", "minimum": 1, "maximum": 5}, "1 very gentle to 5 very strong."),
    "identifier": (
        {"type": "string", "pattern": "^[0-9A-Za-z]{10}$"},
        "The id of the key or the webhook, which is no secret.",
    ),
    "revision": (_NUMBER, "The number of a release."),
    "number": (_NUMBER, "The place in the list, from 1."),
    "delivery": ({**_NUMBER, "maximum": 999_999_999}, "The number of a delivery."),
}
HEADERS = {
    "ETag": ("Identifies these very bytes; send it as If-None-Match.", {"type": "string"}),
    "Cache-Control": ("How long the answer may be kept.", {"type": "string"}),
    "Vary": ("What the answer was negotiated by, where it was.", {"type": "string"}),
    "X-Request-Id": ("The request's id, yours where you sent one.", {"type": "string"}),
    "Content-Language": ("The language that was served.", {"type": "string"}),
    "Link": ("The first page and the next, where there is one (RFC 8288).", {"type": "string"}),
    "Location": ("The address of what was made.", {"type": "string"}),
    "Accept-Ranges": ("That parts can be asked for: `bytes`.", {"type": "string"}),
    "Content-Range": ("Which part this is, of how many bytes.", {"type": "string"}),
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
    for operations in described["paths"].values():
        for parameter in operations.get("parameters", ()):
            # A place that is named nowhere here is a kind's own: its schema is that of the address's converter.
            known = PATH_PARAMETERS.get(parameter["name"], (parameter["schema"], f"The {parameter['name']}."))
            parameter["schema"], parameter["description"] = known
        for method, operation in operations.items():
            if isinstance(operation, dict):
                _complete(method, operation)
    written = _written(described)
    for name, schema in described["components"]["schemas"].items():
        # Answers gain fields over time; a client whose code was made from a closed schema would refuse them.
        schema.pop("additionalProperties", None)
        if name in written and "properties" in schema:
            schema["additionalProperties"] = False
    return described


def _written(described: dict[str, Any]) -> set[str]:
    """The names of the schemas that bodies of requests are made of. Bodies are strict: unknown fields are refused."""
    operations = (each for item in described["paths"].values() for each in item.values() if isinstance(each, dict))
    found: set[str] = set()
    waiting: list[Any] = [each["requestBody"] for each in operations if "requestBody" in each]
    while waiting:
        names = set(re.findall(r"#/components/schemas/(\w+)", str(waiting.pop()))) - found
        found |= names
        waiting += [described["components"]["schemas"][name] for name in names]
    return found


def _complete(method: str, operation: dict[str, Any]) -> None:
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            names = set(_headers(method, operation, status))
            response["headers"] = {
                name: {"description": description, "schema": schema}
                for name, (description, schema) in HEADERS.items()
                if name in names
            }
    for parameter in operation.get("parameters", ()):
        parameter["schema"].pop("nullable", None)
        parameter["description"] = parameter.get("description") or parameter["schema"].get("description", "")
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _headers(method: str, operation: dict[str, Any], status: str) -> Iterator[str]:
    """The names of the headers of an answer that is no error."""
    yield from ("Cache-Control", "X-Request-Id")
    if method == "get":
        yield from ("ETag", "Vary")
        if any(parameter["name"] == "cursor" for parameter in operation.get("parameters", ())):
            yield "Link"
    elif re.search("#/components/schemas/[A-Za-z]+Item'", str(operation["responses"][status])):
        # An entity of the working copy is answered with its version, for the next write.
        yield "ETag"
    if any(parameter["name"] == "lang" for parameter in operation.get("parameters", ())):
        yield "Content-Language"
    if status == "201":
        yield "Location"
    if "206" in operation["responses"]:
        yield "Accept-Ranges"
    if status == "206":
        yield "Content-Range"


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def as_yaml(described: dict[str, Any]) -> str:
    """The document as `openapi.yaml` has it."""
    return yaml.dump(described, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
