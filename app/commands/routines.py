"""`flask routines`: how good composed sessions are."""

from collections.abc import Iterator
from itertools import product
from statistics import mean

import click
from flask.cli import AppGroup

from app.commands.terminal import needs_store, refusals
from app.delivery.expanding import documents_of
from app.delivery.routes import installed_catalogue
from app.errors import InvalidParameters
from app.routines.composer import compose_routine
from app.routines.scoring import Mark, marks, score
from app.routines.wishes import Wish
from app.web.installed import database

routines = AppGroup("routines", help="Composed sessions.")

MINUTES = (3, 5, 8, 10, 15, 20, 30)
CONDITIONS = ((), ("upper-back-pain",), ("desk-strain",), ("neck-stiffness",), ("rounded-shoulders",), ("stress",))
AVOIDED = ((), ("osteoporosis",), ("pregnancy",), ("high-blood-pressure",))


@routines.command("score")
@click.option("--seeds", default=2, show_default=True, help="Sessions for each wish.")
@needs_store
def print_scores(seeds: int) -> None:
    """Compose a session for each of many wishes, and print how near they come to what a physiotherapist would give.

    Conditions of the grid that are not published count as refused. See app/routines/scoring.py for the marks.
    """
    given: list[list[Mark]] = []
    refused = 0
    with refusals():
        for wish in _wishes(seeds):
            session = _marks(wish)
            refused += session is None
            given += [session] if session else []
    if not given:
        raise click.ClickException("No session could be composed: release exercises first.")
    scores = [score(session) for session in given]
    click.echo(f"{len(given)} sessions, {refused} wishes refused.")
    click.echo(f"Score: {mean(scores):.1f} of 100; the lowest {min(scores)}.")
    for place, mark in enumerate(given[0]):
        values = [session[place].value for session in given]
        click.echo(f"  {mark.name}: {100 * mean(values):.0f}")


def _wishes(seeds: int) -> Iterator[Wish]:
    for minutes, conditions, avoided, seed in product(MINUTES, CONDITIONS, AVOIDED, range(seeds)):
        yield Wish(minutes=minutes, conditions=conditions, safe_for=avoided, seed=seed)


def _marks(wish: Wish) -> list[Mark] | None:
    """The marks of a session for a wish, or None where nothing fits."""
    with database().released() as connection:
        try:
            session = compose_routine(connection, installed_catalogue(), wish, "")
        except InvalidParameters:
            return None
        slugs = [item["exercise"]["slug"] for item in session["stages"][0]["items"]]
        exercises = documents_of(connection, "exercise", slugs, wish.language)
        return list(marks(session, exercises, wish.seconds))
