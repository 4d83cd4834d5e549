from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

from sqlalchemy import Connection, select

from app.editing.plan import apply_plan, make_plan
from app.errors import NothingToRelease
from app.kinds import CATALOGUE
from app.models.tables import document
from app.releasing.release import release
from tests.content.editing import UNFINISHED, Editor, loaded
from tests.content.samples import exercise, term
from tests.releasing.test_releases import chained

WRITERS = 6
ROUNDS = 3


def edit(connection: Connection, slug: str, summary: str) -> None:
    wanted = loaded({"exercises": [exercise(slug, summary=summary)]})
    plan, faults = make_plan(connection, CATALOGUE, wanted, prune=False)
    assert not faults
    apply_plan(connection, CATALOGUE, plan, datetime.now(UTC))


class TestConcurrentReleases:
    def test_writers_that_release_at_once_give_revisions_without_gaps(self, editor: Editor) -> None:
        start = Barrier(WRITERS)

        def write(number: int) -> list[int]:
            start.wait()
            revisions = []
            for each in range(ROUNDS):
                with editor.database.transaction(exclusive=True) as connection:
                    edit(connection, f"writer-{number}", str(each))
                    revisions.append(release(connection, UNFINISHED).revision)
            return revisions

        with ThreadPoolExecutor(WRITERS) as pool:
            revisions = list(pool.map(write, range(WRITERS)))
        assert sorted(each for mine in revisions for each in mine) == list(range(1, WRITERS * ROUNDS + 1))
        assert all(mine == sorted(mine) for mine in revisions)
        assert [row.revision for row in editor.releases()] == list(range(1, WRITERS * ROUNDS + 1))
        assert [row.digest for row in editor.releases()] == chained(editor)
        for number in range(WRITERS):
            assert editor.document("exercise", f"writer-{number}")["summary"] == str(ROUNDS - 1)

    def test_of_two_that_release_the_same_edit_one_finds_nothing_left(self, editor: Editor) -> None:
        editor.put(exercises=[exercise("a")])
        start = Barrier(2)

        def attempt(_number: int) -> str:
            start.wait()
            try:
                editor.release()
            except NothingToRelease:
                return "nothing"
            return "released"

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(attempt, range(2))) == ["nothing", "released"]
        assert editor.revision() == 1

    def test_a_reader_sees_one_revision_throughout(self, editor: Editor) -> None:
        names = [f"e-{number}" for number in range(5)]
        editor.publish(exercises=[exercise(name, summary="0") for name in names])

        def publish() -> None:
            for number in range(1, 5):
                editor.publish(exercises=[exercise(name, summary=str(number)) for name in names])

        def revisions() -> set[int]:
            with editor.database.reading() as connection:
                statements = (select(document.c.revision).where(document.c.slug == name) for name in names)
                return {revision for each in statements for revision in connection.execute(each).scalars()}

        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(publish)
            while not writing.done():
                assert len(revisions()) == 1
            writing.result()
        assert revisions() == {5}

    def test_edits_at_once_are_all_kept(self, editor: Editor) -> None:
        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(lambda number: editor.put(vocabularies=[term(f"t-{number}")]), range(WRITERS)))
        assert set(editor.working()) == {("term", f"t-{number}") for number in range(WRITERS)}
