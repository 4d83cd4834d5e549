"""Repeated requests: the answer to a POST with an `Idempotency-Key` is recorded and given to each repetition.

This follows the IETF draft "The Idempotency-Key HTTP Header Field". A request reserves its key in a transaction of its
own before it begins, so that other workers see that it is in flight, on either store. The reservation is not what makes
a request happen only once: the write is exclusive and looks for a recorded answer first. So a reservation that a dead
process left behind stops nobody from doing the request.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.errors import IdempotencyMismatch, MalformedParameter, StoreUnavailable
from app.models.tables import idempotency_record
from app.shapes.moments import aware

KEPT = timedelta(hours=24)
IN_FLIGHT = 0
"""The status of a reservation, which has no answer yet."""

LONGEST_FLIGHT = timedelta(minutes=10)
"""A reservation that is older was left by a process that died."""

_KEY = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True)
class RecordedAnswer:
    """An answer as it was given to the first of several equal requests."""

    status: int
    headers: dict[str, str]
    body: bytes


def checked_key(text: str) -> str:
    """The key that the header `Idempotency-Key` holds.

    Raises `MalformedParameter` for a text that is empty, over 200 characters long, or not visible ASCII.
    """
    if not _KEY.fullmatch(text):
        raise MalformedParameter("Idempotency-Key must be 1 to 200 visible ASCII characters.")
    return text


def _read(connection: Connection, key_id: str, key: str) -> Row[tuple[object, ...]] | None:
    return connection.execute(select(*idempotency_record.c).where(_is(key_id, key))).one_or_none()


def _is(key_id: str, key: str) -> ColumnElement[bool]:
    return and_(idempotency_record.c.key_id == key_id, idempotency_record.c.idempotency_key == key)


def find(connection: Connection, key_id: str, key: str, fingerprint: str, now: datetime) -> RecordedAnswer | None:
    """The answer that was given to the same request, or None.

    Raises `IdempotencyMismatch` when the key was used for another request.
    """
    row = _read(connection, key_id, key)
    if row is None or row.status == IN_FLIGHT or aware(row.created_at) < now - KEPT:
        return None
    if row.fingerprint != fingerprint:
        raise IdempotencyMismatch("This Idempotency-Key was used for another request.")
    return RecordedAnswer(row.status, row.headers, bytes(row.body))


def is_in_flight(connection: Connection, key_id: str, key: str, now: datetime) -> bool:
    """Whether a request with the key has begun and not ended."""
    row = _read(connection, key_id, key)
    return row is not None and row.status == IN_FLIGHT and aware(row.created_at) > now - LONGEST_FLIGHT


def reserve(connection: Connection, key_id: str, key: str, fingerprint: str, now: datetime) -> bool:
    """Records that a request with the key is in flight. False if another one is already, or has been answered."""
    connection.execute(delete(idempotency_record).where(idempotency_record.c.created_at < now - KEPT))
    if _read(connection, key_id, key) is not None:
        return False
    try:
        with connection.begin_nested():
            connection.execute(insert(idempotency_record).values(_record(key_id, key, fingerprint, now)))
    except IntegrityError:
        return False
    return True


def give_up(connection: Connection, key_id: str, key: str) -> None:
    """Ends a reservation without an answer, so that a refused request may be corrected and sent with the same key."""
    unanswered = idempotency_record.c.status == IN_FLIGHT
    connection.execute(delete(idempotency_record).where(_is(key_id, key), unanswered))


def keep(
    connection: Connection, key_id: str, key: str, *, fingerprint: str, answer: RecordedAnswer, now: datetime
) -> None:
    """Records an answer, in the transaction of the write that it answers.

    Raises `StoreUnavailable` if another request reserved the key in between; trying again helps.
    """
    values = _record(key_id, key, fingerprint, now) | vars(answer)
    if connection.execute(update(idempotency_record).where(_is(key_id, key)).values(values)).rowcount:
        return
    try:
        connection.execute(insert(idempotency_record).values(values))
    except IntegrityError as error:
        raise StoreUnavailable("Another request with this Idempotency-Key began in between.") from error


def _record(key_id: str, key: str, fingerprint: str, now: datetime) -> dict[str, object]:
    request = {"key_id": key_id, "idempotency_key": key, "fingerprint": fingerprint, "created_at": now}
    return request | vars(RecordedAnswer(IN_FLIGHT, {}, b""))
