from sqlalchemy import event

from app.store.database import Database
from app.store.state import GENESIS, State, current_state
from tests.content.editing import Editor
from tests.content.samples import exercise


def test_before_the_first_release_it_is_the_genesis(database: Database) -> None:
    with database.reading() as connection:
        assert current_state(connection) == State(0, GENESIS)


def test_it_is_that_of_the_newest_release_and_drafts_leave_it_alone(database: Database) -> None:
    editor = Editor(database)
    for number in (1, 2):
        released = editor.publish(exercises=[exercise("a", name=f"Version {number}")])
        editor.put(exercises=[exercise("b", name=f"Draft {number}")])
        with database.reading() as connection:
            assert current_state(connection) == State(number, released.digest)


def test_a_transaction_sees_one_state_whatever_is_released_meanwhile(database: Database) -> None:
    editor = Editor(database)
    first = editor.publish(exercises=[exercise("a")])
    with database.reading() as connection:
        before = current_state(connection)
        editor.publish(exercises=[exercise("a", name="New")])
        assert current_state(connection) == before == State(1, first.digest)


def test_it_takes_one_statement(database: Database) -> None:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    with database.reading() as connection:
        event.listen(connection, "before_cursor_execute", note)
        current_state(connection)
    assert [each for each in statements if each != "BEGIN"] == statements[-1:]
