"""Stored months added up, by anything: a handful of statements whatever the span and the number of machines."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Model, Q, QuerySet, Sum

from bookings.models import Producer
from bookings.reports.indicators import COLUMNS, Sums, figure, why_missing
from bookings.reports.models import ProducerMonth, UsageMonth
from bookings.reports.naming import machine_name
from bookings.reports.rollup import SHARED
from facilities.access import Person, duties_of, reportable_facilities
from facilities.catalogue.wording import type_word
from facilities.models import District, Facility, Machine

PATHS = {
    "month": "month",
    "machine": "machine_id",
    "type": "machine__type_id",
    "facility": "machine__facility_id",
    "house_district": "machine__facility__district_id",
    "producer_district": "producer__district_id",
    "producer": "producer_id",
    "district": "machine__facility__district_id",
}
"""What sums can be grouped by. A district is that of the house, or that of the producer; plain `district`, as
scripts of earlier versions say it, is that of the house."""
DIMENSIONS = tuple(PATHS)
OF_PRODUCERS = frozenset({"producer", "producer_district"})
Labels = Mapping[str, Mapping[object, tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class UsageRow:
    """One group's sums. `keys` and `labels` name the group: dimension → slug or code, and words.

    `producers` counts each producer served once; None where nobody reported. `machines`
    is how many have a sum. Of producers, or of a district's, there is no available time and no downtime.
    """

    keys: Mapping[str, str]
    labels: Mapping[str, str]
    sums: Sums
    producers: int | None
    machines: int
    is_of_producers: bool = False

    @property
    def label(self) -> str:
        return ", ".join(self.labels.values())

    @property
    def key(self) -> str:
        return "/".join(self.keys.values())

    def why_missing(self, key: str, *, has_begun: bool = True) -> str | None:
        """Return the code of why a figure of this group has no value, None when it has one."""
        return why_missing(key, self.sums, has_begun=has_begun, of_producer=self.is_of_producers)

    def figure(self, key: str) -> float | int | None:
        """Return a figure of this group; None, never zero, where `why_missing` has a reason."""
        return None if self.why_missing(key) else figure(key, self.sums, self.producers)


def usage(
    user: Person,
    *,
    first: date,
    last: date,
    group_by: Sequence[str] = ("facility",),
    facility: str = "",
    district: str = "",
    producer_district: str = "",
    machine: str = "",
    type: str = "",
) -> list[UsageRow]:
    """Return sums of the months `first` to `last` (both included) for what a person may read, grouped.

    `group_by` names any of `DIMENSIONS`, in order; none at all gives one total row. Filters
    are slugs, for a district (of the house, of the producers) its code; empty ones match all. Houses and machines
    that nobody counted are there too, when they are the only dimension. A stranger gets no rows.
    """
    houses = [
        house
        for house in readable_houses(user, producer_district=producer_district)
        if facility in ("", house.slug) and district in ("", house.district_id)
    ]
    return sums_by(
        houses, first=first, last=last, group_by=group_by, machine=machine, type=type, producer_district=producer_district
    )


def readable_houses(user: Person, *, producer_district: str = "") -> list[Facility]:
    """Return the houses of whose use by a district's producers a person may read sums, by name.

    A district's own office reads those of its producers in every house. All others, and rows, are of the houses
    whose reports a person may read.
    """
    if producer_district and producer_district in duties_of(user).districts:
        return list(Facility.objects.select_related("district").order_by("name_key"))
    return reportable_houses(user)


def reportable_houses(user: Person) -> list[Facility]:
    """Return the houses whose reports a person may read, by name, with their districts."""
    scope = reportable_facilities(user)
    return [] if scope is None else list(Facility.objects.filter(scope).select_related("district").order_by("name_key"))


def is_there(houses: Sequence[Facility], *, machine: str = "", type: str = "") -> bool:
    """Return whether the houses have a machine of that slug, and of that type: else there is nothing to sum, not zero."""
    found = Machine.objects.filter(facility__in=[house.pk for house in houses])
    found = found.filter(slug=machine) if machine else found
    found = found.filter(type__slug=type.lower()) if type else found
    return not (machine or type) or found.exists()


def sums_by(
    houses: Sequence[Facility],
    *,
    first: date,
    last: date,
    group_by: Sequence[str] = (),
    machine: str = "",
    type: str = "",
    producer_district: str = "",
    of_producers: bool = False,
) -> list[UsageRow]:
    """Return `usage` of houses whose right to be read has been checked, in at most four statements.

    `of_producers`: of producers' shares, though no grouping or filter asks for them.
    """
    if not houses:
        return []
    where = Q(month__gte=first.replace(day=1), month__lte=last, machine__facility__in=[h.pk for h in houses])
    where &= Q(machine__slug=machine) if machine else Q()
    where &= Q(machine__type__slug=type.lower()) if type else Q()
    paths = [PATHS[name] for name in group_by]
    of_producers = of_producers or bool(producer_district) or not OF_PRODUCERS.isdisjoint(group_by)
    shares = where & Q(producer__district=producer_district) if producer_district else where
    sums = _sums(shares, paths, of_producers=of_producers)
    people = _people(shares, paths)
    labels = _labels(houses, group_by, sums)
    found = [_row(group_by, key, (*sums[key], people.get(key, 0)), labels, of_producers=of_producers) for key in sums]
    if of_producers:
        return sorted(found, key=_order)
    found += _uncounted(houses, group_by, sums, labels, first=first, last=last, of=(machine, type))
    return sorted(found, key=_order)


def total_of(
    houses: Sequence[Facility], *, group_by: Sequence[str], of_producers: bool = False, **asked: Any
) -> UsageRow | None:
    """Return what the rows of `sums_by` come to, each producer counted once, in at most two statements."""
    of_producers = of_producers or not OF_PRODUCERS.isdisjoint(group_by)
    return next(iter(sums_by(houses, group_by=[], of_producers=of_producers, **asked)), None)


def _sums(where: Q, paths: Sequence[str], *, of_producers: bool) -> dict[tuple[object, ...], tuple[Sums, int]]:
    """Return each group's sums and number of machines, in one statement."""
    names = (*SHARED, "booked", "unreported") if of_producers else COLUMNS
    rows: QuerySet[Model] = (ProducerMonth if of_producers else UsageMonth).objects.filter(where)
    fields = {f"sum_{name}": Sum(name) for name in names}
    totals = {**fields, "rows": Count("pk"), "machines": Count("machine", distinct=True)}
    if paths:
        answers: Iterable[Mapping[str, object]] = rows.order_by().values(*paths).annotate(**totals)
    else:
        answers = [rows.aggregate(**totals)]
    found = {}
    for answer in answers:
        counts = {name: answer[f"sum_{name}"] or 0 for name in names}
        found[tuple(answer[path] for path in paths)] = (Sums(**counts, cells=answer["rows"]), answer["machines"])
    return found  # type: ignore[return-value]


