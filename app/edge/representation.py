"""How a body is sent: in which media type and content coding, under which ETag, or as a 304 without it.

The application (`finishing`) and the response cache (`answers`) use the same functions, as a hit must be what a miss
sends. Nothing here knows of a request: the caller says what the client accepts.

An ETag is a digest of the body, so that it is strong and the same in every process. Each coding is a representation of
its own (RFC 9110, section 8.8.3.3) and has its name in its ETag. Example: `"5f0c"` as it is, `"5f0c-br"` in brotli.
"""

import gzip
import hashlib

import brotli
import zstandard
from werkzeug.datastructures import Accept, ETags, MIMEAccept
from werkzeug.http import quote_etag, unquote_etag

PREFERRED = ("zstd", "br", "gzip")
"""What we offer, the best first: of what the client likes equally, the first is taken."""

SMALLEST = 512
"""Bytes below which coding gains nothing."""

CODED_TYPES = ("application/json", "application/problem+json", "application/linkset+json", "application/yaml")

NOT_WITH_304 = ("Content-Type", "Content-Length", "Content-Encoding", "Content-Language")

Headers = list[tuple[str, str]]


def accepts(accepted: MIMEAccept, media_type: str) -> bool:
    """Whether this media type may be sent. It has no parameters, so those that a client adds rule nothing out."""
    qualities: dict[str, float] = {}
    for media_range, quality in accepted:
        essence = media_range.partition(";")[0].strip().lower()
        qualities[essence] = max(quality, qualities.get(essence, 0))
    ranges = (media_type, f"{media_type.partition('/')[0]}/*", "*/*", "*")
    matching = [media_range for media_range in ranges if media_range in qualities]
    return not qualities or bool(matching and qualities[matching[0]] > 0)


def is_worth_coding(mimetype: str, length: int) -> bool:
    """Whether an answer of this type and length gets smaller."""
    textual = mimetype.startswith("text/") or mimetype in (*CODED_TYPES, "image/svg+xml")
    return textual and length >= SMALLEST


def choose(accepted: Accept) -> str | None:
    """The coding to send, or None for the bytes as they are (RFC 9110, section 12.5.3)."""
    named = {key.lower(): quality for key, quality in accepted}
    others = named.get("*", 0)
    best = max(PREFERRED, key=lambda coding: (named.get(coding, others), -PREFERRED.index(coding)))
    quality = named.get(best, others)
    return best if quality > 0 and quality >= named.get("identity", 0) else None


def encode(body: bytes, coding: str | None) -> bytes:
    """The body in a coding; the same bytes each time."""
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=6).compress(body)
    if coding == "br":
        return bytes(brotli.compress(body, quality=5))
    return gzip.compress(body, compresslevel=6, mtime=0) if coding == "gzip" else body


def tag_of(body: bytes) -> str:
    """The opaque part of the ETag of a body as it is."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def tag_in(tag: str, coding: str | None) -> str:
    """The opaque part of the ETag in a coding."""
    return f"{tag}-{coding}" if coding else tag


def precondition(tag: str, *, if_match: ETags | None = None, if_none_match: ETags) -> int | None:
    """What the client's conditions make of a 200 with this ETag: 412, 304, or None for the 200 (section 13.2.2)."""
    if if_match and not if_match.contains(tag):
        return 412
    return 304 if if_none_match.contains_weak(tag) else None


def headers_in(headers: Headers, coding: str | None, length: int) -> Headers:
    """The headers of an answer in a coding, in which its body has this length in bytes."""
    if coding is None:
        return headers
    coded = {"Content-Length": str(length)}
    if tag := unquote_etag(dict(headers).get("ETag"))[0]:
        coded["ETag"] = quote_etag(tag_in(tag, coding))
    return [*((name, coded.get(name, value)) for name, value in headers), ("Content-Encoding", coding)]


def headers_of_304(headers: Headers) -> Headers:
    """The headers without those that describe the body, which a 304 does not have (section 15.4.5)."""
    return [(name, value) for name, value in headers if name not in NOT_WITH_304]
