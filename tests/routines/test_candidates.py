"""What a composed routine may be made of: chosen from catalogues larger than what is considered."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from app.columns.memory import state_reader
from app.content.content_type import Document
from app.delivery.orders import rows_of
from app.errors import InvalidParameters
from app.kinds import CATALOGUE
from app.routines.candidates import CONSIDERED
from app.routines.composer import compose_routine
from app.routines.seed_order import seed_order
from app.routines.wishes import Wish
from app.store.database import Database
from tests.content.editing import Editor
from tests.content.samples import ASSESSED, Draft, exercise, term
from tests.settings import settings_for
from tests.stores import MakeStore

SORTS = ("mobility", "strengthening", "relaxation", "breathing")


def one(number: int, repetitions: int = 15, intensity: int = 1, **fields: Any) -> Draft:
    """An exercise that takes four seconds a repetition; every fourth is of the same type."""
    levels = [{"intensity": intensity, "dose": {"repetitions": repetitions, "move_seconds": 4}}]
    sort = {"type": SORTS[number % 4], "position": "seated", "safety": ASSESSED}
    return exercise(f"number-{number}", **sort | {"levels": levels} | fields)


def composed(database: Database, **wish: Any) -> Document:
    with database.released() as connection:
        return compose_routine(connection, CATALOGUE, Wish(**wish), "/composed")


def items(document: Document, section: str | None = None) -> Sequence[str]:
    """The slugs of the exercises, or of those of one section."""
    [stage] = document["stages"]
    return [each["exercise"]["slug"] for each in stage["items"] if section in (None, each["section"])]


def refused(database: Database, **wish: Any) -> dict[str, str]:
    with pytest.raises(InvalidParameters) as error:
        composed(database, **wish)
    return {str(each.place): each.detail for each in error.value.faults}


@contextmanager
def sizes_of_statements(database: Database) -> Iterator[list[int]]:
    """How many parameters each statement has that is sent meanwhile."""
    sizes: list[int] = []

    def note(_connection: Any, _cursor: Any, _statement: str, parameters: Any, *_rest: Any) -> None:
        sizes.append(len(parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sizes
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def test_what_is_asked_of_the_store_does_not_grow_with_the_catalogue(editor: Editor) -> None:
    counts = []
    for first, last in ((0, 60), (60, 600)):
        editor.publish(exercises=[one(number) for number in range(first, last)])
        composed(editor.database, minutes=20)
        with sizes_of_statements(editor.database) as sizes:
            composed(editor.database, minutes=20, seed=1)
        counts.append(len(sizes))
        assert max(sizes) <= sum(CONSIDERED.values())
    assert counts[0] == counts[1] <= 6


def test_it_is_the_same_in_every_store_and_after_a_release_of_what_it_cannot_hold(
    make_sqlite: MakeStore, make_postgresql: MakeStore
) -> None:
    drafts = [one(number) for number in range(400)]
    others = [one(number, guidance={"professional": "required"}) for number in range(400, 440)]
    wishes = [{"minutes": minutes, "seed": seed} for minutes in (5, 20) for seed in range(5)]
    answers = []
    for make, batches in (
        (make_sqlite, (drafts,)),
        (make_postgresql, (drafts[::-1],)),
        (make_sqlite, (others[:20], drafts[200:], drafts[:200], others[20:])),
    ):
        database = Database(settings_for(make()))
        for batch in batches:
            Editor(database).publish(exercises=batch)
        answers.append([composed(database, **wish)["stages"] for wish in wishes])
        database.dispose()
    assert answers[0] == answers[1] == answers[2]
    assert len({str(each) for each in answers[0]}) == len(wishes)


def test_a_seeds_order_depends_on_the_slugs_alone(editor: Editor) -> None:
    def ordered(seed: int) -> list[str]:
        with editor.database.reading() as connection:
            reader = state_reader(connection)
            order, rows = seed_order(reader, "exercise", seed), rows_of(reader, "exercise")
            names = {row.id: row.slug for row in connection.exec_driver_sql("SELECT id, slug FROM published_entity")}
        return [names[int(rows.entity_ids[number])] for number in order.argsort()]

    editor.publish(exercises=[one(number) for number in range(0, 12, 2)])
    before = {seed: ordered(seed) for seed in range(20)}
    # What an address answered is to be answered by every later version too.
    assert before[7] == [f"number-{number}" for number in (6, 8, 4, 0, 2, 10)]
    assert len({each[0] for each in before.values()}) == 6
    editor.publish(exercises=[one(number) for number in range(1, 12, 2)])
    for seed, slugs in before.items():
        assert [each for each in ordered(seed) if each in slugs] == slugs


def test_what_fits_the_time_is_found_among_much_that_does_not(editor: Editor) -> None:
    short = [one(number, repetitions=6) for number in range(4)]
    editor.publish(exercises=[*short, *(one(number, repetitions=200) for number in range(4, 600))])
    for seed in range(5):
        assert set(items(composed(editor.database, minutes=2, seed=seed))) <= {each["slug"] for each in short}


def test_what_suits_comes_first_though_it_is_rare(editor: Editor) -> None:
    rare = [one(number, regions=["neck"]) for number in (100, 101, 102)]
    many = [one(number) for number in range(600) if number not in (100, 101, 102)]
    editor.publish(vocabularies=[term("neck", "regions")], exercises=[*many, *rare])
    for seed in range(5):
        document = composed(editor.database, minutes=10, seed=seed, regions=("neck",))
        assert items(document, "cool-down")[0] == "number-102"
        assert {"number-100", "number-101"} <= set(items(document))


def test_without_a_dose_or_a_gentle_level_nothing_is_counted(editor: Editor) -> None:
    editor.publish(exercises=[one(0, levels=[{"intensity": 1}]), one(1, intensity=5), one(2), one(3, intensity=3)])
    assert "1 exercises" in refused(editor.database)["max_intensity"]
    # A warm-up has no stronger level, whatever is asked for.
    assert refused(editor.database, max_intensity=5) == {"minutes": "There is no exercise of the sort needed yet."}
