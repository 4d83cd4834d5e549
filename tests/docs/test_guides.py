"""What helps people in, held to what is there: CONTRIBUTING.md, the indexes, links, the licence, the commit hooks."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from app.commands.groups import GROUPS
from app.config import ROOT
from app.kinds import CATALOGUE
from app.search.words import STEMMERS, STOP_WORDS
from app.shapes.languages import DEFAULT_LANGUAGE, LANGUAGES

PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")})
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def targets(page: str) -> set[str]:
    """The files that a page links to in its own folder and below."""
    return {link for link in re.findall(r"\]\(([^)#:]+)\)", page) if not link.startswith("..")}


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


class TestIndexes:
    def test_the_index_of_docs_lists_every_page(self) -> None:
        folder = ROOT / "docs"
        pages = {path.name for path in folder.glob("*.md")} - {"README.md"}
        folders = {str(path.relative_to(folder)) for path in folder.glob("*/README.md")}
        assert targets((folder / "README.md").read_text()) == pages | folders

    def test_the_index_of_decisions_lists_each_with_its_number_and_title(self) -> None:
        folder = ROOT / "docs/decisions"
        rows = re.findall(
            r"^\| (\d+) \| \[(.+)\]\((.+)\) \| .+\. \|$", (folder / "README.md").read_text(), re.MULTILINE
        )
        records = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
        titles = [path.read_text(encoding="utf-8").splitlines()[0] for path in records]
        assert [(name, f"# {number}. {title}") for number, title, name in rows] == [
            (path.name, title) for path, title in zip(records, titles, strict=True)
        ]
        assert [int(number) for number, _, _ in rows] == list(range(1, len(records) + 1))


class TestLinks:
    @pytest.mark.parametrize("page", [str(page.relative_to(ROOT)) for page in PAGES])
    def test_every_link_of_a_page_leads_to_a_file_and_a_heading(self, page: str) -> None:
        text = re.sub(r"```.*?```", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.DOTALL)
        for link in re.findall(r"\]\(([^)\s]+)\)", text):
            name, _, anchor = link.partition("#")
            if "://" not in link:
                target = (ROOT / page).parent / name if name else ROOT / page
                assert target.exists(), link
                assert not anchor or anchor in anchors(target), link

    def test_every_page_that_the_code_names_exists(self) -> None:
        for path in (ROOT / "app").rglob("*.py"):
            for name in re.findall(r"\bdocs/[\w/-]+\.md|\b[A-Z]{4,}\.md", path.read_text(encoding="utf-8")):
                assert (ROOT / name).exists(), f"{path.relative_to(ROOT)} names {name}"


class TestContributing:
    def test_every_file_and_folder_that_it_names_exists(self) -> None:
        written = {"schemas.py", "draft.py", "document.py", "kind.py", "routes.py"}  # of the kind that is added
        names = set(re.findall(r"`([{}\w]+\.\w+|(?:[{}\w.-]+/)+(?:[\w.-]+\.\w+)?)`", CONTRIBUTING)) - written
        assert len(names) > 25
        for name in names:
            for collection in (content_type.collection for content_type in CATALOGUE):
                place = name.replace("{collection}", collection)
                assert (ROOT / place).exists() or (ROOT / "app" / place).exists(), place

    def test_every_make_target_that_it_names_exists(self) -> None:
        made = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        assert set(re.findall(r"[`\n]make ([a-z-]+)", CONTRIBUTING)) <= set(made)

    def test_every_command_that_it_names_exists(self) -> None:
        there = {f"{group.name} {name}" for group in GROUPS for name in getattr(group, "commands", {})}
        assert set(re.findall(r"`flask ([a-z]+ [a-z]+)`", CONTRIBUTING)) <= there

    def test_a_language_has_what_its_recipe_names(self) -> None:
        for language in LANGUAGES:
            assert language in STEMMERS
            assert STOP_WORDS[language]
            translations = ROOT / "app/look/translations" / f"{language}.json"
            assert language == DEFAULT_LANGUAGE or translations.exists()

    def test_hooks_run_what_make_check_runs(self) -> None:
        recipe = re.search(r"^check:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
        assert recipe
        checks = [line.strip().replace("$(BIN)", ".venv/bin") for line in recipe[1].splitlines()]
        (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
        assert local["repo"] == "local"
        assert [hook["entry"] for hook in local["hooks"]] == checks
        assert {(hook["language"], hook["pass_filenames"]) for hook in local["hooks"]} == {("system", False)}


class TestLicence:
    def test_the_code_is_under_the_licence_that_the_package_names(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        text = (ROOT / "LICENSE").read_text()
        assert project["license"] == "Apache-2.0"
        assert project["license-files"] == ["LICENSE"]
        assert text.split()[:6] == ["Apache", "License", "Version", "2.0,", "January", "2004"]
        assert "Copyright [yyyy] [name of copyright owner]" in text
        assert len(text.splitlines()) == 201

    def test_every_exercise_and_routine_of_the_seed_is_under_the_licence_of_the_content(self) -> None:
        for folder in ("exercises", "routines"):
            for path in (ROOT / "seed_data" / folder).glob("*.yaml"):
                assert yaml.safe_load(path.read_text(encoding="utf-8"))["licence"]["slug"] == "cc-by-4-0", path.name
        for page in ("README.md", "docs/licences.md"):
            assert "CC BY 4.0" in (ROOT / page).read_text(encoding="utf-8")


class TestFormat:
    def test_files_are_as_the_editors_are_told(self) -> None:
        folders = ("app", "benchmarks", "deploy", "docs", "migrations", "seed_data", "tests", "clients/python")
        paths = [*ROOT.glob("*"), *(path for folder in folders for path in (ROOT / folder).rglob("*"))]
        kept = [path for path in paths if path.suffix in (".py", ".md", ".toml", ".yaml", ".css", ".js", ".html")]
        assert len(kept) > 500
        for path in kept:
            text = path.read_bytes()
            assert b"\r" not in text, path
            assert text.endswith(b"\n") or not text, path
            assert not re.search(rb"[ \t]\n", text), path
