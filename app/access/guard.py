"""Authentication of requests: the bearer key, its scopes, and the limit on wrong ones (RFC 6750)."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, TypeVar, cast

from flask import current_app, g, request

from app.access import limiting
from app.access.key_store import Holder, find_holder, note_use
from app.access.keys import parse_key
from app.db import Database
from app.errors import Forbidden, Unauthenticated

View = TypeVar("View", bound=Callable[..., Any])


def holder() -> Holder:
    """Who makes this request; only in views that `requires` guards."""
    found: Holder = g.holder
    return found


def requires(*scopes: str) -> Callable[[View], View]:
    """Lets a request through whose key has one of the scopes, and documents that it needs it."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **options: Any) -> Any:
            g.holder = authenticate()
            if not set(scopes) & set(g.holder.scopes):
                raise Forbidden(f"The key lacks the scope {' or '.join(scopes)}.")
            return view(*args, **options)

        return cast("View", guarded)

    return decorate


def authenticate() -> Holder:
    """The holder of the request's key.

    Raises `Unauthenticated`, and `TooManyRequests` after too many failures from one address.
    """
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise Unauthenticated("Send the header Authorization: Bearer KEY.")
    address = request.remote_addr or ""
    limiting.check("failed-authentications", address)
    key = parse_key(text.strip())
    database: Database = current_app.extensions["limber_database"]
    now = datetime.now(UTC)
    found = None
    if key is not None:
        with database.reading() as connection:
            found = find_holder(connection, key, now)
    if found is None:
        limiting.hit("failed-authentications", address)
        raise Unauthenticated("The key is mistyped, unknown, expired or revoked.")
    return found


def note_use_of(connection: Any, found: Holder, now: datetime) -> None:
    """Notes the use of a key, within a write that it makes."""
    note_use(connection, found.id, now)
