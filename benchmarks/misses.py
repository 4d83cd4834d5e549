"""Misses against the same service made with FastAPI and with flask-smorest, over an ORM."""

from collections.abc import Iterator
from functools import partial

from benchmarks.figures import Figure
from benchmarks.hits import PATHS
from benchmarks.load import alternate, ratio, wrk
from benchmarks.servers import fastapi, limber, smorest

BOUNDS = {"list of 20": 10.0, "detail": 5.0}


def figures(database_url: str, *, rounds: int, seconds: float) -> Iterator[Figure]:
    """The figures of misses. The response cache is off; peers have none."""
    with (
        limber(database_url, RESPONSE_CACHE_BYTES="0") as ours,
        fastapi(database_url) as theirs,
        smorest(database_url) as others,
    ):
        for name, path in PATHS.items():
            rates = alternate(
                rounds,
                *(partial(_rate, server.url(path), seconds) for server in (ours, theirs, others)),
            )
            for peer, series in (("FastAPI", rates[1]), ("flask-smorest and ORM", rates[2])):
                found = ratio(rates[0], series)
                detail = f"{found.ours:,.0f}/s over {found.theirs:,.0f}/s"
                yield Figure(f"miss, {name}, over {peer}", found.median, str(found), BOUNDS[name], detail=detail)


def _rate(url: str, seconds: float) -> float:
    return wrk(url, seconds, connections=8).rate
