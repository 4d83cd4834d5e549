"""The rooms that serve every kind name no kind: what they did for one alone, the next one would lack."""

import ast
from collections.abc import Iterator

from app.config import ROOT
from app.kinds import CATALOGUE

ROOMS = (
    *("commands", "admin", "sync", "seeding", "webhooks", "suggestions", "system"),
    *("delivery", "releasing", "editing", "content", "search", "columns", "edge", "web", "store"),
)
NAMES = {name for each in CATALOGUE for name in (each.kind, each.collection)}
SHARED_PIECES = {("content/common_fields.py", "term"), ("content/common_fields.py", "source")} | {
    *(("content/document_parts.py", "term"), ("content/document_parts.py", "source"))
}
"""Terms and sources, as drafts and documents of several kinds name them."""


def named() -> Iterator[tuple[str, str]]:
    """Every text in the rooms that is the name of a kind or a collection, with its file."""
    for room in ROOMS:
        for path in sorted((ROOT / "app" / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and node.value in NAMES:
                    yield str(path.relative_to(ROOT / "app")), node.value


def test_the_engine_names_no_kind() -> None:
    assert set(named()) == SHARED_PIECES
