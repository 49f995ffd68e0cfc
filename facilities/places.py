"""Machines as searching sees them: plain values, a thousand at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.db.models import F, FilteredRelation, Q, TextField
from django.db.models.functions import Cast

from .limits import Limits
from .models import Facility, Machine, MachineType, Tariff
from .row_texts import RowsOf, of_machines
from .vocabulary import ANY


@dataclass(frozen=True, slots=True)
class Price:
    """A tariff: whole rupiah per unit. `until` is its last day, None where it has none."""

    unit: str
    amount: int
    is_example: bool
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Rated:
    """A capability that serves what is asked: packs per hour to plan with, and how many own runs taught it (0: nominal).

    `smallest` and `largest` are grams or millilitres in a pack, `widest` millimetres; None is no limit.
    """

    form: str
    format: str
    rate: int
    learned_from: int = 0
    smallest: int | None = None
    largest: int | None = None
    widest: int | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of machine. `formats`: what such machines usually pack into."""

    code: str
    drawing: str
    needs: str
    is_support: bool
    formats: Sequence[str]


@dataclass(slots=True)
class Place:
    """A machine in its house, with what of its abilities serves the question, and its breakdown.

    Says what `free.Timed` asks, by the names that the model has.
    """

    pk: int
    slug: str
    name: str
    line: str
    setup: int
    cleaning: int
    level: str
    type: Kind
    facility: Facility
    limits: Limits
    policy: Mapping[str, object]
    in_service_from: date
    retired_on: date | None
    broken_since: datetime | None
    broken_until: datetime | None
    abilities: list[Rated] = field(default_factory=list)
    type_id: str = field(init=False)
    facility_id: int = field(init=False)

    def __post_init__(self) -> None:
        self.type_id, self.facility_id = self.type.code, self.facility.pk

    @property
    def is_operated(self) -> bool:
        return self.level == OPERATOR


OPERATOR = Machine.Level.OPERATOR.value
_MACHINE = ("pk", "slug", "name", "line", "setup", "cleaning", "operator_level")
_REST = (
    "type_id", "facility_id", Cast("policy", TextField()), "in_service_from", "retired_on",
    "stop__started_at", "stop__expected_until",
)  # fmt: skip
_CAN = (
    "can__form", "can__format", "can__rate", "can__learned_rate", "can__learned_from",
    "can__smallest", "can__largest", "can__widest",
)  # fmt: skip
_OWN = len(_MACHINE) + len(_REST)
"""Where a row has the machine's own limits; `_CAN` follows them, if it was asked."""
_ABLE = _OWN + len(Limits.NAMES)


def places(*, on: date, form: str = "", format: str = "", with_abilities: bool = True) -> list[Place]:
    """Return every machine in service on a day, by name, with the abilities that serve a form and a format.

    Three queries: houses, types, and machines. A machine without a serving ability is there too, with
    none; without abilities, reading takes half the time.
    """
    houses = {house.pk: house for house in Facility.objects.select_related("district").order_by()}
    usual = {pk: Limits.of({name: getattr(house, name) for name in Limits.NAMES}, {}) for pk, house in houses.items()}
    kinds = _kinds()
    rows = Machine.objects.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=on)).annotate(
        stop=FilteredRelation("breakdowns", condition=Q(breakdowns__closed_at__isnull=True)),
    )
    columns: tuple[Any, ...] = (*_MACHINE, *_REST, *Limits.NAMES)
    if with_abilities:
        rows = rows.annotate(can=FilteredRelation("capabilities", condition=_serving(form, format)))
        columns = (*columns, *_CAN)
    found: dict[int, Place] = {}
    for row in rows.order_by(F("name"), F("pk")).values_list(*columns):
        place = found.get(row[0])
        if place is None:
            place = found[row[0]] = _place(row, kinds, houses, usual)
        if with_abilities:
            _learn(place, row)
    return list(found.values())


def _kinds() -> dict[str, Kind]:
    """Return the types of machines by their code, in one query."""
    rows = MachineType.objects.order_by().values_list("code", "drawing", "needs", "is_support", "formats")
    return {row[0]: Kind(*row) for row in rows}


@lru_cache(maxsize=256)
def _policy(written: str) -> Mapping[str, object]:
    """Return a machine's own policy: hardly any has one."""
    return MappingProxyType(json.loads(written))


def _serving(form: str, format: str) -> Q:
    wanted = Q()
    if form:
        wanted &= Q(capabilities__form__in=[form, ANY])
    if format:
        wanted &= Q(capabilities__format__in=[format, ANY])
    return wanted or Q(capabilities__pk__isnull=False)


def _place(
    row: Sequence[Any], kinds: Mapping[str, Kind], houses: Mapping[int, Facility], usual: Mapping[int, Limits]
) -> Place:
    pk, slug, name, line, setup, cleaning, level, kind, house, policy, *rest = row[:_OWN]
    limits, own = usual[house], row[_OWN:_ABLE]
    if own != _NO_OWN:
        names = Limits.NAMES
        limits = Limits.of({name: getattr(limits, name) for name in names}, dict(zip(names, own, strict=True)))
    return Place(
        pk, slug, name, line, setup, cleaning, level, kinds[kind], houses[house], limits, _policy(policy), *rest
    )


_NO_OWN = tuple("" if name == "approval" else None for name in Limits.NAMES)
"""What a machine's columns hold that goes by its house's rules."""


def _learn(place: Place, row: Sequence[Any]) -> None:
    """Take up one more ability."""
    form, format_, rate, learned, learned_from, smallest, largest, widest = row[_ABLE:]
    if form is not None:
        place.abilities.append(
            Rated(form, format_, learned or rate, learned_from if learned else 0, smallest, largest, widest)
        )


class Prices:
    """What machines cost on the days from `first` to `last`, in one query."""

    def __init__(self, machines: Sequence[Place], *, first: date, last: date) -> None:
        rows = Tariff.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=first), valid_from__lte=last)
        rows = of_machines(rows, [machine.pk for machine in machines])
        columns = RowsOf("valid_from", "unit", "amount", "is_example", "valid_until")
        self._known = dict(rows.order_by().values_list("machine_id").annotate(rows=columns))

    def on(self, machine: Place, day: date) -> Price | None:
        """Return the tariff in force on a day: of those that hold, the one that began last. As `queries.tariff_on`."""
        for since, price in _prices(self._known.get(machine.pk, "[]")):
            if since <= day and (price.until is None or price.until >= day):
                return price
        return None


@lru_cache(maxsize=4096)
def _prices(written: str) -> tuple[tuple[date, Price], ...]:
    """Return tariffs with their first day, the last begun first: one decree is for many machines."""
    return tuple(
        (date.fromisoformat(since), Price(unit, amount, bool(example), date.fromisoformat(until) if until else None))
        for since, unit, amount, example, until in sorted(json.loads(written), reverse=True)
    )
