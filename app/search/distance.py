"""Places by distance: first an indexed bounding box around the point, then the exact great-circle distance."""

from dataclasses import dataclass
from math import asin, cos, degrees, radians, sin, sqrt
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Float, Integer, and_, cast, func, literal, or_, select, true

from app.columns.ids import Ids, Numbers
from app.models.tables import location

EARTH_RADIUS_KM = 6371.0088
"""The mean radius (IUGG)."""

MARGIN_DEGREES = 1e-9
"""Added to the box, so that rounding never leaves out what is on its edge."""


@dataclass(frozen=True)
class Near:
    """A point in decimal degrees (WGS 84), and the radius to search, in kilometres; without a radius, everywhere."""

    latitude: float
    longitude: float
    radius_km: float | None = None


@dataclass(frozen=True)
class Box:
    """Latitudes from `south` to `north`, and ranges of longitudes, in degrees. Without a range, every longitude."""

    south: float
    north: float
    longitudes: tuple[tuple[float, float], ...]


def great_circle_metres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> int:
    """The distance of two points in whole metres, by the haversine formula."""
    across = sin(radians(other_longitude - longitude) / 2) ** 2
    half = sin(radians(other_latitude - latitude) / 2) ** 2
    half += cos(radians(latitude)) * cos(radians(other_latitude)) * across
    return round(2000 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, half))))


def bounding_box(near: Near, radius_km: float) -> Box:
    """The box around a circle: every longitude if the circle holds a pole, two ranges if it crosses the date line."""
    angle = radius_km / EARTH_RADIUS_KM
    south = near.latitude - degrees(angle) - MARGIN_DEGREES
    north = near.latitude + degrees(angle) + MARGIN_DEGREES
    if south <= -90 or north >= 90:
        return Box(max(south, -90), min(north, 90), ())
    spread = degrees(asin(min(1.0, sin(angle) / cos(radians(near.latitude))))) + MARGIN_DEGREES
    west, east = near.longitude - spread, near.longitude + spread
    if west < -180:
        return Box(south, north, ((-180, east), (west + 360, 180)))
    if east > 180:
        return Box(south, north, ((west, 180), (-180, east - 360)))
    return Box(south, north, ((west, east),))


@dataclass(frozen=True)
class Distances:
    """Entities by ascending id, and the distance of each in metres."""

    entity_ids: Ids
    metres: Numbers


def nearest(connection: Connection, near: Near) -> Distances:
    """The entities within the radius, in one query."""
    metres = _metres(connection, near)
    statement = select(location.c.entity_id, metres.label("metres"))
    if near.radius_km is not None:
        within = statement.where(_in_box(bounding_box(near, near.radius_km))).subquery("in_box")
        statement = select(within.c.entity_id, within.c.metres).where(within.c.metres <= near.radius_km * 1000)
    rows = connection.execute(statement.order_by("entity_id")).all()
    entity_ids = np.array([row.entity_id for row in rows], np.int64)
    return Distances(entity_ids, np.array([row.metres for row in rows], np.int32))


def _in_box(box: Box) -> ColumnElement[bool]:
    ranges = [location.c.longitude.between(west, east) for west, east in box.longitudes]
    return and_(location.c.latitude.between(box.south, box.north), or_(*ranges) if ranges else true())


def _metres(connection: Connection, near: Near) -> ColumnElement[Any]:
    if connection.dialect.name == "sqlite":
        # Not every SQLite is built with trigonometry.
        driver: Any = connection.connection.driver_connection
        driver.create_function("great_circle_metres", 4, great_circle_metres, deterministic=True)
        return func.great_circle_metres(
            near.latitude, near.longitude, location.c.latitude, location.c.longitude, type_=Integer
        )
    latitude, longitude = (literal(value, Float) for value in (near.latitude, near.longitude))
    across = func.power(func.sin(func.radians(location.c.longitude - longitude) / 2), 2)
    half: ColumnElement[Any] = func.power(func.sin(func.radians(location.c.latitude - latitude) / 2), 2)
    half = half + func.cos(func.radians(latitude)) * func.cos(func.radians(location.c.latitude)) * across
    return cast(func.round(2000 * EARTH_RADIUS_KM * func.asin(func.sqrt(func.least(1.0, half)))), Integer)
