"""The errors that Limber raises on purpose, named once, with no HTTP in them.

`web.problems` maps each to a status; a test holds the table in `docs/errors.md` to this list.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in what was sent.

    `place` is a query parameter's name or a JSON pointer (RFC 6901); `detail` says what is wrong and what is
    allowed, in a sentence.
    """

    place: str
    detail: str


class LimberError(Exception):
    """The base of every named error; `str(error)` is a sentence for a person."""


class NotFound(LimberError):
    """Nothing published has this address."""


class MalformedCursor(LimberError):
    """A cursor that this service did not make, or made for another list."""


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
    """A release would publish an entity that names something unpublished."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("The release names entities that are not published.")
        self.faults = tuple(faults)


class InvalidPartner(LimberError):
    """A partner whose name or origins are not allowed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("The partner is not valid.")
        self.faults = tuple(faults)


class UnsupportedFormat(LimberError):
    """oEmbed in a format that this service does not give."""


class NothingToRelease(LimberError):
    """The working copy equals what is published."""


class StoreUnavailable(LimberError):
    """The database does not answer, or not in time."""
