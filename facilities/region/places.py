"""Machines as searching sees them: plain values, a thousand at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from django.db.models import FilteredRelation, Q, TextField
from django.db.models.functions import Cast

from facilities.database.row_texts import RowsOf
from facilities.models import Facility, Machine, Tariff
from facilities.time.limits import Limits


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
    is_support: bool
    formats: Sequence[str]


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A machine in its house, with what it can do, and its breakdown. Machines that can do the same share `abilities`.

    Says what `free.Timed` asks, by the names that the model has.
    """

    pk: int
    slug: str
    name: str
    line: str
    setup: int
    cleaning: int
    level: str
    in_service_from: date
    retired_on: date | None
    broken_since: datetime | None
    broken_until: datetime | None
    type: Kind
    type_id: str
    facility: Facility
    facility_id: int
    limits: Limits
    policy: Mapping[str, object]
    abilities: tuple[Rated, ...]
    tariffs: Sequence[tuple[date, Price]]

    @property
    def is_operated(self) -> bool:
        return self.level == OPERATOR

    def price_on(self, day: date) -> Price | None:
        """Return the tariff in force on a day: of those that hold, the one that began last. As `catalogue.queries.tariff_on`."""
        for since, price in self.tariffs:
            if since <= day and (price.until is None or price.until >= day):
                return price
        return None


OPERATOR = Machine.Level.OPERATOR.value
_OWN = {
    "pk": "pk", "slug": "slug", "name": "name", "line": "line", "setup": "setup", "cleaning": "cleaning",
    "operator_level": "level", "in_service_from": "in_service_from", "retired_on": "retired_on",
    "stop__started_at": "broken_since", "stop__expected_until": "broken_until",
}  # fmt: skip
"""What a machine has of its own: column, and name here."""
_SHARED = (
    "facility_id", "type_id", "type__drawing", "type__is_support", Cast("type__formats", TextField()),
    Cast("policy", TextField()),
)  # fmt: skip
_CAN = (
    "can__form", "can__format", "can__rate", "can__learned_rate", "can__learned_from",
    "can__smallest", "can__largest", "can__widest",
)  # fmt: skip
_LIMITS = len(_OWN) + len(_SHARED)
"""Where a row has the machine's own limits; what it can do comes last."""


def places() -> list[Place]:
    """Return every machine by name, also those retired, with what it can do and what it costs.

    Three queries: machines, then what they belong to. In that order, for a house that opens meanwhile is
    no machine's that was read before.
    """
    rows = Machine.objects.annotate(
        stop=FilteredRelation("breakdowns", condition=Q(breakdowns__closed_at__isnull=True)),
        can=FilteredRelation("capabilities"),
    )
    columns: tuple[Any, ...] = (*_OWN, *_SHARED, *Limits.NAMES)
    machines = list(rows.order_by("name_key", "pk").values_list(*columns).annotate(able=RowsOf(*_CAN)))
    houses = {house.pk: house for house in Facility.objects.select_related("district").order_by()}
    tariffs = _tariffs()
    standing = (row for row in machines if row[len(_OWN)] in houses)  # neither was deleted between two queries
    return [_place(row, houses, tariffs.get(row[0], "[]")) for row in standing]


@lru_cache(maxsize=1024)
def _kind(code: str, drawing: str, is_support: bool, formats: str) -> Kind:
    return Kind(code, drawing, is_support, tuple(json.loads(formats)))


@lru_cache(maxsize=256)
def _policy(written: str) -> Mapping[str, object]:
    """Return a machine's own policy: hardly any has one."""
    return MappingProxyType(json.loads(written))


def _place(row: Sequence[Any], houses: Mapping[int, Facility], tariffs: str) -> Place:
    house_id, code, *kind, policy = row[len(_OWN) : _LIMITS]
    house = houses[house_id]
    own: Mapping[str, Any] = dict(zip(_OWN.values(), row, strict=False))
    return Place(
        **own,
        type=_kind(code, *kind),
        type_id=code,
        facility=house,
        facility_id=house_id,
        limits=_limits(tuple(getattr(house, name) for name in Limits.NAMES), tuple(row[_LIMITS:-1])),
        policy=_policy(policy),
        abilities=_abilities(row[-1]),
        tariffs=_prices(tariffs),
    )


@lru_cache(maxsize=1024)
def _limits(house: tuple[Any, ...], own: tuple[Any, ...]) -> Limits:
    return Limits.of(dict(zip(Limits.NAMES, house, strict=True)), dict(zip(Limits.NAMES, own, strict=True)))


@lru_cache(maxsize=4096)
def _abilities(written: str) -> tuple[Rated, ...]:
    """Return what a machine can do, its own rate before the nominal one. What can do nothing has a row of nothing."""
    rows = [row for row in json.loads(written) if row[0] is not None]
    return tuple(
        Rated(form, format, learned or rate, learned_from if learned else 0, *sizes)
        for form, format, rate, learned, learned_from, *sizes in sorted(rows, key=itemgetter(0, 1))
    )


def _tariffs() -> dict[int, str]:
    """Return what each machine costs and ever did, as text, in one query; what was corrected costs nobody anything."""
    columns = RowsOf("valid_from", "unit", "amount", "is_example", "valid_until")
    return dict(Tariff.objects.filter(corrected_at__isnull=True).order_by().values_list("machine_id").annotate(rows=columns))


@lru_cache(maxsize=4096)
def _prices(written: str) -> tuple[tuple[date, Price], ...]:
    """Return tariffs with their first day, the last begun first: one decree is for many machines."""
    return tuple(
        (date.fromisoformat(since), Price(unit, amount, bool(example), date.fromisoformat(until) if until else None))
        for since, unit, amount, example, until in sorted(json.loads(written), reverse=True)
    )
