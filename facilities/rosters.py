"""Reads of who runs machines when: operators on shift, not away, and not at another machine."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Expression, F, Q, TextField
from django.db.models.functions import Cast

from .availability import Minutes, free_gaps
from .hours import WeeklyRule, local_date, open_spans
from .instants import minute_of, minute_up
from .minutes import MinuteOf
from .models import Absence, Assignment, Facility, Shift
from .spans import Span


@dataclass(frozen=True, slots=True)
class OnDuty:
    """An operator of a house, the types of machine they run, and when they are free to."""

    operator: int
    types: frozenset[str]
    free: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class FreeHand:
    """The same in whole minutes since 1970, joined and in order."""

    operator: int
    types: frozenset[str]
    free: list[Minutes]


@dataclass(slots=True)
class _OnFile:
    """An operator's house, types and shifts."""

    house: Facility
    types: frozenset[str]
    shifts: list[WeeklyRule]


def on_duty(houses: Iterable[Facility], window: Span, *, except_: int | None = None) -> dict[int, list[OnDuty]]:
    """Return the operators of each house by its id, those with least to do first. Two queries whatever their number.

    `except_` is an occupancy whose own operator counts as free: for moving it.
    """
    by_id = {house.pk: house for house in houses}
    people, held = _on_file(by_id, window), defaultdict[int, list[Span]](list)
    for pk, start, end in _held(people, window, except_, F("starts_at"), F("ends_at")):
        held[pk].append(Span(start, end))
    found: dict[int, list[OnDuty]] = {house: [] for house in by_id}
    for pk in sorted(people, key=lambda pk: (sum(span.minutes for span in held[pk]), pk)):
        one = people[pk]
        first, last = _days(window, one.house.zone)
        free = open_spans(one.shifts, closures=held[pk], holidays=(), zone=one.house.zone, first=first, last=last)
        found[one.house.pk].append(OnDuty(pk, one.types, tuple(free)))
    return found


def free_hands(houses: Iterable[Facility], window: Span, *, except_: int | None = None) -> dict[int, list[FreeHand]]:
    """Return what `on_duty` says, in whole minutes: for searching many houses at once."""
    by_id = {house.pk: house for house in houses}
    people, held = _on_file(by_id, window), defaultdict[int, list[Minutes]](list)
    for pk, start, end in _held(people, window, except_, MinuteOf("starts_at"), MinuteOf("ends_at", up=True)):
        held[pk].append((start, end))
    found: dict[int, list[FreeHand]] = {house: [] for house in by_id}
    for pk in sorted(people, key=lambda pk: (sum(end - start for start, end in held[pk]), pk)):
        one = people[pk]
        on_shift = _shift_minutes(tuple(one.shifts), one.house.zone, *_days(window, one.house.zone))
        found[one.house.pk].append(FreeHand(pk, one.types, list(free_gaps(on_shift, held[pk]))))
    return found


def _on_file(houses: Mapping[int, Facility], window: Span) -> dict[int, _OnFile]:
    """Return the operators of these houses who are not gone before the window, in one query."""
    today = min((local_date(window.start, house.zone) for house in houses.values()), default=None)
    rows = Shift.objects.filter(operator__facility__in=list(houses)).filter(
        Q(operator__ended_on__isnull=True) | Q(operator__ended_on__gt=today)
    )
    found: dict[int, _OnFile] = {}
    for pk, house, types, ended_on, *rule in rows.order_by().values_list(
        "operator_id", "operator__facility_id", Cast("operator__types", TextField()), "operator__ended_on",
        "weekday", "starts", "ends", "valid_from", "valid_until",
    ):  # fmt: skip
        one = found.get(pk) or found.setdefault(pk, _OnFile(houses[house], _types(types), []))
        one.shifts.append(_until(_rule(*rule), ended_on))
    return found


def _days(window: Span, zone: ZoneInfo) -> tuple[date, date]:
    return local_date(window.start, zone), local_date(window.end, zone)


@lru_cache(maxsize=1024)
def _shift_minutes(shifts: tuple[WeeklyRule, ...], zone: ZoneInfo, first: date, last: date) -> list[Minutes]:
    """Return when shifts are, whole minutes: kept, for many operators share them and a day asks for one fortnight."""
    spans = open_spans(shifts, closures=(), holidays=(), zone=zone, first=first, last=last)
    return [(minute_up(span.start), minute_of(span.end)) for span in spans]


@lru_cache(maxsize=4096)
def _rule(weekday: int, starts: int, ends: int, valid_from: date, valid_until: date | None) -> WeeklyRule:
    return WeeklyRule(weekday, starts, ends, valid_from, valid_until)


@lru_cache(maxsize=4096)
def _types(written: str) -> frozenset[str]:
    """Return the codes in a column of types: it comes once per shift, and is read once."""
    return frozenset(json.loads(written))


def _until(rule: WeeklyRule, ended_on: object) -> WeeklyRule:
    """Return a shift that ends with the operator's last day; one that begins later is nobody's."""
    if ended_on is None or rule.valid_from >= ended_on:  # type: ignore[operator]
        return rule
    last = ended_on.fromordinal(ended_on.toordinal() - 1)  # type: ignore[attr-defined]
    until = min(rule.valid_until, last) if rule.valid_until else last
    return WeeklyRule(rule.weekday, rule.opens, rule.closes, rule.valid_from, until)


def _held(
    operators: Collection[int], window: Span, except_: int | None, start: Expression, end: Expression
) -> Iterable[tuple[Any, ...]]:
    """Return (operator, start, end) of when each is away or at a machine, in one query."""
    if not operators:
        return ()
    around = {"operator__in": list(operators), "ends_at__gt": window.start, "starts_at__lt": window.end}
    assigned = Assignment.objects.filter(**around).order_by()
    if except_ is not None:
        assigned = assigned.exclude(occupancy=except_)
    away = Absence.objects.filter(**around).order_by().values_list("operator_id", start, end)
    return away.union(assigned.values_list("operator_id", start, end), all=True)


def free_operators(house: Facility, type_code: str, work: Span, *, except_: int | None = None) -> list[int]:
    """Return the operators who could take a piece of work, those with least to do first."""
    there = on_duty([house], Span(work.start, work.end), except_=except_)[house.pk]
    return [one.operator for one in there if type_code in one.types and any(s.contains(work) for s in one.free)]
