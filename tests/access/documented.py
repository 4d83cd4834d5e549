"""The operations that the OpenAPI document lists, made into requests."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask

from app.web import openapi

PLACES = {
    "slug": "nothing",
    "partner": "nothing",
    "identifier": "0123456789",
    "revision": "1",
    "number": "1",
    "delivery": "1",
    "intensity": "1",
}
METHODS = ("get", "put", "post", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """One operation; `scopes` are those of which a key needs one, none for what anyone may ask."""

    method: str
    path: str
    scopes: tuple[str, ...]
    media_type: str | None

    def address(self, **places: str) -> str:
        """The path with its places filled in."""
        return self.path.format(**{"vocabulary": "regions", **PLACES, **places})


def operations(app: Flask) -> Iterator[Operation]:
    """Every documented operation."""
    document: Any = openapi.document(app.extensions["limber_api"].spec)
    for path, described in document["paths"].items():
        for method in METHODS:
            if method in described:
                operation = described[method]
                scopes = tuple(scope for each in operation.get("security", ()) for scope in each["key"])
                bodies = operation.get("requestBody", {}).get("content", {})
                yield Operation(method.upper(), path, scopes, next(iter(bodies), None))


def admin_operations(app: Flask) -> list[Operation]:
    return [each for each in operations(app) if each.path.startswith("/v1/admin/")]


def delivery_operations(app: Flask) -> list[Operation]:
    return [each for each in operations(app) if not each.path.startswith("/v1/admin/")]
