import ast
import json
import re

import pytest

from app.config import ROOT
from app.embed import builder, cards
from app.look import people_errors, wording
from app.look.wording import Wording
from app.pages import home

TEMPLATES = [path for room in ("look", "pages", "embed") for path in (ROOT / "app" / room / "templates").glob("*.html")]
CALLED = ("wording", "self", "self.plural")


def texts_of_templates() -> set[str]:
    found: set[str] = set()
    for path in TEMPLATES:
        source = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"(?:\b_|say)\('([^']*)'", source))
        found |= {text for pair in re.findall(r"_\.plural\('([^']*)', '([^']*)'", source) for text in pair}
    return found


def texts_of_code() -> set[str]:
    found: set[str] = set()
    for module in (home, builder, cards, people_errors, wording):
        tree = ast.parse((ROOT / str(module.__file__)).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in CALLED:
                arguments = [each.value for each in node.args[:2] if isinstance(each, ast.Constant)]
                found |= {text for text in arguments if isinstance(text, str)}
    labels = (wording.INTENSITIES, wording.TYPES, wording.POSITIONS, wording.ROLES, wording.GOALS, wording.SECTIONS)
    found |= {text for each in (*labels, wording.PROFESSIONAL) for text in each.values()}
    found |= {text for pair in (*people_errors.TEXTS.values(), people_errors.OTHERWISE) for text in pair}
    return found | set(cards.PLAYER_WORDS)


@pytest.mark.parametrize("path", sorted((ROOT / "app/look/translations").glob("*.json")), ids=lambda path: path.stem)
class TestTranslations:
    def test_hold_every_text(self, path: object) -> None:
        translated = json.loads((ROOT / str(path)).read_text(encoding="utf-8"))
        assert sorted((texts_of_templates() | texts_of_code()) - translated.keys()) == []

    def test_keep_the_places_for_numbers_and_names(self, path: object) -> None:
        translated = json.loads((ROOT / str(path)).read_text(encoding="utf-8"))
        places = re.compile(r"\{\w+\}")
        assert [
            text for text, other in translated.items() if sorted(places.findall(text)) != sorted(places.findall(other))
        ] == []


class TestAmounts:
    @pytest.mark.parametrize(
        ("seconds", "text"),
        [(None, ""), (0, ""), (45, "45 s"), (60, "1 min"), (130, "2 min 10 s"), (600, "10 min"), (629, "10 min")],
    )
    def test_durations_are_short(self, seconds: int | None, text: str) -> None:
        assert Wording("en").duration(seconds) == text

    def test_doses_are_phrases(self) -> None:
        dose = {
            "sets": 2, "repetitions": 1, "hold_seconds": 30, "rest_seconds": 20, "per_side": True,
            "times_per_day": 1, "days_per_week": 7, "breaths": None,
        }  # fmt: skip
        assert Wording("en").amount(dose) == [
            "2 sets", "hold 30 s", "each side", "rest 20 s between sets"
        ]  # fmt: skip
        assert Wording("en").how_often(dose) == ["once a day", "every day"]
        assert Wording("es").how_often(dose) == ["una vez al día", "todos los días"]

    def test_nothing_is_said_without_a_dose(self) -> None:
        assert Wording("en").amount(None) == Wording("en").how_often(None) == []
