"""Reads of machines' time for a decision: calendars to the instant, and the starts that they allow. Nothing here names a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import itemgetter

from django.db.models import DateTimeField, Value

from facilities.models import Breakdown, Machine, Occupancy
from facilities.occupancy.on_duty import OnDuty, on_duty
from facilities.occupancy.timetables import timetables_of
from facilities.occupancy.writing import held_block
from facilities.time.calendars import Blocked, Calendar, Job, Roster, nearest_starts
from facilities.time.hours import local_date, local_day
from facilities.time.spans import Span


def calendars(machines: Sequence[Machine], window: Span, *, except_: int | None = None) -> dict[int, Calendar]:
    """Return each machine's calendar around `window`, in two queries whatever their number.

    One more where one of them is run by operators. The machines need their `facility`. Reaches a day beyond the
    window on both sides, for setup and cleaning. `except_` is an occupancy to leave out, operator included: for
    moving what holds it.
    """
    wide = Span(window.start - timedelta(days=1), window.end + timedelta(days=1))
    houses = {machine.facility_id: machine.facility for machine in machines}
    timetables = timetables_of(houses.values(), wide)
    taken, broken = _taken(machines, wide, except_)
    staffed = {m.facility_id: m.facility for m in machines if m.is_operated}
    there = on_duty(staffed.values(), wide, except_=except_) if staffed else {}
    return {
        machine.pk: Calendar(
            timetables[machine.facility_id].open,
            timetables[machine.facility_id].shut,
            taken=taken[machine.pk],
            broken_since=broken[machine.pk][0],
            broken_until=broken[machine.pk][1],
            matrix=timetables[machine.facility_id].matrix,
            full=machine.cleaning,
            zone=machine.facility.zone,
            rosters=_rosters(machine, there),
        )
        for machine in machines
    }


def _taken(
    machines: Sequence[Machine], window: Span, except_: int | None
) -> tuple[dict[int, list[Blocked]], dict[int, tuple[datetime | None, datetime | None]]]:
    """Return what holds each machine's time around `window`, in order of time, and the breakdown it is in; one query.

    Under the machine's lock this is what holds: the statement that waited for the lock has seen only
    what there was before it.
    """
    taken: dict[int, list[Blocked]] = defaultdict(list)
    broken: dict[int, tuple[datetime | None, datetime | None]] = defaultdict(lambda: (None, None))
    ids = [machine.pk for machine in machines]
    held = Occupancy.objects.filter(machine__in=ids, ends_at__gt=window.start, starts_at__lt=window.end)
    columns = ("machine_id", "pk", "starts_at", "ends_at", "cleaning_from", "cleaning_class", "kind")
    stops = Breakdown.objects.filter(machine__in=ids, closed_at__isnull=True).order_by()
    open_ones = stops.values_list(
        "machine_id", "pk", "started_at", "expected_until", Value(None, DateTimeField()), Value(""), Value("")
    )
    for machine_id, *row in sorted(held.order_by().values_list(*columns).union(open_ones, all=True), key=itemgetter(2)):
        if not row[-1]:
            broken[machine_id] = (row[1], row[2])
        elif row[0] != except_:
            taken[machine_id].append(held_block(*row))
    return taken, broken


def _rosters(machine: Machine, there: dict[int, list[OnDuty]]) -> list[Roster] | None:
    """Return the operators who may run a machine; None for one that producers run themselves."""
    if not machine.is_operated:
        return None
    return [Roster(o.operator, o.free) for o in there[machine.facility_id] if machine.type_id in o.types]


def startable(machine: Machine, window: Span, now: datetime, minutes: int = 1) -> Span | None:
    """Return the part of `window` in which runs may start: after the notice, within the horizon, while in service.

    A run of `minutes` also ends while the machine is in service.
    """
    limits, zone = machine.limits, machine.facility.zone
    earliest = max(window.start, now + timedelta(minutes=limits.notice))
    last_day = local_date(now, zone) + timedelta(days=limits.horizon + 1)
    start = max(earliest, local_day(machine.in_service_from, zone).start)
    end = min(window.end, local_day(last_day, zone).start)
    if machine.retired_on:
        end = min(end, local_day(machine.retired_on, zone).start - timedelta(minutes=minutes - 1))
    return Span(start, end) if end > start else None


def free_starts(
    machine: Machine,
    calendar: Calendar,
    *,
    now: datetime,
    minutes: int,
    window: Span,
    count: int,
    cleaning_class: str = "",
) -> list[datetime]:
    """Return the first `count` starts in `window` that respect notice and horizon, while the machine is in service."""
    span = startable(machine, window, now, minutes)
    if span is None:
        return []
    job = Job(minutes, machine.setup, machine.limits.grid, cleaning_class)
    return nearest_starts(calendar, job, window=span, now=now, zone=machine.facility.zone, count=count)
