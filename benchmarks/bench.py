"""`make bench`: every figure, printed as it is measured, and all of them in `RESULTS.md`.

python -m benchmarks.bench [hits] [misses] [growth] [release] [start] [bulk] [editors]
"""

import sys
from collections.abc import Callable, Iterable, Mapping

from benchmarks import bulk, editors, growth, hits, misses
from benchmarks.catalogues import sqlite_catalogue
from benchmarks.figures import Figure, write

ROUNDS, SECONDS = 5, 3.0


def small() -> str:
    """The catalogue that most is measured on."""
    return growth.url_of(growth.SMALL)


SECTIONS: Mapping[str, tuple[str, Callable[[], Iterable[Figure]]]] = {
    "hits": ("Hits", lambda: hits.figures(growth.url_of(growth.SMALL), rounds=ROUNDS, seconds=SECONDS)),
    "misses": (
        "Misses against peers",
        lambda: misses.figures(growth.url_of(growth.SMALL), rounds=ROUNDS, seconds=SECONDS),
    ),
    "growth": ("Misses at a hundred times the content", growth.misses),
    "release": ("Hits while a release lands", growth.release_under_load),
    "start": ("Start and memory", growth.start_and_memory),
    "bulk": ("Seeding", bulk.figures),
    "editors": ("Reads beside editors, an import and a release", editors.figures),
}


def main() -> None:
    """Measures the sections named, or all."""
    named = sys.argv[1:] or list(SECTIONS)
    measured = []
    for size in (growth.SMALL, growth.LARGE):
        if size == growth.SMALL or {"growth", "start"} & set(named):
            sqlite_catalogue(size)
    for name in named:
        title, measure = SECTIONS[name]
        print(f"\n{title}", flush=True)
        figures = []
        for figure in measure():
            print(figure.line(), flush=True)
            figures.append(figure)
        measured.append((title, figures))
    if len(measured) == len(SECTIONS):
        write(measured, f"{ROUNDS} rounds of {SECONDS:g} s after one that warms up; SQLite; one worker.")


if __name__ == "__main__":
    main()
