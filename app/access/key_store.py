"""API keys in the store: made, listed, rotated, revoked, and checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Row, insert, or_, select, update

from app.access.keys import Key, is_identifier, make_key
from app.errors import Conflict, NotFound
from app.models.tables import api_key

COARSE = timedelta(hours=1)
"""How exact the last use is: a write an hour and key, not one a request."""


@dataclass(frozen=True)
class Holder:
    """The key behind a request. `use_is_stale`: its last use was noted more than an hour ago, or never."""

    id: str
    name: str
    scopes: tuple[str, ...]
    use_is_stale: bool = False


def create_key(
    connection: Connection, *, name: str, scopes: Sequence[str], now: datetime, expires_at: datetime | None = None
) -> Key:
    """Makes a key. Its text is in the answer and nowhere else."""
    key = make_key()
    connection.execute(
        insert(api_key).values(
            id=key.id,
            name=name,
            scopes=sorted(set(scopes)),
            digest=key.digest,
            created_at=now,
            expires_at=expires_at,
        )
    )
    return key


def find_holder(connection: Connection, key: Key, now: datetime) -> Holder | None:
    """Who holds a key that is live, or None."""
    row = connection.execute(select(*api_key.c).where(api_key.c.id == key.id)).one_or_none()
    if row is None or not key.matches(row.digest) or not is_live(row, now):
        return None
    stale = row.last_used_at is None or aware(row.last_used_at) < now - COARSE
    return Holder(row.id, row.name, tuple(row.scopes), stale)


def is_live(row: Row[tuple[object, ...]], now: datetime) -> bool:
    """Whether a key is neither revoked nor expired."""
    return row.revoked_at is None and (row.expires_at is None or aware(row.expires_at) > now)


def aware(moment: datetime) -> datetime:
    """The moment in UTC: SQLite gives times back without their zone."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def note_use(connection: Connection, identifier: str, now: datetime) -> None:
    """Notes that a key was used, at most once an hour."""
    stale = or_(api_key.c.last_used_at.is_(None), api_key.c.last_used_at < now - COARSE)
    connection.execute(update(api_key).where(api_key.c.id == identifier, stale).values(last_used_at=now))


def list_keys(connection: Connection) -> Sequence[Row[tuple[object, ...]]]:
    """Every key, the newest first."""
    return connection.execute(select(*api_key.c).order_by(api_key.c.created_at.desc(), api_key.c.id)).all()


def get_key(connection: Connection, identifier: str) -> Row[tuple[object, ...]]:
    """One key.

    Raises `NotFound`.
    """
    statement = select(*api_key.c).where(api_key.c.id == identifier)
    row = connection.execute(statement).one_or_none() if is_identifier(identifier) else None
    if row is None:
        # Not repeated: who takes the whole key for its id would find the secret in an error.
        raise NotFound("There is no key with this id.")
    return row


def revoke_key(connection: Connection, identifier: str, now: datetime) -> None:
    """Ends a key at once. Revoking again changes nothing.

    Raises `NotFound`.
    """
    if get_key(connection, identifier).revoked_at is None:
        connection.execute(update(api_key).where(api_key.c.id == identifier).values(revoked_at=now))


def rotate_key(connection: Connection, identifier: str, *, now: datetime, grace: timedelta) -> Key:
    """Makes a key with the name, the scopes and the end of another, which stays live for `grace` more at most.

    Raises `NotFound`, and `Conflict` for a key that is not live or has a successor already.
    """
    row = get_key(connection, identifier)
    if not is_live(row, now):
        raise Conflict("The key is expired or revoked; make a new one.")
    if row.replaced_by is not None:
        raise Conflict(f"The key is being replaced by {row.replaced_by} already.")
    expires_at = None if row.expires_at is None else aware(row.expires_at)
    key = create_key(connection, name=str(row.name), scopes=list(row.scopes), now=now, expires_at=expires_at)
    ends = now + grace if expires_at is None else min(expires_at, now + grace)
    connection.execute(update(api_key).where(api_key.c.id == identifier).values(expires_at=ends, replaced_by=key.id))
    return key
