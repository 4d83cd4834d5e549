"""Characters that are not seen: names that hold them are found, completed and sorted as they look."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask

from app.search.words import words
from app.shapes.invisible import as_seen, is_seen

Publish = Callable[..., None]
Slugs = Callable[[str], Sequence[str]]

UNSEEN = [
    "\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff",
    "\u034f", "\u200e", "\u202a", "\u115f", "\u180e", "\ufe0f",
    "\U000e0001", "\u061c", "\u3164",
]  # fmt: skip


def exercise(slug: str, name: Any, **more: Any) -> tuple[str, dict[str, Any]]:
    return "exercise", {"slug": slug, "name": name, "type": "stretch", **more}


@pytest.mark.parametrize("unseen", UNSEEN, ids=[f"U+{ord(each):04X}" for each in UNSEEN])
class TestOneOfThem:
    @pytest.mark.one_store
    def test_it_parts_no_words_and_is_none(self, unseen: str) -> None:
        assert words(f"{unseen}Wall{unseen} An{unseen}gel") == ["wall", "angel"]
        assert words(unseen) == []

    @pytest.mark.one_store
    def test_it_is_not_seen(self, unseen: str) -> None:
        assert as_seen(f"Wall{unseen} lean") == "Wall lean"
        assert not is_seen(f" {unseen}\u2800\u3000 {unseen}")
        assert is_seen(f"{unseen}.")


class TestNames:
    def test_they_are_found_by_what_is_seen_and_by_what_was_typed(self, publish: Publish, slugs: Slugs) -> None:
        publish(
            exercise("angel", "Wall an\u00adgel"), exercise("lean", "\u200bLe\u200dan", aliases=["Dou\u2060ble lean"])
        )
        for query in ("angel", "wall angel", "an\u00adgel", "a\u200bngel", "angle"):
            assert slugs(f"/v1/exercises?q={query}") == ["angel"], query
        for query in ("lean", "double lean", "doub"):
            assert slugs(f"/v1/exercises?q={query}") == ["lean"], query

    def test_they_are_completed(self, publish: Publish, app: Flask) -> None:
        publish(exercise("angel", "An\u00adgel"))
        items = app.test_client().get("/v1/suggestions?q=ang").json["items"]  # type: ignore[index]  # it is JSON
        assert [item["slug"] for item in items] == ["angel"]

    def test_they_are_sorted_as_they_are_seen(self, publish: Publish, slugs: Slugs) -> None:
        publish(
            exercise("a", "\u200bAlpha"),
            exercise("b", "Be\u00adta"),
            exercise("c", "Bet\u200dz"),
            exercise("d", "Delta"),
        )
        assert slugs("/v1/exercises") == ["a", "b", "c", "d"]
        assert slugs("/v1/exercises?sort=-name") == ["d", "c", "b", "a"]

    def test_they_are_shown_as_they_were_written(self, publish: Publish, app: Flask) -> None:
        names = ["\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "क्\u200dष", "👩\u200d⚕️ up"]
        publish(*(exercise(f"e{number}", name) for number, name in enumerate(names)))
        shown = [item["name"] for item in app.test_client().get("/v1/exercises?sort=slug").json["items"]]  # type: ignore[index]  # it is JSON
        assert shown == names
