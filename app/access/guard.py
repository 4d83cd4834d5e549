"""Authentication of requests: the bearer key, its scopes, and the limit on wrong ones (RFC 6750)."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, request

from app.access import limiting
from app.access.key_store import COARSE, Holder, find_holder, note_use
from app.access.keys import WholeKey, parse_key
from app.errors import Forbidden, StoreUnavailable, Unauthenticated
from app.web.installed import database

View = TypeVar("View", bound=Callable[..., Any])

_noted: dict[str, float] = {}
"""When this process last noted the use of a key, so that it tries once an hour and not at every request."""


def holder() -> Holder:
    """Who makes this request; only in views that `requires` guards."""
    found: Holder = g.holder
    return found


def requires(*scopes: str, writes: bool) -> Callable[[View], View]:
    """Lets a request through whose key has one of the scopes; counts it where it `writes`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **options: Any) -> Any:
            g.holder = authenticate()
            if not set(scopes) & set(g.holder.scopes):
                raise Forbidden(f"The key lacks the scope {' or '.join(scopes)}.")
            if writes:
                limiting.hit("writes", g.holder.id)
            return view(*args, **options)

        return cast("View", guarded)

    return decorate


def authenticate() -> Holder:
    """The holder of the request's key.

    A live key always passes, so that nobody locks out who shares an address with them. Raises `Unauthenticated`, and
    `TooManyRequests` after too many failures from one address.
    """
    text = _sent()
    if not text:
        raise Unauthenticated("Send the header Authorization: Bearer KEY.", given=False)
    key = parse_key(text)
    found = _find(key) if key is not None else None
    if found is None:
        limiting.hit("failed-authentications", limiting.address())
        raise Unauthenticated("The key is mistyped, unknown, expired or revoked.", given=True)
    return found


def live_key() -> str | None:
    """The id of the request's key, if it is a live one. Nothing is counted or noted."""
    key = parse_key(_sent())
    if key is None:
        return None
    with database().reading() as connection:
        return key.id if find_holder(connection, key, datetime.now(UTC)) else None


def _sent() -> str:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""


def _find(key: WholeKey) -> Holder | None:
    now = datetime.now(UTC)
    with database().reading() as connection:
        found = find_holder(connection, key, now)
    if (
        found is not None
        and found.use_is_stale
        and time.monotonic() - _noted.get(key.id, -1e9) > COARSE.total_seconds()
    ):
        _noted[key.id] = time.monotonic()
        try:
            with database().transaction() as connection:
                note_use(connection, key.id, now)
        except StoreUnavailable:
            # A long write holds the store: what the key asks for matters more than the note of its use.
            _noted.pop(key.id, None)
    return found
