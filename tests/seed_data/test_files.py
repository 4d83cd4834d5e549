"""Seed files as editors see them: each validates against the JSON Schema that it names, in plain words."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from app.kinds import CATALOGUE
from tests.stores import SEED_DATA

KINDS = {each.collection: each.kind for each in CATALOGUE}
FIRST_LINE = "# yaml-language-server: $schema=../schemas/{kind}.schema.json"
WORDS = re.compile(r"[\w .,:;?()\u2013/%'\"°&+-]+")
"""What a plain text is written with: no markup, no exclamation marks, no pictures."""

NOT_PROSE = {"slug", "url", "isbn"}


def files(collection: str) -> list[Path]:
    return sorted((SEED_DATA / collection).rglob("*.y*ml"))


class Loader(yaml.SafeLoader):
    """YAML as an editor's tools read it, in which a day is a text, as JSON has no days."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@cache
def read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader)  # noqa: S506  # a SafeLoader


def entries(path: Path) -> list[Any]:
    content = read(path)
    return content if isinstance(content, list) else [content]


@cache
def validator(kind: str, part: str) -> Draft202012Validator:
    """A validator of a part of a kind's schema: of a whole file, or of one entry, whose faults are then told apart."""
    schema = json.loads((SEED_DATA / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema if part == "#" else {"$ref": part, "$defs": schema["$defs"]})


def texts(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from texts(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each, key)
    elif isinstance(value, str) and key not in NOT_PROSE:
        yield value


@pytest.mark.parametrize("collection", KINDS)
class TestEachFile:
    def test_names_its_schema_in_the_first_line(self, collection: str) -> None:
        for path in files(collection):
            first = path.read_text(encoding="utf-8").split("\n", 1)[0]
            assert first == FIRST_LINE.format(kind=KINDS[collection]), path.name

    def test_is_valid(self, collection: str) -> None:
        kind = KINDS[collection]
        one = validator(kind, f"#/$defs/{kind}")
        for path in files(collection):
            found = [error for entry in entries(path) for error in one.iter_errors(entry)]
            assert [f"{path.name} {error.json_path}: {error.message}" for error in found] == []
            assert validator(kind, "#").is_valid(read(path)), path.name

    def test_is_named_after_what_it_holds(self, collection: str) -> None:
        for path in files(collection):
            if collection == "vocabularies":
                (vocabulary,) = {each["vocabulary"] for each in entries(path)}
                assert path.stem == vocabulary or path.stem.startswith(f"{vocabulary}-"), path.name
            else:
                assert [each["slug"] for each in entries(path)] == [path.stem]

    def test_is_in_plain_words(self, collection: str) -> None:
        for path in files(collection):
            for text in texts(entries(path)):
                assert WORDS.fullmatch(text), (path.name, WORDS.sub("", text))
                assert not re.search(r"https?:|\s\s", text), (path.name, text)


class TestTheFiles:
    def test_stand_in_the_folders_of_their_kinds(self) -> None:
        assert {path.parent.name for path in SEED_DATA.rglob("*.y*ml")} == set(KINDS)
        assert all(files(collection) for collection in KINDS)

    def test_a_wrong_file_is_invalid(self) -> None:
        exercise = read(SEED_DATA / "exercises" / "chin-tuck.yaml")
        whole = validator("exercise", "#")
        assert whole.is_valid([exercise])
        assert not whole.is_valid({**exercise, "typo": 1})
        assert not whole.is_valid({**exercise, "levels": [{"intensity": 6}]})
        assert not whole.is_valid([{**exercise, "type": "sleeping"}])
