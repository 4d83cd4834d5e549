from tests.content.editing import Editor
from tests.content.samples import exercise, source, term


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
                    conditions=["pain"], benefits=["calm"],
                    contraindications=[{"slug": "pain", "note": "No.", "from_intensity": 2}],
                    demands=["balance"],
                    safety={"assessed": True, "assessed_on": "2026-01-02", "by": "editor", "note": "Weighed."},
                    steps=[{"instruction": "Sit.", "part": "set-up"}, {"instruction": "Rise.", "cue": "Softly"}],
                    levels=[
                        {"intensity": 1, "dose": {"repetitions": 3, "breaths": {"in_seconds": 3, "out_seconds": 4}}},
                        {
                            "intensity": 2, "label": "Soft", "professional": "required",
                            "dose": {"move_seconds": 4, "per_side": True},
                        },
                    ],
                    evidence={"level": "practice", "statement": "Commonly taught.", "citations": ["s"]},
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
        dose = dict.fromkeys(
            ("move_seconds", "hold_seconds", "return_seconds", "pause_seconds", "rest_seconds", "times_per_day",
             "days_per_week", "side_order", "breaths")
        ) | {"sets": 1, "repetitions": 1, "per_side": False}  # fmt: skip
        breaths = {"in_seconds": 3, "hold_seconds": None, "out_seconds": 4, "pause_seconds": None}
        expected = {
            "kind": "exercise", "slug": "a", "language": "en", "name": "A", "aliases": ["Alias"], "summary": "Short.",
            "type": "stretch", "position": "seated", "regions": [{"slug": "back", "name": "Back"}],
            "muscles": [{"slug": "m", "name": "M", "role": "stretched"}],
            "equipment": [{"slug": "chair", "name": "Chair"}], "conditions": [pain | {"purpose": "relieve"}],
            "benefits": [{"slug": "calm", "name": "Calm"}],
            "contraindications": [pain | {"note": "No.", "from_intensity": 2}],
            "demands": [{"demand": "balance", "from_intensity": 1}],
            "safety": {
                "assessed": True, "assessed_on": "2026-01-02", "by": "editor", "note": "Weighed.",
                "conditions": ["pain"], "exceptions": [],
            },
            "evidence": {"level": "practice", "statement": "Commonly taught.", "citations": [cited]},
            "steps": [
                {"number": 1, "instruction": "Sit.", "cue": None, "breathing": None, "part": "set-up"},
                {"number": 2, "instruction": "Rise.", "cue": "Softly", "breathing": None, "part": None},
            ],
            "levels": [
                {
                    "intensity": 1, "label": None, "adjustment": None, "sensation": None, "seconds": 6 + 21,
                    "dose": dose | {"repetitions": 3, "breaths": breaths}, "professional": "recommended",
                    "contraindications": [],
                },
                {
                    "intensity": 2, "label": "Soft", "adjustment": None, "sensation": None, "seconds": 6 + 4 + 5 + 4,
                    "dose": dose | {"move_seconds": 4, "per_side": True, "side_order": "one-after-other"},
                    "professional": "required", "contraindications": ["pain"],
                },
            ],
            "guidance": {"professional": "recommended", "note": None}, "precautions": ["Slowly."],
            "stop_if": ["Pain."], "tips": [{"text": "Tip", "condition": pain, "source": cited}],
            "easier": [], "harder": [], "citations": [{"source": cited, "locator": "p. 1", "note": "Why"}],
            "licence": licence | {"attribution": "Us"},
            "review": {
                "status": "editorial", "reviewed_on": "2026-01-02", "reviewer": "R", "next_review_on": None,
            },
        }  # fmt: skip
        assert {name: document[name] for name in expected} == expected
        (medium,) = document["media"]
        assert medium["url"].endswith("/m/a.png")
        assert medium["licence"] == licence | {"attribution": "Me"}

    def test_what_is_not_given_is_null_or_empty_and_never_left_out(self, editor: Editor) -> None:
        editor.publish(exercises=[{"slug": "a", "name": "A", "type": "yoga"}])
        document = editor.document("exercise", "a")
        assert {name for name, value in document.items() if value is None} == {
            "summary",
            "position",
            "licence",
            "evidence",
        }
        assert {name for name, value in document.items() if value == []} == {
            "former_slugs", "aliases", "regions", "muscles", "equipment", "conditions", "benefits", "demands",
            "contraindications", "steps", "levels", "precautions", "stop_if", "tips", "easier", "harder", "citations",
            "media",
        }  # fmt: skip
        assert document["review"] == {
            "status": "unreviewed", "reviewed_on": None, "reviewer": None, "next_review_on": None,
        }  # fmt: skip
        assert document["safety"] == {
            "assessed": False, "assessed_on": None, "by": None, "note": None, "conditions": [], "exceptions": [],
        }  # fmt: skip
