import re
import shlex
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest
import yaml
from flask import Flask

from app import create_app
from app.commands import docs
from app.config import ROOT, Settings
from app.editing.plan import make_plan
from app.kinds import CATALOGUE
from app.seeding.files import read_folder
from app.store import database
from app.store.database import Database
from app.web import openapi
from app.web.problem_table import PROBLEMS
from tests.settings import settings_for
from tests.stores import SEED_DATA


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def app_for_docs(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(settings_for(f"sqlite:///{tmp_path_factory.mktemp('docs')}/empty.db"))


class TestReadme:
    def test_every_curl_answer_is_what_the_seeded_server_answers(self, app_for_docs: Flask) -> None:
        with docs.example_client(app_for_docs) as client:
            assert docs.with_answers(text_of("README.md"), client) == text_of("README.md")
            commands = re.findall(docs.CURL, text_of("README.md"))
            assert len(commands) == text_of("README.md").count("$ curl") >= 5
            statuses = {client.get(path).status_code for _, path in commands}
        assert statuses == {200, 422}

    def test_every_make_target_it_names_exists(self) -> None:
        targets = re.findall(r"^([a-z-]+):.*## ", text_of("Makefile"), re.MULTILINE)
        for name in re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)`", text_of("README.md"), re.MULTILINE):
            assert (name[0] or name[1]) in targets

    def test_every_route_of_the_api_stands_in_the_table(self, app_for_docs: Flask) -> None:
        readme = text_of("README.md")
        for path in openapi.document(app_for_docs.extensions["limber_api"].spec)["paths"]:
            if path.startswith("/v1/admin/"):
                continue
            part = path.partition("/{slug}")[2]
            assert f"`{path}`" in readme or (part and f"`{part}`" in readme), path
        assert "`/v1/admin/" in readme

    def test_every_folder_it_names_exists(self) -> None:
        table = text_of("README.md").split("## Where things are")[1]
        for name in re.findall(r"`([a-z_/]+)`", table):
            assert (ROOT / name).exists() or (ROOT / "app" / name).exists(), name

    def test_make_help_lists_the_targets(self) -> None:
        listed = subprocess.run(shlex.split("make help"), cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for target in ("serve", "test", "check", "generated"):
            assert re.search(rf"^  {target} ", listed, re.MULTILINE)


class TestSettings:
    def test_every_setting_is_documented_and_every_documented_one_exists(self) -> None:
        documented = set(re.findall(r"^\| `([A-Z_]+)`", text_of("docs/settings.md"), re.MULTILINE))
        assert documented == {each.name.upper() for each in fields(Settings)}

    def test_documented_defaults_are_the_defaults(self) -> None:
        defaults = dict(re.findall(r"^\| `([A-Z_]+)` \| `(\d+)`", text_of("docs/settings.md"), re.MULTILINE))
        for each in fields(Settings):
            if each.name.upper() in defaults:
                assert str(each.default) == defaults[each.name.upper()]


class TestErrors:
    def test_the_table_lists_every_problem_with_its_status(self) -> None:
        rows = re.findall(r"^\| `([a-z-]+)` \| (\d+)", text_of("docs/errors.md"), re.MULTILINE)
        assert dict(rows) == {each.name: str(each.status) for each in PROBLEMS.values()}


class TestSeedFilesPage:
    def test_its_exercise_is_valid_and_names_what_exists(self, database: Database, tmp_path: Path) -> None:
        example = re.search(r"```yaml\n(.*?)```", text_of("docs/seed-files.md"), re.DOTALL)
        assert example
        folder = tmp_path / "exercises"
        folder.mkdir()
        (folder / "wall-lean.yaml").write_text(example[1], encoding="utf-8")
        drafts = read_folder(SEED_DATA, CATALOGUE).drafts | read_folder(tmp_path, CATALOGUE).drafts
        with database.reading() as connection:
            _, faults = make_plan(connection, CATALOGUE, drafts, prune=False)
        assert faults == []

    def test_its_folders_are_the_kinds(self) -> None:
        for content_type in CATALOGUE:
            assert f"  {content_type.collection}/" in text_of("docs/seed-files.md")


def test_the_editing_page_names_every_collection_and_every_list_of_a_bundle() -> None:
    page = text_of("docs/editing.md")
    for content_type in CATALOGUE:
        assert f"`{content_type.collection}`" in page
        assert f'"{content_type.plural}": [' in page


def test_openapi_yaml_is_yaml() -> None:
    assert yaml.safe_load(text_of("openapi.yaml"))["openapi"] == "3.1.0"


def test_the_store_names_what_else_tells_the_kinds_of_store_apart() -> None:
    apart = re.compile(r"\bdialect\.name\b|\bis_sqlite\b|\bwith_variant\b")
    found = [path.relative_to(ROOT / "app") for path in (ROOT / "app").rglob("*.py") if apart.search(path.read_text())]
    named = set(re.findall(r"`([a-z.]+)`", database.__doc__ or ""))
    names = {".".join(path.with_suffix("").parts) for path in found} - {"store.database"}
    assert {"search" if name.startswith("search.") else name for name in names} == named
