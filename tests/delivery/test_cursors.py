import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.delivery.cursors import decode, encode, fingerprint
from app.errors import MalformedCursor

LIST = fingerprint("exercises", {"region": ["neck"]}, "name")


def cursor_of(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


class TestCursors:
    @given(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40),
            min_size=1,
            max_size=4,
        )
    )
    def test_a_position_comes_back(self, position: list[str]) -> None:
        assert list(decode(encode(LIST, position), LIST, len(position))) == position

    def test_a_cursor_needs_no_escaping_in_an_address(self) -> None:
        assert set(encode(LIST, ["ÿ?>~é💪", "a"])) <= set(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        )

    def test_a_cursor_of_another_list_is_refused_as_such(self) -> None:
        other = fingerprint("exercises", {"region": ["chest"]}, "name")
        with pytest.raises(MalformedCursor, match="belongs to a list with other filters or another order"):
            decode(encode(other, ["a", "b"]), LIST, 2)

    def test_the_order_and_the_filters_make_the_list(self) -> None:
        assert len({fingerprint("a", {}, "name"), fingerprint("a", {}, "-name"), fingerprint("b", {}, "name")}) == 3

    @pytest.mark.parametrize(
        "cursor",
        [
            "", "!", "a", "é", "x" * 3000, "AA", "bnVsbA", cursor_of(None), cursor_of({}), cursor_of("text"),
            cursor_of([LIST]), cursor_of([LIST, "a"]), cursor_of([LIST, "a", "b", "c"]), cursor_of([LIST, 1, "b"]),
            cursor_of([LIST, None, "b"]), cursor_of([LIST, "a\0", "b"]), cursor_of([LIST, "\ud800", "b"]),
            cursor_of([LIST, ["a"], "b"]), "W1" * 900,
        ],
    )  # fmt: skip
    def test_what_is_no_cursor_is_refused(self, cursor: str) -> None:
        with pytest.raises(MalformedCursor):
            decode(cursor, LIST, 2)

    @given(st.text(max_size=80))
    def test_no_text_is_any_other_error(self, cursor: str) -> None:
        with pytest.raises(MalformedCursor):
            decode(cursor, LIST, 2)
