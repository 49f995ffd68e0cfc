"""How far apart two places are, as the crow flies. Pure."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0


def straight_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> int:
    """Return the great-circle distance in whole kilometres. Roads are longer: say so where it is shown."""
    north, other_north = radians(latitude), radians(other_latitude)
    across = sin((other_north - north) / 2) ** 2
    along = cos(north) * cos(other_north) * sin(radians(other_longitude - longitude) / 2) ** 2
    return round(2 * EARTH_KM * asin(sqrt(min(1.0, across + along))))
