"""What is done to every request and every answer: limits, security and CORS headers, caching, and `representation`."""

import re
import uuid

from flask import Flask, Response, g, request
from werkzeug.datastructures import Headers

from app.edge import representation
from app.edge.files import FileResponse
from app.edge.headers import TOO_LARGE
from app.edge.keys import NOT_KEPT
from app.errors import MalformedParameter
from app.web.declarations import declared
from app.web.installed import settings
from app.web.problem_table import PROBLEMS
from app.web.problems import problem_response

MAX_QUERY_BYTES = 8 * 1024
PREFLIGHT_SECONDS = 86_400
PRIVATE_CSP = "default-src 'none'; frame-ancestors 'none'"
EXPOSED = (
    "ETag, Link, Content-Language, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id, Location, Content-Range"
)
ALLOWED_HEADERS = "Accept, Accept-Language, Content-Type, If-Match, If-None-Match, If-Range, Range, X-Request-Id"
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")
REFUSED = "limber.refused"
"""Where the environment of a request holds the error with which `gateway` refused it."""

ABOUT_THE_REQUEST = (408, 412, 413, 416, 429, 431)
"""Errors that say nothing of the address: a cache that kept one would give it to who asked rightly."""


def install(app: Flask) -> None:
    """Makes the application check every request and finish every answer."""
    app.before_request(identify)
    app.before_request(check_request)
    app.after_request(finish)


def identify() -> None:
    """Takes the client's request id where it is well formed, else makes one."""
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def check_request() -> Response | None:
    """Refuses what is too large, malformed, or asks for a type that the API does not give."""
    if why := request.environ.get(TOO_LARGE):
        return problem_response(PROBLEMS["request-header-fields-too-large"], why)
    if refused := request.environ.get(REFUSED):
        raise refused
    operation = declared()
    request.max_content_length = operation.body_bytes
    if (request.content_length or 0) > operation.body_bytes:
        return problem_response(PROBLEMS["content-too-large"], f"The body is over {operation.body_bytes} bytes.")
    if len(request.query_string) > MAX_QUERY_BYTES:
        return problem_response(PROBLEMS["uri-too-long"], f"The query is over {MAX_QUERY_BYTES} bytes.")
    try:
        parameters = list(request.args.lists())
    except UnicodeDecodeError:
        raise MalformedParameter("The query holds bytes that are not UTF-8.") from None
    for key, values in parameters:
        if "\x00" in key or any("\x00" in value for value in values):
            raise MalformedParameter("The query holds a NUL character.")
    if operation.gives and not representation.accepts(request.accept_mimetypes, operation.gives):
        return problem_response(PROBLEMS["not-acceptable"], f"This address gives {operation.gives}.")
    return None


def finish(response: Response) -> Response:
    """Gives an answer its headers, its ETag and its coding, or makes it a 304 or a 412."""
    if not declared().kept:
        request.environ[NOT_KEPT] = True
    if request.method == "OPTIONS" and response.status_code == 200:
        response = _preflight(response)
    # A file has its ETag, and its bytes are not to be read here.
    whole = response.status_code == 200 and not isinstance(response, FileResponse)
    if whole and request.method in ("GET", "HEAD"):
        response = _represent(response)
    _set_headers(response)
    if response.status_code >= 400:
        response.vary.update(("Accept", "Accept-Encoding") if response.status_code == 406 else ("Accept-Encoding",))
        _encode(response, _coding_for(response))
    return response


def _set_headers(response: Response) -> None:
    headers, limits = response.headers, settings()
    headers["X-Request-Id"] = g.get("request_id") or uuid.uuid4().hex
    headers["X-Content-Type-Options"] = "nosniff"
    if declared().private:
        headers["Cache-Control"] = "no-store"
    else:
        headers["Access-Control-Allow-Origin"] = "*"
        headers["Access-Control-Expose-Headers"] = EXPOSED
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    headers.setdefault("Content-Security-Policy", PRIVATE_CSP)
    if response.status_code in ABOUT_THE_REQUEST:
        headers["Cache-Control"] = "no-store"
    elif "Cache-Control" not in headers:
        age = limits.delivery_max_age_seconds if response.status_code < 400 else limits.error_max_age_seconds
        whole = f", stale-while-revalidate={limits.stale_while_revalidate_seconds}"
        whole += f", stale-if-error={limits.stale_if_error_seconds}"
        stale = whole if response.status_code < 400 else ""
        headers["Cache-Control"] = f"public, max-age={age}{stale}"


def _preflight(response: Response) -> Response:
    allow = ", ".join(sorted(response.allow))
    answer = Response(status=204)
    del answer.headers["Content-Type"]
    answer.headers["Allow"] = allow
    if not declared().private:
        answer.headers["Access-Control-Allow-Methods"] = allow
        answer.headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
        answer.headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
    return answer


def _represent(response: Response) -> Response:
    response.direct_passthrough = False
    version, coding = response.get_etag()[0], None
    tag = version or representation.tag_of(response.get_data())
    # A version that If-Match may name is the same in every coding, so there is none.
    if not version:
        coding = _coding_for(response)
        response.vary.add("Accept-Encoding")
        response.set_etag(tag)
    outcome = representation.precondition(
        representation.tag_in(tag, coding), if_match=request.if_match, if_none_match=request.if_none_match
    )
    if outcome == 412:
        return problem_response(PROBLEMS["precondition-failed"], "The present version has another ETag.")
    if outcome == 304:
        response.status_code = 304
        response.set_data(b"")
        headers = representation.headers_in(list(response.headers), coding, 0)
        response.headers = Headers(representation.headers_of_304(headers))
        return response
    _encode(response, coding)
    return response


def _coding_for(response: Response) -> str | None:
    if not representation.is_worth_coding(response.mimetype or "", len(response.get_data())):
        return None
    return representation.choose(request.accept_encodings)


def _encode(response: Response, coding: str | None) -> None:
    if coding:
        body = representation.encode(response.get_data(), coding)
        response.headers = Headers(representation.headers_in(list(response.headers), coding, len(body)))
        response.set_data(body)
