"""The served OpenAPI document with what is published written into it: a fuzzer can ask for things that exist."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app.kinds import CATALOGUE

Ask = Callable[[str], Any]
"""Asks the live service for a path's JSON."""

COLLECTIONS = tuple(each.collection for each in CATALOGUE if not each.by_group)
LEVELS_OF_STEPS = (1, 2)
LEFT_OUT = {"cursor", "token", "page", "radius_km"}


def with_published_values(document: Any, ask: Ask) -> Any:
    """The document of the delivery face, in which slugs are enumerations of what the service publishes.

    What is taken or refused for a reason that a schema cannot say is left out, and has tests of its own in
    `tests/http`, `tests/search` and `tests/sync`: cursors and tokens that nobody gave out, a radius around no point.
    """
    document = delivery_face(document)
    slugs = published_slugs(ask)
    for path, operations in document["paths"].items():
        for parameter in operations.get("parameters", ()):
            if allowed := _path_values(path, parameter["name"], slugs):
                parameter["schema"] = {"type": "string", "enum": list(allowed)}
        operation = operations["get"]
        operation["parameters"] = [each for each in operation.get("parameters", ()) if each["name"] not in LEFT_OUT]
        for parameter in operation["parameters"]:
            schema = parameter["schema"]
            if "x-vocabulary" in schema:
                schema["items"] = {"type": "string", "enum": slugs[schema["x-vocabulary"]]}
            if "x-kind" in schema:
                schema["items"] = {"type": "string", "enum": slugs[f"{schema['x-kind']}s"]}
    _ask_for_levels_that_exist(document["paths"]["/v1/exercises/{slug}/steps"], ask)
    return document


def delivery_face(document: Any) -> Any:
    """The document without the management face, whose every operation answers 401 to a fuzzer without a key."""
    paths = {path: item for path, item in document["paths"].items() if not path.startswith("/v1/admin/")}
    return {**document, "paths": paths}


def with_short_texts(document: Any) -> Any:
    """The document without the greatest lengths of cursors and tokens, so that a fuzzer does not make longer ones.

    Their percent-encoding passes 64 KiB, and such an address the server refuses before the application sees it.
    """
    for item in document["paths"].values():
        for parameter in item["get"].get("parameters", ()):
            if parameter["name"] in ("cursor", "token", "page"):
                del parameter["schema"]["maxLength"]
    return document


def published_slugs(ask: Ask) -> dict[str, list[str]]:
    """Every published slug, by collection and by vocabulary."""
    paths = {name: f"/v1/{name}" for name in COLLECTIONS}
    paths |= {each["slug"]: f"/v1/vocabularies/{each['slug']}" for each in items_of(ask, "/v1/vocabularies?limit=100")}
    return {name: [item["slug"] for item in items_of(ask, f"{path}?limit=100")] for name, path in paths.items()}


def items_of(ask: Ask, path: str) -> Iterator[Any]:
    """Every item of a list, from all its pages. The path has a query already."""
    cursor = ""
    while cursor is not None:
        page = ask(path + (f"&cursor={cursor}" if cursor else ""))
        yield from page["items"]
        cursor = page["page"]["next"]


def _path_values(path: str, name: str, slugs: Mapping[str, list[str]]) -> list[str]:
    vocabularies = [each for each in slugs if each not in COLLECTIONS]
    if name == "vocabulary":
        return vocabularies
    if name != "slug":
        return []
    collection = path.split("/")[2]
    return slugs[collection] if collection in COLLECTIONS else [slug for each in vocabularies for slug in slugs[each]]


def _ask_for_levels_that_exist(steps: Any, ask: Ask) -> None:
    """Steps are asked for at levels that the exercise has: one parameter's values depend on another's."""
    having = [
        item["slug"]
        for item in items_of(ask, "/v1/exercises?limit=100")
        if {level["intensity"] for level in item["levels"]}.issuperset(LEVELS_OF_STEPS)
    ]
    (slug,) = (each for each in steps["parameters"] if each["name"] == "slug")
    (intensity,) = (each for each in steps["get"]["parameters"] if each["name"] == "intensity")
    slug["schema"]["enum"] = having
    intensity["schema"] = {"type": "integer", "enum": list(LEVELS_OF_STEPS)}
