"""Content codings: which one a client prefers, and the bytes in it (RFC 9110, section 12.5.3)."""

import gzip

import brotli
import zstandard
from werkzeug.datastructures import Accept

PREFERRED = ("zstd", "br", "gzip")
"""What we offer, the best first: of what the client likes equally, the first is taken."""

SMALLEST = 512
"""Bytes below which coding gains nothing."""

CODED_TYPES = ("application/json", "application/problem+json", "application/linkset+json", "application/yaml")


def is_worth_coding(mimetype: str, length: int) -> bool:
    """Whether an answer of this type and length gets smaller."""
    textual = mimetype.startswith("text/") or mimetype in (*CODED_TYPES, "image/svg+xml")
    return textual and length >= SMALLEST


def choose(accepted: Accept) -> str | None:
    """The coding to send, or None for the bytes as they are."""
    named = {key.lower(): quality for key, quality in accepted}
    others = named.get("*", 0)
    best = max(PREFERRED, key=lambda coding: (named.get(coding, others), -PREFERRED.index(coding)))
    quality = named.get(best, others)
    return best if quality > 0 and quality >= named.get("identity", 0) else None


def encode(content: bytes, coding: str) -> bytes:
    """The bytes in a coding; the same bytes each time."""
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=6).compress(content)
    if coding == "br":
        return bytes(brotli.compress(content, quality=5))
    return gzip.compress(content, compresslevel=6, mtime=0)
