"""The seed data as drafts, by kind and slug."""

import pytest

from app.content.mapping import Draft
from app.kinds import CATALOGUE
from app.seeding.files import SeedFolder, read_folder
from tests.conftest import SEED_DATA

Drafts = dict[str, Draft]


@pytest.fixture(scope="session")
def folder() -> SeedFolder:
    """Every seed file, read as the commands read it."""
    return read_folder(SEED_DATA, CATALOGUE)


def _of_kind(folder: SeedFolder, kind: str) -> Drafts:
    return {slug: draft for (each, slug), draft in folder.drafts.items() if each == kind}


@pytest.fixture(scope="session")
def exercises(folder: SeedFolder) -> Drafts:
    """Exercises by slug."""
    return _of_kind(folder, "exercise")


@pytest.fixture(scope="session")
def routines(folder: SeedFolder) -> Drafts:
    """Routines by slug."""
    return _of_kind(folder, "routine")


@pytest.fixture(scope="session")
def sources(folder: SeedFolder) -> Drafts:
    """Sources by slug."""
    return _of_kind(folder, "source")


@pytest.fixture(scope="session")
def places(folder: SeedFolder) -> Drafts:
    """Places by slug."""
    return _of_kind(folder, "place")
