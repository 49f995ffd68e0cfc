"""Months of several houses as filters, each cut at its own house's midnights."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q

from facilities.models import Facility
from facilities.time.hours import local_date, local_day, local_month
from facilities.time.spans import Span


def months_span(house: Facility, first: date, last: date, *, now: datetime) -> Span | None:
    """Return the months `first` to `last` of a house up to the end of its today; None when all is to come."""
    zone = house.zone
    start = local_month(first.year, first.month, zone).start
    end = min(local_month(last.year, last.month, zone).end, local_day(local_date(now, zone), zone).end)
    return Span(start, end) if end > start else None


def begun_within(houses: Sequence[Facility], first: date, last: date, *, now: datetime, path: str, field: str) -> Q:
    """Return a filter for rows of the houses whose `field` lies in the months, one clause per zone.

    `path` leads from the row to its house's id.
    """
    clauses = Q(pk__in=[])
    for span, ids in spans_by_zone(houses, first, last, now=now):
        clauses |= Q(**{f"{path}__in": ids, f"{field}__gte": span.start, f"{field}__lt": span.end})
    return clauses


def reaching_into(
    houses: Sequence[Facility], first: date, last: date, *, now: datetime, path: str, fields: tuple[str, str], longest: timedelta
) -> Q:
    """Return a filter for rows of which a part lies in the months, one clause per zone; none lasts longer than `longest`."""
    start, end = fields
    clauses = Q(pk__in=[])
    for span, ids in spans_by_zone(houses, first, last, now=now):
        since = {f"{start}__lt": span.end, f"{start}__gt": span.start - longest}
        clauses |= Q(**{f"{path}__in": ids, f"{end}__gt": span.start, **since})
    return clauses


def spans_by_zone(
    houses: Sequence[Facility], first: date, last: date, *, now: datetime
) -> list[tuple[Span, list[int]]]:
    """Return the months as one span per zone, with the ids of the houses there; zones where all is to come are left out."""
    by_zone: dict[str, list[Facility]] = defaultdict(list)
    for house in houses:
        by_zone[house.zone_name].append(house)
    spans = [(months_span(some[0], first, last, now=now), [h.pk for h in some]) for some in by_zone.values()]
    return [(span, ids) for span, ids in spans if span is not None]
