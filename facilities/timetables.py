"""Reads of what houses have laid down about time: when they are open, what shuts them, and their changeovers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import Q, Value

from .calendars import CLOSED, HOLIDAY, Blocked
from .changeover import Matrix
from .hours import local_date, open_spans
from .matrices import CELL, matrix_from
from .models import Changeover, Closure, Facility, OpeningHours
from .opening import observes
from .row_texts import RowsOf, weekly_rules
from .spans import Span

WEEK, SHUT, CELLS = "week", "shut", "cells"


@dataclass(frozen=True, slots=True)
class Timetable:
    """One house around a window: its opening hours, what shuts it, and what is cleaned between two classes."""

    open: list[Span]
    shut: list[Blocked]
    matrix: Matrix


def opening_times(facility: Facility, window: Span) -> tuple[list[Span], list[Blocked]]:
    """Return when one house is open around `window`, and what shuts it."""
    found = timetables_of({facility}, window)[facility.pk]
    return found.open, found.shut


def timetables_of(houses: Iterable[Facility], window: Span) -> dict[int, Timetable]:
    """Return the timetables of houses by their id, in one query whatever their number."""
    known = {house.pk: house for house in houses}
    told = _told(known, window)
    shut = told[SHUT]
    holidays = _closures(shut.get(None), None)
    return {
        pk: Timetable(
            *_open_times(house, told[WEEK].get(pk, "[]"), _both(_closures(shut.get(pk), pk), holidays), window),
            matrix_from(told[CELLS], pk),
        )
        for pk, house in known.items()
    }  # fmt: skip


def _told(houses: Iterable[int], window: Span) -> Mapping[str, Mapping[int | None, str]]:
    """Return the rows of each kind by house, None for every house, as texts."""
    ids, margin = list(houses), timedelta(days=1)
    theirs = Q(facility__in=ids) | Q(facility__isnull=True)
    soon = {"last_on__gte": window.start.date() - margin, "first_on__lte": window.end.date() + margin}
    weeks, closures, changeovers = (
        rows.order_by().values_list(Value(kind), "facility_id").annotate(rows=RowsOf(*columns))
        for kind, rows, columns in (
            (WEEK, OpeningHours.objects.filter(facility__in=ids),
             ("weekday", "opens", "closes", "valid_from", "valid_until")),
            (SHUT, Closure.objects.filter(theirs, **soon),
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


def _both(own: Sequence[Closure], holidays: Sequence[Closure]) -> list[Closure]:
    """Return what shuts a house, the first to begin first: of two at once, that is the one people are told."""
    return sorted([*own, *holidays], key=lambda closure: closure.first_on)


def _open_times(
    house: Facility, week: str, closures: Iterable[Closure], window: Span
) -> tuple[list[Span], list[Blocked]]:
    """Return when a house is open, and what shuts it."""
    zone = house.zone
    shut = [block for closure in closures if observes(house, closure) for block in _blocks(closure, house, window)]
    spans = open_spans(
        weekly_rules(week),
        closures=[block.span for block in shut],
        holidays=(),
        zone=zone,
        first=local_date(window.start, zone),
        last=local_date(window.end, zone),
    )
    return spans, shut


def _blocks(closure: Closure, house: Facility, window: Span) -> Iterable[Blocked]:
    """Yield a closure's days within the window as spans of the house's own zone."""
    zone = house.zone
    first = max(closure.first_on, local_date(window.start, zone) - timedelta(days=1))
    last = min(closure.last_on, local_date(window.end, zone) + timedelta(days=1))
    code = CLOSED if closure.kind == Closure.Kind.CLOSED else HOLIDAY
    for number in range(first.toordinal(), last.toordinal() + 1):
        midnight = datetime.combine(date.fromordinal(number), datetime.min.time(), tzinfo=zone)
        start = midnight + timedelta(minutes=closure.from_minute)
        end = midnight + timedelta(minutes=closure.until_minute)
        yield Blocked(Span(start, end), code, closure.reason)
