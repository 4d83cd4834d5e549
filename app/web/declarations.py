"""What an operation says of itself: whether its answers are kept, how large its bodies may be, and so on.

It is said where the operation is declared (`Blueprint.operation`, `AdminBlueprint.admin`). Whoever needs to know it in
a request calls `declared()`; the response cache, which stands in front of the routing, reads `addresses`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, TypeVar

from flask import Flask, current_app, request
from werkzeug.exceptions import MethodNotAllowed

from app.web.installed import Installed

View = TypeVar("View", bound=Callable[..., Any])
JSON = "application/json"
MAX_BODY_BYTES = 1024 * 1024
_ATTRIBUTE = "limber_declaration"
_DECLARED = "limber.declaration"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an operation declares. The defaults are what a page is that declares nothing.

    `kept`: the response cache may keep its answers. One that depends on more than the revision must not be kept.
    `counts_as_search`: every request is a search, not only one with the parameter `q`.
    `body_bytes`: the largest body that it takes.
    `gives`: the media type of its answers, 406 to who accepts another; None where it negotiates by itself.
    `private`: it is of the management face: no cache may store its answers and no other site may read them.
    `prompt`: it takes no time and asks no store, so that it is answered before whatever waits for a thread.
    """

    kept: bool = True
    counts_as_search: bool = False
    body_bytes: int = MAX_BODY_BYTES
    gives: str | None = None
    private: bool = False
    prompt: bool = False


@dataclass(frozen=True, slots=True)
class Addresses:
    """Beginnings of paths, by what all operations with such a path declare. `api`: each gives one media type.

    Example: `private` is `("/v1/admin/",)`, as every operation below that address is private and no other one is.
    """

    private: tuple[str, ...]
    not_kept: tuple[str, ...]
    api: tuple[str, ...]
    prompt: tuple[str, ...]


addresses: Installed[Addresses] = Installed("limber_addresses")


def declare(view: View, declaration: Declaration) -> View:
    """The view, which from now on says this of itself."""
    setattr(view, _ATTRIBUTE, declaration)
    return view


def install(app: Flask) -> None:
    """Finds the addresses, once every operation has its rule."""
    private = _beginnings(app, lambda declaration: declaration.private)
    not_kept = _beginnings(app, lambda declaration: not declaration.kept)
    api = _beginnings(app, lambda declaration: declaration.gives is not None)
    prompt = _beginnings(app, lambda declaration: declaration.prompt)
    addresses.install(app, Addresses(private, not_kept, api, prompt))


def declared() -> Declaration:
    """What the operation that is asked for declares.

    An address that leads nowhere is taken for one more of those around it: below `/v1/admin/`, it is private.
    """
    # Not in `g`, which commands and tests may share between requests.
    if _DECLARED not in request.environ:
        request.environ[_DECLARED] = _of(current_app, _endpoint()) or _of_those_around(request.path)
    declaration: Declaration = request.environ[_DECLARED]
    return declaration


def _endpoint() -> str | None:
    """The operation that is asked for; another one of its address where that does not have the method."""
    error = request.routing_exception
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        adapter = current_app.url_map.bind("")
        return str(adapter.match(request.path, method=next(iter(error.valid_methods)))[0])
    return request.endpoint


def _of(app: Flask, endpoint: str | None) -> Declaration | None:
    return getattr(app.view_functions.get(endpoint or ""), _ATTRIBUTE, None)


def _of_those_around(path: str) -> Declaration:
    gives = JSON if path.startswith(addresses().api) else None
    return Declaration(gives=gives, private=path.startswith(addresses().private))


def _beginnings(app: Flask, holds: Callable[[Declaration], bool]) -> tuple[str, ...]:
    """The shortest folders and paths, up to a variable, below which what is declared holds for every operation."""
    paths: dict[bool, set[str]] = {True: set(), False: set()}
    for rule in app.url_map.iter_rules():
        paths[holds(_of(app, rule.endpoint) or Declaration())].add(rule.rule.partition("<")[0])
    beginnings = set()
    for path in paths[True]:
        # Of `/v1/sync`: `/`, `/v1/`, `/v1/sync`.
        for beginning in accumulate(re.findall("[^/]*/|[^/]+", path)):
            if not any(other.startswith(beginning) for other in paths[False]):
                beginnings.add(beginning)
                break
    return tuple(sorted(beginnings))
