import re
from pathlib import Path

import pytest

from app.config import ROOT

APP = ROOT / "app"
TEMPLATES = sorted(APP.glob("*/templates/*.html"))
NAMED = re.compile(r'{%-?\s*(?:extends|import|include|from)\s+"([^"]+)"')


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(APP)))
def test_a_template_uses_those_of_its_own_room_and_of_the_look_alone(path: Path) -> None:
    named = NAMED.findall(path.read_text(encoding="utf-8"))
    rooms = {path.relative_to(APP).parts[0], "look"}
    assert [name for name in named if name.split("/")[0] not in rooms or not (APP / name).is_file()] == []
