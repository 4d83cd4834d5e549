from typing import Any

import pytest

from app.editing.bundle import load_draft
from app.errors import InvalidDrafts
from app.sources.kind import SOURCE
from tests.content.editing import Editor
from tests.content.samples import place, source, term


def faults(**given: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDrafts) as caught:
        load_draft(SOURCE, given)
    return [(fault.place, fault.detail) for fault in caught.value.faults]


class TestTypes:
    @pytest.mark.parametrize(
        ("kind", "field"),
        [("book", "creator"), ("video", "isbn"), ("professional", "authors"), ("online", "profession")],
    )
    def test_a_field_of_another_type_is_refused_with_the_type_s_own(self, kind: str, field: str) -> None:
        (fault,) = faults(slug="s", type=kind, title="T", **{field: "x"})
        assert fault[0] == f"/{field}"
        assert field not in fault[1].removeprefix("Unknown field. Allowed: ").rstrip(".").split(", ")

    @pytest.mark.parametrize("kind", [None, "film", 1, ["book"], {}])
    def test_an_unknown_type_is_refused_with_the_types(self, kind: Any) -> None:
        assert faults(slug="s", type=kind, title="T") == [
            ("/type", "Must be one of: book, video, professional, online.")
        ]

    def test_a_page_is_not_read_before_it_came_out(self) -> None:
        found = faults(slug="s", type="online", title="T", published_on="2026-01-02", accessed_on="2026-01-01")
        assert found == [("/accessed_on", "Must not be before published_on.")]


class TestDocuments:
    def test_each_type_shows_its_own_fields_and_no_other_s(self, editor: Editor) -> None:
        editor.publish(
            vocabularies=[term("yoga", "services")],
            places=[place("here")],
            sources=[
                source("b", authors=["A", "B"], year=1980, isbn="0-13-110362-8"),
                source("v", "video", duration_seconds=90),
                source("p", "professional", services=["yoga"], places=["here"]),
                source("o", "online", accessed_on="2026-01-01"),
            ],
        )
        shared = {"kind", "id", "slug", "former_slugs", "language", "type", "title", "summary", "url",
                  "citations_count", "revision", "published_at", "links"}  # fmt: skip
        own = {
            "b": {"authors": ["A", "B"], "publisher": None, "year": 1980, "isbn": "9780131103627", "edition": None},
            "v": {"creator": None, "platform": None, "duration_seconds": 90, "published_on": None},
            "p": {
                "profession": None, "organisation": None, "credentials": None,
                "services": [{"slug": "yoga", "name": "Yoga"}], "places": [{"slug": "here", "name": "Here"}],
            },
            "o": {"publisher": None, "published_on": None, "accessed_on": "2026-01-01"},
        }  # fmt: skip
        for slug, fields in own.items():
            document = editor.document("source", slug)
            assert {name: value for name, value in document.items() if name not in shared} == fields
