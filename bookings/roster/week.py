"""Who is where: the week of a house's operators, and work that nobody runs yet. Reads only.

Names of operators are for the house's own people; producers read "operator rumah".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db.models import Q, QuerySet

from bookings.models import BookedMachine
from bookings.trail.lifecycle import APPROVED, CHECKED_IN, REQUESTED
from facilities.models import Absence, Assignment, Facility, Machine, Operator, Shift
from facilities.occupancy.on_duty import on_duty
from facilities.time.hours import WeeklyRule, local_date, local_day, rules_on
from facilities.time.spans import Span

Row = TypeVar("Row", Absence, Assignment)

TO_RUN = (REQUESTED, APPROVED, CHECKED_IN)
"""Statuses whose work is still to be done."""


@dataclass(frozen=True, slots=True)
class Work:
    """A job an operator must run: `left` of its setup and run, who is there and free for it, and whom we would take.

    `choices` begin with those who have least to do. Suggestions of one list never need a person twice at once.
    """

    part: BookedMachine
    left: Span
    choices: Sequence[Operator]
    suggested: Operator | None


@dataclass(frozen=True, slots=True)
class Away:
    """An absence as one day sees it: `span` where it begins and ends that day, None where it fills more."""

    absence: Absence
    span: Span | None


@dataclass(frozen=True, slots=True)
class DayOfOne:
    """One operator's day: shifts as minutes of the day, absences, and the work given to them."""

    day: date
    shifts: Sequence[WeeklyRule]
    away: Sequence[Away]
    jobs: Sequence[Assignment]


@dataclass(frozen=True, slots=True)
class WeekOfOne:
    operator: Operator
    days: Sequence[DayOfOne]


def left_of(part: BookedMachine, *, now: datetime) -> Span | None:
    """Return what is still to be done of a job's setup and run, or None when it is over or holds no time."""
    held = part.occupancy
    if held is None:
        return None
    start, end = max(held.starts_at, now), held.cleaning_from or min(part.ends_at, held.ends_at)
    return Span(start, end) if end > start else None


def unmanned_parts(house: Facility, *, now: datetime) -> QuerySet[BookedMachine]:
    """Return the coming jobs on machines that only operators run which nobody was named for, in order of time."""
    return _parts().filter(
        booking__facility=house,
        booking__status__in=TO_RUN,
        machine__operator_level=Machine.Level.OPERATOR,
        ends_at__gt=now,
        occupancy__isnull=False,
        occupancy__assignment__isnull=True,
    )


def parts_holding(occupancy_ids: Iterable[int]) -> QuerySet[BookedMachine]:
    """Return the jobs still to be done that hold these occupancies, in order of time."""
    return _parts().filter(occupancy__in=list(occupancy_ids), booking__status__in=TO_RUN)


def _parts() -> QuerySet[BookedMachine]:
    rows = BookedMachine.objects.select_related(
        "booking__producer", "booking__facility", "machine__type", "occupancy__assignment__operator"
    )
    return rows.order_by("starts_at", "pk")


def work_for(
    parts: Iterable[BookedMachine], house: Facility, *, now: datetime, except_: int | None = None
) -> list[Work]:
    """Return each job with who could run it, in order of time; two queries whatever their number.

    `except_` is an occupancy whose own operator counts as free: for naming somebody else, or the same.
    """
    open_ = [(part, left) for part in parts if (left := left_of(part, now=now))]
    if not open_:
        return []
    window = Span(min(left.start for _, left in open_), max(left.end for _, left in open_))
    there = on_duty([house], window, except_=except_)[house.pk]
    names = {one.pk: one for one in Operator.objects.filter(pk__in=[duty.operator for duty in there])}
    promised: dict[int, list[Span]] = defaultdict(list)
    found = []
    for part, left in open_:
        free = [d.operator for d in there if part.machine.type_id in d.types and any(s.contains(left) for s in d.free)]
        first = next((pk for pk in free if not any(span.overlaps(left) for span in promised[pk])), None)
        if first is not None:
            promised[first].append(left)
        found.append(Work(part, left, [names[pk] for pk in free], names[first] if first is not None else None))
    return found


def unmanned(house: Facility, *, now: datetime) -> list[Work]:
    """Return the coming jobs nobody runs, each with who could. Three queries at most."""
    return work_for(unmanned_parts(house, now=now), house, now=now)


def others_for(part: BookedMachine, choices: Iterable[Operator]) -> list[Operator]:
    """Return the house's operators who know the machine but are not free for the job by the roster, by name."""
    free = {one.pk for one in choices}
    known = Operator.objects.filter(facility=part.booking.facility_id).filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=local_date(part.starts_at, part.booking.facility.zone))
    )
    return [one for one in known if part.machine.type_id in one.types and one.pk not in free]


def week_of(house: Facility, monday: date) -> list[WeekOfOne]:
    """Return seven days from `monday` of every operator who is here in them, by name. Four queries."""
    days = [monday + timedelta(days=number) for number in range(7)]
    spans = [local_day(day, house.zone) for day in days]
    window = Span(spans[0].start, spans[-1].end)
    people = list(house.operators.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=monday)).order_by("name_key", "pk"))
    rules: dict[int, list[WeeklyRule]] = defaultdict(list)
    fields = ("operator_id", "weekday", "starts", "ends", "valid_from", "valid_until")
    for pk, *rule in Shift.objects.filter(operator__in=people).order_by().values_list(*fields):
        rules[pk].append(WeeklyRule(*rule))
    around = {"operator__in": people, "ends_at__gt": window.start, "starts_at__lt": window.end}
    away = _by_operator(Absence.objects.filter(**around).order_by("starts_at"))
    joined = "occupancy__machine", "occupancy__booked_machine__booking__producer"
    jobs = _by_operator(Assignment.objects.filter(**around).select_related(*joined).order_by("starts_at"))
    return [
        WeekOfOne(
            one,
            [
                DayOfOne(
                    day,
                    rules_on(rules[one.pk], day) if one.ended_on is None or day < one.ended_on else [],
                    [_away(absence, span) for absence in _touching(away[one.pk], span)],
                    _touching(jobs[one.pk], span),
                )
                for day, span in zip(days, spans, strict=True)
            ],
        )
        for one in people
    ]


def _away(absence: Absence, day: Span) -> Away:
    span = Span(absence.starts_at, absence.ends_at)
    return Away(absence, span if day.contains(span) and span != day else None)


def _by_operator(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.operator_id].append(row)
    return found


def _touching(rows: Iterable[Row], day: Span) -> list[Row]:
    return [row for row in rows if row.starts_at < day.end and row.ends_at > day.start]
