"""Codes of places and machines for files: what other registers know them by.

A district has two numbers, of Kemendagri and of BPS, that look alike and differ (`facilities/data/districts.csv`). A house
is known by its slug; a machine by its slug and by its code and number in the asset book.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bookings.models import Producer
from facilities.models import District, Facility, Machine

Codes = Mapping[str, Mapping[str, tuple[str, ...]]]


def codes_of(houses: Sequence[Facility], group_by: Sequence[str]) -> Codes:
    """Return codes by dimension and key, in at most one statement for each; houses carry their districts.

    A house: slug, district, Kemendagri, BPS. A machine: slug, asset code, register number, then those of its house.
    A district: Kemendagri, BPS. A producer: their district, Kemendagri, BPS.
    """
    codes: dict[str, dict[str, tuple[str, ...]]] = {}
    of_house = {house.pk: house_codes(house) for house in houses}
    if "facility" in group_by:
        codes["facility"] = {house.slug: of_house[house.pk] for house in houses}
    if "machine" in group_by:
        machines = Machine.objects.filter(facility__in=list(of_house))
        codes["machine"] = {one.slug: (*machine_codes(one), *of_house[one.facility_id]) for one in machines}
    for name in ("district", "house_district", "producer_district"):
        if name in group_by:
            codes[name] = {one.code: (one.code, one.bps_code) for one in District.objects.all()}
    if "producer" in group_by:
        people = Producer.objects.filter(bookings__facility__in=list(of_house)).select_related("district").distinct()
        codes["producer"] = {one.slug: district_codes(one.district) for one in people}
    return codes


def house_codes(house: Facility) -> tuple[str, ...]:
    """Return a house's slug and its district's name and numbers."""
    return (house.slug, *district_codes(house.district))


def district_codes(district: District) -> tuple[str, ...]:
    """Return a district's name, its Kemendagri code and its BPS code."""
    return (str(district), district.code, district.bps_code)


def machine_codes(machine: Machine) -> tuple[str, ...]:
    """Return a machine's slug, and its code and number in the asset book."""
    return (machine.slug, machine.asset_code, machine.register_number)
