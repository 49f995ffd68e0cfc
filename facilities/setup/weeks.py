"""A house's weeks of opening hours and its coming closed days, for those who set them. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Q

from facilities.models import Closure, Facility, OpeningHours, Operator, Shift, WorkedHoliday
from facilities.occupancy.timetables import closures_of, keeps
from facilities.time.hours import WeeklyRule, rules_on

RULE = ("weekday", "opens", "closes", "valid_from", "valid_until")


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


def weeks_ahead(facility: Facility, *, on: date) -> list[Week]:
    """Return the weeks that hold on a day or may still come, the latest first: not those that are over or replaced for good."""
    weeks = weeks_of(facility, on=on)
    begun = [week for week in weeks if week.valid_from <= on]
    return [
        week
        for week in weeks
        if _lasts(week.valid_until, on)
        and not any(one.valid_from > week.valid_from and _outlasts(one, week) for one in begun)
    ]


def _outlasts(one: Week, other: Week) -> bool:
    return one.valid_until is None or (other.valid_until is not None and one.valid_until >= other.valid_until)


def _lasts(until: date | None, on: date) -> bool:
    return until is None or on <= until


def closures_ahead(facility: Facility, *, on: date) -> list[Closure]:
    """Return the closed days that are not over, of this house and those holidays it keeps, the soonest first."""
    rows = Closure.objects.filter(Q(facility=facility) | Q(facility__isnull=True), last_on__gte=on)
    found = rows.select_related("made_by").order_by("first_on", "from_minute")
    worked = facility.worked_holidays.filter(on__gte=on).values_list("on", flat=True)
    return [closure for closure in closures_of(facility, found, set(worked)) if closure.last_on >= on]


@dataclass(frozen=True, slots=True)
class HolidayAhead:
    """A day of a holiday that a house keeps, unless it `works`."""

    day: date
    reason: str
    is_estimate: bool
    works: bool


def holidays_of(facility: Facility, *, on: date) -> list[HolidayAhead]:
    """Return day by day the coming holidays of the kinds a house keeps, worked on or not, the soonest first."""
    worked = set(facility.worked_holidays.filter(on__gte=on).values_list("on", flat=True))
    found: dict[date, HolidayAhead] = {}
    for one in Closure.objects.filter(facility__isnull=True, last_on__gte=on).order_by("is_estimate", "first_on"):
        for number in range(max(one.first_on, on).toordinal(), one.last_on.toordinal() + 1 if keeps(facility, one) else 0):
            day = date.fromordinal(number)
            found.setdefault(day, HolidayAhead(day, one.reason, one.is_estimate, day in worked))
    return sorted(found.values(), key=lambda ahead: ahead.day)


def reopened_without(holiday: Closure) -> list[tuple[Facility, list[date]]]:
    """Return the houses that would open again without a holiday, each with its days, by name; never one shut anyway."""
    days = [date.fromordinal(n) for n in range(holiday.first_on.toordinal(), holiday.last_on.toordinal() + 1)]
    whole = Closure.objects.filter(last_on__gte=days[0], first_on__lte=days[-1], from_minute=0, until_minute=1440)
    others = list(whole.exclude(pk=holiday.pk))
    worked, weeks = defaultdict(set), defaultdict(list)
    for pk, day in WorkedHoliday.objects.filter(on__in=days).values_list("facility_id", "on"):
        worked[pk].add(day)
    for pk, *rule in OpeningHours.objects.values_list("facility_id", *RULE):
        weeks[pk].append(WeeklyRule(*rule))
    found = []
    for house in Facility.objects.order_by("name_key", "pk"):
        own = [one for one in others if one.facility_id in (None, house.pk)]
        shut, held = (_shut(closures_of(house, some, worked[house.pk]), days) for some in (own, [holiday]))
        again = [day for day in days if day in held - shut and rules_on(weeks[house.pk], day)]
        found += [(house, again)] if again else []
    return found


def _shut(closures: Iterable[Closure], days: Iterable[date]) -> set[date]:
    known = list(closures)
    return {day for day in days if any(one.first_on <= day <= one.last_on for one in known)}


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
