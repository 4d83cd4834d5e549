import pytest

from app.shapes.nearest import did_you_mean

POSITIONS = ("standing", "seated", "supine", "prone", "side-lying", "kneeling", "half-kneeling", "all-fours")


class TestDidYouMean:
    @pytest.mark.parametrize(
        ("word", "allowed", "meant"),
        [
            ("round-shoulders", ("rounded-shoulders", "rounded-back"), "rounded-shoulders"),
            ("standng", POSITIONS, "standing"),
            ("Standing", POSITIONS, "standing"),
            ("half_kneeling", POSITIONS, "half-kneeling"),
            ("breth", ("breathing", "cue", "instruction"), "breathing"),
            ("uper-back", ("upper-back", "lower-back"), "upper-back"),
        ],
    )
    def test_the_nearest_allowed_word_is_named(self, word: str, allowed: tuple[str, ...], meant: str) -> None:
        assert did_you_mean(word, allowed) == f" Did you mean '{meant}'?"

    @pytest.mark.parametrize("word", ["sitting", "lying", "x", "", "standing" * 100, "💪"])
    def test_what_is_like_none_gets_no_advice(self, word: str) -> None:
        assert did_you_mean(word, POSITIONS) == ""

    def test_nothing_is_meant_where_nothing_is_allowed(self) -> None:
        assert did_you_mean("neck", ()) == ""
