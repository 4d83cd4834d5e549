"""What an answer of the delivery face depends on: the key that the response cache keeps it by.

A key holds the path, the query in canonical form, and what was negotiated by `Accept` and `Accept-Language`. The coding
is no part of the key, as a kept answer has every coding. Nor is `Host`: links are on the configured origin.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import Accept, LanguageAccept, MIMEAccept
from werkzeug.http import parse_accept_header

from app.edge import representation
from app.shapes.languages import LANGUAGES, lookup
from app.web.declarations import Addresses
from app.web.problems import MEDIA_TYPE

MAX_PATH = 512
"""Characters. Answers to longer paths are not kept; no path that leads anywhere has more than some 270."""

MAX_QUERY = 2048
"""Characters. Answers to longer queries are not kept."""

NOT_KEPT = "limber.not_kept"
"""The key in a request's environment that says that its answer must not be kept.

`edge.finishing` sets it for operations that declare this, and a view sets it if it is so for some requests only.
"""

_SAFE_IN_QUERY = "!$'()*,-./:;?@_~"

CacheKey = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that the cache may answer. `tags` is its If-None-Match; `head` says that it is a HEAD."""

    key: CacheKey
    query: str
    coding: str | None
    tags: str | None
    head: bool


def asked_of(environ: Mapping[str, Any], addresses: Addresses) -> Asked | None:
    """What a request asks of the cache; None if the cache must not answer it."""
    get = environ.get
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    if method not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in environ or "HTTP_IF_MATCH" in environ:
        return None
    if len(path) > MAX_PATH or path.startswith(addresses.not_kept) or get("CONTENT_LENGTH", "") not in ("", "0"):
        return None
    accept, language, codings = (get(f"HTTP_ACCEPT{ending}", "") for ending in ("", "_LANGUAGE", "_ENCODING"))
    query = canonical_query(get("QUERY_STRING", ""))
    if query is None:
        return None
    is_named = any(f"lang={tag}" in query.split("&") for tag in LANGUAGES)
    if path.startswith(addresses.api):
        if not _accepts_json(accept):
            return None
        negotiated: CacheKey = () if is_named else (_looked_up(language),)
    else:
        negotiated = (*_preferred_types(accept), *(() if is_named else (_looked_up(language),)))
    key = (path, query, *negotiated)
    return Asked(key, query, chosen_coding(codings), get("HTTP_IF_NONE_MATCH"), method == "HEAD")


def canonical_query(query: str) -> str | None:
    """The query with its parameters in the order of their names, each encoded in one way.

    Values of one parameter stay in their order. None if the query cannot be read or is over `MAX_QUERY`.
    """
    if not query:
        return ""
    if len(query) > MAX_QUERY:
        return None
    try:
        raw = query.encode("latin-1").decode("ascii")
        pairs = parse_qsl(raw, keep_blank_values=True, errors="strict")
    except ValueError:
        return None
    pairs.sort(key=lambda pair: pair[0])
    return urlencode(pairs, safe=_SAFE_IN_QUERY)


@lru_cache(512)
def chosen_coding(header: str) -> str | None:
    """The coding for an `Accept-Encoding`, if the answer is worth coding."""
    return representation.choose(parse_accept_header(header, Accept))


@lru_cache(512)
def _accepts_json(header: str) -> bool:
    return representation.accepts(parse_accept_header(header, MIMEAccept), "application/json")


@lru_cache(512)
def _preferred_types(header: str) -> CacheKey:
    """The media types of an error, outside the API: that of a page, and that of a card, which is HTML by default."""
    offers = ["text/html", MEDIA_TYPE, "application/json"]
    accepted = parse_accept_header(header, MIMEAccept)
    return tuple(accepted.best_match(types, types[0]) for types in (offers, [*offers[1:], offers[0]]))


@lru_cache(512)
def _looked_up(header: str) -> str:
    """The language of the answer, chosen as the views choose it."""
    return lookup(parse_accept_header(header, LanguageAccept))
