"""A house's weeks of opening hours and its coming closed days, for those who set them. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Q, QuerySet

from facilities.models import Closure, Facility, OpeningHours, Operator, Shift


@dataclass(frozen=True, slots=True)
class Week:
    """The rules that begin on one day. `is_current`: they are in force today."""

    valid_from: date
    valid_until: date | None
    rules: list[OpeningHours]
    is_current: bool

    def days(self) -> list[tuple[int, list[OpeningHours]]]:
        """Return (weekday, its openings) for all seven days."""
        return [(day, [rule for rule in self.rules if rule.weekday == day]) for day in range(7)]


def weeks_of(facility: Facility, *, on: date) -> list[Week]:
    """Return a house's weeks, the latest first; at most one is in force on a day."""
    rows = facility.opening_hours.order_by("-valid_from", "weekday", "opens")
    grouped = [(first, list(rules)) for first, rules in groupby(rows, key=lambda rule: rule.valid_from)]
    valid = [first for first, rules in grouped if first <= on and _lasts(rules[0].valid_until, on)]
    current = max(valid, default=None)
    return [Week(first, rules[0].valid_until, rules, first == current) for first, rules in grouped]


def _lasts(until: date | None, on: date) -> bool:
    return until is None or on <= until


def closures_ahead(facility: Facility, *, on: date) -> QuerySet[Closure]:
    """Return the closed days that are not over, of this house and those holidays it observes."""
    kinds = Q(facility=facility)
    if facility.closed_on_holidays:
        kinds |= Q(facility__isnull=True) & ~Q(kind=Closure.Kind.JOINT_LEAVE)
    if facility.closed_on_joint_leave:
        kinds |= Q(facility__isnull=True, kind=Closure.Kind.JOINT_LEAVE)
    return Closure.objects.filter(kinds, last_on__gte=on).select_related("made_by").order_by("first_on", "from_minute")


@dataclass(frozen=True, slots=True)
class ShiftWeek:
    """An operator's shifts that begin on one day. `is_current`: they are in force today."""

    valid_from: date
    valid_until: date | None
    rules: list[Shift]
    is_current: bool


def shift_weeks_of(operator: Operator, *, on: date) -> list[ShiftWeek]:
    """Return an operator's weeks of shifts, the latest first; at most one is in force on a day."""
    rows = operator.shifts.order_by("-valid_from", "weekday", "starts")
    grouped = [(first, list(rules)) for first, rules in groupby(rows, key=lambda rule: rule.valid_from)]
    valid = [first for first, rules in grouped if first <= on and _lasts(rules[0].valid_until, on)]
    current = max(valid, default=None)
    return [ShiftWeek(first, rules[0].valid_until, rules, first == current) for first, rules in grouped]
