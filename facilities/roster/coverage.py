"""Reads of work that was given to an operator who can no longer do it: away, off shift, gone, or not their type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from facilities.models import Absence, Assignment, Facility, Shift
from facilities.time.hours import WeeklyRule, local_date, open_spans
from facilities.time.spans import Span

AWAY, OFF_SHIFT, ENDED, OTHER_TYPE = "away", "off_shift", "ended", "other_type"


def uncovered(house: Facility, *, now: datetime) -> dict[int, frozenset[str]]:
    """Return, by occupancy, why the operator of work that is not over cannot do it. Three queries.

    Whoever stands at a machine beyond their shift, because a manager asked them to, is in here too:
    compare before and after a change.
    """
    rows = Assignment.objects.filter(operator__facility=house, ends_at__gt=now).select_related(
        "operator", "occupancy__machine"
    )
    given = list(rows.order_by("starts_at"))
    if not given:
        return {}
    people = {one.operator_id for one in given}
    shifts = _shifts(people, Span(min(one.starts_at for one in given), max(one.ends_at for one in given)), house)
    away = _absences(people, now)
    found = {one.occupancy_id: _causes(one, shifts[one.operator_id], away[one.operator_id], house) for one in given}
    return {pk: causes for pk, causes in found.items() if causes}


def _causes(one: Assignment, shifts: list[Span], away: list[Span], house: Facility) -> frozenset[str]:
    work, causes = Span(one.starts_at, one.ends_at), set()
    if any(span.overlaps(work) for span in away):
        causes.add(AWAY)
    if not any(span.contains(work) for span in shifts):
        causes.add(OFF_SHIFT)
    last = local_date(work.end - timedelta(microseconds=1), house.zone)
    if one.operator.ended_on is not None and last >= one.operator.ended_on:
        causes.add(ENDED)
    if one.occupancy.machine.type_id not in one.operator.types:
        causes.add(OTHER_TYPE)
    return frozenset(causes)


def _shifts(people: Iterable[int], window: Span, house: Facility) -> dict[int, list[Span]]:
    rules: dict[int, list[WeeklyRule]] = defaultdict(list)
    fields = ("operator_id", "weekday", "starts", "ends", "valid_from", "valid_until")
    for pk, *rule in Shift.objects.filter(operator__in=people).order_by().values_list(*fields):
        rules[pk].append(WeeklyRule(*rule))
    first, last = local_date(window.start, house.zone), local_date(window.end, house.zone)
    found: dict[int, list[Span]] = defaultdict(list)
    for pk, known in rules.items():
        found[pk] = open_spans(known, closures=(), holidays=(), zone=house.zone, first=first, last=last)
    return found


def _absences(people: Iterable[int], now: datetime) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = defaultdict(list)
    rows = Absence.objects.filter(operator__in=people, ends_at__gt=now).order_by()
    for pk, start, end in rows.values_list("operator_id", "starts_at", "ends_at"):
        found[pk].append(Span(start, end))
    return found
