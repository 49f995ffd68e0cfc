"""A house's day as its staff need it: who is due, late, running, and what waits. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, prefetch_related_objects

from bookings.desk.actions import LATE, RUNNING, open_run, state_of, unsigned_run
from bookings.models import BookedMachine, Booking, Run
from bookings.roster.week import unmanned_parts
from bookings.trail.lifecycle import APPROVED, CHECKED_IN, COMPLETED, DISPLACED, REQUESTED
from facilities.catalogue.queries import in_service
from facilities.models import Breakdown, Facility, Machine
from facilities.occupancy.reading import calendars
from facilities.occupancy.timetables import opening_times
from facilities.time.calendars import MAINTENANCE, Blocked, Calendar, free_spans
from facilities.time.hours import local_date, local_day
from facilities.time.spans import Span, clipped

LONGEST = timedelta(days=31)
FORGOTTEN_AFTER = timedelta(minutes=30)
UNRECORDED_FOR = timedelta(days=30)
SHOWN_GAPS, SMALLEST_GAP, SHOWN_UNRECORDED = 6, 60, 50
SHOWN_UNMANNED = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One booking on the list of the day, with what a row says about it."""

    booking: Booking
    part: BookedMachine
    state: str
    run: Run | None = None
    ready_at: datetime | None = None

    @property
    def machine(self) -> Machine:
        return self.part.machine

    @property
    def release_at(self) -> datetime:
        return self.booking.starts_at + timedelta(minutes=self.booking.facility.grace)


@dataclass(frozen=True, slots=True)
class Day:
    """Everything on the page, each list in order of time. `gaps` are (machine, span) still free today."""

    span: Span
    open: Sequence[Span]
    shut: Sequence[Blocked]
    late: Sequence[Line]
    broken: Sequence[Breakdown]
    displaced: Sequence[Line]
    forgotten: Sequence[Line]
    unsigned: Sequence[Line]
    running: Sequence[Line]
    here: Sequence[Line]
    coming: Sequence[Line]
    ended: Sequence[Line]
    waiting: Sequence[Line]
    gaps: Sequence[tuple[Machine, Span]]
    unrecorded: Sequence[BookedMachine]
    unmanned: Sequence[BookedMachine]

    @property
    def urgent_count(self) -> int:
        parts = (self.late, self.broken, self.displaced, self.forgotten, self.unsigned, self.unmanned)
        return sum(map(len, parts))


def day_of(facility: Facility, *, now: datetime) -> Day:
    """Return the day `now` lies in, in the house's zone, in a fixed number of queries."""
    span = local_day(local_date(now, facility.zone), facility.zone)
    machines = list(in_service(local_date(now, facility.zone)).filter(facility=facility))
    for machine in machines:
        machine.facility = facility
    known = calendars(machines, span)
    lines = [_line(booking, known, now) for booking in _bookings(facility, span)]
    open_, shut = opening_times(facility, span)
    return Day(
        span=span,
        open=clipped(open_, span),
        shut=[block for block in shut if block.span.overlaps(span)],
        broken=open_breakdowns(machines),
        displaced=_of(lines, DISPLACED),
        waiting=sorted(_of(lines, REQUESTED), key=lambda line: (line.booking.expires_at, line.booking.made_at)),
        gaps=_gaps(machines, known, span, now),
        unrecorded=unrecorded_parts(facility, now=now),
        unmanned=_unmanned(facility, machines, now),
        **_split(lines, span, now),
    )


def _unmanned(facility: Facility, machines: Iterable[Machine], now: datetime) -> list[BookedMachine]:
    """Return the coming jobs nobody runs yet, on any day; asked only where operators run a machine."""
    if not any(machine.is_operated for machine in machines):
        return []
    return list(unmanned_parts(facility, now=now)[:SHOWN_UNMANNED])


def _split(lines: list[Line], span: Span, now: datetime) -> dict[str, list[Line]]:
    running = _of(lines, RUNNING)
    forgotten = [line for line in running if line.booking.ends_at + FORGOTTEN_AFTER <= now]
    at_counter = _of(lines, CHECKED_IN)
    unsigned = [line for line in at_counter if unsigned_run(line.booking)]
    return {
        "late": _of(lines, LATE),
        "forgotten": forgotten,
        "running": [line for line in running if line not in forgotten],
        "unsigned": unsigned,
        "here": [line for line in at_counter if line not in unsigned],
        "coming": [line for line in _of(lines, APPROVED) if line.booking.starts_at < span.end],
        "ended": [line for line in lines if line.state in (COMPLETED, "no_show", "cancelled")],
    }


