"""Whatever a record holds, an import is whole or refused with pointers; it never crashes and leaves nothing behind."""

import json
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.editing.stored import StoredDrafts
from app.errors import InvalidDrafts
from app.imports.apply import Import, plan_import
from app.imports.records import read_json
from app.imports.wger_tables import FILES
from app.kinds import CATALOGUE
from app.store.database import Database
from tests.imports.records import WGER, exercise, free, quiet, run_in, wger_of
from tests.settings import settings_for
from tests.stores import STORES

MISSING = object()
HTML = st.sampled_from(
    [
        "<p>Sit</p><ol><li>Lean</li>",
        "<script>alert(1)</script>",
        "<b><i>un</b>closed",
        "<![foo[ <!--",
        "&lt;p&gt;&#0;&#xD800;",
        "<p>" * 3000,
        "Steps:" * 50,
    ]
)
BIDI = st.sampled_from(["שלום \u202e abc", "\u2067rtl\u2069", "a\u200fb", "مرحبا. كيف؟", "\ufeffx", "e\u0301" * 40])
BAD = st.sampled_from(["\x00", "\x1b[31m", "\ud800", "\ufdd0", "", "   ", "x" * 250, "y" * 5000, "z. " * 40_000])
NUMBERS = st.sampled_from([0, -1, 1.5, 10**30, True, False, float("inf")]) | st.integers(1, 60)
SCALARS = st.none() | NUMBERS | HTML | BIDI | BAD | st.text(max_size=20)
VALUES = st.just(MISSING) | SCALARS | st.lists(SCALARS, max_size=70) | st.dictionaries(st.text(max_size=5), SCALARS)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value within a value."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, key))


def put(value: Any, path: tuple[Any, ...], new: Any) -> None:
    """Puts a value somewhere, if the way there is still open."""
    for key in path[:-1]:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(value, list) and isinstance(path[-1], int) and path[-1] < len(value):
        value[path[-1]] = None if new is MISSING else new
    elif isinstance(value, dict) and new is MISSING:
        value.pop(path[-1], None)
    elif isinstance(value, dict):
        value[path[-1]] = new


FREE = [exercise("One"), exercise("Two", category="stretching", equipment=None), exercise("Three", level="expert")]


def mutated(original: Any) -> st.SearchStrategy[Any]:
    """The original with some of its values replaced or taken away."""

    def apply(changes: list[tuple[tuple[Any, ...], Any]]) -> Any:
        changed = deepcopy(original)
        for path, new in changes:
            put(changed, path, new)
        return changed

    change = st.tuples(st.sampled_from(list(places(original))), VALUES)
    return st.lists(change, min_size=1, max_size=4).map(apply)


@pytest.fixture(params=STORES, scope="module")
def empty(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty store; every example rolls back."""
    opened = Database(settings_for(request.getfixturevalue(f"make_{request.param}")()))
    yield opened
    opened.dispose()


class _RollBack(Exception):
    pass


def whole_or_refused(database: Database, found: Import) -> None:
    with suppress(_RollBack), database.transaction(exclusive=True) as connection:
        refused, converted = None, 0
        try:
            planned = run_in(connection, found, note="Import")
            converted = planned.report.converted
        except InvalidDrafts as error:
            refused = error
        drafts = StoredDrafts(connection, CATALOGUE).everything()
        if refused is None:
            assert sum(kind == "exercise" for kind, _ in drafts) == converted
            # Where the files hold nothing, pruning is refused.
            if converted:
                assert not plan_import(connection, CATALOGUE, found, prune=True, progress=quiet).plan
        else:
            assert refused.faults
            assert all("#" in fault.place and fault.detail for fault in refused.faults)
            assert not drafts
        raise _RollBack


EXAMPLES = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))


@EXAMPLES
@given(mutated(FREE))
def test_free_exercise_db(empty: Database, content: list[Any]) -> None:
    whole_or_refused(empty, free(*content))


@EXAMPLES
@given(mutated(WGER))
def test_wger(empty: Database, content: dict[str, Any]) -> None:
    whole_or_refused(empty, wger_of(**{key: content.get(key) for key in FILES}))


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), st.lists, max_leaves=8)


@EXAMPLES
@given(st.binary(max_size=40) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_bytes(content)
    with suppress(InvalidDrafts):
        read_json(path)


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"a": 1, "a": 2}', b"NaN", b"9" * 5000, b"\xff", b""])
def test_files_that_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "exercises.json"
    path.write_bytes(content)
    with pytest.raises(InvalidDrafts):
        read_json(path)
