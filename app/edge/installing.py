"""How the response cache is put in front of the application."""

from collections.abc import Callable
from wsgiref.types import WSGIApplication

from flask import Flask, request

from app.config import Settings
from app.edge.cache import ResponseCache, response_cache
from app.edge.headers import bounding_headers
from app.edge.revision import RevisionWatch
from app.errors import Crowded, StoreUnavailable
from app.store.database import Database
from app.store.state import State, current_state
from app.web.declarations import addresses
from app.web.problems import CROWDED


def install(
    app: Flask, settings: Settings, database: Database, counted: Callable[[WSGIApplication], WSGIApplication]
) -> None:
    """Puts the cache in front of the application, unless its bound is 0. All but repeated hits pass `counted` too."""
    if not settings.response_cache_bytes:
        response_cache.install(app, None)
        app.wsgi_app = bounding_headers(counted(app.wsgi_app))  # type: ignore[assignment,method-assign]  # as Flask's documentation wraps it
        return

    def ask() -> State:
        try:
            with database.aside() as connection:
                state = current_state(connection)
        except StoreUnavailable:
            if not settings.database_read_url:
                raise
            # A replica that has every revision seen so far takes the place of the database.
            with database.released() as connection:
                state = current_state(connection)
        # Some replicas may not have this revision yet.
        database.note_revision(state.revision)
        return state

    watch = RevisionWatch(ask, settings.revision_check_seconds)
    database.after_commit.append(watch.note_commit)
    cache = ResponseCache(
        app.wsgi_app,
        watch,
        addresses.of(app),
        bound_bytes=settings.response_cache_bytes,
        stale_if_error_seconds=settings.stale_if_error_seconds,
        patient=settings.threads // 2,
    )
    app.before_request(_refuse_where_crowded)
    response_cache.install(app, cache)
    app.wsgi_app = cache.in_front_of(bounding_headers(counted(cache)))  # type: ignore[assignment,method-assign]  # as above


def _refuse_where_crowded() -> None:
    if CROWDED in request.environ:
        raise Crowded("This answer is being computed, which takes long; others wait for it already.")
