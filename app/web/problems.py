"""Problem details (RFC 9457): every error that a client can see, named once.

Each name has a page, `/problems/{name}`, that explains it; `type` is that page's address.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, g
from werkzeug.exceptions import HTTPException

from app import errors
from app.config import Settings
from app.errors import Fault

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5


@dataclass(frozen=True)
class Problem:
    """One kind of error: its status, its title, and what to do about it."""

    name: str
    status: int
    title: str
    explanation: str


PROBLEMS = {
    each.name: each
    for each in (
        Problem(
            "malformed",
            400,
            "Malformed request",
            "The request cannot be read: a character that no text may"
            " hold, or text that is not what it says it is. Build the address with a library that encodes it.",
        ),
        Problem(
            "malformed-cursor",
            400,
            "Malformed cursor",
            "The cursor was not made by this service, or was made for"
            " a list with other filters or another order. Begin again without a cursor, and take each next one"
            " from `page.next` with the same parameters.",
        ),
        Problem(
            "not-found",
            404,
            "Not found",
            "Nothing published has this address. An entity may have been retired,"
            " or never released. The list of its collection shows what there is.",
        ),
        Problem(
            "method-not-allowed",
            405,
            "Method not allowed",
            "The address exists and does not answer this method. The header Allow lists those that it answers.",
        ),
        Problem(
            "not-acceptable",
            406,
            "Not acceptable",
            "The header Accept rules out what this address gives. Send `Accept: application/json`, or leave it out.",
        ),
        Problem(
            "precondition-failed",
            412,
            "Precondition failed",
            "The header If-Match names another version than the"
            " present one. Read the present version and try again with its ETag.",
        ),
        Problem(
            "content-too-large",
            413,
            "Content too large",
            "The request's body is over the limit of 1 MiB. Reading needs no body.",
        ),
        Problem("uri-too-long", 414, "Address too long", "The query is over the limit of 8 KiB. Ask for less at once."),
        Problem(
            "invalid-parameters",
            422,
            "Invalid parameters",
            "A query parameter is unknown or its value is not"
            " allowed. `errors` names each one and says what is allowed.",
        ),
        Problem(
            "internal-error",
            500,
            "Internal error",
            "Something is wrong on our side. The request's id helps to find it.",
        ),
        Problem(
            "unsupported-format",
            501,
            "Unsupported format",
            "oEmbed is given as `json` and as `xml`; the parameter `format` names another.",
        ),
        Problem(
            "unavailable",
            503,
            "Unavailable",
            "The service cannot answer just now. Try again after the seconds in the header Retry-After.",
        ),
    )
}

OF_ERRORS: Mapping[type[errors.LimberError], str] = {
    errors.NotFound: "not-found",
    errors.MalformedCursor: "malformed-cursor",
    errors.MalformedParameter: "malformed",
    errors.InvalidParameters: "invalid-parameters",
    errors.UnsupportedFormat: "unsupported-format",
    errors.StoreUnavailable: "unavailable",
}
"""What each named error is to a client."""

OF_STATUS = {each.status: each.name for each in reversed(PROBLEMS.values())}


def settings() -> Settings:
    """The application's settings."""
    found: Settings = current_app.extensions["limber_settings"]
    return found


def problem_response(
    problem: Problem, detail: str, *, faults: Sequence[Fault] = (), headers: Mapping[str, str] | None = None
) -> Response:
    """The answer for a problem. Faults that are query parameters name the parameter, others their JSON pointer."""
    body: dict[str, Any] = {
        "type": f"{settings().public_origin}/problems/{problem.name}",
        "title": problem.title,
        "status": problem.status,
        "detail": detail,
    }
    if faults:
        body["errors"] = [
            {"pointer" if fault.place.startswith("/") else "parameter": fault.place, "detail": fault.detail}
            for fault in faults
        ]
    body["request_id"] = g.get("request_id")
    response = Response(json.dumps(body, ensure_ascii=False), problem.status, mimetype=MEDIA_TYPE)
    response.headers.update(headers or {})
    if problem.status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def of_limber_error(error: errors.LimberError) -> Response:
    """The answer for a named error."""
    name = next((OF_ERRORS[cls] for cls in type(error).__mro__ if cls in OF_ERRORS), "internal-error")
    return problem_response(PROBLEMS[name], str(error), faults=getattr(error, "faults", ()))


def of_http_exception(error: HTTPException) -> Response:
    """The answer for an error of the framework, whose own headers (Allow) are kept."""
    status = error.code or 500
    if status < 400:
        return Response(status=status, headers=list(error.get_headers()))
    name = OF_STATUS.get(status, "malformed" if status < 500 else "internal-error")
    headers = {key: value for key, value in error.get_headers() if key in ("Allow", "Retry-After")}
    if "Allow" in headers:
        headers["Allow"] = ", ".join(sorted(headers["Allow"].split(", ")))
    details = {
        "not-found": "There is nothing at this address.",
        "method-not-allowed": f"This address answers {headers.get('Allow', '')}.",
        "internal-error": "Something is wrong on our side.",
    }
    return problem_response(PROBLEMS[name], details.get(name, error.description or ""), headers=headers)
