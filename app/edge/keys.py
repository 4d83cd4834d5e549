"""What an answer of the delivery face depends on: the key that the response cache keeps it by.

A key holds the path, the query in one canonical form, and what the headers were negotiated to; the coding is chosen
beside it, as one kept answer serves every coding. Host is no part of it: links are on the configured origin.
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
"""Characters of a path; one that is longer is answered and not kept. The longest that leads anywhere has some 270."""

MAX_HEADER = 1024
"""Characters of a negotiating header; one that is longer is answered and not kept."""

MAX_QUERY = 2048
"""Characters of a query; one that is longer is answered and not kept."""

NOT_KEPT = "limber.not_kept"
"""Set in the request's environment where an answer is not to be kept.

By `finishing` where the operation declares it, and by a view where it is so of some requests only.
"""

_SAFE_IN_QUERY = "!$'()*,-./:;?@_~"

CacheKey = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that may be answered from what is kept. `tags` is its If-None-Match."""

    key: CacheKey
    query: str
    coding: str | None
    tags: str | None
    head: bool


def asked_of(environ: Mapping[str, Any], addresses: Addresses) -> Asked | None:
    """What a request asks for; None where it is not for the cache to answer."""
    get = environ.get
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    if method not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in environ or "HTTP_IF_MATCH" in environ:
        return None
    if len(path) > MAX_PATH or path.startswith(addresses.not_kept) or get("CONTENT_LENGTH", "") not in ("", "0"):
        return None
    accept, language, codings = (get(f"HTTP_ACCEPT{each}", "") for each in ("", "_LANGUAGE", "_ENCODING"))
    query = canonical_query(get("QUERY_STRING", ""))
    if query is None or max(len(accept), len(language), len(codings)) > MAX_HEADER:
        return None
    is_named = any(f"lang={each}" in query.split("&") for each in LANGUAGES)
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

    Values of one parameter stay in their order. None where it cannot be read, or is too long to be kept.
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
    """The coding that a client is sent, where the answer is worth coding."""
    return representation.choose(parse_accept_header(header, Accept))


@lru_cache(512)
def _accepts_json(header: str) -> bool:
    return representation.accepts(parse_accept_header(header, MIMEAccept), "application/json")


@lru_cache(512)
def _preferred_types(header: str) -> CacheKey:
    """What of HTML and problem details an error is given in, outside the API; cards ask for HTML first."""
    offers = ["text/html", MEDIA_TYPE, "application/json"]
    accepted = parse_accept_header(header, MIMEAccept)
    return tuple(accepted.best_match(each, each[0]) for each in (offers, [*offers[1:], offers[0]]))


@lru_cache(512)
def _looked_up(header: str) -> str:
    """The language of the answer, found as the views find it."""
    return lookup(parse_accept_header(header, LanguageAccept))
