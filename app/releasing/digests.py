"""The digest that chains each release to the one before it.

`sha256(previous digest, revision, and for each change, ordered by kind, slug and language: kind, slug, language and
the SHA-256 of the body, or "deleted")`, each part followed by a line feed. Two databases with the same newest digest
have the same history; a restored or forked one has another.
"""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple


class ChangedDocument(NamedTuple):
    """A document that a release wrote, or deleted: then `body_digest` is None."""

    kind: str
    slug: str
    language: str
    body_digest: str | None


def body_digest(body: bytes) -> str:
    """The SHA-256 of a document's bytes, in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def chain(previous: str, revision: int, changes: Iterable[ChangedDocument]) -> str:
    """The digest of a release, in hexadecimal."""
    chained = hashlib.sha256(f"{previous}\n{revision}\n".encode())
    for change in sorted(changes, key=lambda change: change[:3]):
        content = change.body_digest or "deleted"
        chained.update(f"{change.kind}\n{change.slug}\n{change.language}\n{content}\n".encode())
    return chained.hexdigest()
