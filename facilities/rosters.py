"""Reads of who runs machines when: operators on shift, not away, and not at another machine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from .hours import WeeklyRule, local_date, open_spans
from .models import Absence, Assignment, Facility, Shift
from .spans import Span


@dataclass(frozen=True, slots=True)
class OnDuty:
    """An operator of a house, the types of machine they run, and when they are free to."""

    operator: int
    types: frozenset[str]
    free: tuple[Span, ...]


def on_duty(houses: Iterable[Facility], window: Span, *, except_: int | None = None) -> dict[int, list[OnDuty]]:
    """Return the operators of each house by its id, those with least to do first. Two queries whatever their number.

    `except_` is an occupancy whose own operator counts as free: for moving it.
    """
    by_id = {house.pk: house for house in houses}
    shifts: dict[int, list[WeeklyRule]] = defaultdict(list)
    people: dict[int, tuple[int, frozenset[str]]] = {}
    today = min(local_date(window.start, house.zone) for house in by_id.values()) if by_id else None
    rows = Shift.objects.filter(operator__facility__in=list(by_id)).filter(
        Q(operator__ended_on__isnull=True) | Q(operator__ended_on__gt=today)
    )
    fields = ("operator_id", "operator__facility_id", "operator__types", "operator__ended_on")
    for pk, house, types, ended_on, *rule in rows.order_by().values_list(
        *fields, "weekday", "starts", "ends", "valid_from", "valid_until"
    ):
        people[pk] = (house, frozenset(types))
        shifts[pk].append(_until(WeeklyRule(*rule), ended_on))
    held = _held(people, window, except_)
    found: dict[int, list[OnDuty]] = {house: [] for house in by_id}
    for pk in sorted(people, key=lambda pk: (sum(span.minutes for span in held[pk]), pk)):
        house, types = people[pk]
        found[house].append(OnDuty(pk, types, tuple(_free(shifts[pk], held[pk], by_id[house], window))))
    return found


def _until(rule: WeeklyRule, ended_on: object) -> WeeklyRule:
    """Return a shift that ends with the operator's last day; one that begins later is nobody's."""
    if ended_on is None or rule.valid_from >= ended_on:  # type: ignore[operator]
        return rule
    last = ended_on.fromordinal(ended_on.toordinal() - 1)  # type: ignore[attr-defined]
    until = min(rule.valid_until, last) if rule.valid_until else last
    return WeeklyRule(rule.weekday, rule.opens, rule.closes, rule.valid_from, until)


def _held(operators: Collection[int], window: Span, except_: int | None) -> dict[int, list[Span]]:
    """Return when each operator is away or at a machine, in one query."""
    held: dict[int, list[Span]] = defaultdict(list)
    if not operators:
        return held
    around = {"operator__in": list(operators), "ends_at__gt": window.start, "starts_at__lt": window.end}
    columns = ("operator_id", "starts_at", "ends_at")
    assigned = Assignment.objects.filter(**around).order_by()
    if except_ is not None:
        assigned = assigned.exclude(occupancy=except_)
    away = Absence.objects.filter(**around).order_by().values_list(*columns)
    for pk, start, end in away.union(assigned.values_list(*columns), all=True):
        held[pk].append(Span(start, end))
    return held


def _free(rules: list[WeeklyRule], held: list[Span], house: Facility, window: Span) -> list[Span]:
    zone = house.zone
    first, last = (local_date(instant, zone) for instant in (window.start, window.end))
    return open_spans(rules, closures=held, holidays=(), zone=zone, first=first, last=last)


def free_operators(house: Facility, type_code: str, work: Span, *, except_: int | None = None) -> list[int]:
    """Return the operators who could take a piece of work, those with least to do first."""
    there = on_duty([house], Span(work.start, work.end), except_=except_)[house.pk]
    return [one.operator for one in there if type_code in one.types and any(s.contains(work) for s in one.free)]

