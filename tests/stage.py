"""The house in which any order of steps is tried: two days, three machines, two operators."""

from __future__ import annotations

from datetime import datetime, timedelta

from facilities.models import OpeningHours, Operator, Shift
from facilities.time.spans import Span
from tests import build
from tests.ordering.naive import DAY, GRID, OPEN, SHIFTS, SHORTEST

CLASSES = ["kering", "berminyak", "ikan"]
MIDNIGHT = build.at(0)
BOTH_DAYS = Span(MIDNIGHT, MIDNIGHT + timedelta(days=2))


def clock(minute: float) -> datetime:
    return MIDNIGHT + timedelta(minutes=minute)


class World:
    """One house, three machines (the last run by operators), made once; every order of steps begins afresh in it."""

    def __init__(self) -> None:
        self.house = house = build.make_facility(hours=None, grid=GRID, notice=0, shortest=SHORTEST)
        for opens, closes in sorted({(a % DAY, b % DAY) for a, b in OPEN}):
            for day in (0, 1):
                OpeningHours.objects.create(
                    facility=house, weekday=day, opens=opens, closes=closes, valid_from="2020-01-01"
                )
        levels = ["terlatih", "terlatih", "operator"]
        self.machines = [build.make_machine(house, operator_level=level) for level in levels]
        self.operators = [Operator.objects.create(facility=house, name=f"Dewi {n}", types=["BAND"]) for n in SHIFTS]
        for number, (starts, ends) in SHIFTS.items():
            for day in (0, 1):
                Shift.objects.create(
                    operator=self.operators[number], weekday=day, starts=starts, ends=ends, valid_from="2020-01-01"
                )
        self.siti, self.cahya = build.siti(), build.cahya(house)
        self.producer = build.producer_of(self.siti)
        self.products = {c: build.make_product(self.producer, c, form="", cleaning_class=c) for c in CLASSES}
