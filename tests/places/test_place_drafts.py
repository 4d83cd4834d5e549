from typing import Any

import pytest

from app.editing.bundle import load_draft
from app.errors import InvalidDrafts
from app.places.kind import PLACE
from tests.content.editing import Editor
from tests.content.samples import place


class TestCoordinates:
    @pytest.mark.parametrize(("given", "missing"), [("latitude", "longitude"), ("longitude", "latitude")])
    def test_one_alone_is_refused_at_the_one_that_is_missing(self, given: str, missing: str) -> None:
        with pytest.raises(InvalidDrafts) as caught:
            load_draft(PLACE, place("p", **{given: 1.5}))
        (fault,) = caught.value.faults
        assert (fault.place, fault.detail) == (f"/{missing}", f"Must be given with {given}.")

    def test_the_null_island_is_a_place(self, editor: Editor) -> None:
        editor.publish(places=[place("p", latitude=0, longitude=0)])
        document = editor.document("place", "p")
        assert (document["latitude"], document["longitude"]) == (0.0, 0.0)


class TestAddress:
    @pytest.mark.parametrize(
        ("address", "shown"),
        [
            (None, None),
            ({}, None),
            (
                {"country": "GB"},
                {"street": None, "locality": None, "region": None, "postal_code": None, "country": "GB"},
            ),
        ],
    )
    def test_an_address_is_shown_whole_or_not_at_all(self, editor: Editor, address: Any, shown: Any) -> None:
        editor.publish(places=[place("p", **({} if address is None else {"address": address}))])
        assert editor.document("place", "p")["address"] == shown
