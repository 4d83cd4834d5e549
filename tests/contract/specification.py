"""The OpenAPI document as tests use it: its operations, and validators of the answers it describes."""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from jsonschema import Draft202012Validator, FormatChecker

from app.web.api import Blueprint


def is_absolute(value: Any) -> bool:
    """Whether a text is an absolute web address."""
    return not isinstance(value, str) or (urlsplit(value).scheme in ("http", "https") and " " not in value)


def is_instant(value: Any) -> bool:
    """Whether a text is an instant in UTC (RFC 3339)."""
    return not isinstance(value, str) or (value.endswith("Z") and datetime.fromisoformat(value).tzinfo is not None)


FORMATS = FormatChecker(formats=["date"])
FORMATS.checks("uri")(is_absolute)
FORMATS.checks("date-time", raises=ValueError)(is_instant)


@dataclass(frozen=True)
class Operation:
    """A documented operation and the request that its example answers."""

    method: str
    path: str
    declared: dict[str, Any]
    example_request: str

    @property
    def id(self) -> str:
        return str(self.declared["operationId"])

    @property
    def answer(self) -> Any:
        """The schema and the example of its 200."""
        return self.declared["responses"]["200"]["content"]["application/json"]


def operations(document: Any, app: Flask) -> Iterator[Operation]:
    """Every documented operation."""
    requests: dict[str, str] = {}
    for blueprint in app.blueprints.values():
        if isinstance(blueprint, Blueprint):
            requests |= blueprint.example_requests
    for path, item in document["paths"].items():
        for method, declared in item.items():
            if method != "parameters":
                yield Operation(method, path, declared, requests.get(declared["operationId"], ""))


def response_of(document: Any, operation: Operation, status: str) -> Any:
    """A documented response, resolved."""
    response = operation.declared["responses"][status]
    return document["components"]["responses"][response["$ref"].rpartition("/")[2]] if "$ref" in response else response


def validator(document: Any, schema: Any) -> Draft202012Validator:
    """A validator that also refuses fields that are not documented."""
    components = deepcopy(document["components"])
    for component in components["schemas"].values():
        if "properties" in component:
            component.setdefault("additionalProperties", False)
    return Draft202012Validator({**schema, "components": components}, format_checker=FORMATS)


def whole(schema: Any) -> Any:
    """The schema of an answer without `fields`: the first of two alternatives, of which the second is trimmed."""
    if "anyOf" not in schema:
        return schema
    first, second = (each["$ref"] for each in schema["anyOf"])
    assert re.sub("(?<=/)Trimmed", "", second) == first
    return {"$ref": first}
