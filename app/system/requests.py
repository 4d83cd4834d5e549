"""What is told of each request that reached the application: one line in the log, and the counts of the metrics.

It stands around the response cache, behind the part of it that answers a repeated request at once: those hits are
counted by the cache alone, and cost nothing here.
"""

import logging
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from app.config import Settings

LONGEST_TEXT = 200
"""Characters of a path or a query in the log."""

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
TRACEPARENT = re.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
"""The header of W3C Trace Context; its group is the id of the trace."""

_NOTED = "limber.noted"

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Noted:
    """What the application found out about a request: the pattern of its address, and the name of its key."""

    route: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """A request that was answered.

    `seconds` is until the answer begins to be sent, `size` its bytes. `cache` is `hit`, `stale`, `miss`, or `pass` for
    what the response cache leaves alone. `route` is None where nothing has the address.
    """

    request_id: str | None
    method: str
    route: str | None
    status: int
    seconds: float
    size: int
    cache: str
    key: str | None


Tell = Callable[[Answered, WSGIEnvironment], None]


def observing(app: Flask, tells: Iterable[Tell]) -> Callable[[WSGIApplication], WSGIApplication]:
    """Tells of every request that is not a hit; of a hit only where it is an error, whose id must be in the log."""
    app.after_request(_note)
    listeners = tuple(tells)

    def around(inner: WSGIApplication) -> WSGIApplication:
        def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            # The cache hands a copy of the environment on, and with it this very object.
            noted = environ[_NOTED] = Noted()
            begun = time.monotonic()
            sent: list[Any] = []

            def noting(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
                sent[:] = status, headers
                return start_response(status, headers, *error)

            try:
                body = inner(environ, noting)
            except Exception:
                told = {"request_id": environ.get("HTTP_X_REQUEST_ID"), **_of_request(environ)}
                log.exception("Unexpected error outside of the application.", extra=told)
                raise
            seconds = time.monotonic() - begun
            answered = _answered(environ, noted, app.url_map, status=sent[0], headers=dict(sent[1]), seconds=seconds)
            if answered.cache != "hit" or answered.status >= 400:
                for tell in listeners:
                    tell(answered, environ)
            return body

        return answer

    return around


def log_lines(settings: Settings) -> Tell:
    """Writes one line for each request; what failed on our side, as a warning or an error."""
    least = logging.getLevelNamesMapping()[settings.log_level.upper()]
    return partial(_log, least, settings.log_queries)


def _log(least: int, shows_query: bool, answered: Answered, environ: WSGIEnvironment) -> None:  # noqa: FBT001  # bound by position
    failed = logging.WARNING if answered.status >= 500 else logging.INFO
    level = logging.ERROR if answered.status == 500 else failed
    if level < least or not log.isEnabledFor(level):
        return
    told = {
        "request_id": answered.request_id,
        **_of_request(environ),
        "route": answered.route,
        "status": answered.status,
        "seconds": round(answered.seconds, 4),
        "bytes": answered.size,
        "cache": answered.cache,
        "key": answered.key,
    }
    if (trace := TRACEPARENT.fullmatch(environ.get("HTTP_TRACEPARENT", "")[:100])) is not None:
        told["trace_id"] = trace[1]
    if shows_query:
        told["query"] = environ.get("QUERY_STRING", "")[:LONGEST_TEXT]
    log.log(level, "request", extra=told)


def _of_request(environ: WSGIEnvironment) -> dict[str, Any]:
    # As it stands in the address, so that a space does not look like the end of the path. WSGI gives it as Latin-1.
    path = quote(environ["PATH_INFO"][:LONGEST_TEXT].encode("latin-1", "replace"), safe="/:@!$&'()*+,;=~")
    return {"method": environ["REQUEST_METHOD"][:20], "path": path}


def _note(response: Response) -> Response:
    noted = request.environ.get(_NOTED)
    if noted is not None:
        noted.route = request.url_rule.rule if request.url_rule else None
        noted.key = g.holder.name if "holder" in g else None
    return response


def _answered(
    environ: WSGIEnvironment,
    noted: Noted,
    addresses: Map,
    *,
    status: str,
    headers: dict[str, str],
    seconds: float,
) -> Answered:
    method, code = environ["REQUEST_METHOD"], int(status[:3])
    cache = _cache(headers.get("Cache-Status"))
    is_computed = cache in ("miss", "pass")
    has_body = method != "HEAD" and code not in (204, 304)
    return Answered(
        headers.get("X-Request-Id"),
        method,
        noted.route if is_computed and noted.route else _route(environ, addresses),
        code,
        seconds,
        int(headers.get("Content-Length", 0)) if has_body else 0,
        cache,
        noted.key,
    )


def _cache(status: str | None) -> str:
    if status is None:
        return "pass"
    if "; hit" in status:
        return "hit"
    return "stale" if "fwd=stale" in status else "miss"


def _route(environ: WSGIEnvironment, addresses: Map) -> str | None:
    """The pattern of an address that the application was not asked for, as another request's answer served."""
    try:
        return addresses.bind("").match(environ["PATH_INFO"], method="GET", return_rule=True)[0].rule
    except HTTPException:
        return None
