"""Writes: each is one exclusive transaction, and a request repeated with its `Idempotency-Key` is done only once."""

import hashlib
import json
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

from flask import Response, g, request
from sqlalchemy import Connection

from app.access import audit, idempotency
from app.access.guard import holder
from app.admin.bodies import JSON
from app.content import canonical_json
from app.content.content_type import EntityKey
from app.delivery.routes import installed_catalogue
from app.editing.meanwhile import is_still_right
from app.errors import Conflict, StoreUnavailable
from app.web.installed import database

IN_FLIGHT_SECONDS = 10
"""How long a repeated request waits for the first one, before it is answered 409."""


@dataclass(frozen=True)
class Answer:
    """The answer to a write. `once` has secret fields, which are null in the answers to repeated requests."""

    status: int
    content: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    once: Mapping[str, Any] = field(default_factory=dict)


Work = Callable[[Connection, datetime], Answer]

LATEST = 20
"""Entries of the audit that tell what others wrote since a check. Where that is more, the check is made again."""


class Checked(Protocol):
    """What a check gives: `read` has the entities that it depends on."""

    @property
    def read(self) -> Collection[EntityKey]: ...


C = TypeVar("C", bound=Checked)


def write(
    work: Work,
    *,
    repeatable: bytes | None = None,
    before: Callable[[], None] = lambda: None,
) -> Response:
    """Does a write in one exclusive transaction and answers.

    `repeatable` is the body of a POST: with an `Idempotency-Key`, the answer is stored and sent again when the request
    is repeated. `before` runs before the transaction, so that slow work in it keeps no other write waiting.
    """
    key = request.headers.get("Idempotency-Key") if repeatable is not None else None
    if repeatable is None or key is None:
        before()
        with database().transaction(exclusive=True) as connection:
            return _response(work(connection, datetime.now(UTC)))
    return _Once(work, idempotency.checked_key(key), _fingerprint(repeatable)).respond(before)


def write_checked(check: Callable[[Connection], C], work: Callable[[Connection, C, datetime], Answer]) -> Response:
    """Does a write that takes long to check: the check comes before the exclusive transaction, in which `work` writes.

    Where others wrote meanwhile what the check may depend on, it is made again in that transaction.
    """
    with database().reading() as connection:
        known = {entry.id for entry in audit.read_entries(connection, before=None, limit=LATEST)}
        checked = check(connection)
    with database().transaction(exclusive=True) as connection:
        latest = audit.read_entries(connection, before=None, limit=LATEST)
        written = [(entry.action, entry.target, entry.detail) for entry in latest if entry.id not in known]
        if len(written) == LATEST or not is_still_right(installed_catalogue(), checked.read, written):
            checked = check(connection)
        return _response(work(connection, checked, datetime.now(UTC)))


def record(connection: Connection, action: str, target: str, now: datetime, **detail: Any) -> None:
    """Writes into the audit what the key of this request did to a target such as `keys/4fT0aPq2Xz`."""
    audit.record(connection, holder(), action, target, now=now, request_id=g.get("request_id"), detail=detail)


class _Once:
    """A request with an `Idempotency-Key`."""

    def __init__(self, work: Work, key: str, fingerprint: str) -> None:
        self.work, self.key, self.fingerprint, self.by = work, key, fingerprint, holder().id
        self.reserved = False

    def respond(self, before: Callable[[], None]) -> Response:
        """The stored answer of the first such request, or that of the work, which is done now.

        Raises `Conflict` if the first request is still under way after `IN_FLIGHT_SECONDS`.
        """
        until = time.monotonic() + IN_FLIGHT_SECONDS
        try:
            if repeated := self._find():
                return repeated
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
            # If the first request is seen, it may hold the store's lock: to reserve too would only wait for it.
            with database().transaction() as connection:
                self.reserved = idempotency.reserve(connection, self.by, self.key, self.fingerprint, now)
        with database().transaction(exclusive=True) as connection:
            if recorded := idempotency.find(connection, self.by, self.key, self.fingerprint, now):
                return _repeated(recorded)
            answer = self.work(connection, now)
            withheld = {**answer.content, **dict.fromkeys(answer.once)}
            kept = idempotency.RecordedAnswer(answer.status, dict(answer.headers), canonical_json.dump(withheld))
            idempotency.keep(connection, self.by, self.key, fingerprint=self.fingerprint, answer=kept, now=now)
        self.reserved = False
        return _response(answer)

    def _find(self) -> Response | None:
        with database().reading() as connection:
            recorded = idempotency.find(connection, self.by, self.key, self.fingerprint, datetime.now(UTC))
        return _repeated(recorded) if recorded else None

    def _another_is_in_flight(self) -> bool:
        with database().reading() as connection:
            return not self.reserved and idempotency.is_in_flight(connection, self.by, self.key, datetime.now(UTC))

    def _give_up(self) -> None:
        """Ends the reservation if the work was not done. One that stays behind does no harm and expires."""
        if self.reserved:
            with suppress(StoreUnavailable), database().transaction() as connection:
                idempotency.give_up(connection, self.by, self.key)


def _repeated(recorded: idempotency.RecordedAnswer) -> Response:
    return Response(recorded.body, recorded.status, mimetype=JSON, headers=recorded.headers)


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
