from typing import Any

import pytest

from app.content.document_parts import session_seconds
from tests.content.editing import Editor
from tests.content.samples import exercise, source, term


class TestSeconds:
    @pytest.mark.parametrize(
        ("dose", "seconds"),
        [
            ({"sets": 3, "repetitions": 10, "hold_seconds": 2, "rest_seconds": 45}, 3 * 10 * 2 + 2 * 45),
            ({"sets": 2, "repetitions": 8}, 2 * 8 * 4),
            ({"hold_seconds": 60}, 60),
            ({"repetitions": 5, "hold_seconds": 10, "per_side": True}, 5 * 10 * 2),
            ({"sets": 1, "repetitions": 1, "hold_seconds": 1, "rest_seconds": 99}, 1),
            ({"times_per_day": 2}, None),
            ({}, None),
            (None, None),
        ],
    )
    def test_a_session_is_as_long_as_its_dose(self, dose: Any, seconds: int | None) -> None:
        assert session_seconds(dose) == seconds


class TestDocument:
    def test_an_exercise_shows_everything_that_its_draft_says(self, editor: Editor) -> None:
        editor.publish(
            vocabularies=[
                term("back", "regions"), term("m"), term("chair", "equipment"), term("pain", "conditions"),
                term("calm", "benefits"), term("cc", "licences"),
            ],
            sources=[source("s", "online")],
            exercises=[
                exercise(
                    "a", aliases=["Alias"], summary={"en": "Short.", "es": "Corto."}, position="seated",
                    regions=["back"], muscles=[{"slug": "m", "role": "stretched"}], equipment=["chair"],
                    conditions=["pain"], benefits=["calm"], contraindications=[{"slug": "pain", "note": "No."}],
                    steps=[{"instruction": "Sit.", "hold_seconds": 5}, {"instruction": "Rise.", "cue": "Softly"}],
                    levels=[{"intensity": 2, "label": "Soft", "dose": {"repetitions": 3}}],
                    precautions=["Slowly."], stop_if=["Pain."],
                    tips=[{"text": "Tip", "condition": "pain", "source": "s"}],
                    citations=[{"source": "s", "locator": "p. 1", "note": "Why"}],
                    media=[{"url": "/m/a.png", "type": "image", "alt": "A", "licence": "cc", "credit": "Me"}],
                    licence={"slug": "cc", "attribution": "Us"},
                    review={"status": "editorial", "reviewed_on": "2026-01-02", "reviewer": "R"},
                )
            ],
        )  # fmt: skip
        document = editor.document("exercise", "a")
        cited = {"slug": "s", "type": "online", "title": "S"}
        pain = {"slug": "pain", "name": "Pain"}
        licence = {"id": "CC-BY-4.0", "name": "Cc", "url": "https://creativecommons.org/licenses/by/4.0/"}
        dose = {"sets": None, "repetitions": 3, "hold_seconds": None, "rest_seconds": None, "times_per_day": None}
        expected = {
            "kind": "exercise", "slug": "a", "language": "en", "name": "A", "aliases": ["Alias"], "summary": "Short.",
            "type": "stretch", "position": "seated", "regions": [{"slug": "back", "name": "Back"}],
            "muscles": [{"slug": "m", "name": "M", "role": "stretched"}],
            "equipment": [{"slug": "chair", "name": "Chair"}], "conditions": [pain | {"purpose": "relieve"}],
            "benefits": [{"slug": "calm", "name": "Calm"}], "contraindications": [pain | {"note": "No."}],
            "steps": [
                {"number": 1, "instruction": "Sit.", "cue": None, "breathing": None, "hold_seconds": 5},
                {"number": 2, "instruction": "Rise.", "cue": "Softly", "breathing": None, "hold_seconds": None},
            ],
            "levels": [
                {
                    "intensity": 2, "label": "Soft", "adjustment": None, "sensation": None, "seconds": 12,
                    "dose": dose | {"days_per_week": None, "per_side": False},
                }
            ],
            "guidance": {"professional": "recommended", "note": None}, "precautions": ["Slowly."],
            "stop_if": ["Pain."], "tips": [{"text": "Tip", "condition": pain, "source": cited}],
            "easier": [], "harder": [], "citations": [{"source": cited, "locator": "p. 1", "note": "Why"}],
            "licence": licence | {"attribution": "Us"},
            "review": {"status": "editorial", "reviewed_on": "2026-01-02", "reviewer": "R"},
        }  # fmt: skip
        assert {name: document[name] for name in expected} == expected
        (medium,) = document["media"]
        assert medium["url"].endswith("/m/a.png")
        assert medium["licence"] == licence | {"attribution": "Me"}

    def test_what_is_not_given_is_null_or_empty_and_never_left_out(self, editor: Editor) -> None:
        editor.publish(exercises=[{"slug": "a", "name": "A", "type": "yoga"}])
        document = editor.document("exercise", "a")
        assert {name for name, value in document.items() if value is None} == {"summary", "position", "licence"}
        assert {name for name, value in document.items() if value == []} == {
            "aliases", "regions", "muscles", "equipment", "conditions", "benefits", "contraindications", "steps",
            "levels", "precautions", "stop_if", "tips", "easier", "harder", "citations", "media",
        }  # fmt: skip
        assert document["review"] == {"status": "none", "reviewed_on": None, "reviewer": None}
