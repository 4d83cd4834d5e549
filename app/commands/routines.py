"""`flask routines`: how good composed sessions are."""

from collections.abc import Iterator, Sequence
from itertools import product
from statistics import mean

import click
from flask.cli import AppGroup

from app.commands.terminal import needs_store, refusals
from app.delivery.routes import installed_catalogue
from app.routines.kind import ROUTINE
from app.routines.scoring import Mark, score
from app.routines.sessions import session_marks
from app.routines.wishes import Wish
from app.web.installed import database

routines = AppGroup(ROUTINE.collection, help="Composed sessions.")

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
    given: list[Sequence[Mark]] = []
    refused = 0
    with refusals():
        for wish in _wishes(seeds):
            with database().released() as connection:
                session = session_marks(connection, installed_catalogue(), wish)
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
