"""Repeated requests: the answer to a POST with an `Idempotency-Key` is kept with what it did, and given again.

After the IETF draft "The Idempotency-Key HTTP Header Field". Requests with one key wait for each other in the store;
the ones behind find the first one's answer, or 409 where it takes longer than the store lets them wait.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from app.content.tables import table_of
from app.errors import Conflict, IdempotencyMismatch, MalformedParameter, StoreUnavailable
from app.models.access import IdempotencyRecord

record_table = table_of(IdempotencyRecord)

KEPT = timedelta(hours=24)
_in_flight: Counter[tuple[str, str]] = Counter()
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True)
class Answer:
    """An answer as it was given."""

    status: int
    headers: dict[str, str]
    body: bytes


def checked_key(text: str) -> str:
    """The key of a header.

    Raises `MalformedParameter` for what is empty, over 200 characters, or not visible ASCII.
    """
    if not _KEY.fullmatch(text):
        raise MalformedParameter("Idempotency-Key must be 1 to 200 visible ASCII characters.")
    return text


@contextmanager
def waiting(key_id: str, key: str) -> Iterator[None]:
    """A request with a key, from before it waits for the store until it is answered.

    Raises `Conflict` where the store kept it waiting too long and another request with the key is being answered.
    """
    _in_flight[key_id, key] += 1
    try:
        yield
    except StoreUnavailable:
        if _in_flight[key_id, key] > 1:
            raise Conflict("A request with this Idempotency-Key is still being answered; ask again later.") from None
        raise
    finally:
        _in_flight[key_id, key] -= 1
        if not _in_flight[key_id, key]:
            del _in_flight[key_id, key]


def find(connection: Connection, key_id: str, key: str, fingerprint: str, now: datetime) -> Answer | None:
    """The answer that was given to the same request, or None.

    Raises `IdempotencyMismatch` when the key was used for another request.
    """
    connection.execute(delete(record_table).where(record_table.c.created_at < now - KEPT))
    row = connection.execute(
        select(*record_table.c).where(record_table.c.key_id == key_id, record_table.c.idempotency_key == key)
    ).one_or_none()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise IdempotencyMismatch("This Idempotency-Key was used for another request.")
    return Answer(row.status, row.headers, bytes(row.body))


def keep(connection: Connection, key_id: str, key: str, *, fingerprint: str, answer: Answer, now: datetime) -> None:
    """Keeps an answer, in the transaction of what it tells of."""
    connection.execute(
        insert(record_table).values(
            key_id=key_id,
            idempotency_key=key,
            fingerprint=fingerprint,
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            created_at=now,
        )
    )
