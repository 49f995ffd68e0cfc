"""When houses are open, for people to read: a week, a day, and what shuts them next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from facilities.models import Closure, Facility, OpeningHours, WorkedHoliday
from facilities.occupancy.timetables import closures_of
from facilities.time.hours import WeeklyRule, rules_on

WHOLE_DAY = (0, 1440)


@dataclass(frozen=True, slots=True)
class DayHours:
    """A house's day: the spans it is open by rule (minutes of the day), and the closure that shuts any of it."""

    day: date
    spans: tuple[tuple[int, int], ...]
    closure: Closure | None = None

    @property
    def is_shut(self) -> bool:
        """Shut all day, by rule or by a closure."""
        return not self.spans or (self.closure is not None and _minutes(self.closure) == WHOLE_DAY)


def opening_days(houses: Iterable[Facility], days: Sequence[date]) -> dict[int, list[DayHours]]:
    """Return each house's days, in two queries however many houses there are; in three around a holiday."""
    known = list(houses)
    rules: dict[int, list[WeeklyRule]] = defaultdict(list)
    fields = ("facility_id", "weekday", "opens", "closes", "valid_from", "valid_until")
    for facility_id, *rule in OpeningHours.objects.filter(facility__in=known).values_list(*fields):
        rules[facility_id].append(WeeklyRule(*rule))
    closures = upcoming_closures(known, first=min(days), last=max(days))
    return {
        house.pk: [
            DayHours(
                day,
                tuple((rule.opens, rule.closes) for rule in rules_on(rules[house.pk], day)),
                next((c for c in closures[house.pk] if c.first_on <= day <= c.last_on), None),
            )
            for day in days
        ]
        for house in known
    }


def upcoming_closures(houses: Iterable[Facility], *, first: date, last: date) -> dict[int, list[Closure]]:
    """Return by house what shuts it and touches the days `first` to `last`, the soonest first.

    Of a holiday on some days of which a house works, the rest: pieces that are only to be read.
    """
    known = {house.pk: house for house in houses}
    found = list(
        Closure.objects.filter(
            Q(facility__in=known) | Q(facility__isnull=True), last_on__gte=first, first_on__lte=last
        ).order_by("first_on", "from_minute", "pk")
    )
    worked: dict[int, set[date]] = defaultdict(set)
    if any(closure.facility_id is None for closure in found):
        for pk, day in WorkedHoliday.objects.filter(facility__in=known).values_list("facility_id", "on"):
            worked[pk].add(day)
    shut = {pk: closures_of(house, found, worked[pk]) for pk, house in known.items()}
    return {pk: [c for c in some if c.last_on >= first and c.first_on <= last] for pk, some in shut.items()}


def _minutes(closure: Closure) -> tuple[int, int]:
    return closure.from_minute, closure.until_minute
