"""How fast search is, and that no text breaks it: `make search-speed`.

A page with three filters, a search and two facets, at 1,000 and at 10,000 exercises; then fuzzed queries at 1,000.
"""

import random
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from rich.console import Console
from rich.table import Table

from app.content.loading import load_draft
from app.content.plans import apply_plan, make_plan
from app.content.releases import release
from app.kinds import CATALOGUE
from benchmarks.stores import applications

SIZES = (1_000, 10_000)
ROUNDS = 60
SLOWEST_MILLISECONDS = 250
PAGE = (
    "/v1/exercises?q=shoulder+strech&region=region-1,region-2&equipment=thing-1,thing-2&max_intensity=3"
    "&facets=condition,type&lang=en"
)
NAMES = """
shoulder chest neck spine hip knee back arm leg wall chair band mat roller side front open closed slow fast deep long
short high low seated standing lying kneeling gentle strong stretch twist press raise pull push roll hold
""".split()  # noqa: SIM905  # words read best as a text
METACHARACTERS = "\"'*()^:{}-+&|!<>\\%_~?,;.#/@[]=`$"


def drafts(size: int) -> dict[tuple[str, str], Any]:
    """A made-up catalogue in which every filter is met by about the same share at every size."""
    chance = random.Random(size)
    found: dict[tuple[str, str], Any] = {}

    def add(kind: str, draft: dict[str, Any]) -> None:
        found[kind, draft["slug"]] = load_draft(CATALOGUE[kind], draft)

    for vocabulary, singular, number in (
        ("regions", "region", 10),
        ("equipment", "thing", 10),
        ("conditions", "condition", 20),
    ):
        for each in range(number):
            add("term", {"slug": f"{singular}-{each}", "vocabulary": vocabulary, "name": f"{singular} {NAMES[each]}"})
    for number in range(size):
        name = " ".join(chance.sample(NAMES, 4))
        sentences = [" ".join(chance.choices(NAMES, k=12)) for _ in range(6)]
        add(
            "exercise",
            {
                "slug": f"e-{number}",
                "name": f"{name} {number}",
                "type": chance.choice(("stretch", "mobility", "strengthening", "yoga")),
                "regions": [f"region-{each}" for each in chance.sample(range(10), 2)],
                "equipment": [f"thing-{chance.randrange(10)}"],
                "conditions": [f"condition-{each}" for each in chance.sample(range(20), 2)],
                "steps": [{"instruction": each} for each in sentences],
                "levels": [
                    {"intensity": level, "dose": {"sets": 2, "repetitions": 8}}
                    for level in sorted(chance.sample(range(1, 6), 2))
                ],
            },
        )
    return found


def publish(app: Flask, size: int) -> None:
    """Releases a made-up catalogue."""
    with app.extensions["limber_database"].transaction(exclusive=True) as connection:
        plan, _faults = make_plan(connection, CATALOGUE, drafts(size), prune=False)
        apply_plan(connection, CATALOGUE, plan, datetime.now(UTC))
        release(connection, CATALOGUE)
    with app.extensions["limber_database"].transaction() as connection:
        connection.exec_driver_sql("ANALYZE")


def texts(count: int) -> Iterator[str]:
    """Whatever may be typed: metacharacters, words, operators, characters of every plane, long texts, NUL."""
    chance = random.Random(count)
    words = [*NAMES, "AND", "OR", "NOT", "NEAR", "C++", "3/4", "e-mail", "sholder", "strech"]
    for number in range(count):
        parts: list[str] = []
        for _ in range(chance.randrange(1, 8)):
            sort = chance.randrange(4)
            if sort == 0:
                parts.append("".join(chance.choices(METACHARACTERS, k=chance.randrange(1, 6))))
            elif sort == 1:
                parts.append(chance.choice(words))
            elif sort == 2:
                points = [chance.randrange(0x110000) for _ in range(chance.randrange(1, 6))]
                parts.append("".join(chr(each) for each in points if not 0xD800 <= each <= 0xDFFF))
            else:
                parts.append("".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randrange(1, 40))))
        text = chance.choice(("", " ", "  ")).join(parts)
        if number % 500 == 0:
            text = (text or "x") * (10_000 // max(1, len(text)) + 1)
        yield text + "\x00" if number % 333 == 0 else text


def page_milliseconds(app: Flask) -> float:
    """The median time of the page, in milliseconds."""
    client = app.test_client()
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        answer = client.get(PAGE)
        times.append((time.perf_counter() - begun) * 1000)
        if answer.status_code != 200 or not answer.json or not answer.json["page"]["total"]:
            raise RuntimeError(answer.text)
    return statistics.median(times)


def fuzz(app: Flask, count: int) -> tuple[dict[int, int], float, str]:
    """How often each status was answered, the slowest answer in milliseconds and its text."""
    client = app.test_client()
    statuses: dict[int, int] = {}
    slowest, slowest_text = 0.0, ""
    for number, text in enumerate(texts(count)):
        path = "/v1/suggestions" if number % 5 == 0 else "/v1/exercises"
        begun = time.perf_counter()
        answer = client.get(path, query_string={"q": text, "lang": "es" if number % 7 == 0 else "en"})
        milliseconds = (time.perf_counter() - begun) * 1000
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
        if milliseconds > slowest:
            slowest, slowest_text = milliseconds, text
    return dict(sorted(statuses.items())), slowest, slowest_text


def main() -> int:
    """Prints both tables; the status is 1 where a target is missed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    speed = Table("store", *(f"{size:,} exercises" for size in SIZES), "ratio (at most 2)")
    fuzzing = Table("store", f"statuses of {count:,} texts", f"slowest (at most {SLOWEST_MILLISECONDS} ms)", "its text")
    reached = True
    with applications(databases=len(SIZES)) as stores:
        for store, apps in stores.items():
            for app, size in zip(apps, SIZES, strict=True):
                publish(app, size)
            small, large = (page_milliseconds(app) for app in apps)
            speed.add_row(store, f"{small:.1f} ms", f"{large:.1f} ms", f"{large / small:.2f}")
            statuses, slowest, text = fuzz(apps[0], count)
            fuzzing.add_row(store, str(statuses), f"{slowest:.0f} ms", ascii(text)[:40])
            reached &= large <= 2 * small and slowest <= SLOWEST_MILLISECONDS and max(statuses) < 500
    Console(width=120).print(speed, fuzzing)
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
