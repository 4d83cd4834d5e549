"""What the database refuses by itself, whoever writes to it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, insert, update
from sqlalchemy.exc import IntegrityError

from app.models import exercise as e
from app.models.place import Place
from app.models.publication import DocumentVersion, RevisionCounter
from app.models.routine import Item, Routine, Stage
from app.models.source import Book, Online, Source, Video
from app.models.tables import table_of
from app.models.vocabulary import Term
from app.store.database import Base, Database

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TEXT = {"en": "Text"}


class Rows:
    """Inserts rows as they are given, past every check in Python."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, model: type[Base], **values: Any) -> Any:
        table = table_of(model)
        if "draft_digest" in table.c:
            entity = {"former_slugs": [], "version": 1, "draft_digest": "x", "retired": False}
            values = entity | {"uuid": values["slug"], "created_at": NOW, "updated_at": NOW} | values
        result = self.connection.execute(insert(table).values(**values))
        assert result.inserted_primary_key
        return result.inserted_primary_key[0]

    def exercise(self, slug: str = "a", **values: Any) -> Any:
        given = {"name": TEXT, "type": "yoga", "guidance_professional": "none"} | values
        return self.add(e.Exercise, slug=slug, **given)

    def routine(self) -> Any:
        routine = self.add(Routine, slug="r", name=TEXT, goal="relax")
        self.add(Stage, routine_id=routine, number=1, name=TEXT)
        return routine

    def place(self, **values: Any) -> Any:
        return self.add(Place, slug="p", name=TEXT, type="clinic", **values)

    def refused(self, model: type[Base], **values: Any) -> None:
        """Asserts that a row is refused, at once, and leaves the transaction usable."""
        with pytest.raises(IntegrityError), self.connection.begin_nested():
            self.add(model, **values)


@pytest.fixture
def rows(database: Database) -> Iterator[Rows]:
    with database.transaction() as connection:
        yield Rows(connection)


class TestSlugs:
    @pytest.mark.parametrize(
        "slug", ["", "A", "a_b", "a b", "-a", "a-", "a--b", "é", "a/b", "a.b", "x" * 121, "a\n", "%"]
    )
    def test_a_slug_of_another_form_is_refused(self, rows: Rows, slug: str) -> None:
        rows.refused(e.Exercise, slug=slug, name=TEXT, type="yoga", guidance_professional="none")
        rows.refused(Term, slug=slug, name=TEXT, vocabulary="regions")

    @pytest.mark.parametrize("slug", ["a", "a-b-2", "9", "x" * 120])
    def test_a_slug_of_the_form_is_taken(self, rows: Rows, slug: str) -> None:
        rows.exercise(slug)

    def test_a_slug_stands_once_in_a_kind(self, rows: Rows) -> None:
        rows.exercise("a")
        rows.refused(e.Exercise, slug="a", name=TEXT, type="yoga", guidance_professional="none")


class TestIds:
    def test_an_id_stands_once_in_a_kind(self, rows: Rows) -> None:
        rows.exercise("a", uuid="one")
        with pytest.raises(IntegrityError), rows.connection.begin_nested():
            rows.exercise("b", uuid="one")
        rows.exercise("b", uuid="two")


class TestExercises:
    def test_two_steps_cannot_have_the_same_number(self, rows: Rows) -> None:
        exercise = rows.exercise()
        rows.add(e.Step, exercise_id=exercise, number=1, instruction=TEXT)
        rows.refused(e.Step, exercise_id=exercise, number=1, instruction=TEXT)
        rows.add(e.Step, exercise_id=rows.exercise("b"), number=1, instruction=TEXT)

    @pytest.mark.parametrize("number", [0, -1])
    def test_steps_count_from_one(self, rows: Rows, number: int) -> None:
        rows.refused(e.Step, exercise_id=rows.exercise(), number=number, instruction=TEXT)

    @pytest.mark.parametrize("intensity", [0, 6, -1])
    def test_an_intensity_beyond_the_scale_is_refused(self, rows: Rows, intensity: int) -> None:
        rows.refused(e.IntensityLevel, exercise_id=rows.exercise(), intensity=intensity)

    def test_the_ends_of_the_scale_are_taken_and_each_intensity_once(self, rows: Rows) -> None:
        exercise = rows.exercise()
        for intensity in (1, 5):
            rows.add(e.IntensityLevel, exercise_id=exercise, intensity=intensity)
        rows.refused(e.IntensityLevel, exercise_id=exercise, intensity=5)

    @pytest.mark.parametrize(
        "field", ["sets", "repetitions", "hold_seconds", "rest_seconds", "times_per_day", "days_per_week"]
    )
    def test_a_dose_of_nothing_or_less_is_refused(self, rows: Rows, field: str) -> None:
        exercise = rows.exercise()
        for value in (0, -1):
            rows.refused(e.IntensityLevel, exercise_id=exercise, intensity=1, **{field: value})
        rows.add(e.IntensityLevel, exercise_id=exercise, intensity=1, **{field: 1})

    def test_a_week_has_seven_days(self, rows: Rows) -> None:
        rows.refused(e.IntensityLevel, exercise_id=rows.exercise(), intensity=1, days_per_week=8)

    def test_an_exercise_is_no_progression_of_itself(self, rows: Rows) -> None:
        exercise = rows.exercise()
        for direction in ("easier", "harder"):
            rows.refused(e.Progression, exercise_id=exercise, position=1, direction=direction, other_id=exercise)

    def test_another_is_not_both_easier_and_harder(self, rows: Rows) -> None:
        one, other = rows.exercise("a"), rows.exercise("b")
        rows.add(e.Progression, exercise_id=one, position=1, direction="easier", other_id=other)
        rows.refused(e.Progression, exercise_id=one, position=1, direction="harder", other_id=other)

    @pytest.mark.parametrize(
        ("field", "value"),
        [("type", "dance"), ("position", "flying"), ("guidance_professional", "maybe"), ("review_status", "good")],
    )
    def test_a_word_that_is_not_on_the_list_is_refused(self, rows: Rows, field: str, value: str) -> None:
        given = {"slug": "a", "name": TEXT, "type": "yoga", "guidance_professional": "none"}
        rows.refused(e.Exercise, **(given | {field: value}))


