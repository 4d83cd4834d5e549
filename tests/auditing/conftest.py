"""Exercises and routines of the seed data, which keep every rule, for tests to break in one place."""

from collections.abc import Callable
from copy import deepcopy

import pytest

from app.auditing.audit import findings_of
from app.auditing.findings import Content
from app.content.content_type import EntityKey
from app.content.mapping import Draft
from app.kinds import CATALOGUE
from app.seeding.files import read_folder
from tests.stores import SEED_DATA

TODAY = "2026-11-26"

Find = Callable[..., list[str]]


@pytest.fixture(scope="session")
def seed() -> dict[EntityKey, Draft]:
    """Every draft of the seed data; not to be changed."""
    return dict(read_folder(SEED_DATA, CATALOGUE).drafts)


@pytest.fixture
def drafts(seed: dict[EntityKey, Draft]) -> Callable[[str, str], Draft]:
    """A copy of a draft by kind and slug, to be changed."""
    return lambda kind, slug: deepcopy(seed[kind, slug])


@pytest.fixture
def found(seed: dict[EntityKey, Draft]) -> Find:
    """What one rule finds in a draft among the seed data, as `pointer: message`; `also` are further changed drafts."""

    def find(rule: str, kind: str, draft: Draft, *also: tuple[str, Draft], today: str = TODAY) -> list[str]:
        key = kind, draft["slug"]
        changed = {(other, each["slug"]): each for other, each in also}
        content = Content(CATALOGUE, {**seed, **changed, key: draft})
        findings = findings_of(key, content, today)
        return [f"{each.pointer}: {each.message}" for each in findings if each.rule == rule]

    return find
