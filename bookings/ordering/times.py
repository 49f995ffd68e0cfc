"""The times of one machine as somebody choosing sees them: nearest ones, days, and for each no the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bookings.rules.decision import reasons_against
from bookings.rules.fit.fit import fits_size
from bookings.rules.question import request_for, rules_of, traits_of
from facilities.catalogue.standing import spread_out
from facilities.errors import Reason
from facilities.models import Machine
from facilities.occupancy.reading import calendars, free_starts
from facilities.time.calendars import HOLIDAY, Calendar
from facilities.time.hours import local_date, local_day
from facilities.time.spans import MINUTE, Span, clipped
from facilities.vocabulary import ANY

NEAREST = 3
STRIP_DAYS = 14
MANY = 1000


@dataclass(frozen=True, slots=True)
class Cell:
    """One grid time of a day: free, or with every reason against it and when it is free again.

    `tidy`: the run touches another job or leaves no gap before it, so that no open time is lost.
    """

    start: datetime
    end: datetime
    reasons: Sequence[Reason] = ()
    next_free: datetime | None = None
    tidy: bool = False

    @property
    def free(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, slots=True)
class DayChoice:
    """A day of the strip: how many starts are free; without any, whether it is full, closed, a holiday, or out of reach."""

    day: date
    free: int
    state: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """Everything the page of times shows. `next_free` is the first free start on a day after the one shown."""

    minutes: int
    day: date
    nearest: Sequence[datetime]
    days: Sequence[DayChoice]
    cells: Sequence[Cell]
    shut_by: str = ""
    next_free: datetime | None = None


def offered_times(
    machine: Machine,
    *,
    minutes: int,
    day: date | None,
    now: datetime,
    moving: int | None = None,
    cleaning_class: str = "",
) -> Offer:
    """Return the choice of starts for a run of `minutes`, on `day` or the first day with a free one. Four queries.

    Six for a machine that operators run. The machine is one of `catalogue.queries.in_service`. With `moving`,
    the time which that occupancy holds counts as free. `cleaning_class` is what will be packed, empty while
    nobody said: then a full clean is kept around it.
    """
    zone = machine.facility.zone
    today = local_date(now, zone)
    last = today + timedelta(days=machine.limits.horizon)
    day = min(day, last + timedelta(days=STRIP_DAYS)) if day else None  # a day far off would cost every day up to it
    first = strip_start(day, today)
    window = Span(now, max(now + timedelta(days=STRIP_DAYS), local_day(first + timedelta(days=STRIP_DAYS), zone).start))
    calendar = calendars([machine], window, except_=moving)[machine.pk]
    starts = free_starts(machine, calendar, now=now, minutes=minutes, window=window, count=MANY * STRIP_DAYS,
                         cleaning_class=cleaning_class)  # fmt: skip
    asked = Wanted(minutes, cleaning_class)
    by_day = _by_day(starts, machine)
    days = [_day_choice(machine, calendar, d, by_day, last) for d in _days(first, STRIP_DAYS)]
    shown = day or next(iter(by_day), today)
    return Offer(
        minutes=minutes,
        day=shown,
        nearest=spread_out(starts, minutes=minutes, count=NEAREST),
        days=days,
        cells=_cells(machine, calendar, shown, starts, asked, now),
        shut_by=_shut_by(machine, calendar, shown),
        next_free=next((start for start in starts if local_date(start, zone) > shown), None),
    )


def strip_start(day: date | None, today: date) -> date:
    """Return the first day of the fortnight in which a day lies, counted from today."""
    if day is None or day < today:
        return today
    return today + timedelta(days=(day - today).days // STRIP_DAYS * STRIP_DAYS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A run of so many minutes that leaves a cleaning class behind."""

    minutes: int
    cleaning_class: str = ""


def reasons_at(machine: Machine, calendar: Calendar, start: datetime, wanted: Wanted, *, now: datetime) -> list[Reason]:
    """Return every reason against a run at `start`; none means that it can be booked."""
    end = start + wanted.minutes * MINUTE
    request = request_for(machine, start, end, cleaning_class=wanted.cleaning_class)
    return reasons_against(request, calendar, rules_of(machine), traits_of(machine, request), now=now)


def rate_of(
    machine: Machine, form: str | None, pack: str | None, *, net_weight: int | None = None, width: int | None = None
) -> int | None:
    """Return the packs per hour to plan with on a machine, None where it says nothing of such packs.

    What is None was not said, and is not asked; `net_weight` in grams or millilitres, `width` in millimetres.
    """
    rates = (
        one.best_rate
        for one in machine.capabilities.all()
        if (form is None or one.form in (form, ANY))
        and (pack is None or one.format in (pack, ANY))
        and fits_size(one, net_weight, width)
    )
    return max(rates, default=None)


def _days(first: date, count: int) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range(count))


def _by_day(starts: Iterable[datetime], machine: Machine) -> dict[date, int]:
    found: dict[date, int] = {}
    for start in starts:
        day = local_date(start, machine.facility.zone)
        found[day] = found.get(day, 0) + 1
    return found


def _day_choice(machine: Machine, calendar: Calendar, day: date, by_day: dict[date, int], last: date) -> DayChoice:
    if day > last:
        return DayChoice(day, 0, "far")
    if day in by_day:
        return DayChoice(day, by_day[day])
    whole = local_day(day, machine.facility.zone)
    if clipped(calendar.open, whole):
        return DayChoice(day, 0, "full")
    holiday = any(block.code == HOLIDAY and block.span.overlaps(whole) for block in calendar.shut)
    return DayChoice(day, 0, "holiday" if holiday else "closed")


def _cells(
    machine: Machine, calendar: Calendar, day: date, starts: Sequence[datetime], wanted: Wanted, now: datetime
) -> list[Cell]:
    """Return the day's grid times that are still ahead, within opening hours, in order."""
    whole = local_day(day, machine.facility.zone)
    free = set(starts)
    cells = []
    for start in _grid(machine, calendar, whole, now):
        end = start + wanted.minutes * MINUTE
        if start in free:
            tidy = _is_tidy(machine, calendar, start, end, wanted.cleaning_class)
            cells.append(Cell(start, end, tidy=tidy))
            continue
        reasons = reasons_at(machine, calendar, start, wanted, now=now)
        if reasons:
            cells.append(Cell(start, end, reasons, next((s for s in starts if s > start), None)))
    return cells


def _grid(machine: Machine, calendar: Calendar, whole: Span, now: datetime) -> Iterable[datetime]:
    step = machine.limits.grid
    for span in clipped(calendar.open, whole):
        opens, closes = (span.start - whole.start) // MINUTE, (span.end - whole.start) // MINUTE
        for minute in range(-(-opens // step) * step, closes, step):
            start = whole.start + minute * MINUTE
            if start > now:
                yield start


def _is_tidy(machine: Machine, calendar: Calendar, start: datetime, end: datetime, cleaning_class: str) -> bool:
    begins = start - machine.setup * MINUTE
    step = machine.limits.grid * MINUTE
    return any(
        timedelta(0) <= begins - kept.span.end < step or timedelta(0) <= kept.span.start - end < step
        for kept in calendar.kept_away(cleaning_class)
    )


def _shut_by(machine: Machine, calendar: Calendar, day: date) -> str:
    """Return the words of what shuts a whole day, or nothing."""
    whole = local_day(day, machine.facility.zone)
    if clipped(calendar.open, whole):
        return ""
    return next((block.words for block in calendar.shut if block.span.overlaps(whole)), "")