def _people(where: Q, paths: Sequence[str]) -> dict[tuple[object, ...], int]:
    """Return how many different producers each group served, in one statement."""
    rows = ProducerMonth.objects.filter(where, services__gt=0).order_by()
    if not paths:
        return {(): rows.aggregate(n=Count("producer", distinct=True))["n"]}
    counted = rows.values(*paths).annotate(n=Count("producer", distinct=True))
    return {tuple(answer[path] for path in paths): answer["n"] for answer in counted}


def _labels(houses: Sequence[Facility], group_by: Sequence[str], groups: Iterable[tuple[object, ...]]) -> Labels:
    """Return slug and words of everything a group can be named by, in at most one statement per dimension."""
    labels: dict[str, dict[object, tuple[str, str]]] = {
        "facility": {house.pk: (house.slug, house.name) for house in houses},
        "district": {house.district_id: (house.district_id, str(house.district)) for house in houses},
    }
    labels["house_district"] = labels["district"]
    if "producer_district" in group_by:
        labels["producer_district"] = {one.code: (one.code, str(one)) for one in District.objects.all()}
    if "machine" in group_by or "type" in group_by:
        machines = Machine.objects.filter(facility__in=[h.pk for h in houses]).select_related("type", "facility")
        labels["machine"], labels["type"] = {}, {}
        for one in machines:
            labels["machine"][one.pk] = (
                one.slug,
                machine_name(one.name, one.facility.name, among_houses=len(houses) > 1),
            )
            labels["type"][one.type_id] = (one.type.slug, type_word(one.type))
    if "producer" in group_by:
        place = list(group_by).index("producer")
        rows = Producer.objects.filter(pk__in={key[place] for key in groups}).values_list("pk", "slug", "name")
        labels["producer"] = {pk: (slug, name) for pk, slug, name in rows}
    return labels


