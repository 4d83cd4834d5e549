"""The errors that Limber raises on purpose, named once, with no HTTP in them.

`web.problems` maps each to a status; a test holds the table in `docs/errors.md` to this list.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in what was sent.

    `place` is a query parameter's name or a JSON pointer (RFC 6901); `detail` says what is wrong and what is
    allowed, in a sentence. `code` names the rule that is broken, for programs; None where nobody needs to tell.
    """

    place: str
    detail: str
    code: str | None = None


class LimberError(Exception):
    """The base of every named error; `str(error)` is a sentence for a person."""


class NotFound(LimberError):
    """Nothing published has this address."""


class MalformedCursor(LimberError):
    """A cursor that this service did not make, or made for another list."""


class MalformedToken(LimberError):
    """A sync token, or the address of a page of changes, that this service did not make."""


class Gone(LimberError):
    """A token of a history that this store does not have, or no longer has. `fresh` is where to begin anew, a path."""

    def __init__(self, detail: str, fresh: str) -> None:
        super().__init__(detail)
        self.fresh = fresh


class MalformedParameter(LimberError):
    """A query string with characters that no text may hold (NUL, lone surrogates)."""


class InvalidParameters(LimberError):
    """Query parameters that are unknown or whose values are not allowed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("The query is not valid.")
        self.faults = tuple(faults)


class InvalidDrafts(LimberError):
    """Drafts that break a rule; nothing was changed. `faults` holds all of them at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} {'error' if len(faults) == 1 else 'errors'}; nothing was changed.")
        self.faults = tuple(faults)


class UnpublishedReferences(LimberError):
    """A release would leave something published that names what is not, or that breaks a rule of its kind."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("The release would not leave the published catalogue whole; nothing was released.")
        self.faults = tuple(faults)


class InvalidPartner(LimberError):
    """A partner whose name or origins are not allowed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("The partner is not valid.")
        self.faults = tuple(faults)


class RefusedAddress(LimberError):
    """An address that no webhook is sent to."""


class UnresolvedAddress(RefusedAddress):
    """A name that leads nowhere just now."""


class UnsupportedFormat(LimberError):
    """oEmbed in a format that this service does not give."""


class NothingToRelease(LimberError):
    """The working copy equals what is published."""


class StoreUnavailable(LimberError):
    """The database does not answer, or not in time."""


class StoreBusy(StoreUnavailable):
    """The database answers, and another change holds what this one needs."""


class StoreCorrupt(StoreUnavailable):
    """The database's files are damaged: what is read may be wrong or missing. An operator has to restore them."""


class OtherSchema(StoreUnavailable):
    """There is no database, or its tables are not those of this version. `str(error)` says what to run."""


class BackupFailed(LimberError):
    """A backup that could not be made or restored; `str(error)` says why and what to do."""


class Crowded(StoreUnavailable):
    """What was asked for takes long, and others wait for it already."""


class ReplicaFailed(StoreUnavailable):
    """A replica did not give all that was to be read of it; the database itself may."""


class CannotSign(LimberError):
    """The key that releases are signed with cannot be read or written."""


class StoreFull(StoreUnavailable):
    """The database has no room for what is written; it can still be read."""


class Unauthenticated(LimberError):
    """No key, or one that is not live (`given`)."""

    def __init__(self, message: str, *, given: bool) -> None:
        super().__init__(message)
        self.given = given


class Forbidden(LimberError):
    """The key lacks the scope."""


class MalformedBody(LimberError):
    """A body that is not JSON, or JSON that no honest client sends."""


class ContentTooLarge(LimberError):
    """A body over its limit."""


class UnsupportedMediaType(LimberError):
    """A body of a type that the address does not take; `accepted` names those that it does."""

    def __init__(self, accepted: str) -> None:
        super().__init__(f"The body must be {accepted}.")
        self.accepted = accepted


class PreconditionRequired(LimberError):
    """A write that does not say which version it changes."""


class PreconditionFailed(LimberError):
    """A write to a version that is not the present one."""


class Conflict(LimberError):
    """The present state does not admit the change; `faults` says what stands in the way."""

    def __init__(self, message: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class IdempotencyMismatch(LimberError):
    """An Idempotency-Key that was used for another request."""


class RequestTimeout(LimberError):
    """A body that is sent too slowly."""


class TooManyRequests(LimberError):
    """A rate limit is used up, or too much is under way."""

    def __init__(self, message: str, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
