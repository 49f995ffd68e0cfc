"""Time machines lost: standing still within a run, and broken down between runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, Sum

from bookings.models import Downtime
from bookings.reports.models import UsageMonth
from bookings.reports.queries.windows import begun_within, spans_by_zone
from bookings.reports.rollup import minutes
from facilities.models import Breakdown, Facility, Machine, Maintenance
from facilities.occupancy.timetables import timetables_of
from facilities.time.hours import local_day
from facilities.time.spans import Span, clipped, intersected, subtracted

MINUTE = timedelta(minutes=1)


def lost_minutes(
    houses: Sequence[Facility], *, first: date, last: date, now: datetime, machine: str = ""
) -> dict[str, int]:
    """Return the minutes lost within signed runs by reason, most first, in one statement."""
    within = begun_within(houses, first, last, now=now, path="run__machine__facility", field="run__started_at")
    rows = Downtime.objects.filter(within, run__signed_at__isnull=False)
    rows = rows.filter(run__machine__slug=machine) if machine else rows
    summed = rows.order_by().values("reason").annotate(lost=Sum("minutes")).order_by("-lost")
    return {row["reason"]: row["lost"] for row in summed}


@dataclass(frozen=True, slots=True)
class Stop:
    """One breakdown as it stood when the month ended, or stands now.

    `minutes` are from its report to its repair or until then, `counted` those of the month's downtime that are its own;
    `is_open` says whether it outlasted the month.
    """

    breakdown: Breakdown
    minutes: int
    counted: int
    is_open: bool


def breakdowns(houses: Sequence[Facility], *, month: date, now: datetime, machine: str = "") -> list[Stop]:
    """Return the breakdowns that touch a month, the latest first; what they count adds up to its downtime."""
    within, windows = Q(pk__in=[]), {}
    for span, ids in spans_by_zone(houses, month, month, now=now):
        open_or_later = Q(closed_at__isnull=True) | Q(closed_at__gt=span.start)
        within |= Q(open_or_later, machine__facility__in=ids, started_at__lt=span.end)
        windows |= dict.fromkeys(ids, Span(span.start, min(span.end, now)) if span.start < now else span)
    rows = Breakdown.objects.filter(within, started_at__lt=now).select_related("machine__facility")
    rows = rows.filter(machine__slug=machine) if machine else rows
    found = list(rows.order_by("started_at", "pk"))
    free = _available({row.machine for row in found}, windows)
    counted = UsageMonth.objects.filter(month=month, machine__in=list(free)).values_list("machine_id", "computed_at")
    summed = {pk: at or now for pk, at in counted}
    return [_stop(row, windows[row.machine.facility_id].end, summed.get(row.machine_id, now), free, now=now) for row in found][::-1]


def _stop(row: Breakdown, end: datetime, summed: datetime, free: dict[int, list[Span]], *, now: datetime) -> Stop:
    """Return a breakdown of a month that ends at `end`, and take the time it counts from what is `free`.

    The figure knows a breakdown that is still open up to the moment it was `summed`, not up to now.
    """
    until = min(row.closed_at or now, end)
    known = [Span(row.started_at, min(until, summed))] if min(until, summed) > row.started_at else []
    lost = minutes(intersected(free[row.machine_id], known))
    free[row.machine_id] = subtracted(free[row.machine_id], known)
    return Stop(row, (until - row.started_at) // MINUTE, lost, row.closed_at is None or row.closed_at > end)


def _available(machines: Collection[Machine], windows: Mapping[int, Span]) -> dict[int, list[Span]]:
    """Return each machine's available time in its window: open, in service, not in planned maintenance."""
    if not machines:
        return {}
    wide = Span(min(w.start for w in windows.values()), max(w.end for w in windows.values()))
    opening = timetables_of({one.facility for one in machines}, wide)
    work = defaultdict(list)
    around = Q(machine__in=[one.pk for one in machines], ends_at__gt=wide.start, starts_at__lt=wide.end)
    for planned in Maintenance.objects.filter(around, cancelled_at__isnull=True):
        work[planned.machine_id].append(Span(planned.starts_at, planned.ends_at))
    found = {}
    for one in machines:
        zone, window = one.facility.zone, windows[one.facility_id]
        start = max(window.start, local_day(one.in_service_from, zone).start)
        end = min(window.end, local_day(one.retired_on, zone).start) if one.retired_on else window.end
        served = clipped(opening[one.facility_id].open, Span(start, end)) if end > start else []
        found[one.pk] = subtracted(served, work[one.pk])
    return found
