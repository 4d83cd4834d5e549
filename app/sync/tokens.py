"""Sync tokens and page marks: opaque texts that a client sends back with its next request, each bound to one history.

Both are `base64url(check, seal, text)`. `text` is compact JSON that says what the token stands for. `seal` is the
HMAC-SHA-256 of `text`, with the chained digest of its revision as the key (`releasing.digests`): only a database with
this very history can have made it, and nobody can alter it. `check` is a checksum, which tells a damaged token (400)
from one of another history (410).
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.content import canonical_json
from app.errors import MalformedToken
from app.releasing.signing import Signature, is_signature
from app.shapes.fields import SLUG_PATTERN

SCHEMA_VERSION = 1
"""The version of the documents' shape. A token of a later version is refused; see `docs/sync.md`."""

MAX_LENGTH = 2000
MAX_LIMIT = 1000
MAX_REVISION = 2**31 - 1
CHECK_BYTES, SEAL_BYTES = 4, 16
NOT_OURS = "The token is not one that this service made, or was altered."


@dataclass(frozen=True)
class Selection:
    """What a client syncs: some kinds, or all if `kinds` is empty, in one language, as served from one origin."""

    kinds: tuple[str, ...]
    language: str
    origin: str
    """A fingerprint of the origin: the same document has other bytes on another origin."""


@dataclass(frozen=True)
class Token:
    """Stands for a client that holds the state of its selection at a revision."""

    selection: Selection
    revision: int
    schema: int = SCHEMA_VERSION


@dataclass(frozen=True)
class PageMark:
    """Where a page begins: after the position (rank, slug) in the changes in (since, until].

    Without `since`, all documents are listed. `digest` is that of the selection's state at `until`.
    """

    selection: Selection
    since: int | None
    until: int
    limit: int
    rank: int
    slug: str
    digest: str
    signature: Signature | None = None
    """Of `until` and `digest`. Pages repeat that of the first one and sign nothing anew: who knows the chained digest
    of a revision could make a mark with a digest of his own, and would have it signed."""
    schema: int = SCHEMA_VERSION


@dataclass(frozen=True)
class Sealed:
    """A token or a page mark as it came in. `is_of` tells whether it belongs to this history."""

    content: Token | PageMark
    text: bytes
    seal: bytes

    @property
    def revision(self) -> int:
        """The revision whose chained digest seals it."""
        return self.content.revision if isinstance(self.content, Token) else self.content.until

    def is_of(self, chain: str) -> bool:
        """Whether it was sealed in the history with this digest."""
        return hmac.compare_digest(self.seal, _seal(self.text, chain))


def origin_fingerprint(origin: str) -> str:
    """A short digest of an origin."""
    return hashlib.sha256(origin.encode()).hexdigest()[:8]


def encode(content: Token | PageMark, chain: str) -> str:
    """The text of a token or a page mark, sealed with the chained digest of its revision."""
    selection = content.selection
    parts: list[Any] = [content.schema, list(selection.kinds), selection.language, selection.origin]
    if isinstance(content, Token):
        parts += [content.revision]
    else:
        parts += [content.since, content.until, content.limit, content.rank, content.slug, content.digest]
        # Where nothing is signed, versions of this service before the signatures read the mark too.
        parts += content.signature or ()
    text = canonical_json.dump(parts)
    sealed = _seal(text, chain) + text
    return base64.urlsafe_b64encode(_check(sealed) + sealed).decode().rstrip("=")


def decode_token(token: str) -> Sealed:
    """A sync token.

    Raises `MalformedToken`.
    """
    seal, text, parts = _open(token)
    if len(parts) != 5 or not _is_number(parts[4], MAX_REVISION):
        raise MalformedToken(NOT_OURS)
    return Sealed(Token(_selection(parts), parts[4], parts[0]), text, seal)


def decode_page(mark: str) -> Sealed:
    """A page mark.

    Raises `MalformedToken`.
    """
    seal, text, parts = _open(mark)
    if len(parts) not in (10, 12):
        raise MalformedToken(NOT_OURS)
    since, until, limit, rank, slug, digest = parts[4:10]
    signature = Signature(*parts[10:]) if parts[10:] else None
    numbers = _is_number(until, MAX_REVISION) and _is_number(limit, MAX_LIMIT) and _is_number(rank, 1000) and limit
    bounded = since is None or _is_number(since, MAX_REVISION)
    texts = _is_text(slug, f"(?:{SLUG_PATTERN[1:-1]})?") and _is_text(digest, "[0-9a-f]{64}")
    signed = signature is None or (all(_is_text(part, "[!-~]+") for part in signature) and is_signature(*signature))
    if not (numbers and bounded and texts and signed):
        raise MalformedToken(NOT_OURS)
    page = PageMark(_selection(parts), since, until, limit, rank, slug, digest, signature, parts[0])
    return Sealed(page, text, seal)


def _open(token: str) -> tuple[bytes, bytes, list[Any]]:
    """The seal, the text and the JSON of the text.

    Raises `MalformedToken` if it is damaged.
    """
    try:
        if len(token) > MAX_LENGTH or not token.isascii():
            raise ValueError
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        sealed = raw[CHECK_BYTES:]
        canonical = base64.urlsafe_b64encode(raw).decode().rstrip("=")
        if canonical != token or not hmac.compare_digest(raw[:CHECK_BYTES], _check(sealed)):
            raise ValueError
        parts = json.loads(sealed[SEAL_BYTES:])
    except (ValueError, binascii.Error, RecursionError):
        raise MalformedToken(NOT_OURS) from None
    if not isinstance(parts, list) or len(parts) < 5:
        raise MalformedToken(NOT_OURS)
    return sealed[:SEAL_BYTES], sealed[SEAL_BYTES:], parts


def _selection(parts: Sequence[Any]) -> Selection:
    schema, kinds, language, origin = parts[:4]
    words = isinstance(kinds, list) and all(_is_text(kind, "[a-z-]{1,40}") for kind in kinds)
    texts = _is_text(language, "[A-Za-z0-9-]{1,20}") and _is_text(origin, "[0-9a-f]{8}")
    if not (_is_number(schema, MAX_REVISION) and words and texts):
        raise MalformedToken(NOT_OURS)
    return Selection(tuple(kinds), language, origin)


def _seal(text: bytes, chain: str) -> bytes:
    return hmac.digest(chain.encode(), text, "sha256")[:SEAL_BYTES]


def _check(sealed: bytes) -> bytes:
    return hashlib.sha256(sealed).digest()[:CHECK_BYTES]


def _is_number(value: Any, most: int) -> bool:
    return type(value) is int and 0 <= value <= most


def _is_text(value: Any, pattern: str) -> bool:
    return isinstance(value, str) and len(value) <= 200 and re.fullmatch(pattern, value, re.ASCII) is not None
