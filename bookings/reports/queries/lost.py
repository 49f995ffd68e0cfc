"""Time machines lost: standing still within a run, and broken down between runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, Sum

from bookings.models import Downtime
from bookings.reports.queries.windows import begun_within, spans_by_zone
from facilities.models import Breakdown, Facility


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
    """One breakdown, its minutes from report to repair or until now, and whether it outlasted the month that is shown."""

    breakdown: Breakdown
    minutes: int
    is_open: bool


def breakdowns(houses: Sequence[Facility], *, month: date, now: datetime, machine: str = "") -> list[Stop]:
    """Return the breakdowns that touch a month, the latest first, in one statement."""
    within = Q(pk__in=[])
    for span, ids in spans_by_zone(houses, month, month, now=now):
        open_or_later = Q(closed_at__isnull=True) | Q(closed_at__gt=span.start)
        within |= Q(open_or_later, machine__facility__in=ids, started_at__lt=span.end)
    rows = Breakdown.objects.filter(within).select_related("machine__facility").order_by("-started_at")
    rows = rows.filter(machine__slug=machine) if machine else rows
    ends = {house: min(span.end, now) for span, ids in spans_by_zone(houses, month, month, now=now) for house in ids}
    return [_stop(row, ends[row.machine.facility_id], now) for row in rows]


def _stop(row: Breakdown, end: datetime, now: datetime) -> Stop:
    lasted = ((row.closed_at or now) - row.started_at) // timedelta(minutes=1)
    return Stop(row, lasted, row.closed_at is None or row.closed_at > end)
