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


class TestWhatIsNoHtml:
    @pytest.mark.parametrize(
        "text",
        [
            "Bend until the angle is <ninety degrees, then hold.",
            "Snatch&copy the bar",
            "Keep <90 degrees & breathe",
            "Move the<bar",
            "a<b",
            "if x<y and y>z then",
            "Between <a and b> of it",
            "Keep it <b 90 and > 5",
            "<ninety>",
            "<http://example.org>",
            "<me@example.org>",
            "<-- left -->",
            "->",
            "Hold &reg the bar",
            "x &times 3 &frac12 &deg &notin &nbsp it",
            "&#169 &#x41 &# &; &;; &zzz; AT&T R&D;",
            "&#0; &#xD800; &#x110000;",
            "Sit <!-- down",
            "Sit <! down",
            "Sit <script down",
            "Sit <script> down",
            "Sit <title> down",
            "Sit <p",
            "Sit <p class=",
            "Sit <p class='x",
            "</",
            "<",
            "\u0130<script>",
        ],
    )
    def test_it_stays(self, text: str) -> None:
        assert texts.plain(text) == text
        assert texts.plain(f"<p>{text} it</p>") == f"{text} it"
        assert " ".join(texts.steps(f"<p>Sit. {text} it</p>")) == f"Sit. {text} it"

    @pytest.mark.parametrize(
        ("html", "text"),
        [
            ("<P CLASS=x>Sit</P >", "Sit"),
            ('<a href="x?a=1&b=2" target=_blank>here</a>', "here"),
            ("<ol reversed><li value='2'>Sit</li></ol>", "Sit"),
            ("<font color=red>Sit</font><br/>down<hr />", "Sit down"),
            ("<b title='a > b'>Sit</b>", "Sit"),
            ("<o:p>Sit</o:p>", "Sit"),
            ("<!DOCTYPE html><!-- <p> -->Sit<![endif]><?xml x?>", "Sit"),
            ("Sit<SCRIPT>if (a<b) x()</SCRIPT > down<style>p {}</style>", "Sit down"),
            ("Sit <iframe src='https://example.org/'>no frames</iframe> down", "Sit no frames down"),
            ("&copy; &#169; &#xA9; &frac12; &lt;p&gt; &amp;copy", "© © © ½ <p> &copy"),
        ],
    )
    def test_what_is_html_is_removed(self, html: str, text: str) -> None:
        assert texts.plain(html) == text

    @pytest.mark.parametrize(
        "piece", ["<", "<!--", "<p ", "<p a=1 ", "<script>", "</script", "&", "&a", "<![", "<p a='"]
    )
    def test_a_long_text_of_it_stays_and_costs_its_length(self, piece: str) -> None:
        text = piece * (100_000 // len(piece))
        assert texts.plain(text) == text.strip()


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
