"""Lengths of a request's headers, looked at before anything reads them.

What reads a header may take more than its length in time. So each header that something here reads has a length that
an honest client never needs, every other one has a length too, and so have all of them together. A request over one of
them goes on without its headers, past the response cache, and is answered 431 by `finishing`.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

LENGTHS: Mapping[str, int] = {
    "Accept": 1024,
    "Accept-Encoding": 1024,
    "Accept-Language": 1024,
    "Authorization": 1024,
    "Content-Encoding": 256,
    "Content-Length": 32,
    "Content-Type": 256,
    "Idempotency-Key": 1024,
    "If-Match": 4096,
    "If-None-Match": 4096,
    "If-Range": 256,
    "Range": 256,
    "X-Forwarded-For": 1024,
    "X-Request-Id": 1024,
}
"""Characters of each header that something here reads."""

MOST_OF_ONE = 8 * 1024
"""Characters of any other header, such as a cookie."""

MOST_OF_ALL = 32 * 1024
"""Characters of all headers together, their names counted."""

TOO_LARGE = "limber.headers_too_large"
"""Where the environment of a request that is to be answered 431 says why."""

_IN_BODY = ("CONTENT_LENGTH", "CONTENT_TYPE")


def variable(header: str) -> str:
    """The name by which a header stands in a WSGI environment (PEP 3333)."""
    name = header.upper().replace("-", "_")
    return name if name in _IN_BODY else f"HTTP_{name}"


_LENGTHS = {variable(header): most for header, most in LENGTHS.items()}


def bounding_headers(inner: WSGIApplication) -> WSGIApplication:
    """The application, which is given no header that is too long."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if (why := too_large(environ)) is not None:
            environ = {name: value for name, value in environ.items() if not _is_header(name)}
            environ[TOO_LARGE] = why
        return inner(environ, start_response)

    return answer


def too_large(environ: Mapping[str, Any]) -> str | None:
    """What is wrong with the headers of a request, as a sentence; None where nothing is."""
    whole = 0
    for name, value in environ.items():
        if _is_header(name):
            whole += len(name) + len(value)
            if len(value) > (most := _LENGTHS.get(name, MOST_OF_ONE)):
                header = name.removeprefix("HTTP_").replace("_", "-").title()[:100]
                return f"The header {header} has over {most} characters: send a shorter one."
    return f"The headers have over {MOST_OF_ALL} characters in all: send fewer." if whole > MOST_OF_ALL else None


def _is_header(name: str) -> bool:
    return name.startswith("HTTP_") or name in _IN_BODY
