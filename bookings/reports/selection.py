"""What a report was asked for, read from an address."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from bookings.reports.queries import KINDS
from bookings.reports.report import back, earlier
from facilities.errors import BadInput
from facilities.models import Facility

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
HOUSE = "rumah:"
GROUPS = {
    "rumah": "facility",
    "kabupaten-rumah": "house_district",
    "kabupaten-pelaku": "producer_district",
    "jenis": "type",
    "mesin": "machine",
    "bulan": "month",
    "pelaku": "producer",
}
OLDER_GROUPS = {"kabupaten": "kabupaten-rumah"}
"""Words of addresses that people kept."""
MOST_MONTHS = 120


class Unknown(Exception):
    """A house, district or machine that is not there for this person: 404."""


@dataclass(frozen=True, slots=True)
class Area:
    """One choice of the area list: nothing for all, a district's code, or `rumah:<slug>`."""

    value: str
    label: str
    houses: tuple[Facility, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """A month, an area of what the person may read, and the words for both."""

    month: date
    area: Area
    districts: Sequence[Area]
    by_house: Sequence[Area]
    everything: Area

    @property
    def houses(self) -> tuple[Facility, ...]:
        return self.area.houses

    @property
    def query(self) -> str:
        """The address query that asks the same again."""
        return self.query_of(self.area.value)

    def query_of(self, area: str, **more: str) -> str:
        values = {"bulan": f"{self.month:%Y-%m}", "wilayah": area, **more}
        return urlencode({name: value for name, value in values.items() if value})


def read(query: Mapping[str, str], houses: Sequence[Facility], *, default: date, everything: str) -> Selection:
    """Return what was asked. Raises `BadInput` for what cannot be read, `Unknown` for what is not there."""
    by_district: dict[str, list[Facility]] = {}
    for house in houses:
        by_district.setdefault(house.district_id, []).append(house)
    whole = Area("", everything, tuple(houses))
    districts = [Area(code, str(some[0].district), tuple(some)) for code, some in by_district.items()]
    by_house = [Area(f"{HOUSE}{house.slug}", house.name, (house,)) for house in houses]
    known = {area.value: area for area in (whole, *districts, *by_house)}
    area = known.get(query.get("wilayah", ""))
    if area is None:
        raise Unknown
    month = read_month(query.get("bulan", ""), "bulan") or default
    return Selection(month, area, sorted(districts, key=lambda one: one.label), by_house, whole)


def read_month(text: str, field: str) -> date | None:
    """Return the first day of `2026-11`, None of nothing; `BadInput` for anything else."""
    if not text:
        return None
    found = MONTH.fullmatch(text)
    if not found:
        raise BadInput(field, "not_a_month", "Bulan ditulis seperti 2026-11.", "Write the month like 2026-11.")
    return date(int(found[1]), int(found[2]), 1)


def read_months(query: Mapping[str, str], month: date) -> tuple[date, date]:
    """Return first and last month: `dari` and `sampai`, or the one month that was asked for."""
    first = read_month(query.get("dari", ""), "dari") or month
    last = read_month(query.get("sampai", ""), "sampai") or max(month, first)
    if last < first:
        raise BadInput(
            "sampai",
            "ends_before_it_starts",
            "Bulan terakhir sebelum bulan pertama.",
            "The last month is before the first.",
        )
    if back(last, MOST_MONTHS - 1) > first:
        raise BadInput("sampai", "far_too_long", "Paling banyak 120 bulan sekali unduh.", "At most 120 months at once.")
    return first, last


def read_group(text: str) -> str:
    """Return the word of a grouping; `BadInput` for one that does not exist."""
    word = OLDER_GROUPS.get(text, text)
    if word in GROUPS:
        return word
    raise BadInput("menurut", "unknown_group", "Pengelompokan ini tidak ada.", "There is no such grouping.")


def read_groups(text: str) -> list[str]:
    """Return the words of groupings, `rumah,bulan`, each once; `BadInput` for one that does not exist."""
    return [read_group(name) for name in dict.fromkeys(text.split(","))]


def read_kind(text: str) -> str:
    """Return which rows to list; `BadInput` for a list that does not exist."""
    if text in KINDS:
        return text
    raise BadInput("isi", "unknown_list", "Daftar ini tidak ada.", "There is no such list.")


def months_to_choose(first: date | None, today: date) -> list[date]:
    """Return this month and those before it, back to the first counted one, the latest first."""
    this = today.replace(day=1)
    months = [this]
    while first is not None and months[-1] > first and len(months) < MOST_MONTHS:
        months.append(earlier(months[-1]))
    return months
