"""The table of problems: every error that a client can see, with its status and what to do about it."""

from dataclasses import dataclass


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
            "malformed-body",
            400,
            "Malformed body",
            "The body is not JSON (RFC 8259), or JSON with duplicate fields, nested over 64 deep, or with a text that"
            " holds NUL or a lone surrogate.",
        ),
        Problem(
            "unauthenticated",
            401,
            "Unauthenticated",
            "This address needs a live key, sent as `Authorization: Bearer KEY` and nowhere else. A mistyped,"
            " expired or revoked key is none.",
        ),
        Problem(
            "forbidden",
            403,
            "Forbidden",
            "The key is live and lacks the scope that this address needs. Ask for a key with that scope.",
        ),
        Problem(
            "malformed-token",
            400,
            "Malformed token",
            "The sync token was not made by this service, was cut or altered on its way, or belongs to other kinds or"
            " another language than the request names. Send a token as it was given, with no other `kinds` and `lang`.",
        ),
        Problem(
            "not-found",
            404,
            "Not found",
            "Nothing has this address. An entity may have been retired,"
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
            "conflict",
            409,
            "Conflict",
            "The present state does not admit the change. `errors` lists what stands in the way.",
        ),
        Problem(
            "range-not-satisfiable",
            416,
            "Range not satisfiable",
            "The range begins behind the file's end. The header Content-Range says how long the file is.",
        ),
        Problem(
            "unsupported-media-type",
            415,
            "Unsupported media type",
            "The address does not take a body of this type. The header Accept lists those that it takes.",
        ),
        Problem(
            "invalid-draft",
            422,
            "Invalid draft",
            "The body is JSON and breaks a rule of drafts. `errors` names each place by its JSON pointer and says what"
            " is allowed. Nothing was changed.",
        ),
        Problem(
            "idempotency-mismatch",
            422,
            "Idempotency-Key used before",
            "The Idempotency-Key was used for another request. Send a new one with each new request.",
        ),
        Problem(
            "precondition-required",
            428,
            "Precondition required",
            "A write says which version it changes: send If-Match with the ETag that you read, or If-None-Match: * to"
            " create.",
        ),
        Problem(
            "too-many-requests",
            429,
            "Too many requests",
            "A rate limit is used up. Try again after the seconds in the header Retry-After.",
        ),
        Problem(
            "gone",
            410,
            "Gone",
            "The changes since this token cannot be told: it is older than what is kept, or comes from another or a"
            " restored database. Enumerate the catalogue anew from the address in the header Location.",
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
            "The request's body is over the limit: 64 MiB for imports, 1 MiB for everything else.",
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
        Problem(
            "insufficient-storage",
            507,
            "Insufficient storage",
            "The disk of the database is full. Nothing was written; what is published is still served.",
        ),
    )
}
