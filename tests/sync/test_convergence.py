"""The state machine over both stores, and the mutants that it must catch.

`LIMBER_SYNC_EXAMPLES` sets the number of examples, and has the mutants searched for instead of caught by an example
that is known; `make test-sync` runs it at full size.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Connection

from app.store.state import current_state
from app.sync import changes, feed, tokens
from app.sync.feed import Feed, FeedPage
from app.sync.tokens import PageMark
from tests.sync import examples
from tests.sync.machine import Convergence
from tests.sync.world import World, limber_sync

SEARCHING = "LIMBER_SYNC_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("LIMBER_SYNC_EXAMPLES", "12"))
MUTANT_EXAMPLES = 400
STEPS = 30

Machine = type[Convergence]
Mutate = Callable[[pytest.MonkeyPatch, Machine], None]
Example = Callable[[Convergence], None]


@pytest.fixture
def machine(cached_world: World, tmp_path: Path) -> Machine:
    """A machine on a store that each example begins anew."""
    return machine_of(cached_world, tmp_path)


@pytest.fixture
def sqlite_machine(cached_sqlite_world: World, tmp_path: Path) -> Machine:
    """A machine for mutants, on the quicker store."""
    return machine_of(cached_sqlite_world, tmp_path)


def machine_of(found: World, path: Path) -> Machine:
    class Bound(Convergence):
        world = found
        blank = found.store.back_up()
        folder = path

    return Bound


def run(machine: Machine, count: int, **options: Any) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=count, stateful_step_count=STEPS, deadline=None, suppress_health_check=checks, **options
        ),
    )


def test_every_client_converges_whatever_happens(machine: Machine) -> None:
    run(machine, EXAMPLES, database=None)


def autoincrement(_patch: pytest.MonkeyPatch, machine: Machine) -> None:
    """Releases are numbered as they begin, not as they commit."""
    machine.autoincrement = True


def moving_bound(patch: pytest.MonkeyPatch, machine: Machine) -> None:
    """Each page shows the newest revision, instead of the one that the first page fixed."""
    original = Feed._page

    def page(self: Feed, connection: Connection, mark: PageMark, _chain: str) -> FeedPage:
        state = current_state(connection)
        digest = self.digests.at(connection, state, self.kinds_of(mark.selection), mark.selection.language)
        return original(self, connection, replace(mark, until=state.revision, digest=digest), state.digest)

    patch.setattr(Feed, "_page", page)
    trusting(patch, machine)


def without_tombstones(patch: pytest.MonkeyPatch, machine: Machine) -> None:
    """Deletions are not told."""
    original = changes.read_changes
    patch.setattr(feed, "read_changes", lambda *given: [each for each in original(*given) if not each.deleted])
    trusting(patch, machine)


def trusting(patch: pytest.MonkeyPatch, machine: Machine) -> None:
    """Not a mutant by itself: no client heals by its digest what the service did wrong, and no file is damaged."""
    machine.damaging = False
    unchecked(patch, machine)


def unchecked(patch: pytest.MonkeyPatch, _machine: Machine) -> None:
    """The client takes every state for whole."""

    class Anything(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, _other: object) -> bool:
            return True

        def __ne__(self, _other: object) -> bool:
            return False

    patch.setattr(limber_sync.Replica, "digest", lambda _self: Anything())


def unchained(patch: pytest.MonkeyPatch, machine: Machine) -> None:
    """A token of any history is taken."""
    patch.setattr(tokens.Sealed, "is_of", lambda _self, _chain: True)
    trusting(patch, machine)


def nowhere(patch: pytest.MonkeyPatch, _machine: Machine) -> None:
    """Tombstones do not say where an entity lives on."""
    patch.setattr(changes, "_living", lambda *_given: iter(()))


def where_it_was_first(patch: pytest.MonkeyPatch, _machine: Machine) -> None:
    """Tombstones name a slug that the entity had before the revision that is shown."""
    original = changes._living
    patch.setattr(changes, "_living", lambda *given: ((kind, "e") for kind, _ in original(*given)))


def test_without_a_mutant_it_is_not_the_digest_alone_that_makes_clients_converge(
    sqlite_machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting(monkeypatch, sqlite_machine)
    run(sqlite_machine, EXAMPLES, database=None)


MUTANTS: list[tuple[Mutate, Example]] = [
    (autoincrement, examples.a_number_taken_early_commits_late),
    (moving_bound, examples.a_release_between_two_pages),
    (without_tombstones, examples.a_deletion),
    (unchecked, examples.a_damaged_file),
    (unchained, examples.a_history_that_was_lost),
    (nowhere, examples.a_rename),
    (where_it_was_first, examples.a_rename),
]


def play(machine: Machine, example: Example) -> None:
    """Runs one example, to its end or to the first failure."""
    played = machine()
    played.begin()
    try:
        example(played)
    finally:
        for replica in played.replicas:
            replica.close()


def search(machine: Machine, _example: Example) -> None:
    """Looks for an example of its own."""
    options = {"phases": [Phase.generate], "derandomize": True, "report_multiple_bugs": False}
    run(machine, MUTANT_EXAMPLES, database=None, **options)


@pytest.mark.parametrize(("mutate", "example"), MUTANTS)
def test_the_machine_catches_the_mutant(
    sqlite_machine: Machine, monkeypatch: pytest.MonkeyPatch, mutate: Mutate, example: Example
) -> None:
    mutate(monkeypatch, sqlite_machine)
    with pytest.raises(AssertionError):
        (search if SEARCHING else play)(sqlite_machine, example)


@pytest.mark.parametrize("example", list(dict.fromkeys(example for _, example in MUTANTS)))
def test_an_example_converges_without_its_mutant(machine: Machine, example: Example) -> None:
    play(machine, example)
