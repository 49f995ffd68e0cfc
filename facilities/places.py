"""Machines as searching sees them: plain values, a thousand at once, in two queries."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import F, FilteredRelation, Q, TextField
from django.db.models.functions import Cast

from .limits import Limits
from .models import Facility, Machine
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


@dataclass(slots=True)
class Place:
    """A machine in its house, with what of its abilities serves the question, its prices and its breakdown."""

    pk: int
    slug: str
    name: str
    line: str
    setup: int
    full: int
    level: str
    type_code: str
    type_name: str
    type_name_en: str
    drawing: str
    needs: str
    is_support: bool
    formats: list[str]
    house: Facility
    limits: Limits
    policy: dict[str, object]
    in_service_from: date
    retired_on: date | None
    broken_since: datetime | None
    broken_until: datetime | None
    abilities: list[Rated] = field(default_factory=list)
    prices: list[tuple[date, Price]] = field(default_factory=list)

    @property
    def facility(self) -> Facility:
        """The house, by the name a machine has for it."""
        return self.house

    @property
    def is_operated(self) -> bool:
        return self.level == Machine.Level.OPERATOR

    def price_on(self, day: date) -> Price | None:
        """Return the tariff in force on a day: of those that hold, the one that began last. As `queries.tariff_on`."""
        holds = [(since, price) for since, price in self.prices if since <= day and (price.until or day) >= day]
        return max(holds, key=lambda one: one[0])[1] if holds else None


_OWN = ("grid", "notice", "horizon", "shortest", "longest", "approval", "approval_limit")
_MACHINE = ("pk", "slug", "name", "line", "setup", "cleaning", "operator_level")
_TYPE = (
    "type_id", "type__name", "type__name_en", "type__drawing", "type__needs", "type__is_support",
    Cast("type__formats", TextField()),
)  # fmt: skip
_REST = (
    "facility_id", Cast("policy", TextField()), "in_service_from", "retired_on",
    "stop__started_at", "stop__expected_until",
)  # fmt: skip
_CAN = ("can__form", "can__format", "can__rate", "can__learned_rate", "can__learned_from")
_SIZES = ("can__smallest", "can__largest", "can__widest")
_COSTS = ("costs__valid_from", "costs__unit", "costs__amount", "costs__is_example", "costs__valid_until")


def places(
    *, on: date, until: date | None = None, form: str = "", format: str = "", pks: Sequence[int] | None = None
) -> list[Place]:
    """Return every machine in service on a day, by name, with the abilities that serve a form and a format.

    Prices are those of the days from `on` to `until`. Two queries: houses, and machines. With `pks`, only those machines. One without a serving ability is there too,
    with none.
    """
    houses = {house.pk: house for house in Facility.objects.select_related("district").order_by()}
    rows = Machine.objects.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=on))
    if pks is not None:
        rows = rows.filter(pk__in=pks)
    rows = rows.annotate(
        can=FilteredRelation("capabilities", condition=_serving(form, format)),
        costs=FilteredRelation(
            "tariffs",
            condition=Q(tariffs__valid_from__lte=until or on)
            & (Q(tariffs__valid_until__isnull=True) | Q(tariffs__valid_until__gte=on)),
        ),
        stop=FilteredRelation("breakdowns", condition=Q(breakdowns__closed_at__isnull=True)),
    )
    found: dict[int, Place] = {}
    usual = {pk: Limits.of({name: getattr(house, name) for name in _OWN}, {}) for pk, house in houses.items()}
    for row in rows.order_by(F("name"), F("pk")).values_list(*_MACHINE, *_TYPE, *_REST, *_OWN, *_CAN, *_SIZES, *_COSTS):
        place = found.get(row[0])
        if place is None:
            place = found[row[0]] = _place(row, houses, usual)
        _learn(place, row)
    return list(found.values())


@lru_cache(maxsize=256)
def _formats(written: str) -> list[str]:
    """Return a type's formats: the same few texts come once per machine and ability."""
    return json.loads(written)


def _policy(written: str) -> dict[str, object]:
    """Return a machine's own policy: hardly any has one, and it comes once per ability."""
    return {} if written == "{}" else json.loads(written)


def _serving(form: str, format: str) -> Q:
    wanted = Q()
    if form:
        wanted &= Q(capabilities__form__in=[form, ANY])
    if format:
        wanted &= Q(capabilities__format__in=[format, ANY])
    return wanted or Q(capabilities__pk__isnull=False)


def _place(row: Sequence[Any], houses: dict[int, Facility], usual: dict[int, Limits]) -> Place:
    house = houses[row[14]]
    own = row[20:27]
    limits = usual[house.pk]
    if any(value not in (None, "") for value in own):
        limits = Limits.of({name: getattr(limits, name) for name in _OWN}, dict(zip(_OWN, own, strict=True)))
    return Place(*row[:13], _formats(row[13]), house, limits, _policy(row[15]), *row[16:20])


def _learn(place: Place, row: Sequence[Any]) -> None:
    """Take up one more ability or tariff."""
    form, format_, rate, learned, learned_from, smallest, largest, widest = row[27:35]
    if form is not None:
        ability = Rated(form, format_, learned or rate, learned_from if learned else 0, smallest, largest, widest)
        if ability not in place.abilities:
            place.abilities.append(ability)
    since, *price = row[35:]
    if since is not None and all(since != known for known, _price in place.prices):
        place.prices.append((since, Price(*price)))