class TestOtherKinds:
    @pytest.mark.parametrize(("latitude", "longitude"), [(90.1, 0), (-90.1, 0), (0, 180.1), (0, -180.1)])
    def test_coordinates_off_the_globe_are_refused(self, rows: Rows, latitude: float, longitude: float) -> None:
        rows.refused(Place, slug="p", name=TEXT, type="clinic", latitude=latitude, longitude=longitude)

    @pytest.mark.parametrize(("latitude", "longitude"), [(90, 180), (-90, -180), (None, None)])
    def test_the_ends_of_the_globe_are_taken(self, rows: Rows, latitude: float | None, longitude: float | None) -> None:
        rows.place(latitude=latitude, longitude=longitude)

    def test_one_coordinate_alone_is_refused(self, rows: Rows) -> None:
        rows.refused(Place, slug="p", name=TEXT, type="clinic", latitude=1)

    @pytest.mark.parametrize("isbn", ["0131103628", "978013110362X", "97801311036271"])
    def test_an_isbn_has_thirteen_digits(self, rows: Rows, isbn: str) -> None:
        source = rows.add(Source, slug="s", type="book", title="T")
        rows.refused(Book, source_id=source, isbn=isbn)

    def test_a_video_lasts_and_a_page_is_read_after_it_came_out(self, rows: Rows) -> None:
        source = rows.add(Source, slug="s", type="video", title="T")
        rows.refused(Video, source_id=source, duration_seconds=0)
        rows.refused(Online, source_id=source, published_on="2026-01-02", accessed_on="2026-01-01")

    def test_terms_have_the_fields_of_their_vocabulary_alone(self, rows: Rows) -> None:
        rows.refused(Term, slug="t", name=TEXT, vocabulary="colours")
        rows.refused(Term, slug="t", name=TEXT, vocabulary="regions", latin_name="Regio")
        rows.refused(Term, slug="t", name=TEXT, vocabulary="licences")


class TestItems:
    def test_an_item_stands_in_a_stage_at_an_intensity_of_the_scale(self, rows: Rows) -> None:
        routine, exercise = rows.routine(), rows.exercise()
        given = {"routine_id": routine, "stage_number": 1, "position": 1, "section": "main", "exercise_id": exercise}
        for wrong in ({"intensity": 0}, {"intensity": 6}, {"position": 0}, {"section": "end"}, {"sets": 0}):
            rows.refused(Item, **(given | {"intensity": 1} | wrong))

    def test_an_item_at_a_level_that_its_exercise_lacks_keeps_the_transaction_from_committing(
        self, database: Database
    ) -> None:
        def add(intensity: int) -> None:
            with database.transaction() as connection:
                rows = Rows(connection)
                routine, exercise = rows.routine(), rows.exercise()
                rows.add(e.IntensityLevel, exercise_id=exercise, intensity=2)
                rows.add(
                    Item,
                    routine_id=routine,
                    stage_number=1,
                    position=1,
                    section="main",
                    exercise_id=exercise,
                    intensity=intensity,
                )

        with pytest.raises(IntegrityError):
            add(3)
        add(2)


class TestHistory:
    def test_there_is_one_counter_and_it_never_goes_below_zero(self, rows: Rows) -> None:
        rows.refused(RevisionCounter, id=2, revision=0)
        with pytest.raises(IntegrityError), rows.connection.begin_nested():
            rows.connection.execute(update(table_of(RevisionCounter)).values(revision=-1))

    def test_a_tombstone_has_no_body_and_a_document_has_one(self, rows: Rows) -> None:
        given = {"revision": 1, "kind": "exercise", "slug": "a", "language": "en"}
        rows.refused(DocumentVersion, **given, deleted=True, body=b"{}")
        rows.refused(DocumentVersion, **given, deleted=False, body=None)
