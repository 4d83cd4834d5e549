"""Writes: each is one exclusive transaction, and a repeated request with one `Idempotency-Key` is done once."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Response, request
from sqlalchemy import Connection

from app.access import idempotency
from app.access.guard import holder
from app.admin.bodies import JSON
from app.admin.operations import database
from app.content import canonical_json


@dataclass(frozen=True)
class Answer:
    """What a write answers. `once` are fields of the content that no repeated request is given again: secrets."""

    status: int
    content: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    once: Mapping[str, Any] = field(default_factory=dict)


def write(
    work: Callable[[Connection, datetime], Answer],
    *,
    repeatable: bytes | None = None,
    before: Callable[[], None] = lambda: None,
) -> Response:
    """Does a write in one exclusive transaction and answers.

    `repeatable` is the body of a POST: with an `Idempotency-Key`, the answer is kept and given again. `before` is
    what may take long and holds nobody up: it is done before the transaction.
    """
    before()
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
