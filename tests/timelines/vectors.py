"""The test vectors of `docs/timelines`, and the Python client that computes them, too."""

import importlib.util
import json
from functools import cache
from typing import Any

from app.commands.docs import VECTORS
from app.config import ROOT

CLIENTS = ROOT / "clients"


@cache
def vectors() -> dict[str, dict[str, Any]]:
    """The vectors by the name of their file."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(VECTORS.glob("*.json"))}


def _load_client() -> Any:
    spec = importlib.util.spec_from_file_location("limber_timelines", CLIENTS / "python" / "limber_timelines.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


limber_timelines = _load_client()
