"""How far apart two places are, as the crow flies."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from math import asin, cos, radians, sin, sqrt
from typing import Any

from facilities.facts import facts

EARTH_KM = 6371.0


def straight_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> int:
    """Return the great-circle distance in whole kilometres. Roads are longer: say so where it is shown."""
    north, other_north = radians(latitude), radians(other_latitude)
    across = sin((other_north - north) / 2) ** 2
    along = cos(north) * cos(other_north) * sin(radians(other_longitude - longitude) / 2) ** 2
    return round(2 * EARTH_KM * asin(sqrt(min(1.0, across + along))))


def kilometres_to(houses: Iterable[Any], latitude: float, longitude: float) -> dict[int, int]:
    """Return the distance from a point to each house, by its id."""
    known = {house.pk: house for house in houses}
    return {pk: straight_km(latitude, longitude, one.latitude, one.longitude) for pk, one in known.items()}


def kilometres_from(district: str, house: Any) -> int | None:
    """Return how far a house is from a district, by its code; None where nobody knows where that is."""
    origin = origin_of(district, [house])
    return straight_km(*origin, house.latitude, house.longitude) if origin else None


def origin_of(district: str, houses: Iterable[Any]) -> tuple[float, float] | None:
    """Return where a district is, by its code: as a house there knows it, else as the facts do; None for none."""
    if not district:
        return None
    there = next((house.district for house in houses if house.district_id == district), None)
    return (there.latitude, there.longitude) if there else _from_facts().get(district)


@cache
def _from_facts() -> dict[str, tuple[float, float]]:
    return {row["code"]: (float(row["lat"]), float(row["lon"])) for row in facts("districts")}
