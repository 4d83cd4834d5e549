"""How well search finds: `make search-quality`.

Three measures on both stores: names as they are, names with one random edit, and questions that a person with back
pain might ask. Names come from a file of exercises (free-exercise-db's form), which is no part of Limber.
"""

import json
import random
import string
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from flask import Flask
from flask.testing import FlaskClient
from rich.console import Console
from rich.table import Table

from app.config import ROOT
from app.editing.bundle import load_draft
from app.editing.plan import apply_plan, make_plan
from app.kinds import CATALOGUE
from app.releasing.release import release
from app.search.words import words
from app.seeding.planning import plan_folder
from benchmarks.stores import applications

QUESTIONS = Path(__file__).with_name("search_questions.yaml")
TARGETS = {"names": 99.0, "edited": 95.0, "questions": 90.0}
SEED = 20_260_101


def edited(name: str, chance: random.Random) -> str:
    """The name with one letter missing, doubled up by another, replaced, or swapped with the next."""
    at = chance.randrange(len(name))
    letter = chance.choice(string.ascii_lowercase)
    return chance.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + letter + name[at:],
            name[:at] + letter + name[at + 1 :],
            name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :],
        )
    )


def publish_names(app: Flask, names: Sequence[str]) -> None:
    """A catalogue of exercises that have nothing but a name."""
    drafts: dict[tuple[str, str], Any] = {}
    for number, name in enumerate(names):
        draft = {"slug": f"e-{number}", "name": name, "type": "strengthening"}
        drafts["exercise", draft["slug"]] = load_draft(CATALOGUE["exercise"], draft)
    with app.extensions["limber_database"].transaction(exclusive=True) as connection:
        plan, _faults = make_plan(connection, CATALOGUE, drafts, prune=False)
        apply_plan(connection, CATALOGUE, plan, datetime.now(UTC))
        # With steps and doses their words would be searched too.
        release(connection, CATALOGUE, incomplete=True)


def publish_seed(app: Flask) -> None:
    """The catalogue that comes with Limber."""
    with app.extensions["limber_database"].transaction(exclusive=True) as connection:
        apply_plan(
            connection,
            CATALOGUE,
            plan_folder(connection, CATALOGUE, ROOT / "seed_data", prune=False),
            datetime.now(UTC),
        )
        release(connection, CATALOGUE)


def first(client: FlaskClient, query: str, limit: int) -> list[dict[str, Any]]:
    """The first exercises that a search answers."""
    parameters = {"q": query, "limit": limit, "fields": "name", "lang": "en"}
    answer = client.get("/v1/exercises", query_string=parameters)
    found: list[dict[str, Any]] = answer.json["items"] if answer.json else []
    return found


def share(found: Sequence[bool]) -> float:
    """Per cent of what is true."""
    return 100 * sum(found) / len(found)


def measure_names(client: FlaskClient, names: Sequence[str], misses: list[str]) -> dict[str, float]:
    """Per cent of names that are first as they are, and among the first three with one edit."""
    chance = random.Random(SEED)
    exact, forgiven = [], []
    for name in names:
        wanted = words(name)
        exact.append(any(words(each["name"]) == wanted for each in first(client, name, 1)))
        if not exact[-1]:
            misses.append(f"{name} as it is")
        wrong = edited(name, chance)
        forgiven.append(any(words(each["name"]) == wanted for each in first(client, wrong, 3)))
        if not forgiven[-1]:
            misses.append(f"{name} as {wrong!r}")
    return {"names": share(exact), "edited": share(forgiven)}


def measure_questions(client: FlaskClient, misses: list[str]) -> float:
    """Per cent of questions with a right answer among the first three."""
    found = []
    questions = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    for question, right in questions.items():
        slugs = [each["slug"] for each in first(client, question, 3)]
        found.append(bool(set(slugs) & set(right)))
        if not found[-1]:
            misses.append(f"{question} gives {', '.join(slugs) or 'nothing'}")
    return share(found)


def main() -> int:
    """Prints the table and what was missed; the status is 1 where a target is missed."""
    source = Path(sys.argv[1])
    names = []
    if source.exists():
        names = [each["name"] for each in json.loads(source.read_text(encoding="utf-8")) if words(each["name"])]
    else:
        print(f"{source} is not here: the measures of names are left out.")
    table = Table("store", "names first (99)", "one edit, first three (95)", "questions, first three (90)")
    reached = True
    misses: dict[str, list[str]] = {}
    with applications(databases=2) as stores:
        for store, (named, seeded) in stores.items():
            missed = misses.setdefault(store, [])
            publish_seed(seeded)
            figures = {"questions": measure_questions(seeded.test_client(), missed)}
            if names:
                publish_names(named, names)
                figures |= measure_names(named.test_client(), names, missed)
            table.add_row(store, *(f"{figures[key]:.1f} %" if key in figures else "-" for key in TARGETS))
            reached &= all(figures[key] >= TARGETS[key] for key in figures)
    Console(width=110).print(table)
    for store, missed in misses.items():
        print(f"\n{store} missed {len(missed)}:")
        print("\n".join(f"  {each}" for each in missed))
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
