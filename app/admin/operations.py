"""How operations of the management face are declared, and what they have in common: bodies, versions, writes."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from flask import Response, current_app, g, request
from marshmallow import Schema, ValidationError
from sqlalchemy import Connection

from app.access import idempotency
from app.access.guard import holder, requires
from app.content import canonical_json, cursors
from app.content.routes import page_links
from app.db import Database
from app.errors import (
    ContentTooLarge,
    InvalidDrafts,
    MalformedBody,
    MalformedCursor,
    PreconditionFailed,
    PreconditionRequired,
    UnsupportedMediaType,
)
from app.shapes import strict_json
from app.shapes.faults import faults_of
from app.web.api import Blueprint, NoParameters
from app.web.problem_table import PROBLEMS

View = TypeVar("View", bound=Callable[..., Any])
ALWAYS = (
    "malformed",
    "unauthenticated",
    "forbidden",
    "not-acceptable",
    "content-too-large",
    "uri-too-long",
    "invalid-parameters",
    "too-many-requests",
    "unavailable",
)
READING = ("precondition-failed",)
WRITING = ("conflict", "insufficient-storage")
WITH_BODY = ("malformed-body", "unsupported-media-type")
MERGE_PATCH_SCHEMA = {
    "type": "object",
    "description": "The fields of the draft to change, as they are to be; null takes one away (RFC 7396).",
}
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"


@dataclass(frozen=True)
class Answer:
    """What a write answers. `once` are fields of the content that no repeated request is given again: secrets."""

    status: int
    content: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    once: Mapping[str, Any] = field(default_factory=dict)


class AdminBlueprint(Blueprint):
    """Operations that need a key; their documentation says which scope."""

    def admin(
        self,
        rule: str,
        *,
        method: str = "GET",
        operation_id: str,
        summary: str,
        description: str,
        scopes: tuple[str, ...],
        status: int = 200,
        schema: type[Schema] | Schema | None = None,
        example: Any = None,
        body: type[Schema] | Schema | None = None,
        body_type: str = JSON,
        query: type[Schema] | Schema | None = None,
        problems: tuple[str, ...] = (),
        headers: tuple[str, ...] = (),
    ) -> Callable[[View], View]:
        """Declares an operation: its route, what guards it, and its documentation."""

        def decorate(view: View) -> View:
            decorated: Any = self.arguments(query or NoParameters, location="query")(view)
            # The key is looked at before anything else of the request.
            decorated = requires(*scopes, writes=method != "GET")(decorated)
            particular = READING if method == "GET" else WRITING if body is None else (*WRITING, *WITH_BODY)
            names = dict.fromkeys((*ALWAYS, *particular, *problems))
            for code in sorted({PROBLEMS[name].status for name in names}):
                last = [name for name in names if PROBLEMS[name].status == code][-1]
                decorated = self.alt_response(code, last)(decorated)
            if method == "GET":
                decorated = self.alt_response(304, "not-modified")(decorated)
            if method == "PUT":
                decorated = self.alt_response(
                    201, schema=schema, example=example, description="It was created.", success=True
                )(decorated)
            decorated = self.response(status, schema, example=example)(decorated)
            documentation: dict[str, Any] = {
                "operationId": operation_id,
                "summary": summary,
                "description": f"{description} Needs the scope `{'` or `'.join(scopes)}`.",
                # From OpenAPI 3.1 on, the names are the roles that a bearer of the key needs; one of them is enough.
                "security": [{"key": [scope]} for scope in scopes],
            }
            if body is not None:
                written = MERGE_PATCH_SCHEMA if body_type == MERGE_PATCH else body
                documentation["requestBody"] = {"required": True, "content": {body_type: {"schema": written}}}
            if headers:
                documentation["parameters"] = [_header(name) for name in headers]
            decorated = self.doc(**documentation)(decorated)
            self.add_url_rule(rule, operation_id, decorated, methods=[method])
            return cast("View", decorated)

        return decorate


def _header(name: str) -> dict[str, Any]:
    descriptions = {
        "If-Match": "The ETag of the version that the write changes.",
        "If-None-Match": "`*` to create, where nothing has this address yet.",
        "Idempotency-Key": "Any text of yours; the same request with the same key is done once and answered the same.",
    }
    return {
        "in": "header",
        "name": name,
        "required": False,
        "schema": {"type": "string"},
        "description": descriptions[name],
    }


def database() -> Database:
    """The application's store."""
    found: Database = current_app.extensions["limber_database"]
    return found


