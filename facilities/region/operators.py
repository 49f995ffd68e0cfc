"""Who runs machines when, in whole minutes and for many houses at once. What `occupancy.on_duty` says, for searching."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from facilities.database.minutes import MinuteOf
from facilities.database.row_texts import RowsOf
from facilities.models import Absence, Facility
from facilities.occupancy.on_duty import NOBODY, OnFile, on_file, shifts_in, shifts_of
from facilities.occupancy.timetables import Arrangement, arrangements_of
from facilities.time.availability import Minutes, common, free_gaps
from facilities.time.hours import local_date, open_spans
from facilities.time.instants import minute_of, minute_up, whole_minutes
from facilities.time.spans import Span


@dataclass(frozen=True, slots=True)
class FreeOperator:
    """An operator around a window: on shift while the house is open, joined and in order, and what holds them.

    Colleagues share `on_shift`, the very list.
    """

    operator: int
    types: frozenset[str]
    on_shift: list[Minutes]
    held: list[Minutes]

    @property
    def free(self) -> list[Minutes]:
        """When they are free, joined and in order."""
        return list(free_gaps(self.on_shift, self.held)) if self.held else self.on_shift


@dataclass(frozen=True, slots=True)
class LaidDown:
    """What houses have laid down about time, by their id: arrangements, and the operators of those where they matter."""

    arrangements: Mapping[int, Arrangement]
    operators: Mapping[int, Sequence[OnFile]]


def laid_down_by(houses: Iterable[Facility], window: Span, *, staffed: Collection[int]) -> LaidDown:
    """Return what houses have laid down for a window, in one query; one more where there are `staffed` ones."""
    known = list(houses)
    operators = operators_of((house for house in known if house.pk in staffed), window) if staffed else {}
    return LaidDown(arrangements_of(known, window), operators)


def operators_of(houses: Iterable[Facility], window: Span | None = None) -> dict[int, list[OnFile]]:
    """Return the operators of each house by its id, held by their absences in minutes; in one query whatever their number.

    With a window, only who is not gone before it, and only absences around it.
    """
    known = list(houses)
    absences = Absence.objects.filter(operator__facility__in=known).order_by()
    if window is not None:
        absences = absences.filter(ends_at__gt=window.start, starts_at__lt=window.end)
    spans = RowsOf(MinuteOf("starts_at"), MinuteOf("ends_at", up=True))
    found: dict[int, list[OnFile]] = {house.pk: [] for house in known}
    for one in on_file(shifts_of(known, window), absences.values_list("operator_id", *NOBODY).annotate(rows=spans)):
        found[one.house].append(one)
    return found


def operators_around(
    arranged: Mapping[Arrangement, Iterable[OnFile]], window: Span, busy: Mapping[int, Iterable[Minutes]]
) -> dict[int, list[FreeOperator]]:
    """Return by house who of these operators is on shift around a window, and what holds them: absences, and `busy`."""
    low, high = minute_of(window.start), minute_up(window.end)
    found: dict[int, list[FreeOperator]] = {}
    for one, people in arranged.items():
        there = found[one.house.pk] = []
        first, last = local_date(window.start, one.house.zone), local_date(window.end, one.house.zone)
        for person in people:
            on_shift = _on_shift(one, person.week, person.ended_on, first, last)
            if on_shift:
                away = [span for span in person.held if span[1] > low and span[0] < high]
                there.append(FreeOperator(person.operator, person.types, on_shift, [*away, *busy.get(person.operator, ())]))
    return found


def _on_shift(one: Arrangement, week: str, ended_on: date | None, first: date, last: date) -> list[Minutes]:
    """Return when a week of shifts falls into the hours of its house. Remembered there: colleagues share a few weeks."""

    def made() -> list[Minutes]:
        zone = one.house.zone
        shifts = open_spans(shifts_in(week, ended_on), closures=(), holidays=(), zone=zone, first=first, last=last)
        return common(one.opened(first, last), whole_minutes(shifts))

    return one.remember((week, ended_on, first, last), made)
