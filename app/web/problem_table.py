"""The table of problems: every error that a client can see, with its status and what to do about it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One kind of error: its status, its title, and what to do about it."""

    name: str
    status: int
    title: str
    explanation: str


_TABLE = tomllib.loads(Path(__file__).with_name("problems.toml").read_text(encoding="utf-8"))
PROBLEMS = {name: Problem(name, **entry) for name, entry in _TABLE.items()}
