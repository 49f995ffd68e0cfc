"""Who runs machines when, in whole minutes and for many houses at once. What `rosters.on_duty` says, for searching."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models import DateField, Value

from facilities.database.minutes import MinuteOf
from facilities.database.row_texts import RowsOf
from facilities.models import Absence, Facility
from facilities.occupancy.on_duty import shifts_in, shifts_of, types_in
from facilities.occupancy.timetables import Arrangement, arrangements_of
from facilities.time.availability import Minutes, common, free_gaps
from facilities.time.hours import local_date, open_spans
from facilities.time.instants import minute_of, minute_up, whole_minutes
from facilities.time.spans import Span


@dataclass(frozen=True, slots=True)
class Hand:
    """An operator as on file: types of machine, week as it was read, first day no longer here, and when away."""

    operator: int
    types: frozenset[str]
    week: str
    ended_on: date | None
    away: list[Minutes]


@dataclass(frozen=True, slots=True)
class FreeHand:
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
    hands: Mapping[int, Sequence[Hand]]


def laid_down_by(houses: Iterable[Facility], window: Span, *, staffed: Collection[int]) -> LaidDown:
    """Return what houses have laid down for a window, in one query; one more where there are `staffed` ones."""
    known = list(houses)
    hands = hands_of((house for house in known if house.pk in staffed), window) if staffed else {}
    return LaidDown(arrangements_of(known, window), hands)


def hands_of(houses: Iterable[Facility], window: Span | None = None) -> dict[int, list[Hand]]:
    """Return the operators of each house by its id, in one query whatever their number.

    With a window, only who is not gone before it, and only absences around it.
    """
    known = list(houses)
    absences = Absence.objects.filter(operator__facility__in=known).order_by()
    if window is not None:
        absences = absences.filter(ends_at__gt=window.start, starts_at__lt=window.end)
    nobody = Value(0), Value(""), Value(None, DateField())
    spans = RowsOf(MinuteOf("starts_at"), MinuteOf("ends_at", up=True))
    away = absences.values_list("operator_id", *nobody).annotate(rows=spans)
    people, gone = [], dict[int, list[Minutes]]()
    for pk, house, written, ended_on, text in shifts_of(known, window).union(away, all=True):
        if house:
            people.append((house, pk, types_in(written), text, ended_on))
        else:
            gone[pk] = json.loads(text)
    found: dict[int, list[Hand]] = {house.pk: [] for house in known}
    for house, pk, types, week, ended_on in people:
        found[house].append(Hand(pk, types, week, ended_on, gone.get(pk, [])))
    return found


def free_hands(
    arranged: Mapping[Arrangement, Iterable[Hand]], window: Span, busy: Mapping[int, Iterable[Minutes]]
) -> dict[int, list[FreeHand]]:
    """Return by house who of these operators is on shift around a window, and what holds them: absences, and `busy`."""
    low, high = minute_of(window.start), minute_up(window.end)
    found: dict[int, list[FreeHand]] = {}
    for one, hands in arranged.items():
        there = found[one.house.pk] = []
        first, last = local_date(window.start, one.house.zone), local_date(window.end, one.house.zone)
        for hand in hands:
            on_shift = _on_shift(one, hand.week, hand.ended_on, first, last)
            if on_shift:
                away = [span for span in hand.away if span[1] > low and span[0] < high]
                there.append(FreeHand(hand.operator, hand.types, on_shift, [*away, *busy.get(hand.operator, ())]))
    return found


def _on_shift(one: Arrangement, week: str, ended_on: date | None, first: date, last: date) -> list[Minutes]:
    """Return when a week of shifts falls into the hours of its house."""
    return one.remember(
        (week, ended_on, first, last),
        lambda: common(one.opened(first, last), _shift_minutes(week, ended_on, one.house.zone, first, last)),
    )


@lru_cache(maxsize=1024)
def _shift_minutes(week: str, ended_on: date | None, zone: ZoneInfo, first: date, last: date) -> list[Minutes]:
    """Return when shifts are: kept, for operators of many houses share them, and a day's searches ask for few windows."""
    return whole_minutes(
        open_spans(shifts_in(week, ended_on), closures=(), holidays=(), zone=zone, first=first, last=last)
    )
