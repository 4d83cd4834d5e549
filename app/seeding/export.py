"""Writing the working copy as seed files. Applying them again changes nothing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Connection

from app.content.content_type import Catalogue, ContentType
from app.content.mapping import Draft
from app.content.working_copy import drafts, entries
from app.errors import LimberError
from app.seeding.yaml_advice import doubt_of
from app.seeding.yaml_reader import SEPARATOR


class _Dumper(yaml.SafeDumper):
    """Block style, indented lists, long texts folded, and quotes wherever a text could be read as something else."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002  # PyYAML's
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=_style(value))


def _style(text: str) -> str | None:
    """The style in which the reader of seed files takes the text as it is; None where any does."""
    if SEPARATOR.search(text):
        return '"'
    if "\n" in text and not any(line.endswith(" ") for line in text.split("\n")):
        return "|"
    # Folded, an unquoted text could have a line that looks like the entry of a list.
    return "'" if doubt_of(text) or " - " in text else None


_Dumper.add_representer(str, _text)


def export_folder(connection: Connection, catalogue: Catalogue, folder: Path) -> int:
    """Writes a file for each entity, or for each group of a kind that is `by_group`; returns the number of entities.

    Raises `LimberError` if the folder is not empty: an export never mixes with older files.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise LimberError(f"{folder} is not an empty folder.")
    count = 0
    for content_type in catalogue:
        active = [entry.id for entry in entries(connection, content_type).values() if not entry.retired]
        written = [draft for _, draft in drafts(connection, catalogue, content_type, active)]
        (folder / content_type.collection).mkdir(parents=True)
        for name, content in _files(content_type, written).items():
            _write(folder / content_type.collection / f"{name}.yaml", content_type, content)
        count += len(written)
    return count


def _files(content_type: ContentType, written: list[Draft]) -> Mapping[str, Draft | list[Draft]]:
    """The contents of a kind's files, by name without suffix."""
    if not content_type.by_group:
        return {draft["slug"]: draft for draft in written}
    by_group: dict[str, list[Draft]] = {}
    for draft in written:
        by_group.setdefault(content_type.group(draft), []).append(draft)
    return by_group


def _write(path: Path, content_type: ContentType, content: Draft | list[Draft]) -> None:
    schema = f"# yaml-language-server: $schema=../schemas/{content_type.kind}.schema.json\n"
    text = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    path.write_text(schema + text, encoding="utf-8")
