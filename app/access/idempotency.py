"""Repeated requests: the answer to a POST with an `Idempotency-Key` is kept with what it did, and given again.

After the IETF draft "The Idempotency-Key HTTP Header Field". Requests with one key wait for each other in the store;
the ones behind find the first one's answer.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from app.content.tables import table_of
from app.errors import IdempotencyMismatch, MalformedParameter
from app.models.access import IdempotencyRecord

record_table = table_of(IdempotencyRecord)

KEPT = timedelta(hours=24)
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
