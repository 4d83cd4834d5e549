from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.search.distance import Near, bounding_box, great_circle_metres

Publish = Callable[..., None]
Slugs = Callable[[str], Sequence[str]]

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)


def place(slug: str, latitude: float, longitude: float, **more: Any) -> tuple[str, dict[str, Any]]:
    draft = {"slug": slug, "name": slug, "type": "clinic", "latitude": latitude, "longitude": longitude, **more}
    return "place", draft


PLACES = (
    place("london", 51.5074, -0.1278),
    place("paris", 48.8566, 2.3522),
    place("fiji-east", -17.0, -179.9),
    place("fiji-west", -17.0, 179.9),
    place("far-north", 89.9, 0.0),
    place("far-north-beyond", 89.9, 180.0),
    place("south-pole", -90.0, 0.0),
)
NOWHERE = ("place", {"slug": "nowhere", "name": "Nowhere", "type": "online-directory"})


class TestDistance:
    def test_the_nearest_come_first_and_only_what_has_coordinates(self, publish: Publish, slugs: Slugs) -> None:
        publish(*PLACES, NOWHERE)
        found = slugs("/v1/places?near=51,0")
        assert found[:2] == ["london", "paris"]
        assert set(found) == {draft["slug"] for _, draft in PLACES}
        assert "nowhere" in slugs("/v1/places")

    @pytest.mark.parametrize(
        ("near", "radius", "expected"),
        [
            ("51.5,-0.12", 50, ["london"]),
            ("51.5,-0.12", 345, ["london", "paris"]),
            ("51.5,-0.12", 340, ["london"]),
            ("-17,180", 20, ["fiji-east", "fiji-west"]),
            ("-17,-179.95", 40, ["fiji-east", "fiji-west"]),
            ("-17,179.95", 10, ["fiji-west"]),
            ("90,77", 12, ["far-north", "far-north-beyond"]),
            ("89.95,0", 20, ["far-north", "far-north-beyond"]),
            ("-89.99,120", 2, ["south-pole"]),
        ],
    )
    def test_a_radius_holds_over_the_date_line_and_at_the_poles(
        self, publish: Publish, slugs: Slugs, near: str, radius: float, expected: list[str]
    ) -> None:
        publish(*PLACES, NOWHERE)
        assert slugs(f"/v1/places?near={near}&radius_km={radius}") == expected

    def test_pages_by_distance_hold_each_once(self, app: Flask, publish: Publish, slugs: Slugs) -> None:
        publish(*PLACES)
        whole, seen = slugs("/v1/places?near=10,10"), list[str]()
        cursor: str | None = ""
        while cursor is not None:
            page = app.test_client().get(f"/v1/places?near=10,10&limit=2{cursor and '&cursor=' + cursor}").json
            assert page is not None
            seen += [each["slug"] for each in page["items"]]
            cursor = page["page"]["next"]
        assert seen == whole

    @pytest.mark.parametrize(
        "query", ["near=91,0", "near=0,181", "near=nan,0", "near=1", "near=1,2,3", "near=", "near=1,2&radius_km=0"]
    )
    def test_what_is_no_point_is_422(self, app: Flask, query: str) -> None:
        assert app.test_client().get(f"/v1/places?{query}").status_code == 422

    def test_a_radius_needs_a_point(self, app: Flask) -> None:
        assert app.test_client().get("/v1/places?radius_km=5").status_code == 422


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES, st.floats(0.001, 20_000))
def test_nothing_within_the_radius_is_outside_the_box(
    latitude: float, longitude: float, other_latitude: float, other_longitude: float, radius: float
) -> None:
    if great_circle_metres(latitude, longitude, other_latitude, other_longitude) > radius * 1000 - 1:
        return
    box = bounding_box(Near(latitude, longitude), radius)
    assert box.south <= other_latitude <= box.north
    assert not box.longitudes or any(west <= other_longitude <= east for west, east in box.longitudes)


@pytest.mark.parametrize(
    ("points", "kilometres"),
    [
        ((0, 0, 0, 180), 20015.1),
        ((90, 0, -90, 0), 20015.1),
        ((51.5074, -0.1278, 48.8566, 2.3522), 343.6),
        ((1, 1, 1, 1), 0),
    ],
)
def test_great_circles_have_their_known_lengths(points: tuple[float, float, float, float], kilometres: float) -> None:
    assert great_circle_metres(*points) / 1000 == pytest.approx(kilometres, abs=0.1)
