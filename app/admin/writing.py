"""Writes: each is one exclusive transaction, and a repeated request with one `Idempotency-Key` is done once."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Response, g, request
from sqlalchemy import Connection

from app.access import audit, idempotency
from app.access.guard import holder
from app.admin.bodies import JSON
from app.content import canonical_json
from app.errors import Conflict, StoreUnavailable
from app.web.installed import database

IN_FLIGHT_SECONDS = 10
"""How long a repeated request waits for the first one, before it is a 409."""


@dataclass(frozen=True)
class Answer:
    """What a write answers. `once` are fields of the content that no repeated request is given again: secrets."""

    status: int
    content: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    once: Mapping[str, Any] = field(default_factory=dict)


Work = Callable[[Connection, datetime], Answer]


def write(
    work: Work,
    *,
    repeatable: bytes | None = None,
    before: Callable[[], None] = lambda: None,
) -> Response:
    """Does a write in one exclusive transaction and answers.

    `repeatable` is the body of a POST: with an `Idempotency-Key`, the answer is kept and given again. `before` is
    what may take long and holds nobody up: it is done before the transaction.
    """
    key = request.headers.get("Idempotency-Key") if repeatable is not None else None
    if repeatable is None or key is None:
        before()
        with database().transaction(exclusive=True) as connection:
            return _response(work(connection, datetime.now(UTC)))
    return _Once(work, idempotency.checked_key(key), _fingerprint(repeatable)).respond(before)


def record(connection: Connection, action: str, target: str, now: datetime, **detail: Any) -> None:
    """Appends to the audit what the request's key did, to a target such as `keys/4fT0aPq2Xz`."""
    audit.record(connection, holder(), action, target, now=now, request_id=g.get("request_id"), detail=detail)


class _Once:
    """A request with an `Idempotency-Key`."""

    def __init__(self, work: Work, key: str, fingerprint: str) -> None:
        self.work, self.key, self.fingerprint, self.by = work, key, fingerprint, holder().id
        self.reserved = False

    def respond(self, before: Callable[[], None]) -> Response:
        """The answer that was given before, or that of the work, which is done now.

        Raises `Conflict` where the store is kept busy by the same request, longer than it is waited for.
        """
        until = time.monotonic() + IN_FLIGHT_SECONDS
        try:
            if found := self._find():
                return found
            before()
            while True:
                try:
                    return self._reserve_and_do()
                except StoreUnavailable:
                    if not self._another_is_in_flight():
                        raise
                    if time.monotonic() > until:
                        detail = "A request with this Idempotency-Key is still being answered; ask again later."
                        raise Conflict(detail) from None
        finally:
            self._give_up()

    def _reserve_and_do(self) -> Response:
        now = datetime.now(UTC)
        with database().reading() as connection:
            seen = idempotency.is_in_flight(connection, self.by, self.key, now)
        if not seen and not self.reserved:
            # Where it is seen already, the store may be locked by it: another reservation would wait for nothing.
            with database().transaction() as connection:
                self.reserved = idempotency.reserve(connection, self.by, self.key, self.fingerprint, now)
        with database().transaction(exclusive=True) as connection:
            if found := idempotency.find(connection, self.by, self.key, self.fingerprint, now):
                return _repeated(found)
            answer = self.work(connection, now)
            withheld = {**answer.content, **dict.fromkeys(answer.once)}
            kept = idempotency.RecordedAnswer(answer.status, dict(answer.headers), canonical_json.dump(withheld))
            idempotency.keep(connection, self.by, self.key, fingerprint=self.fingerprint, answer=kept, now=now)
        self.reserved = False
        return _response(answer)

    def _find(self) -> Response | None:
        with database().reading() as connection:
            found = idempotency.find(connection, self.by, self.key, self.fingerprint, datetime.now(UTC))
        return _repeated(found) if found else None

    def _another_is_in_flight(self) -> bool:
        with database().reading() as connection:
            return not self.reserved and idempotency.is_in_flight(connection, self.by, self.key, datetime.now(UTC))

    def _give_up(self) -> None:
        """Ends the reservation of what was not done. One that stays behind does no harm, and is forgotten in time."""
        if self.reserved:
            with suppress(StoreUnavailable), database().transaction() as connection:
                idempotency.give_up(connection, self.by, self.key)


def _repeated(found: idempotency.RecordedAnswer) -> Response:
    return Response(found.body, found.status, mimetype=JSON, headers=found.headers)


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
