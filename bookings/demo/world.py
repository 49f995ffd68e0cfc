"""Make houses, machines, tariffs and weekly hours from the facts. Used by demo and seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from types import MappingProxyType

from facilities.models import Capability, Facility, Machine, MachineType, OpeningHours, Tariff

Week = Mapping[int, Iterable[tuple[int, int]]]

LEGAL_BASIS = "Contoh, menunggu Perda"

TARIFFS: Mapping[str, tuple[str, int]] = {
    **dict.fromkeys("IMP FOOT CUPM CAP CODH CODJ SPIN SEWB".split(), ("free", 0)),
    **dict.fromkeys("BAND FLIQ FWGH IND LBR LBF STRAP".split(), ("hour", 10_000)),
    **dict.fromkeys("BANDGAS FPIS N2 CTNS LSEAL".split(), ("hour", 15_000)),
    **dict.fromkeys("FAUG SHRINK METAL LAM PRNT".split(), ("hour", 25_000)),
    **dict.fromkeys("SEAM FLOW PCH".split(), ("hour", 50_000)),
    **dict.fromkeys("VFSP VFSG VFSL CUPA".split(), ("hour", 75_000)),
    "VAC1": ("pack", 500),
    "VAC2": ("pack", 400),
    "RETORT": ("batch", 150_000),
}
"""Example prices per type. No tariff per machine-hour could be found (facts §9)."""

FORMAT_RATE: Mapping[str, float] = {"standing_pouch": 0.85, "botol": 0.9, "jar": 0.8, "karung": 0.6, "jeriken": 0.4}


@dataclass(frozen=True, slots=True)
class Equipped:
    """A machine with its capabilities by pair and its tariff as the diary wants it."""

    machine: Machine
    rates: Mapping[tuple[str, str], int]
    tariff: tuple[int, str, int]
    sizes: Mapping[str, int] = field(default_factory=dict)


def open_week(facility: Facility, week: Week, *, since: date, until: date | None = None) -> None:
    """Give a house one weekly rule: weekday to (opens, closes) in minutes of the day."""
    OpeningHours.objects.bulk_create(
        OpeningHours(facility=facility, weekday=day, opens=opens, closes=closes, valid_from=since, valid_until=until)
        for day, times in week.items()
        for opens, closes in times
    )


def equip(
    facility: Facility,
    codes: Iterable[str],
    types: Mapping[str, MachineType],
    *,
    since: date,
    random: Random,
    non_halal: frozenset[str] = frozenset(),
    limits: Mapping[str, Mapping[str, int]] = MappingProxyType({}),
) -> list[Equipped]:
    """Put machines of these types into a house, numbered per type, with example tariffs. `limits`: pack sizes by type."""
    chosen, seen = list(codes), Counter[str]()
    several = {code for code, count in Counter(chosen).items() if count > 1}
    machines = []
    for number, code in enumerate(chosen, start=1):
        seen[code] += 1
        name = plain_name(types[code].name) + (f" {seen[code]}" if code in several else "")
        machines.append(_machine(facility, types[code], name, seen[code], number, since, non_halal))
    Machine.objects.bulk_create(machines)
    abilities = [_capabilities(machine, random, limits.get(machine.type_id, {})) for machine in machines]
    Capability.objects.bulk_create(capability for many in abilities for capability in many)
    tariffs = [_tariff(machine, since) for machine in machines]
    Tariff.objects.bulk_create(tariffs)
    return [
        Equipped(
            machine,
            {(c.form, c.format): c.rate for c in many},
            (tariff.pk, tariff.unit, tariff.amount),
            limits.get(machine.type_id, {}),
        )
        for machine, many, tariff in zip(machines, abilities, tariffs, strict=True)
    ]


def plain_name(name: str) -> str:
    """Return a type's name as it is written on the machine: without *Mesin*."""
    short = name.removeprefix("Mesin ")
    return short[:1].upper() + short[1:]


def _machine(
    facility: Facility, kind: MachineType, name: str, nth: int, number: int, since: date, non_halal: frozenset[str]
) -> Machine:
    slug = f"{facility.slug}-{kind.slug}-{nth}"
    return Machine(
        facility=facility,
        type=kind,
        slug=slug,
        name=name,
        line=Machine.Line.NON_HALAL if slug in non_halal else Machine.Line.HALAL,
        setup=kind.setup,
        cleaning=kind.cleaning,
        operator_level=kind.operator_level,
        asset_code=f"1.3.2.05.02.{number:02}.{nth:03}",
        register_number=f"{number:04}",
        is_example=True,
        in_service_from=since,
    )


def _capabilities(machine: Machine, random: Random, sizes: Mapping[str, int]) -> list[Capability]:
    kind = machine.type
    usual = (kind.rate_min * kind.rate_max) ** 0.5 * random.uniform(0.85, 1.15)
    return [
        Capability(
            machine=machine,
            form=form,
            format=format,
            rate=max(10, round(usual * FORMAT_RATE.get(format, 1) / 10) * 10),
            **sizes,
        )
        for form in kind.forms
        for format in kind.formats
    ]


def _tariff(machine: Machine, since: date) -> Tariff:
    unit, amount = TARIFFS[machine.type_id]
    return Tariff(machine=machine, unit=unit, amount=amount, legal_basis=LEGAL_BASIS, valid_from=since, is_example=True)
