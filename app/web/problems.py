"""Problem details (RFC 9457): the answer for every error.

Each problem of `problem_table` has a page, `/problems/{name}`, that explains it; `type` is that page's address.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, g, request
from werkzeug.exceptions import HTTPException

from app import errors
from app.errors import Fault
from app.web.installed import settings
from app.web.problem_table import PROBLEMS, Problem

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5

MOST_ERRORS = 100
"""Errors that one answer lists; `errors_omitted` counts the others."""

LONGEST_PLACE = 300
LONGEST_DETAIL = 2000
"""Characters of a parameter's name or a pointer, and of a sentence; what was sent may stand in them."""

CROWDED = "limber.crowded"
"""Set in the environment of a request that is told to come again, as what it asks for takes long."""

OF_ERRORS: Mapping[type[errors.LimberError], str] = {
    errors.NotFound: "not-found",
    errors.MalformedCursor: "malformed-cursor",
    errors.MalformedToken: "malformed-token",
    errors.Gone: "gone",
    errors.MalformedParameter: "malformed",
    errors.InvalidParameters: "invalid-parameters",
    errors.UnsupportedFormat: "unsupported-format",
    errors.StoreUnavailable: "unavailable",
    errors.CannotSign: "unavailable",
    errors.StoreFull: "insufficient-storage",
    errors.InvalidDrafts: "invalid-draft",
    errors.UnpublishedReferences: "conflict",
    errors.NothingToRelease: "conflict",
    errors.Unauthenticated: "unauthenticated",
    errors.Forbidden: "forbidden",
    errors.MalformedBody: "malformed-body",
    errors.ContentTooLarge: "content-too-large",
    errors.UnsupportedMediaType: "unsupported-media-type",
    errors.PreconditionRequired: "precondition-required",
    errors.PreconditionFailed: "precondition-failed",
    errors.Conflict: "conflict",
    errors.IdempotencyMismatch: "idempotency-mismatch",
    errors.RequestTimeout: "request-timeout",
    errors.TooManyRequests: "too-many-requests",
}
"""What each named error is to a client."""

OF_STATUS = {each.status: each.name for each in reversed(PROBLEMS.values())}


def problem_response(
    problem: Problem, detail: str, *, faults: Sequence[Fault] = (), headers: Mapping[str, str] | None = None
) -> Response:
    """The answer for a problem. Faults that are query parameters name the parameter, others their JSON pointer.

    The pointer of the whole body is the empty one (RFC 6901).
    """
    body: dict[str, Any] = {
        "type": f"{settings().public_origin}/problems/{problem.name}",
        "title": problem.title,
        "status": problem.status,
        "detail": _shortened(detail, LONGEST_DETAIL),
    }
    if faults:
        place = "parameter" if problem.name == "invalid-parameters" else "pointer"
        body["errors"] = [
            {
                **({"code": fault.code} if fault.code else {}),
                place: _shortened(fault.place, LONGEST_PLACE),
                "detail": _shortened(fault.detail, LONGEST_DETAIL),
            }
            for fault in faults[:MOST_ERRORS]
        ]
    if len(faults) > MOST_ERRORS:
        body["errors_omitted"] = len(faults) - MOST_ERRORS
    body["request_id"] = g.get("request_id")
    response = Response(json.dumps(body, ensure_ascii=False), problem.status, mimetype=MEDIA_TYPE)
    response.headers.update(headers or {})
    if problem.status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def of_limber_error(error: errors.LimberError) -> Response:
    """The answer for a named error."""
    name = next((OF_ERRORS[cls] for cls in type(error).__mro__ if cls in OF_ERRORS), "internal-error")
    headers: dict[str, str] = {}
    if isinstance(error, errors.Gone):
        headers["Location"] = settings().public_origin + error.fresh
    if isinstance(error, errors.Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="limber"' + (', error="invalid_token"' if error.given else "")
    if isinstance(error, errors.Forbidden):
        headers["WWW-Authenticate"] = 'Bearer realm="limber", error="insufficient_scope"'
    if isinstance(error, errors.TooManyRequests):
        headers["Retry-After"] = str(error.retry_after_seconds)
    if isinstance(error, errors.Crowded):
        request.environ[CROWDED] = True
    if isinstance(error, errors.UnsupportedMediaType):
        headers["Accept"] = error.accepted
    return problem_response(PROBLEMS[name], str(error), faults=getattr(error, "faults", ()), headers=headers)


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
