"""When in the week the machines run, from one month's raw rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from bookings.models import Run
from bookings.reports.heat import HOURS_A_WEEK, added, by_hour_of_week
from bookings.reports.queries.windows import months_span
from facilities.models import Facility, Machine, Maintenance
from facilities.occupancy.timetables import timetables_of
from facilities.time.hours import local_day
from facilities.time.spans import Span, clipped, intersected, subtracted


@dataclass(frozen=True, slots=True)
class Week:
    """Minutes by hour of the week (168, Monday 00.00 first), on each house's own clock: run, and available."""

    run: list[int]
    available: list[int]


def week_of(houses: Sequence[Facility], *, month: date, now: datetime, machine: str = "") -> Week:
    """Return when the machines of the houses ran and could have run in a month, in five statements."""
    run = available = [0] * HOURS_A_WEEK
    windows = {house.pk: window for house in houses if (window := months_span(house, month, month, now=now))}
    if not windows:
        return Week(run, available)
    machines = Machine.objects.filter(facility__in=list(windows))
    by_house: dict[int, list[Machine]] = defaultdict(list)
    for one in machines.filter(slug=machine) if machine else machines:
        by_house[one.facility_id].append(one)
    wide = Span(min(w.start for w in windows.values()), max(w.end for w in windows.values()))
    counted = [house for house in houses if house.pk in by_house]
    opening = timetables_of(counted, wide)
    ran, work = _runs(by_house, wide), _maintenance(by_house, wide)
    for house in counted:
        window, ids = windows[house.pk], by_house[house.pk]
        spans = [span for one in ids for span in clipped(ran[one.pk], window)]
        run = added(run, by_hour_of_week(spans, house.zone))
        open_ = clipped(opening[house.pk].open, window)
        available = added(available, _available(ids, open_, work, house, wide))
    return Week(run, available)


def _available(
    machines: Sequence[Machine], open_: list[Span], work: dict[int, list[Span]], house: Facility, wide: Span
) -> list[int]:
    """Return the machines' available minutes; those that had nothing special share one count."""
    ordinary, total = 0, [0] * HOURS_A_WEEK
    for machine in machines:
        since = local_day(machine.in_service_from, house.zone).start
        until = local_day(machine.retired_on, house.zone).start if machine.retired_on else None
        if since <= wide.start and until is None and not work[machine.pk]:
            ordinary += 1
            continue
        end = min(until or wide.end, wide.end)
        service = [Span(max(since, wide.start), end)] if end > max(since, wide.start) else []
        total = added(total, by_hour_of_week(subtracted(intersected(open_, service), work[machine.pk]), house.zone))
    return added(total, by_hour_of_week(open_, house.zone), ordinary)


def _runs(by_house: dict[int, list[Machine]], wide: Span) -> dict[int, list[Span]]:
    rows = Run.objects.filter(
        _of(by_house), signed_at__isnull=False, started_at__gt=wide.start - timedelta(days=3), started_at__lt=wide.end
    )
    return _spans(rows.values_list("machine_id", "started_at", "stopped_at"))


def _maintenance(by_house: dict[int, list[Machine]], wide: Span) -> dict[int, list[Span]]:
    rows = Maintenance.objects.filter(
        _of(by_house), cancelled_at__isnull=True, ends_at__gt=wide.start, starts_at__lt=wide.end
    )
    return _spans(rows.values_list("machine_id", "starts_at", "ends_at"))


def _of(by_house: dict[int, list[Machine]]) -> Q:
    return Q(machine__in=[machine.pk for machines in by_house.values() for machine in machines])


def _spans(rows) -> dict[int, list[Span]]:  # type: ignore[no-untyped-def]
    spans: dict[int, list[Span]] = defaultdict(list)
    for machine_id, start, end in rows:
        spans[machine_id].append(Span(start, end))
    return spans
