"""Reads of what houses have laid down about time: when they are open, what shuts them, and their changeovers."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from django.db.models import Q, Value

from facilities.database.row_texts import RowsOf, weekly_rules
from facilities.models import Changeover, Closure, Facility, OpeningHours, WorkedHoliday
from facilities.occupancy.matrices import CELL, matrix_from
from facilities.time.availability import Minutes
from facilities.time.calendars import CLOSED, HOLIDAY, Blocked
from facilities.time.changeover import Matrix
from facilities.time.hours import WeeklyRule, local_date, open_spans
from facilities.time.instants import whole_minutes
from facilities.time.spans import Span, clipped

WEEK, SHUT, CELLS, WORKED = "week", "shut", "cells", "worked"
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
        return Timetable(self._open(shut, first, last), [*self._doubted(shut, first, last)], self.matrix)

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

    def _doubted(self, shut: list[Blocked], first: date, last: date) -> Iterator[Blocked]:
        """Yield what shuts the house; an estimate with the hours that nothing else would shut."""
        firm = [block for block in shut if not block.is_estimate]
        hours = self._open(firm, first, last) if len(firm) < len(shut) else []
        for block in shut:
            yield replace(block, doubtful=tuple(clipped(hours, block.span))) if block.is_estimate else block

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
    worked = {pk: frozenset(date.fromisoformat(day) for (day,) in json.loads(text)) for pk, text in told[WORKED].items()}
    return {
        pk: Arrangement(
            house,
            weekly_rules(told[WEEK].get(pk, "[]")),
            tuple(closures_of(house, [*_closures(told[SHUT].get(pk), pk), *holidays], worked.get(pk, frozenset()))),
            matrix_from(told[CELLS], pk),
        )
        for pk, house in known.items()
    }


def _told(houses: Iterable[int], window: Span | None) -> Mapping[str, Mapping[int | None, str]]:
    """Return the rows of each kind by house, None for every house, as texts."""
    ids = list(houses)
    theirs = Q(facility__in=ids) | Q(facility__isnull=True)
    soon = Q(last_on__gte=window.start.date() - DAY, first_on__lte=window.end.date() + DAY) if window else Q()
    on = Q(on__gte=window.start.date() - DAY, on__lte=window.end.date() + DAY) if window else Q()
    weeks, *others = (
        rows.order_by().values_list(Value(kind), "facility_id").annotate(rows=RowsOf(*columns))
        for kind, rows, columns in (
            (WEEK, OpeningHours.objects.filter(facility__in=ids),
             ("weekday", "opens", "closes", "valid_from", "valid_until")),
            (SHUT, Closure.objects.filter(theirs, soon),
             ("first_on", "last_on", "from_minute", "until_minute", "kind", "reason", "is_estimate")),
            (CELLS, Changeover.objects.filter(theirs), CELL),
            (WORKED, WorkedHoliday.objects.filter(on, facility__in=ids), ("on",)),
        )
    )  # fmt: skip
    found: dict[str, dict[int | None, str]] = {WEEK: {}, SHUT: {}, CELLS: {}, WORKED: {}}
    for kind, house, text in weeks.union(*others, all=True):
        found[kind][house] = text
    return found


@lru_cache(maxsize=1024)
def _closures(written: str | None, facility_id: int | None) -> tuple[Closure, ...]:
    rows = sorted(json.loads(written or "[]"))
    return tuple(
        Closure(
            facility_id=facility_id, first_on=date.fromisoformat(first), last_on=date.fromisoformat(last),
            from_minute=start, until_minute=end, kind=kind, reason=reason, is_estimate=bool(estimate),
        )
        for first, last, start, end, kind, reason, estimate in rows
    )  # fmt: skip


def _blocks(closure: Closure, house: Facility, first: date, last: date) -> Iterable[Blocked]:
    """Yield a closure's days around the days `first` to `last` as spans of the house's own zone."""
    zone = house.zone
    first, last = max(closure.first_on, first - DAY), min(closure.last_on, last + DAY)
    code = CLOSED if closure.kind == Closure.Kind.CLOSED else HOLIDAY
    for number in range(first.toordinal(), last.toordinal() + 1):
        midnight = datetime.combine(date.fromordinal(number), datetime.min.time(), tzinfo=zone)
        start = midnight + timedelta(minutes=closure.from_minute)
        end = midnight + timedelta(minutes=closure.until_minute)
        yield Blocked(Span(start, end), code, closure.reason, is_estimate=closure.is_estimate)


def closures_of(house: Facility, closures: Iterable[Closure], worked: Collection[date]) -> list[Closure]:
    """Return what of these closures shuts a house, the first to begin first: of two at once, that is the one people are told.

    Its own, and holidays of a kind that it keeps, without the days on which it works all the same. Nothing else decides
    whether a closure shuts a house: calendars, the region, the catalogue and reports all ask here.
    """
    found = [
        part
        for one in closures
        if keeps(house, one)
        for part in (without_days(one, worked) if one.facility_id is None else [one])
    ]
    return sorted(found, key=lambda closure: closure.first_on)


def keeps(house: Facility, closure: Closure) -> bool:
    """Return whether a closure is this house's own, or a holiday of a kind that it keeps unless it says otherwise."""
    if closure.facility_id is not None:
        return closure.facility_id == house.pk
    if closure.kind == Closure.Kind.JOINT_LEAVE:
        return house.closed_on_joint_leave
    return house.closed_on_holidays


def without_days(closure: Closure, days: Collection[date]) -> Iterator[Closure]:
    """Yield what is left of a closure without some days: itself, or pieces of it that are not to be saved."""
    inside = sorted({day for day in days if closure.first_on <= day <= closure.last_on})
    if not inside:
        yield closure
        return
    for before, after in pairwise([closure.first_on - DAY, *inside, closure.last_on + DAY]):
        if after - before > DAY:
            piece = copy(closure)
            piece.first_on, piece.last_on = before + DAY, after - DAY
            yield piece
