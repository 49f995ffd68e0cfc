"""Reads of what houses have laid down about time: when they are open, what shuts them, and their changeovers."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import Q, Value

from facilities.database.row_texts import RowsOf, weekly_rules
from facilities.models import Changeover, Closure, Facility, OpeningHours
from facilities.occupancy.matrices import CELL, matrix_from
from facilities.time.availability import Minutes
from facilities.time.calendars import CLOSED, HOLIDAY, Blocked
from facilities.time.changeover import Matrix
from facilities.time.hours import WeeklyRule, local_date, open_spans
from facilities.time.instants import whole_minutes
from facilities.time.spans import Span

WEEK, SHUT, CELLS = "week", "shut", "cells"
DAY = timedelta(days=1)
REMEMBERED = 256
"""How much one arrangement remembers: weeks of operators within its hours, for the windows of a day's searches."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """One house around a window: its opening hours, what shuts it, and what is cleaned between two classes."""

    open: list[Span]
    shut: list[Blocked]
    matrix: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Arrangement:
    """What one house has laid down about time: its weeks, what shuts it (the first to begin first), its changeovers."""

    house: Facility
    week: tuple[WeeklyRule, ...]
    closures: tuple[Closure, ...]
    matrix: Matrix
    _remembered: dict[Hashable, list[Minutes]] = field(default_factory=dict)

    def timetable(self, window: Span) -> Timetable:
        """Return it for a window, to the instant."""
        zone = self.house.zone
        first, last = local_date(window.start, zone), local_date(window.end, zone)
        shut = self._shut(first, last)
        return Timetable(self._open(shut, first, last), shut, self.matrix)

    def opened(self, first: date, last: date) -> list[Minutes]:
        """Return when the house is open from one day to another, in whole minutes. Remembered: do not change it."""
        return self.remember((first, last), lambda: whole_minutes(self._open(self._shut(first, last), first, last)))

    def remember(self, key: Hashable, made: Callable[[], list[Minutes]]) -> list[Minutes]:
        """Return what was made for a key before, else make it. A region's arrangements serve many searches."""
        found = self._remembered.get(key)
        if found is None:
            if len(self._remembered) >= REMEMBERED:
                self._remembered.clear()
            found = self._remembered[key] = made()
        return found

    def _open(self, shut: Iterable[Blocked], first: date, last: date) -> list[Span]:
        cut = [block.span for block in shut]
        return open_spans(self.week, closures=cut, holidays=(), zone=self.house.zone, first=first, last=last)

    def _shut(self, first: date, last: date) -> list[Blocked]:
        return [block for closure in self.closures for block in _blocks(closure, self.house, first, last)]


def opening_times(facility: Facility, window: Span) -> tuple[list[Span], list[Blocked]]:
    """Return when one house is open around `window`, and what shuts it."""
    found = timetables_of({facility}, window)[facility.pk]
    return found.open, found.shut


def timetables_of(houses: Iterable[Facility], window: Span) -> dict[int, Timetable]:
    """Return the timetables of houses by their id, in one query whatever their number."""
    return {pk: one.timetable(window) for pk, one in arrangements_of(houses, window).items()}


def arrangements_of(houses: Iterable[Facility], window: Span | None = None) -> dict[int, Arrangement]:
    """Return the arrangements of houses by their id, in one query whatever their number. With a window, for that alone."""
    known = {house.pk: house for house in houses}
    told = _told(known, window)
    holidays = _closures(told[SHUT].get(None), None)
    return {
        pk: Arrangement(
            house,
            weekly_rules(told[WEEK].get(pk, "[]")),
            _observed(house, [*_closures(told[SHUT].get(pk), pk), *holidays]),
            matrix_from(told[CELLS], pk),
        )
        for pk, house in known.items()
    }


def _told(houses: Iterable[int], window: Span | None) -> Mapping[str, Mapping[int | None, str]]:
    """Return the rows of each kind by house, None for every house, as texts."""
    ids = list(houses)
    theirs = Q(facility__in=ids) | Q(facility__isnull=True)
    soon = Q(last_on__gte=window.start.date() - DAY, first_on__lte=window.end.date() + DAY) if window else Q()
    weeks, closures, changeovers = (
        rows.order_by().values_list(Value(kind), "facility_id").annotate(rows=RowsOf(*columns))
        for kind, rows, columns in (
            (WEEK, OpeningHours.objects.filter(facility__in=ids),
             ("weekday", "opens", "closes", "valid_from", "valid_until")),
            (SHUT, Closure.objects.filter(theirs, soon),
             ("first_on", "last_on", "from_minute", "until_minute", "kind", "reason")),
            (CELLS, Changeover.objects.filter(theirs), CELL),
        )
    )  # fmt: skip
    found: dict[str, dict[int | None, str]] = {WEEK: {}, SHUT: {}, CELLS: {}}
    for kind, house, text in weeks.union(closures, changeovers, all=True):
        found[kind][house] = text
    return found


@lru_cache(maxsize=1024)
def _closures(written: str | None, facility_id: int | None) -> tuple[Closure, ...]:
    rows = sorted(json.loads(written or "[]"))
    return tuple(
        Closure(
            facility_id=facility_id, first_on=date.fromisoformat(first), last_on=date.fromisoformat(last),
            from_minute=start, until_minute=end, kind=kind, reason=reason,
        )
        for first, last, start, end, kind, reason in rows
    )  # fmt: skip


def _observed(house: Facility, closures: Iterable[Closure]) -> tuple[Closure, ...]:
    """Return what shuts a house, the first to begin first: of two at once, that is the one people are told."""
    return tuple(sorted((one for one in closures if observes(house, one)), key=lambda closure: closure.first_on))


def _blocks(closure: Closure, house: Facility, first: date, last: date) -> Iterable[Blocked]:
    """Yield a closure's days around the days `first` to `last` as spans of the house's own zone."""
    zone = house.zone
    first, last = max(closure.first_on, first - DAY), min(closure.last_on, last + DAY)
    code = CLOSED if closure.kind == Closure.Kind.CLOSED else HOLIDAY
    for number in range(first.toordinal(), last.toordinal() + 1):
        midnight = datetime.combine(date.fromordinal(number), datetime.min.time(), tzinfo=zone)
        start = midnight + timedelta(minutes=closure.from_minute)
        end = midnight + timedelta(minutes=closure.until_minute)
        yield Blocked(Span(start, end), code, closure.reason)


def observes(house: Facility, closure: Closure) -> bool:
    """Return whether a closure shuts this house: its own, or a holiday of a kind that it keeps."""
    if closure.facility_id is not None:
        return closure.facility_id == house.pk
    if closure.kind == Closure.Kind.JOINT_LEAVE:
        return house.closed_on_joint_leave
    return house.closed_on_holidays
