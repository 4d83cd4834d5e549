"""Cache hits against a server that does nothing, against nginx's files, and at nginx's edge."""

import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.load import alternate, ratio, wrk
from benchmarks.servers import Server, edge, empty, limber, static_files, write_answers

LIST = "/v1/exercises?limit=20"
DETAIL = "/v1/exercises/open-arm-upper-back-stretch"
PATHS = {"list of 20": LIST, "detail": DETAIL}
NOT_COPIED = ("date", "server", "content-length", "connection")
"""Headers that the server adds by itself."""


def answer_of(server: Server, path: str, **headers: str) -> tuple[int, Mapping[str, str], bytes]:
    """Status, headers as they are sent, and body."""
    request = urllib.request.Request(server.url(path), headers=headers)
    try:
        with urllib.request.urlopen(request) as response:
            given = {name: value for name, value in response.headers.items() if name.lower() not in NOT_COPIED}
            return response.status, given, response.read()
    except urllib.error.HTTPError as error:
        given = {name: value for name, value in error.headers.items() if name.lower() not in NOT_COPIED}
        return error.code, given, b""


def figures(database_url: str, *, rounds: int, seconds: float) -> Iterator[Figure]:
    """The figures of hits."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ours = stack.enter_context(limber(database_url))
        answers, files, tags = {}, {}, {}
        for name, path in PATHS.items():
            answer_of(ours, path)
            answer = answers[path.partition("?")[0]] = answer_of(ours, path)
            files[name] = answer[2]
            tags[name] = answer[1]["etag"]
            answers[path.partition("?")[0] + "#304"] = answer_of(ours, path, **{"If-None-Match": tags[name]})
        write_answers(folder / "answers.json", answers)
        nothing = stack.enter_context(empty(folder / "answers.json"))
        static = stack.enter_context(static_files(folder / "static", files))
        cached = stack.enter_context(edge(folder / "edge", ours))

        def rate(url: str, headers: Mapping[str, str] | None = None) -> float:
            load = wrk(url, seconds, headers=headers)
            if load.errors:
                raise RuntimeError(f"{url} failed {load.errors} times.")
            return load.rate

        for name, path in PATHS.items():
            tag = {"If-None-Match": tags[name]}
            hit, empties, file, at_edge, hit_304, empty_304 = alternate(
                rounds,
                partial(rate, ours.url(path)),
                partial(rate, nothing.url(path)),
                partial(rate, static.url(f"/{name.replace(' ', '%20')}")),
                partial(rate, cached.url(path)),
                partial(rate, ours.url(path), tag),
                partial(rate, nothing.url(path), tag),
            )
            for title, one, other, bound in (
                (f"hit, {name}, over an empty application", hit, empties, 0.85),
                (f"hit, {name}, over nginx's file", hit, file, 0.4),
                (f"304, {name}, over an empty application", hit_304, empty_304, 0.85),
                (f"hit at the edge, {name}, over nginx's file", at_edge, file, 0.8),
            ):
                found = ratio(one, other)
                detail = f"{found.ours:,.0f}/s over {found.theirs:,.0f}/s"
                yield Figure(title, found.median, str(found), bound, detail=detail)
