import pytest

from app.imports import texts


class TestSteps:
    @pytest.mark.parametrize(
        "html, steps",
        [
            ("<p>Sit down.</p><p>Lean back.</p>", ["Sit down.", "Lean back."]),
            ("<ol><li><p>Sit</p></li><li>Lean</li></ol>", ["Sit", "Lean"]),
            ("Sit down.<br>Lean <b>far</b> back.", ["Sit down.", "Lean far back."]),
            ("<p><strong>Steps:</strong></p><ol><li>Sit</li><li>Lean</li></ol>", ["Steps: Sit", "Lean"]),
            ("<strong>Execution</strong><ol><li>Sit</li><li>Lean</li></ol>", ["Execution: Sit", "Lean"]),
            ("<p>Sit.</p><p><b>Remarks</b></p>", ["Sit.", "Remarks"]),
            (
                "<p>Put your arms on your\nside and\n1. sit\n2) lean\n- rest</p>",
                ["Put your arms on your side and", "sit", "lean", "rest"],
            ),
            ("<p> </p><p>&nbsp;</p><p>...</p><p>Sit</p>", ["Sit"]),
            ("", []),
            ("<script>alert(1)</script><style>p {}</style>", []),
            ("<p>Sit &amp; lean at &lt; 90&deg;</p>", ["Sit & lean at < 90°"]),
            ("<p>Sit<![foo[ <!-- no --> down</p>", ["Sit down"]),
            ("<p onclick='x'>Sit <a href='javascript:x'>here</a></p>", ["Sit here"]),
        ],
    )
    def test_a_description_tells_its_steps(self, html: str, steps: list[str]) -> None:
        assert texts.steps(html) == steps

    def test_a_single_paragraph_is_split_into_sentences(self) -> None:
        html = "<p>Turn your palms up. Bend ca. 90 degrees, e.g. Slowly! then rest. ¿Listo? Ja.</p>"
        assert texts.steps(html) == [
            "Turn your palms up.",
            "Bend ca. 90 degrees, e.g. Slowly! then rest.",
            "¿Listo?",
            "Ja.",
        ]

    def test_several_paragraphs_stay_as_they_are(self) -> None:
        assert texts.steps("<p>Sit. Lean.</p><p>Rest.</p>") == ["Sit. Lean.", "Rest."]

    def test_chinese_and_arabic_sentences_end_too(self) -> None:
        assert texts.steps("坐下。站起。") == ["坐下。", "站起。"]
        assert texts.steps("هل أنت مستعد؟ اجلس.") == ["هل أنت مستعد؟", "اجلس."]


class TestPlain:
    def test_it_is_one_line_without_tags(self) -> None:
        assert texts.plain("<h1>Sit-<b>up</b></h1>\r\n\t<i>now</i>") == "Sit-up now"

    def test_text_that_only_looks_like_html_stays(self) -> None:
        assert texts.plain("3/4 sit-up < 90 & more") == "3/4 sit-up < 90 & more"


class TestSlugs:
    def test_other_scripts_are_spelled(self) -> None:
        assert texts.slug_of("Жим лёжа") == "zhim-lezha"
        assert texts.slug_of("3_4_Sit-Up (ünïcode)") == "3-4-sit-up-unicode"

    def test_nothing_to_spell_is_empty(self) -> None:
        assert texts.slug_of("!!!") == ""
