"""An application that serves the five kinds and a sixth one, of two words, which `app/` has never heard of."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.content.content_type import Catalogue
from app.kinds import CATALOGUE
from tests.admin.desk import Desk
from tests.applications import application
from tests.content.samples import term
from tests.seeding.commands import Catalogue as Seeds
from tests.settings import settings_for
from tests.sixth_kind.anatomy_articles.kind import ANATOMY_ARTICLE
from tests.sixth_kind.articles import article

KINDS = Catalogue((*CATALOGUE, ANATOMY_ARTICLE))


@pytest.fixture
def unmigrated(store_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on a store that has not got the kind's tables yet."""
    app = application(settings_for(store_url, snapshot_folder=tmp_path / "snapshots"), KINDS)
    yield app
    app.extensions["limber_database"].dispose()


@pytest.fixture
def app(unmigrated: Flask) -> Flask:
    """The application on a store that is empty."""
    assert unmigrated.test_cli_runner().invoke(args=["database", "upgrade"]).exit_code == 0
    return unmigrated


@pytest.fixture
def seeds(app: Flask, tmp_path: Path) -> Seeds:
    """Seed files of two articles and what they name, applied and released as revision 1."""
    seeds = Seeds(app, tmp_path / "seeds")
    articles = [article("the-neck", regions=["neck"]), article("the-hand", name="The hand")]
    seeds.write(**{"vocabularies": [term("neck", "regions"), term("chest", "regions")], "anatomy-articles": articles})
    seeds.succeed("apply", "--release", "First")
    return seeds


@pytest.fixture
def desk(seeds: Seeds) -> Desk:
    """The desk of an editor of the released articles."""
    return Desk(seeds.app)
