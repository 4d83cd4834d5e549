"""ARCHITECTURE.md, held to the code: what it names is there, and what is there is where it says."""

import inspect
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from app import create_app
from app.config import ROOT
from app.kinds import CATALOGUE
from tests.settings import settings_for

PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
COLLECTIONS = tuple(content_type.collection for content_type in CATALOGUE)


def table(heading: str) -> list[list[str]]:
    """The cells of the rows of the table below a text."""
    lines = PAGE.split(heading)[1].split("\n\n| ")[1].split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines[2:]]


def code(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def modules(path: Path) -> set[str]:
    """The folders and files of Python code right below a folder, as import-linter names them."""
    return {
        entry.stem
        for entry in path.iterdir()
        if (entry.suffix == ".py" or (entry / "__init__.py").exists()) and entry.stem != "__init__"
    }


class TestMap:
    rooms = [name.removesuffix(".py") for row in table("## The map") for name in code(row[0])]

    def test_every_folder_and_module_of_app_is_on_it_once(self) -> None:
        assert sorted(self.rooms) == sorted(modules(ROOT / "app"))

    def test_it_goes_down_as_imports_do(self) -> None:
        contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
        layers = next(contract["layers"] for contract in contracts if contract.get("containers") == ["app"])
        level = {room.strip(): number for number, layer in enumerate(layers) for room in layer.split("|")}
        assert [level[room] for room in self.rooms] == sorted(level.values())


def places_named() -> Iterator[str]:
    """Every file and folder of `app/` or beside it that the page names, with one of each kind for `{collection}`."""
    for name in code(PAGE):
        if re.fullmatch(r"[{}a-z_]+\.py|([{}a-z_]+/)+([a-z_]+\.(py|toml))?", name) and "{name}" not in name:
            for collection in COLLECTIONS if "{collection}" in name else ("",):
                yield name.replace("{collection}", collection)


class TestFiles:
    def test_every_file_and_folder_that_it_names_exists(self) -> None:
        optional = {f"{collection}/routes.py" for collection in COLLECTIONS}  # for kinds that answer something more
        named = set(places_named()) - optional
        assert len(named) > 100
        assert [
            name for name in sorted(named) if not any((base / name).exists() for base in (ROOT, ROOT / "app"))
        ] == []

    def test_what_a_file_is_said_to_be_about_is_in_it(self) -> None:
        for word, file in (
            ("safe_for", "content/common_fields.py"),
            ("sort", "delivery/query_schemas.py"),
            ("ETag", "edge/representation.py"),
            ("Range", "edge/files.py"),
            ("Idempotency-Key", "access/idempotency.py"),
        ):
            row = next(row for row in table("**By what it is about.**") if f"`{word}`" in row[0])
            assert file in code(row[1])
            assert word in (ROOT / "app" / file).read_text(encoding="utf-8")


class Row:
    """A row of the table of addresses: what fits it, and the file that it leads to."""

    def __init__(self, address: str, file: str) -> None:
        self.address, self.file = address, file
        pattern = re.escape(address).replace("…", r"(?:[/ -].*)?").replace(r"/(?:[/ -].*)?", "/.+")
        pattern = pattern.replace(r"\{collection\}", rf"(?P<collection>{'|'.join(COLLECTIONS)}|\{{collection\}})")
        pattern = pattern.replace(r"\{name\}", r"(?P<name>[a-z_]+)")
        self._pattern = re.compile(re.sub(r"\\\{(\w+)\\\}", r"\\{\\w+\\}", pattern))

    def lead(self, address: str) -> str | None:
        """The file for an address, or None where the row does not fit."""
        match = self._pattern.fullmatch(address)
        return self.file.format(**match.groupdict()) if match else None


def rows() -> Iterator[Row]:
    for addresses, places in table("**By address or command.**"):
        names, files = code(addresses), [name for name in code(places) if name.endswith(".py")]
        for number, name in enumerate(names):
            yield Row(name, files[number if len(files) == len(names) else 0])


def file_of(view: Callable[..., object]) -> str:
    module: str = inspect.unwrap(view).__module__
    return module.removeprefix("app.").replace(".", "/") + ".py"


def commands(group: click.Group, path: str) -> Iterator[tuple[str, str]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        elif command.callback and command.callback.__module__.startswith("app."):
            yield f"{path} {name}", file_of(command.callback)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The file of every address and every command."""
    app: Flask = create_app(settings_for(f"sqlite:///{tmp_path_factory.mktemp('map')}/empty.db", metrics="on"))
    addresses = {
        re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule): file_of(app.view_functions[rule.endpoint])
        for rule in app.url_map.iter_rules()
    }
    return addresses | dict(commands(app.cli, "flask"))


class TestAddresses:
    def test_every_address_and_command_is_led_to_its_file(self, places: dict[str, str]) -> None:
        led = {place: next((file for row in rows() if (file := row.lead(place))), "nowhere") for place in places}
        assert led == places

    def test_every_row_leads_from_something(self, places: dict[str, str]) -> None:
        assert [row.address for row in rows() if not any(row.lead(place) for place in places)] == []


class TestSizes:
    def test_app_has_five_modules_at_its_root(self) -> None:
        assert len(list((ROOT / "app").glob("*.py"))) <= 5

    @pytest.mark.parametrize(("folder", "most"), [("app", 300), ("tests", 400)])
    def test_no_file_is_long(self, folder: str, most: int) -> None:
        lengths = {path: len(path.read_text().splitlines()) for path in (ROOT / folder).rglob("*.py")}
        assert {str(path.relative_to(ROOT)): length for path, length in lengths.items() if length > most} == {}

    def test_the_page_is_two_pages(self) -> None:
        assert len(PAGE.split()) <= 1500
