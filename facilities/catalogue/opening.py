"""When houses are open, for people to read: a week, a day, and what shuts them next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from facilities.models import Closure, Facility, OpeningHours
from facilities.occupancy.timetables import observes
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
    """Return each house's days, in two queries however many houses there are."""
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
                next((c for c in closures if observes(house, c) and c.first_on <= day <= c.last_on), None),
            )
            for day in days
        ]
        for house in known
    }


def upcoming_closures(houses: Iterable[Facility], *, first: date, last: date) -> list[Closure]:
    """Return holidays and these houses' own closures that touch the days `first` to `last`, the soonest first."""
    ids = [house.pk for house in houses]
    return list(
        Closure.objects.filter(
            Q(facility__in=ids) | Q(facility__isnull=True), last_on__gte=first, first_on__lte=last
        ).order_by("first_on", "from_minute", "pk")
    )


def _minutes(closure: Closure) -> tuple[int, int]:
    return closure.from_minute, closure.until_minute
