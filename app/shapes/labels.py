"""The names of words from fixed lists (types, positions, purposes), in each language."""

import json
from pathlib import Path

NAMES: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("labels.json").read_text(encoding="utf-8"))


def label(value: str, language: str) -> str:
    """The name of a value; in English the value itself, written as a word."""
    return NAMES.get(language, {}).get(value) or value.replace("-", " ").capitalize()
