"""Reading requests of the management face: bodies, merge patches, and the version that a write expects."""

from typing import Any

from flask import request
from marshmallow import Schema, ValidationError

from app.errors import (
    ContentTooLarge,
    InvalidDrafts,
    MalformedBody,
    PreconditionFailed,
    PreconditionRequired,
    UnsupportedMediaType,
)
from app.shapes import strict_json
from app.shapes.faults import faults_of

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"


def read_body(*accepted: str) -> bytes:
    """The request's body.

    Raises `UnsupportedMediaType` if it is of another type than these or has a content coding, and `ContentTooLarge`,
    also if its length is not declared and turns out to be over the limit.
    """
    if request.mimetype not in accepted or request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMediaType(", ".join(accepted))
    limit = request.max_content_length or 0
    # Flask silently cuts a body of unknown length at the maximum. With one byte more, the cut can be noticed.
    request.max_content_length = limit + 1
    content = request.get_data(cache=False)
    if len(content) > limit:
        raise ContentTooLarge(f"The body is over {limit} bytes.")
    return content


def read_object(*accepted: str) -> dict[str, Any]:
    """The JSON object of the request's body.

    Raises what `read_body` and `parse_object` raise.
    """
    return parse_object(read_body(*(accepted or (JSON,))))


def parse_object(content: bytes) -> dict[str, Any]:
    """The JSON object that a body holds.

    Raises `MalformedBody` if it holds anything else.
    """
    value = strict_json.parse(content)
    if not isinstance(value, dict):
        raise MalformedBody("The body must be a JSON object.")
    return value


def load(schema: type[Schema], value: Any) -> dict[str, Any]:
    """The value that a schema loads from a body.

    Raises `InvalidDrafts` with every fault and its JSON pointer.
    """
    try:
        loaded: dict[str, Any] = schema().load(value)
    except ValidationError as error:
        raise InvalidDrafts(list(faults_of(error.messages))) from None
    return loaded


def read_request(schema: type[Schema]) -> tuple[bytes, dict[str, Any]]:
    """The body of a request, as bytes and as a schema loads it.

    Raises what `read_body`, `parse_object` and `load` raise.
    """
    content = read_body(JSON)
    return content, load(schema, parse_object(content))


def check_version(version: str) -> None:
    """Raises `PreconditionRequired` without If-Match, and `PreconditionFailed` if it names another version."""
    if request.if_none_match.star_tag:
        raise PreconditionFailed("It exists already.")
    if not request.if_match:
        raise PreconditionRequired("Send If-Match with the ETag that you read.")
    if not request.if_match.contains(version):
        raise PreconditionFailed(f'The present version is "{version}". Read it and decide again.')


def merge_patch(target: Any, patch: Any) -> Any:
    """The target with a merge patch applied (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged
