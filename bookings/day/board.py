"""The board of a day: machines × hours, with bars, blocks, gaps and the tray. Reads only.

Positions are columns of five minutes from the first hour shown; the stylesheet has a
class for each. A bar is as wide as all the time its machine is taken: setup, run, cleaning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef

from bookings.desk.actions import LATE, RUNNING
from bookings.models import BookedMachine, Booking, Run
from bookings.trail.lifecycle import APPROVED, CHECKED_IN, DISPLACED, NO_SHOW, REQUESTED
from facilities.models import Facility, Machine, Occupancy
from facilities.occupancy.timetables import opening_times
from facilities.occupancy.writing import CODES, with_breakdown
from facilities.time.calendars import Blocked, Calendar, Job, free_spans, starts
from facilities.time.spans import Span, clipped

COLUMN, HOUR = 5, 60
LONGEST = timedelta(days=31)
TINY = 16
FIRST_HOUR, LAST_HOUR, FEWEST = 7, 17, 6


@dataclass(frozen=True, slots=True)
class Scale:
    """Which hours are shown: `first` is an hour of the local day, `hours` how many."""

    midnight: datetime
    first: int
    hours: int

    @property
    def window(self) -> Span:
        start = self.midnight + timedelta(hours=self.first)
        return Span(start, start + timedelta(hours=self.hours))

    def column(self, instant: datetime) -> int:
        """Return the nearest column line, kept within the board."""
        minutes = (instant - self.window.start).total_seconds() / 60
        return max(0, min(round(minutes / COLUMN), self.hours * HOUR // COLUMN))


@dataclass(frozen=True, slots=True)
class Bar:
    """A booking on a lane. `set` and `cln` are columns of setup and cleaning inside its `length`."""

    part: BookedMachine
    state: str
    start: int
    length: int
    set: int
    cln: int
    kind: str = "bar"

    @property
    def booking(self) -> Booking:
        return self.part.booking

    @property
    def run_length(self) -> int:
        return self.length - self.set - self.cln

    @property
    def is_tiny(self) -> bool:
        return self.length < TINY or self.run_length < TINY - 4

    @property
    def cln_start(self) -> int:
        return self.length - self.cln


@dataclass(frozen=True, slots=True)
class Block:
    """Time nobody can book: maintenance or a breakdown."""

    code: str
    words: str
    until: datetime | None
    start: int
    length: int
    kind: str = "block"


@dataclass(frozen=True, slots=True)
class Gap:
    """A free stretch where the asked minutes fit."""

    starts_at: datetime
    start: int
    length: int
    kind: str = "gap"


@dataclass(slots=True)
class Lane:
    """One machine's row."""

    machine: Machine
    calendar: Calendar
    bars: list[Bar] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    @property
    def status(self) -> str:
        return next((block.code for block in self.blocks), "")

    @property
    def items(self) -> list[Bar | Block | Gap]:
        """Return everything on the row in order of time."""
        return sorted([*self.bars, *self.blocks, *self.gaps], key=lambda item: item.start)


@dataclass(frozen=True, slots=True)
class Hour:
    """One column head: minute of the local day, and how many machines are wholly free in it."""

    minute: int
    is_open: bool
    free: int


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the page draws. `shut` and `now_column` are columns."""

    scale: Scale
    lanes: Sequence[Lane]
    hours: Sequence[Hour]
    shut: Sequence[tuple[int, int]]
    closures: Sequence[Blocked]
    now_column: int | None
    waiting: Sequence[BookedMachine]
    displaced: Sequence[BookedMachine]


def day_board(facility: Facility, day: Span, *, now: datetime, minutes: int) -> Board:
    """Return a house's day in six queries whatever the number of machines.

    `minutes` is the run length that gaps must take.
    """
    machines = _machines(facility, day)
    open_, shut = opening_times(facility, day)
    rows = _occupancies(machines, day)
    missed = _missed(facility, day)
    scale = _scale(day, open_, [row for row in rows if row.kind == Occupancy.Kind.BOOKING])
    lanes = _lanes(machines, rows, missed, open_, shut, scale, now)
    for lane in lanes:
        lane.gaps = gaps_of(lane, scale, now=now, minutes=minutes)
    tray = _tray(facility)
    today = scale.window.contains(now)
    return Board(
        scale=scale,
        lanes=lanes,
        hours=_hours(lanes, open_, scale, now),
        shut=_shut(open_, scale),
        closures=[block for block in shut if block.span.overlaps(day)],
        now_column=scale.column(now) if today else None,
        waiting=[part for part in tray if part.booking.status == REQUESTED],
        displaced=[part for part in tray if part.booking.status == DISPLACED],
    )


def _machines(facility: Facility, day: Span) -> list[Machine]:
    """Return the machines in service on the day, by name: a retired one keeps its past."""
    on = day.start.astimezone(facility.zone).date()
    rows = with_breakdown(Machine.objects.filter(facility=facility, in_service_from__lte=on))
    rows = rows.exclude(retired_on__lte=on).select_related("type").order_by("name_key", "pk")
    machines = list(rows)
    for machine in machines:
        machine.facility = facility
    return machines


def _occupancies(machines: list[Machine], day: Span) -> list[Occupancy]:
    """Return what takes time on the day and a day around it, with whoever owns it: one query."""
    margin = timedelta(days=1)
    running = Run.objects.filter(booked_machine=OuterRef("booked_machine"), stopped_at__isnull=True)
    rows = Occupancy.objects.filter(
        machine__in=[machine.pk for machine in machines],
        ends_at__gt=day.start - margin,
        starts_at__lt=day.end + margin,
    )
    joined = rows.select_related("booked_machine__booking__producer", "maintenance", "breakdown")
    return list(joined.annotate(runs_now=Exists(running)).order_by("machine_id", "starts_at"))


def _missed(facility: Facility, day: Span) -> list[BookedMachine]:
    """Return the day's no-shows: their time is free again, but they happened."""
    rows = BookedMachine.objects.filter(
        booking__facility=facility,
        booking__status=NO_SHOW,
        booking__starts_at__gt=day.start - LONGEST,
        booking__starts_at__lt=day.end,
        starts_at__lt=day.end,
        ends_at__gt=day.start,
    )
    return list(rows.select_related("booking__producer"))


def _tray(facility: Facility) -> list[BookedMachine]:
    """Return what waits for an answer or a new place, first what is without a place, then what must be answered first."""
    rows = BookedMachine.objects.filter(
        booking__facility=facility, booking__status__in=[REQUESTED, DISPLACED]
    ).select_related("booking__producer__district", "booking__product", "machine__type")
    return list(rows.order_by(F("booking__expires_at").asc(nulls_first=True), "booking__made_at")[:60])


