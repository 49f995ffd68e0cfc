"""The fast search over many machines says what deciding says, with matrices, refused pairs, operators and midnights."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from facilities.models import Absence, Assignment, Changeover, Machine, Occupancy, Operator, Shift
from facilities.occupancy.reading import calendars, free_starts
from facilities.occupancy.writing import with_breakdown
from facilities.region.free_times import next_free
from facilities.time.spans import Span
from facilities.vocabulary import CLASSES
from tests import build

pytestmark = pytest.mark.django_db
NOW = build.at(8) + timedelta(minutes=7, seconds=31)
KNOWN = [*list(CLASSES)[:4], ""]
WINDOW = Span(NOW, NOW + timedelta(days=14))


def a_matrix(chance: Random, house=None) -> list[Changeover]:
    """Some cells, in no sensible order: minutes, a full clean, or never."""
    pairs = chance.sample([(a, b) for a in KNOWN[:4] for b in KNOWN[:4]], 8)
    said = [chance.choice([0, 5, 20, 45, None, "never"]) for _ in pairs]
    return [
        Changeover(
            facility=house, before=a, after=b, is_refused=cell == "never", minutes=None if cell == "never" else cell
        )
        for (a, b), cell in zip(pairs, said, strict=True)
    ]


def a_house(chance: Random, hours: tuple[int, int], zone: str):
    """A house with cells of its own and two operators, one of them away for an afternoon."""
    house = build.make_facility(grid=15, notice=60, hours=hours, zone_name=zone)
    Changeover.objects.bulk_create(a_matrix(chance, house))
    for number in range(2):
        one = Operator.objects.create(facility=house, name=f"Dewi {number}", types=["BAND"])
        begins = chance.choice([0, 480, 600])
        for day in range(5):
            Shift.objects.create(operator=one, weekday=day, starts=begins, ends=begins + 360, valid_from="2020-01-01")
        Absence.objects.create(operator=one, starts_at=build.at(13), ends_at=build.at(20), made_at=NOW)
    return house


def fill(chance: Random, machine: Machine) -> None:
    """Put jobs of any class and some maintenance on a machine, at any second; some keep an operator busy."""
    at = NOW - timedelta(hours=chance.randrange(30))
    operators = list(machine.facility.operators.all())
    while at < NOW + timedelta(days=chance.choice([1, 5])):
        end = at + timedelta(seconds=chance.randrange(1200, 20_000))
        kind = chance.choice(["booking", "booking", "maintenance"])
        row = {"machine": machine, "starts_at": at, "ends_at": end, "kind": kind}
        if kind == "booking":
            row |= {
                "cleaning_from": end - timedelta(seconds=chance.choice([0, 90, 600])),
                "cleaning_class": chance.choice(KNOWN),
            }
        held = Occupancy.objects.create(**row)
        who = chance.choice(operators)
        if machine.is_operated and not who.assignments.filter(starts_at__lt=end, ends_at__gt=at).exists():
            Assignment.objects.create(operator=who, occupancy=held, starts_at=at, ends_at=end)
        at = end + timedelta(seconds=chance.choice([0, 900, 7_200, 30_000, 90_000]))


@pytest.mark.parametrize("seed", range(6))
def test_next_free_is_the_first_of_the_free_starts_for_every_class(seed):
    chance = Random(seed)
    Changeover.objects.bulk_create(a_matrix(chance))
    houses = [((480, 960), "Asia/Pontianak"), ((0, 1440), "Asia/Pontianak"), ((420, 1320), "Asia/Makassar")]
    for hours, zone in houses:
        house = a_house(chance, hours, zone)
        for level in ("terlatih", "operator", "terlatih"):
            setup, full = chance.choice([0, 15]), chance.choice([0, 30, 120])
            fill(chance, build.make_machine(house, setup=setup, cleaning=full, operator_level=level))
    machines = list(with_breakdown(Machine.objects.select_related("facility")))
    known = calendars(machines, WINDOW)
    for cleaning_class in KNOWN:
        asked = {"now": NOW, "minutes": 90, "cleaning_class": cleaning_class}
        slow = {m.pk: free_starts(m, known[m.pk], window=WINDOW, count=1, **asked) for m in machines}
        assert next_free(machines, **asked) == {pk: starts[0] for pk, starts in slow.items() if starts}
