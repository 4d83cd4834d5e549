"""The `flask catalogue` commands on a folder of seed files that a test writes."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from click.testing import Result
from flask import Flask

from tests.content.editing import Editor

FINDING = re.compile(r"    (?:warning|broken rule) \(|= ")
"""A line that `plan` prints beside an entry; `test_audit.py` is about those."""


class Catalogue:
    """One store, one folder of seed files, and the commands."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app, self.folder = app, folder
        self.editor = Editor(app.extensions["limber_database"])

    def write(self, **collections: Sequence[dict[str, Any]]) -> None:
        """Makes the folder hold these drafts and nothing else: a file an entry, terms in one file."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for collection, drafts in collections.items():
            if collection == "vocabularies":
                self.file(f"{collection}/terms.yaml", yaml.safe_dump(list(drafts), sort_keys=False))
                continue
            for draft in drafts:
                self.file(f"{collection}/{draft['slug']}.yaml", yaml.safe_dump(draft, sort_keys=False))

    def file(self, name: str, text: str | bytes) -> None:
        """Adds one file to the folder as it is."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def run(self, command: str, *options: str) -> Result:
        """A command on the folder, whatever it exits with."""
        result = self.app.test_cli_runner().invoke(args=["catalogue", command, str(self.folder), *options])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    def succeed(self, command: str, *options: str) -> list[str]:
        """The lines that a command prints as it succeeds, without what the rules of content find in the drafts."""
        result = self.run(command, *options)
        assert result.exit_code == 0, result.output
        return [line for line in result.stdout.splitlines() if not FINDING.match(line)]

    def errors(self, command: str = "apply", *options: str) -> list[str]:
        """The errors of a command that fails, files named from the folder on, without the closing line."""
        result = self.run(command, *options)
        assert result.exit_code == 1, result.output
        *errors, last = result.stderr.splitlines()
        expected = f"Error: {len(errors)} {'error' if len(errors) == 1 else 'errors'}; nothing was changed."
        assert last == expected
        assert result.stdout == ""
        return [error.removeprefix(f"{self.folder}/") for error in errors]
