"""The seed data as drafts, by kind and slug."""

from typing import Any

import pytest

from app.content.mapping import Draft
from app.editing.bundle import Bundle
from app.kinds import CATALOGUE
from app.seeding.files import SeedEntry, read_folder
from app.shapes.languages import DEFAULT_LANGUAGE, LANGUAGES
from tests.stores import SEED_DATA

Drafts = dict[str, Draft]


@pytest.fixture(scope="session")
def folder() -> Bundle[SeedEntry]:
    """Every seed file, read as the commands read it."""
    return read_folder(SEED_DATA, CATALOGUE)


def _of_kind(folder: Bundle[SeedEntry], kind: str) -> Drafts:
    return {slug: in_english(draft) for (each, slug), draft in folder.drafts.items() if each == kind}


def in_english(value: Any) -> Any:
    """A draft whose texts are told in English alone; that they have Spanish too is tested elsewhere."""
    if isinstance(value, dict):
        if DEFAULT_LANGUAGE in value and set(value) <= set(LANGUAGES):
            return value[DEFAULT_LANGUAGE]
        return {key: in_english(each) for key, each in value.items()}
    return [in_english(each) for each in value] if isinstance(value, list) else value


@pytest.fixture(scope="session")
def exercises(folder: Bundle[SeedEntry]) -> Drafts:
    """Exercises by slug."""
    return _of_kind(folder, "exercise")


@pytest.fixture(scope="session")
def routines(folder: Bundle[SeedEntry]) -> Drafts:
    """Routines by slug."""
    return _of_kind(folder, "routine")


@pytest.fixture(scope="session")
def sources(folder: Bundle[SeedEntry]) -> Drafts:
    """Sources by slug."""
    return _of_kind(folder, "source")


@pytest.fixture(scope="session")
def places(folder: Bundle[SeedEntry]) -> Drafts:
    """Places by slug."""
    return _of_kind(folder, "place")
