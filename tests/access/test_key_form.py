import hashlib
import string

from hypothesis import given
from hypothesis import strategies as st

from app.access.keys import ALPHABET, SECRET_LENGTH, make_key, parse_key

KEY = make_key()


class TestForm:
    def test_a_key_is_a_prefix_an_id_and_a_secret_with_a_checksum(self) -> None:
        prefix, identifier, rest = KEY.text.split("_")
        assert (prefix, identifier) == ("lim", KEY.id)
        assert len(rest) == 32 + 6
        assert set(identifier + rest) <= set(string.ascii_letters + string.digits)

    def test_the_secret_has_128_bits_or_more(self) -> None:
        assert len(ALPHABET) ** SECRET_LENGTH > 2**128

    def test_no_two_keys_are_alike(self) -> None:
        assert len({make_key().text for _ in range(500)}) == 500

    def test_what_is_stored_is_the_sha_256_of_the_whole_key(self) -> None:
        assert KEY.digest == hashlib.sha256(KEY.text.encode()).hexdigest()
        assert KEY.matches(KEY.digest)
        assert not KEY.matches(make_key().digest)


class TestParsing:
    def test_a_key_is_read_back(self) -> None:
        assert parse_key(KEY.text) == KEY

    @given(st.integers(0, len(KEY.text) - 1), st.characters())
    def test_any_one_wrong_character_is_told_without_a_database(self, place: int, character: str) -> None:
        text = KEY.text[:place] + character + KEY.text[place + 1 :]
        assert (parse_key(text) is not None) == (text == KEY.text)

    @given(st.integers(0, len(KEY.text) - 2))
    def test_two_swapped_characters_are_told(self, place: int) -> None:
        text = KEY.text[:place] + KEY.text[place + 1] + KEY.text[place] + KEY.text[place + 2 :]
        assert (parse_key(text) is not None) == (text == KEY.text)

    @given(st.text())
    def test_other_texts_are_no_keys(self, text: str) -> None:
        assert parse_key(text) is None