def _row(
    group_by: Sequence[str],
    key: Sequence[object],
    counted: tuple[Sums, int, int],
    labels: Labels,
    *,
    of_producers: bool = False,
) -> UsageRow:
    sums, machines, people = counted
    named = {name: _named(name, value, labels) for name, value in zip(group_by, key, strict=True)}
    return UsageRow(
        keys={name: key for name, (key, _) in named.items()},
        labels={name: label for name, (_, label) in named.items()},
        sums=sums,
        producers=people if sums.is_reported else None,
        machines=machines,
        is_of_producers=of_producers,
    )


def _named(dimension: str, value: object, labels: Labels) -> tuple[str, str]:
    if dimension == "month":
        return (f"{value:%Y-%m}", f"{value:%Y-%m}")
    return labels[dimension][value]


def _uncounted(
    houses: Sequence[Facility],
    group_by: Sequence[str],
    counted: Collection[tuple[object, ...]],
    labels: Labels,
    *,
    first: date,
    last: date,
    of: tuple[str, str],
) -> list[UsageRow]:
    """Return rows for months, places and machines in service that have no sums: a gap is told, never left out."""
    if list(group_by) == ["machine"]:
        have = {key[0] for key in counted}
        missing = _in_service([pk for pk in labels["machine"] if pk not in have], last=last, of=of)
        return [_row(group_by, (pk,), (Sums(), 0, 0), labels) for pk in missing]
    if not group_by or not set(group_by) <= KNOWN or (any(of) and list(group_by) != ["month"]):
        return []
    months = _months(first, last) if "month" in group_by else [last]
    places = [{"facility": h.pk, "district": h.district_id, "house_district": h.district_id} for h in houses]
    members = ({"month": month, **place} for month in months for place in places)
    wanted = dict.fromkeys(tuple(one[name] for name in group_by) for one in members)
    return [_row(group_by, key, (Sums(), 0, 0), labels) for key in wanted if key not in counted]


KNOWN = {"month", "facility", "district", "house_district"}
"""Dimensions whose members are known without sums; of machines, only those in service are missed."""


def _months(first: date, last: date) -> list[date]:
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _in_service(ids: Sequence[object], *, last: date, of: tuple[str, str]) -> list[object]:
    if not ids:
        return []
    machine, kind = of
    rows = Machine.objects.filter(pk__in=ids, in_service_from__lte=last, retired_on__isnull=True)
    rows = rows.filter(slug=machine) if machine else rows
    return list((rows.filter(type__slug=kind.lower()) if kind else rows).values_list("pk", flat=True))


def _order(row: UsageRow) -> tuple[str, ...]:
    return tuple(part for name in row.keys for part in (row.labels[name], row.keys[name]))


def first_month(houses: Sequence[Facility]) -> date | None:
    """Return the first month that was counted, in one statement that walks the index by month."""
    cells = UsageMonth.objects.filter(machine__facility__in=[house.pk for house in houses])
    return cells.order_by("month").values_list("month", flat=True).first()


def counted_at(houses: Sequence[Facility], month: date) -> datetime | None:
    """Return when a month's sums were last made, in one statement; None when nobody counted it."""
    cells = UsageMonth.objects.filter(month=month, machine__facility__in=[house.pk for house in houses])
    latest: datetime | None = cells.aggregate(latest=Max("computed_at"))["latest"]
    return latest