def read_body(*accepted: str) -> bytes:
    """The request's body.

    Raises `UnsupportedMediaType` where it is of none of these types or is encoded, and `ContentTooLarge`, also for a
    body that does not say its length and turns out to be over the limit.
    """
    if request.mimetype not in accepted or request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMediaType(", ".join(accepted))
    limit = request.max_content_length or 0
    # A body of unknown length is cut at the maximum without a word: one byte more tells.
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
    """The JSON object of a body that was read.

    Raises `MalformedBody` where it is none.
    """
    value = strict_json.parse(content)
    if not isinstance(value, dict):
        raise MalformedBody("The body must be a JSON object.")
    return value


def load(schema: type[Schema], value: Any) -> dict[str, Any]:
    """What a body says, by a schema.

    Raises `InvalidDrafts` with every fault and its JSON pointer.
    """
    try:
        loaded: dict[str, Any] = schema().load(value)
    except ValidationError as error:
        raise InvalidDrafts(list(faults_of(error.messages))) from None
    return loaded


def check_version(version: str) -> None:
    """Raises `PreconditionRequired` without If-Match, and `PreconditionFailed` when it names another version."""
    if request.if_none_match.star_tag:
        raise PreconditionFailed("It exists already.")
    if not request.if_match:
        raise PreconditionRequired("Send If-Match with the ETag that you read.")
    if not request.if_match.contains(version):
        raise PreconditionFailed(f'The present version is "{version}". Read it and decide again.')


def answer_json(content: Any, version: str | None = None) -> Response:
    """An answer of the management face."""
    response = Response(canonical_json.dump(content), mimetype=JSON)
    if version is not None:
        response.set_etag(version)
    return response


def answer_page(items: list[Any], *, limit: int, total: int | None, following: str | None) -> Response:
    """A page of a list; `Link` names the first and the next page (RFC 8288)."""
    page: dict[str, Any] = {"limit": limit, "total": total, "next": following}
    response = answer_json({"items": items, "page": page})
    response.headers["Link"] = page_links(following)
    return response


def number_of(cursor: str, fingerprint: str) -> int:
    """The number that a cursor holds.

    Raises `MalformedCursor`.
    """
    position = cursors.decode(cursor, fingerprint, 1)[0]
    if not re.fullmatch("[0-9]{1,9}", position):
        raise MalformedCursor("The cursor is not one that this service made.")
    return int(position)


def write(work: Callable[[Connection, datetime], Answer], *, repeatable: bytes | None = None) -> Response:
    """Does a write in one exclusive transaction and answers.

    `repeatable` is the body of a POST: with an `Idempotency-Key`, the answer is kept and given again.
    """
    key = request.headers.get("Idempotency-Key") if repeatable is not None else None
    if repeatable is None or key is None:
        with database().transaction(exclusive=True) as connection:
            return _response(work(connection, datetime.now(UTC)))
    return _write_once(work, idempotency.checked_key(key), _fingerprint(repeatable))


def _write_once(work: Callable[[Connection, datetime], Answer], key: str, fingerprint: str) -> Response:
    by, now = holder().id, datetime.now(UTC)
    with idempotency.waiting(by, key), database().transaction(exclusive=True) as connection:
        if found := idempotency.find(connection, by, key, fingerprint, now):
            return Response(found.body, found.status, mimetype=JSON, headers=found.headers)
        answer = work(connection, now)
        withheld = {**answer.content, **dict.fromkeys(answer.once)}
        kept = idempotency.Answer(answer.status, dict(answer.headers), canonical_json.dump(withheld))
        idempotency.keep(connection, by, key, fingerprint=fingerprint, answer=kept, now=now)
    return _response(answer)


def _response(answer: Answer) -> Response:
    if answer.content is None:
        response = Response(status=answer.status, headers=dict(answer.headers))
        response.headers.pop("Content-Type", None)
        return response
    body = canonical_json.dump({**answer.content, **answer.once})
    return Response(body, answer.status, mimetype=JSON, headers=dict(answer.headers))


def _fingerprint(body: bytes) -> str:
    parts = [request.method, request.full_path, request.mimetype, hashlib.sha256(body).hexdigest()]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def request_id() -> str | None:
    """The request's id, for the audit."""
    found: str | None = g.get("request_id")
    return found
