"""Reads of who runs machines when: operators on shift, not away, and not at another machine."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import DateField, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from facilities.database.row_texts import RowsOf, instant, weekly_rules
from facilities.models import Absence, Assignment, Facility, Shift
from facilities.time.hours import WeeklyRule, local_date, open_spans
from facilities.time.spans import Span


@dataclass(frozen=True, slots=True)
class OnDuty:
    """An operator of a house, the types of machine they run, and when they are free to."""

    operator: int
    types: frozenset[str]
    free: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class OnFile:
    """An operator as on file: house, types of machine, shifts as they were read, and the first day no longer here.

    `held` are pairs of what holds them, written as the reader asked for them.
    """

    operator: int
    house: int
    types: frozenset[str]
    week: str
    ended_on: date | None
    held: list[Any]


NOBODY = Value(0), Value(""), Value(None, DateField())
"""What a row of `shifts_of` has and one of something that holds an operator has not."""


def on_file(shifts: QuerySet[Shift, tuple[Any, ...]], *holding: QuerySet[Any, tuple[Any, ...]]) -> list[OnFile]:
    """Return the operators of `shifts_of`, with what holds them: rows of operator, `NOBODY` and pairs. One query."""
    people, held = [], defaultdict[int, list[Any]](list)
    for pk, house, types, ended_on, text in shifts.union(*holding, all=True):
        if house:
            people.append((pk, house, types_in(types), text, ended_on))
        else:
            held[pk] += json.loads(text)
    return [OnFile(*one, held[one[0]]) for one in people]


def on_duty(houses: Iterable[Facility], window: Span, *, except_: int | None = None) -> dict[int, list[OnDuty]]:
    """Return the operators of each house by its id, those with least to do first. One query whatever their number.

    To the instant, for decisions; `region.operators` says the same in whole minutes. `except_` is an occupancy whose
    own operator counts as free: for moving it.
    """
    by_id = {house.pk: house for house in houses}
    spans = RowsOf("starts_at", "ends_at")
    holding = (rows.values_list("operator_id", *NOBODY).annotate(rows=spans) for rows in _held(by_id, window, except_))
    people = [
        (one, [Span(instant(start), instant(end)) for start, end in one.held])
        for one in on_file(shifts_of(by_id.values(), window), *holding)
    ]
    found: dict[int, list[OnDuty]] = {house: [] for house in by_id}
    for one, held in sorted(people, key=lambda pair: (sum(span.minutes for span in pair[1]), pair[0].operator)):
        zone = by_id[one.house].zone
        free = open_spans(
            shifts_in(one.week, one.ended_on),
            closures=held,
            holidays=(),
            zone=zone,
            first=local_date(window.start, zone),
            last=local_date(window.end, zone),
        )
        found[one.house].append(OnDuty(one.operator, one.types, tuple(free)))
    return found


def shifts_of(houses: Iterable[Facility], window: Span | None = None) -> QuerySet[Shift, tuple[Any, ...]]:
    """Return operator, house, types, last day and shifts of everybody; with a window, who is not gone before it."""
    known = list(houses)
    rows = Shift.objects.filter(operator__facility__in=known)
    if window is not None:
        today = min((local_date(window.start, house.zone) for house in known), default=None)
        rows = rows.filter(Q(operator__ended_on__isnull=True) | Q(operator__ended_on__gt=today))
    return (
        rows.order_by()
        .values_list("operator_id", "operator__facility_id", Cast("operator__types", TextField()), "operator__ended_on")
        .annotate(rows=RowsOf("weekday", "starts", "ends", "valid_from", "valid_until"))
    )


@lru_cache(maxsize=4096)
def types_in(written: str) -> frozenset[str]:
    """Return the codes in a column of types: colleagues run the same."""
    return frozenset(json.loads(written))


@lru_cache(maxsize=4096)
def shifts_in(week: str, ended_on: date | None) -> tuple[WeeklyRule, ...]:
    """Return the shifts of a week, each ending with the operator's last day; those that begin later are nobody's."""
    rules = weekly_rules(week)
    if ended_on is None:
        return rules
    return tuple(_until(rule, ended_on - timedelta(days=1)) for rule in rules if rule.valid_from < ended_on)


def _until(rule: WeeklyRule, last: date) -> WeeklyRule:
    until = min(rule.valid_until, last) if rule.valid_until else last
    return WeeklyRule(rule.weekday, rule.opens, rule.closes, rule.valid_from, until)


def _held(
    houses: Collection[int], window: Span, except_: int | None
) -> tuple[QuerySet[Absence], QuerySet[Assignment]]:
    """Return when the operators of houses are away, and when they are at a machine."""
    around = {"operator__facility__in": list(houses), "ends_at__gt": window.start, "starts_at__lt": window.end}
    assigned = Assignment.objects.filter(**around).order_by()
    if except_ is not None:
        assigned = assigned.exclude(occupancy=except_)
    return Absence.objects.filter(**around).order_by(), assigned


def free_operators(house: Facility, type_code: str, work: Span, *, except_: int | None = None) -> list[int]:
    """Return the operators who could take a piece of work, those with least to do first."""
    there = on_duty([house], Span(work.start, work.end), except_=except_)[house.pk]
    return [one.operator for one in there if type_code in one.types and any(s.contains(work) for s in one.free)]
