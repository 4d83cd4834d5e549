"""Examples that the state machine once found: each catches one mutant, and none fails without it."""

from tests.sync.machine import Convergence

PAGED, WHOLE = 0, 2
"""Clients of the machine, by their numbers: one of two items a page, one of a hundred."""


def filled(machine: Convergence) -> None:
    machine.seed_in_bulk("", now=True)
    machine.converge(WHOLE)


def a_number_taken_early_commits_late(machine: Convergence) -> None:
    filled(machine)
    machine.another_writer_begins("a")
    machine.write_an_exercise("b", "back", "one", now=True)
    machine.converge(WHOLE)
    machine.another_writer_commits("two")
    machine.converge(WHOLE)


def a_release_between_two_pages(machine: Convergence) -> None:
    machine.seed_in_bulk("", now=True)
    machine.a_release_comes_between_pages(PAGED, 1, "one")
    machine.converge(PAGED)


def a_deletion(machine: Convergence) -> None:
    filled(machine)
    machine.world.drop("exercise", "d")
    machine.release()
    machine.converge(WHOLE)


def a_damaged_file(machine: Convergence) -> None:
    filled(machine)
    machine.a_client_s_file_is_damaged(WHOLE, old=False)
    machine.converge(WHOLE)


def a_history_that_was_lost(machine: Convergence) -> None:
    filled(machine)
    machine.back_up()
    machine.write_an_exercise("a", "back", "one", now=True)
    machine.converge(WHOLE)
    machine.restore_an_older_backup("b", "two", again=True)
    machine.converge(WHOLE)


def a_rename(machine: Convergence) -> None:
    filled(machine)
    machine.rename("d", "e", now=True)
    machine.rename("e", "f", now=True)
    machine.converge(WHOLE)
