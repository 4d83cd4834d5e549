"""API keys in the store: made, listed, rotated, revoked, and checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Row, insert, or_, select, update

from app.access.keys import MANAGES_KEYS, WholeKey, is_identifier, make_key
from app.config import COMMAND
from app.errors import Conflict, NotFound
from app.models.tables import api_key
from app.shapes.moments import aware

COARSE = timedelta(hours=1)
"""How exact the last use is, so that a key costs one write an hour and not one a request."""


@dataclass(frozen=True)
class Holder:
    """The key that a request is made with. Its use is stale if none was noted for the last hour."""

    id: str
    name: str
    scopes: tuple[str, ...]
    use_is_stale: bool = False


def create_key(
    connection: Connection, *, name: str, scopes: Sequence[str], now: datetime, expires_at: datetime | None = None
) -> WholeKey:
    """Makes a key. The secret is in the returned key and is stored nowhere."""
    key = make_key()
    row = {"id": key.id, "name": name, "scopes": sorted(set(scopes)), "digest": key.digest}
    connection.execute(insert(api_key).values(row | {"created_at": now, "expires_at": expires_at}))
    return key


def find_holder(connection: Connection, key: WholeKey, now: datetime) -> Holder | None:
    """The holder of a key, or None if the store does not know the key or it is not live any more."""
    row = connection.execute(select(*api_key.c).where(api_key.c.id == key.id)).one_or_none()
    if row is None or not key.matches(row.digest) or not is_live(row, now):
        return None
    stale = row.last_used_at is None or aware(row.last_used_at) < now - COARSE
    return Holder(row.id, row.name, tuple(row.scopes), stale)


def is_live(row: Row[tuple[object, ...]], now: datetime) -> bool:
    """Whether a key is neither revoked nor expired."""
    return row.revoked_at is None and (row.expires_at is None or aware(row.expires_at) > now)


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
        # The id is not repeated: whoever sends a whole key in its place would find the secret in an error.
        raise NotFound("There is no key with this id.")
    return row


def revoke_key(connection: Connection, identifier: str, now: datetime, *, force: bool = False) -> None:
    """Ends a key at once. Revoking it again changes nothing.

    Raises `NotFound`, and without `force` `Conflict` for the last key that manages keys (see `_refuse_to_lose`).
    """
    row = get_key(connection, identifier)
    if row.revoked_at is None:
        if not force:
            _refuse_to_lose(connection, row, now)
        connection.execute(update(api_key).where(api_key.c.id == identifier).values(revoked_at=now))


def rotate_key(connection: Connection, identifier: str, *, now: datetime, grace: timedelta) -> WholeKey:
    """Makes a successor with the name, scopes and end of a key, which itself stays live for `grace` at most.

    Raises `NotFound`, and `Conflict` for a key that is not live or has a successor already. `Conflict` too where the
    last key that manages keys would end at once: if the answer with its successor were lost, there would be none.
    """
    row = get_key(connection, identifier)
    if not is_live(row, now):
        raise Conflict("The key is expired or revoked; make a new one.")
    if row.replaced_by is not None:
        raise Conflict(f"The key is being replaced by {row.replaced_by} already.")
    if not grace:
        _refuse_to_lose(connection, row, now)
    expires_at = None if row.expires_at is None else aware(row.expires_at)
    key = create_key(connection, name=str(row.name), scopes=list(row.scopes), now=now, expires_at=expires_at)
    ends = now + grace if expires_at is None else min(expires_at, now + grace)
    connection.execute(update(api_key).where(api_key.c.id == identifier).values(expires_at=ends, replaced_by=key.id))
    return key


def _refuse_to_lose(connection: Connection, row: Row[tuple[object, ...]], now: datetime) -> None:
    """Raises `Conflict` for a live key that manages keys where no other one does that lives at least as long.

    So keys can be managed for as long as before, and no key that is about to end counts as another one.
    """
    if MANAGES_KEYS not in row.scopes or not is_live(row, now):
        return
    ends = _end(row)
    for other in list_keys(connection):
        if other.id != row.id and MANAGES_KEYS in other.scopes and is_live(other, now) and _end(other) >= ends:
            return
    raise Conflict(
        f"This is the last key with the scope '{MANAGES_KEYS}', or the one that lives longest. Make another one first"
        " that lives as long, or use a command on the server:"
        f" '{COMMAND} keys create', or '{COMMAND} keys revoke --force'."
    )


def _end(row: Row[tuple[object, ...]]) -> datetime:
    return datetime.max.replace(tzinfo=UTC) if row.expires_at is None else aware(row.expires_at)
