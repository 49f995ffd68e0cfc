"""Reads of when houses are open, and what shuts them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q

from .calendars import CLOSED, HOLIDAY, Blocked
from .hours import WeeklyRule, local_date, open_spans
from .models import Closure, Facility, OpeningHours
from .opening import observes
from .spans import Span


def opening_times(facility: Facility, window: Span) -> tuple[list[Span], list[Blocked]]:
    """Return when one house is open around `window`, and what shuts it."""
    return _open_times({facility}, window)[facility.pk]


def opening_times_of(houses: Iterable[Facility], window: Span) -> dict[int, tuple[list[Span], list[Blocked]]]:
    """Return `opening_times` of several houses by their id, in two queries whatever their number."""
    return _open_times(set(houses), window)


def _open_times(houses: set[Facility], window: Span) -> dict[int, tuple[list[Span], list[Blocked]]]:
    """Return opening spans and closures per facility, in two queries."""
    ids = [house.pk for house in houses]
    rules: dict[int, list[WeeklyRule]] = defaultdict(list)
    fields = ("facility_id", "weekday", "opens", "closes", "valid_from", "valid_until")
    for facility_id, *rule in OpeningHours.objects.filter(facility__in=ids).values_list(*fields):
        rules[facility_id].append(WeeklyRule(*rule))
    margin = timedelta(days=1)
    closures = list(
        Closure.objects.filter(
            Q(facility__in=ids) | Q(facility__isnull=True),
            last_on__gte=window.start.date() - margin,
            first_on__lte=window.end.date() + margin,
        )
    )
    found = {}
    for house in houses:
        zone = house.zone
        shut = [block for closure in closures if observes(house, closure) for block in _blocks(closure, house, window)]
        first, last = local_date(window.start, zone), local_date(window.end, zone)
        spans = open_spans(
            rules[house.pk],
            closures=[block.span for block in shut],
            holidays=(),
            zone=zone,
            first=first,
            last=last,
        )
        found[house.pk] = (spans, shut)
    return found


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
