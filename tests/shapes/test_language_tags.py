from typing import Any

import pytest
from marshmallow import ValidationError

from app.shapes.fields import TranslatableText
from app.shapes.language_tags import checked_language


class TestCanonicalForm:
    @pytest.mark.parametrize(
        "tag",
        [
            "en", "es", "zh-TW", "zh-Hant-TW", "pt-BR", "es-419", "sr-Latn", "de-1996", "de-CH-1901", "ca-valencia",
            "sl-rozaj-biske-1994", "sh", "no", "nb", "fil", "tl", "yue", "en-GB-oxendict", "ru-SU", "en-x-clinic",
            "en-u-co-phonebk", "ast",
        ],
    )  # fmt: skip
    def test_a_canonical_tag_stays_whatever_its_case(self, tag: str) -> None:
        assert {checked_language(spelt) for spelt in (tag, tag.lower(), tag.upper())} == {tag}

    @pytest.mark.parametrize(
        ("tag", "canonical"),
        [
            # The codes that the registry prefers to deprecated ones.
            ("iw", "he"), ("in", "id"), ("ji", "yi"), ("jw", "jv"), ("mo", "ro"), ("my-BU", "my-MM"),
            ("de-DD", "de-DE"),
            # The shortest code of a language (ISO 639).
            ("spa", "es"), ("eng", "en"), ("eng-gb", "en-GB"), ("ger", "de"), ("deu", "de"),
            ("zho-Hant-TW", "zh-Hant-TW"),
            # Languages that were tags of more than one part.
            ("zh-yue", "yue"), ("zh-cmn-Hans-CN", "cmn-Hans-CN"), ("i-klingon", "tlh"), ("art-lojban", "jbo"),
            ("zh-min-nan", "nan"), ("en-GB-oed", "en-GB-oxendict"), ("sgn-US", "ase"),
            # Scripts that need no saying.
            ("en-Latn", "en"), ("en-Latn-US", "en-US"), ("ja-Jpan", "ja"),
            ("ja-Latn-hepburn-heploc", "ja-Latn-hepburn-alalc97"), ("en-b-cc-a-bbb", "en-a-bbb-b-cc"),
        ],
    )  # fmt: skip
    def test_any_other_becomes_canonical(self, tag: str, canonical: str) -> None:
        assert checked_language(tag) == canonical
        assert checked_language(canonical) == canonical


class TestRefusals:
    @pytest.mark.parametrize(
        ("tag", "wrong"),
        [
            ("und", "'und' names no language"),
            ("mul", "'mul' names no language"),
            ("zxx-Latn", "'zxx' names no language"),
            ("xx", "'xx' is no language"),
            ("tgl", "'tgl' is no language"),
            ("english", "'english' is no language"),
            ("en-XX", "'xx' is no region"),
            ("en-Abcd", "'abcd' is no script"),
            ("en-posix", "'posix' is no variant"),
            ("en-US-US", "'us' stands in no place"),
            ("de-1901-1901", "a variant stands in it twice"),
            ("en-yue", "'yue' is no language of 'en'"),
            ("i-default", "is registered without a language"),
            ("x-private", "'x' is no language"),
            ("en-a", "an extension stands in it twice or is empty"),
            ("en-a-bb-a-cc", "an extension stands in it twice or is empty"),
            ("en-x", "an extension stands in it twice or is empty"),
            *[
                (tag, "at most 35 characters")
                for tag in ("", "en_US", "en-", "-en", "en--us", "e n", "é", "en\n", 5, None)
            ],
            ("en-x-" + "a" * 8 + "-b" * 20, "at most 35 characters"),
        ],
    )
    def test_what_names_no_language_is_refused_with_what_is_wrong(self, tag: Any, wrong: str) -> None:
        with pytest.raises(ValidationError) as caught:
            checked_language(tag)
        (message,) = caught.value.messages
        assert message.startswith("Must be a language tag such as en, es or pt-BR (BCP 47)")
        assert wrong in message


class TestTexts:
    def test_a_text_is_kept_under_canonical_tags(self) -> None:
        written = {"eng": "Hi", "iw": "Shalom", "zh-tw": "Ni hao", "de-ch-1901": "Hoi"}
        assert TranslatableText().deserialize(written) == {
            "en": "Hi", "de-CH-1901": "Hoi", "he": "Shalom", "zh-TW": "Ni hao",
        }  # fmt: skip

    def test_two_spellings_of_a_tag_are_two_texts_for_one_language(self) -> None:
        with pytest.raises(ValidationError) as caught:
            TranslatableText().deserialize({"en": "Hi", "iw": "Shalom", "he": "Hello"})
        assert caught.value.messages == {"he": ["'he' stands here twice."]}