def _scale(day: Span, open_: Sequence[Span], booked: Sequence[Occupancy]) -> Scale:
    """Show opening hours with an hour around them, and whatever lies outside them."""
    spans = clipped([*open_, *(Span(row.starts_at, row.ends_at) for row in booked)], day)
    if not spans:
        return Scale(day.start, FIRST_HOUR, LAST_HOUR - FIRST_HOUR)
    first_minute = min((span.start - day.start).total_seconds() // 60 for span in spans)
    last_minute = max((span.end - day.start).total_seconds() // 60 for span in spans)
    first = max(0, int(first_minute // HOUR) - 1)
    last = min(24, -int(-last_minute // HOUR) + 1)
    if last - first < FEWEST:
        last = min(24, first + FEWEST)
        first = max(0, last - FEWEST)
    return Scale(day.start, first, last - first)


def _lanes(
    machines: list[Machine],
    rows: list[Occupancy],
    missed: list[BookedMachine],
    open_: list[Span],
    shut: list[Blocked],
    scale: Scale,
    now: datetime,
) -> list[Lane]:
    held: dict[int, list[Occupancy]] = defaultdict(list)
    for row in rows:
        held[row.machine_id].append(row)
    gone: dict[int, list[BookedMachine]] = defaultdict(list)
    for part in missed:
        gone[part.machine_id].append(part)
    lanes = []
    for machine in machines:
        taken = [Blocked(Span(row.starts_at, row.ends_at), CODES[row.kind]) for row in held[machine.pk]]
        lane = Lane(machine, Calendar(open_, shut, taken, machine.broken_since, machine.broken_until))
        _fill(lane, held[machine.pk], gone[machine.pk], scale, now)
        lanes.append(lane)
    return lanes


def _fill(lane: Lane, held: list[Occupancy], gone: list[BookedMachine], scale: Scale, now: datetime) -> None:
    for row in held:
        if not Span(row.starts_at, row.ends_at).overlaps(scale.window):
            continue
        if row.kind == Occupancy.Kind.BOOKING:
            part = getattr(row, "booked_machine", None)
            if part is not None:
                lane.bars.append(_bar(part, row.starts_at, row.ends_at, _state(part, row.runs_now, now), scale))
        else:
            lane.blocks.append(_block(row, scale))
    since, until = lane.machine.broken_since, lane.machine.broken_until
    if since is not None and until <= now and not any(block.code == "broken" for block in lane.blocks):
        overdue = clipped([Span(since, max(now, since + timedelta(minutes=COLUMN)))], scale.window)
        lane.blocks += [Block("broken", "", None, *_place(span, scale)) for span in overdue]
    busy = [Span(row.starts_at, row.ends_at) for row in held]
    for part in gone:
        span = Span(part.starts_at, part.ends_at)
        if span.overlaps(scale.window) and not any(span.overlaps(other) for other in busy):
            lane.bars.append(_bar(part, part.starts_at, part.ends_at, NO_SHOW, scale))
    lane.bars.sort(key=lambda bar: bar.start)


def _state(part: BookedMachine, runs_now: bool, now: datetime) -> str:
    status = part.booking.status
    if status == CHECKED_IN and runs_now:
        return RUNNING
    return LATE if status == APPROVED and part.booking.starts_at < now else status


def _place(span: Span, scale: Scale) -> tuple[int, int]:
    start = min(scale.column(span.start), scale.hours * HOUR // COLUMN - 1)
    return start, max(1, scale.column(span.end) - start)


def _bar(part: BookedMachine, start: datetime, end: datetime, state: str, scale: Scale) -> Bar:
    column, length = _place(Span(start, end), scale)
    run_start, run_end = scale.column(max(start, part.starts_at)), scale.column(min(end, part.ends_at))
    setup = min(max(0, run_start - column), max(0, length - 1))
    cleaning = min(max(0, column + length - run_end), max(0, length - setup - 1))
    return Bar(part, state, column, length, setup, cleaning)


def _block(row: Occupancy, scale: Scale) -> Block:
    place = _place(Span(row.starts_at, row.ends_at), scale)
    if row.kind == Occupancy.Kind.MAINTENANCE:
        work = getattr(row, "maintenance", None)
        return Block("maintenance", work.title if work else "", row.ends_at, *place)
    stop = getattr(row, "breakdown", None)
    open_ = stop is not None and stop.closed_at is None
    return Block("broken", stop.reason if stop else "", stop.expected_until if open_ else None, *place)


def gaps_of(lane: Lane, scale: Scale, *, now: datetime, minutes: int) -> list[Gap]:
    """Return the first start in each free stretch of the day where `minutes` fit."""
    machine, calendar = lane.machine, lane.calendar
    window, setup = scale.window, timedelta(minutes=machine.setup)
    if window.end <= now:
        return []
    job = Job(minutes, machine.setup, machine.limits.grid)
    asked = Span(max(window.start, now), window.end)
    possible = starts(calendar, job, window=asked, now=now, zone=machine.facility.zone)
    found = []
    for stretch in clipped(free_spans(calendar, now=now, minimum=minutes), window):
        start = next((start for start in possible if stretch.contains(start - setup)), None)
        if start is not None:
            found.append(gap_at(start, minutes, scale))
    return found


def gap_at(start: datetime, minutes: int, scale: Scale) -> Gap:
    """Return a gap drawn as long as the run that it takes."""
    return Gap(start, *_place(Span(start, start + timedelta(minutes=minutes)), scale))


def _hours(lanes: Sequence[Lane], open_: Sequence[Span], scale: Scale, now: datetime) -> list[Hour]:
    busy = [(lane, lane.calendar.occupied(now, scale.window.end)) for lane in lanes]
    found = []
    for number in range(scale.hours):
        start = scale.window.start + timedelta(hours=number)
        hour = Span(start, start + timedelta(hours=1))
        is_open = any(span.overlaps(hour) for span in open_)
        free = sum(not any(span.overlaps(hour) for span in spans) for _lane, spans in busy) if is_open else 0
        found.append(Hour((scale.first + number) * HOUR, is_open, free))
    return found


def _shut(open_: Sequence[Span], scale: Scale) -> list[tuple[int, int]]:
    """Return the columns outside opening hours."""
    edges, found = scale.hours * HOUR // COLUMN, []
    column = 0
    for span in clipped(open_, scale.window):
        start, end = scale.column(span.start), scale.column(span.end)
        if start > column:
            found.append((column, start - column))
        column = end
    if column < edges:
        found.append((column, edges - column))
    return found