def _bookings(facility: Facility, span: Span) -> list[Booking]:
    """Return what touches the day, and what is unfinished on any day, each once."""
    mine = Booking.objects.filter(facility=facility).select_related("producer", "facility")
    first = Booking.objects.filter(producer=OuterRef("producer"), status=COMPLETED).exclude(pk=OuterRef("pk"))
    mine = mine.annotate(has_been_here=Exists(first))
    # The lower bound lets the index (facility, starts_at) stop: no booking is longer.
    today = mine.filter(starts_at__lt=span.end, starts_at__gt=span.start - LONGEST, ends_at__gt=span.start)
    unfinished = mine.filter(status__in=[REQUESTED, CHECKED_IN, DISPLACED])
    found = {booking.pk: booking for booking in [*today, *unfinished]}
    bookings = sorted(found.values(), key=lambda booking: (booking.starts_at, booking.pk))
    runs = Prefetch("runs", queryset=Run.objects.order_by("started_at"))
    parts = BookedMachine.objects.select_related("machine__type", "occupancy__assignment__operator")
    parts = parts.prefetch_related(runs).order_by("starts_at")
    prefetch_related_objects(bookings, Prefetch("machines", queryset=parts))
    return bookings


def _line(booking: Booking, known: dict[int, Calendar], now: datetime) -> Line:
    part = booking.machines.all()[0]
    calendar = known.get(part.machine_id)
    blocks = calendar.taken if calendar else ()
    care = next((b for b in blocks if b.code == MAINTENANCE and b.span.contains(now)), None)
    ready_at = care.span.end if care else None
    return Line(booking, part, state_of(booking, now), open_run(booking) or unsigned_run(booking), ready_at)


def _of(lines: Iterable[Line], state: str) -> list[Line]:
    return [line for line in lines if line.state == state]


def _gaps(machines: list[Machine], known: dict[int, Calendar], day: Span, now: datetime) -> list[tuple[Machine, Span]]:
    """Return the next hour or more that each machine is still free today, the earliest first."""
    found = []
    for machine in machines:
        free = clipped(free_spans(known[machine.pk], now=now, minimum=SMALLEST_GAP), day)
        spans = [span for span in free if span.minutes >= SMALLEST_GAP]
        if spans:
            found.append((machine, spans[0]))
    return sorted(found, key=lambda gap: (gap[1].start, gap[0].name_key))[:SHOWN_GAPS]


def open_breakdowns(machines: Iterable[Machine]) -> list[Breakdown]:
    """Return the breakdowns that are not repaired yet, the longest first."""
    rows = Breakdown.objects.filter(machine__in=[m.pk for m in machines], closed_at__isnull=True)
    return list(rows.select_related("machine__type").order_by("started_at"))


def unrecorded_parts(facility: Facility, *, now: datetime) -> list[BookedMachine]:
    """Return completed uses of the past month without a signed run, the latest first."""
    signed = Run.objects.filter(booked_machine=OuterRef("pk"), signed_at__isnull=False)
    since = Q(booking__starts_at__gt=now - UNRECORDED_FOR, booking__starts_at__lt=now)
    rows = BookedMachine.objects.filter(since, booking__facility=facility, booking__status=COMPLETED)
    rows = rows.filter(~Exists(signed)).select_related("booking__producer", "machine")
    return list(rows.order_by("-starts_at")[:SHOWN_UNRECORDED])


def machines_now(facility: Facility, *, now: datetime) -> list[tuple[Machine, Span | None]]:
    """Return a house's machines with the stretch each is free next today, those free now first."""
    machines = list(in_service(local_date(now, facility.zone)).filter(facility=facility))
    day = local_day(local_date(now, facility.zone), facility.zone)
    known = calendars(machines, day)
    rows = []
    for machine in machines:
        free = [s for s in free_spans(known[machine.pk], now=now, minimum=15) if s.start < day.end]
        rows.append((machine, free[0] if free else None))
    return sorted(rows, key=lambda row: (row[1].start if row[1] else day.end, row[0].name_key))
