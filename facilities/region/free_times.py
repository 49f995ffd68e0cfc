"""When machines are free: one timeline for all of them, in whole minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from facilities.models import Facility
from facilities.region.operators import LaidDown, laid_down_by
from facilities.region.timeline import Timeline
from facilities.time.availability import Minutes, Starts, Steps, free_gaps
from facilities.time.hours import local_date, local_day
from facilities.time.instants import instant_of, minute_of, minute_up
from facilities.time.limits import Limits
from facilities.time.spans import Span

FOR_EVER = 10**9
"""A minute in the year 3871."""
NEVER = Starts(0, 1, 0)


class Timed(Protocol):
    """What matters of a machine for when it is free; a model with its breakdown is one, a `Place` another."""

    @property
    def pk(self) -> int: ...
    @property
    def facility_id(self) -> int: ...
    @property
    def facility(self) -> Facility: ...
    @property
    def type_id(self) -> str: ...
    @property
    def setup(self) -> int: ...
    @property
    def cleaning(self) -> int: ...
    @property
    def limits(self) -> Limits: ...
    @property
    def is_operated(self) -> bool: ...
    @property
    def in_service_from(self) -> date: ...
    @property
    def retired_on(self) -> date | None: ...
    @property
    def broken_since(self) -> datetime | None: ...
    @property
    def broken_until(self) -> datetime | None: ...


class FreeTimes:
    """When machines are free in a window, from `now`. `except_` is an occupancy that counts as free.

    `longest` is the longest run that will be asked about, in minutes: what the machines allow unless it is said.
    Reads when it is made: one query, and one or two more where nobody says what the houses have laid down. Only what it
    was made for may be asked.
    """

    def __init__(
        self,
        machines: Sequence[Timed],
        window: Span,
        now: datetime,
        *,
        laid_down: LaidDown | None = None,
        except_: int | None = None,
        longest: int | None = None,
    ) -> None:
        self.window, self.now = window, now
        if longest is None:
            longest = max((machine.limits.longest for machine in machines), default=0)
        # A run that starts last meets what lies before its end, and a class that it must not meet on that day.
        wide = Span(window.start - timedelta(days=1), window.end + timedelta(days=1, minutes=longest))
        staffed: dict[int, set[str]] = {}
        for machine in machines:
            if machine.is_operated:
                staffed.setdefault(machine.facility_id, set()).add(machine.type_id)
        if laid_down is None:
            houses = {machine.facility_id: machine.facility for machine in machines}
            laid_down = laid_down_by(houses.values(), wide, staffed=staffed)
        pks = [machine.pk for machine in machines]
        self.timeline = Timeline(laid_down, pks, wide, staffed=staffed, except_=except_) if machines else None
        self._stretches: dict[tuple[int, str], int] = {}
        self._spans: dict[tuple[int, int, int], tuple[int, int, int] | None] = {}
        self._fitting: dict[tuple[int, str, int, int, Steps], int] = {}
        self._steps: dict[tuple[int, int, int, int], Steps] = {}

    def span(self, machine: Timed, minutes: int = 1) -> tuple[int, int, int] | None:
        """Return first and last minute at which runs may start on a machine, and its midnight; None for never.

        After the notice, within the horizon, while the machine is in service: a run of `minutes` ends before it goes.
        """
        limits = machine.limits
        key = (machine.facility_id, limits.notice, limits.horizon)
        if key not in self._spans:
            self._spans[key] = self._house_span(machine.facility, limits)
        found = self._spans[key]
        if found is None or (machine.retired_on is None and machine.in_service_from <= self.now.date()):
            return found
        zone = machine.facility.zone
        first = max(found[0], minute_up(local_day(machine.in_service_from, zone).start))
        last = found[1]
        if machine.retired_on:
            last = min(last, minute_of(local_day(machine.retired_on, zone).start) - minutes + 1)
        return (first, last, found[2]) if last > first else None

    def _house_span(self, house: Facility, limits: Limits) -> tuple[int, int, int] | None:
        zone = house.zone
        start = max(self.window.start, self.now + timedelta(minutes=limits.notice))
        after = local_day(local_date(self.now, zone) + timedelta(days=limits.horizon + 1), zone).start
        end = min(self.window.end, after)
        if end <= start:
            return None
        return minute_up(start), minute_up(end), minute_of(local_day(local_date(start, zone), zone).start)

    def starts(self, machine: Timed, cleaning_class: str, minutes: int) -> Starts:
        """Return every start of a run of a class, in minutes since 1970.

        None for a run that the machine's rules never allow: too short, too long, or no whole steps of its grid.
        """
        return self.room(machine, cleaning_class, minutes) if machine.limits.allow(minutes) else NEVER

    def room(self, machine: Timed, cleaning_class: str, minutes: int) -> Starts:
        """Return `starts` of a run of any length."""
        span = self.span(machine, minutes)
        if span is None or self.timeline is None:
            return NEVER
        setup, is_operated = machine.setup, machine.is_operated
        steps = self._steps_of(machine.limits.grid, span)
        key = (machine.facility_id, machine.type_id if is_operated else "", minutes, setup, steps)
        fitting = self._fitting.get(key)
        if fitting is None:
            fitting = self._fitting[key] = self.timeline.fitting(
                key[0], machine.type_id, steps, by_operator=is_operated, run=minutes, setup=setup
            )
        if not fitting:
            return NEVER
        busy = self.busy(machine, cleaning_class, span[1])
        return steps.those(fitting & ~steps.clash(busy, run=minutes, setup=setup) if busy else fitting)

    def _steps_of(self, grid: int, span: tuple[int, int, int]) -> Steps:
        key = (grid, *span)
        found = self._steps.get(key)
        if found is None:
            first, last, midnight = span
            found = self._steps[key] = Steps.within(first, last, step=grid, offset=midnight)
        return found

    def gaps(self, machine: Timed, cleaning_class: str) -> Iterator[Minutes]:
        """Yield the stretches in which setup and run of a class may lie, for each operator who may run them."""
        span = self.span(machine)
        if span is None or self.timeline is None:
            return
        busy, retired = self.busy(machine, cleaning_class, span[1]), machine.retired_on
        if retired is not None:
            busy = [*busy, (minute_of(local_day(retired, machine.facility.zone).start), FOR_EVER)]
        for opened in self.workable(machine):
            yield from free_gaps(opened, busy)

    def longest_stretch(self, machine: Timed) -> int:
        """Return the longest time in the window that anybody can work at a machine without a break, whatever is taken.

        In minutes. A day that only begins or ends in the window counts whole.
        """
        key = (machine.facility_id, machine.type_id if machine.is_operated else "")
        if key not in self._stretches:
            first, last = minute_of(self.window.start), minute_up(self.window.end)
            self._stretches[key] = max(
                (end - start for one in self.workable(machine) for start, end in one if end > first and start < last),
                default=0,
            )
        return self._stretches[key]

    def workable(self, machine: Timed) -> list[list[Minutes]]:
        """Return when a machine can be worked at, by operator where it needs one."""
        assert self.timeline is not None
        return self.timeline.workable(machine.facility_id, machine.type_id, by_operator=machine.is_operated)

    def busy(self, machine: Timed, cleaning_class: str, last: int) -> list[Minutes]:
        """Return where no work of a class may lie on a machine until `last`."""
        assert self.timeline is not None
        busy = self.timeline.busy(machine.pk, machine.facility_id, cleaning_class, full=machine.cleaning)
        broken = broken_minutes(machine, self.now, last)
        return [*busy, broken] if broken else busy


def broken_minutes(machine: Timed, now: datetime, last: int) -> Minutes | None:
    """Return the minutes that an open breakdown claims: to its expected repair, or for good when that is overdue."""
    if machine.broken_since is None:
        return None
    overdue = machine.broken_until is None or machine.broken_until <= now
    end = last + 1440 if overdue or machine.broken_until is None else minute_up(machine.broken_until)
    start = minute_of(machine.broken_since)
    return (start, end) if end > start else None


def next_free(
    machines: Sequence[Timed], *, now: datetime, minutes: int, days: int = 14, cleaning_class: str = ""
) -> dict[int, datetime]:
    """Return each machine's earliest start for a run of `minutes` within `days`; absent where there is none.

    The first of `free_starts` for every machine, honouring notice, horizon, grid, changeovers and
    operators, but counted in whole minutes all the way: a thousand machines at once. Two
    queries, one more where operators run a machine. The machines need `facility`, `broken_since` and `broken_until`
    (see `in_service`).
    """
    times = FreeTimes(machines, Span(now, now + timedelta(days=days)), now, longest=minutes)
    firsts = {machine.pk: next(iter(times.room(machine, cleaning_class, minutes)), None) for machine in machines}
    return {pk: instant_of(first) for pk, first in firsts.items() if first is not None}
