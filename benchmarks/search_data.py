"""Fill an empty database for `search.py`: sixty houses, a thousand machines, and as many bookings as asked.

The coming fortnight is the same at every size, about ten bookings on every machine; the rest lies in the ten
years before. So what differs is only how much history there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

HOUSES, MACHINES, MATCHING = 60, 1000, 34
AHEAD, BACK = 14, 3650
A_DAY = 0.8
CLASSES = ("kering", "kering", "berminyak", "berminyak", "basah", "ikan", "kacang", "bau_tajam")
ONLY, NEVER = "FLOW", frozenset({"FLOW", "METAL", "SPIN"})
"""The type of the 34 machines, the only one that makes flow packs; and what must not stand elsewhere, for it takes any pack."""


def fill(bookings: int, *, now: datetime, say: Callable[[str], Any]) -> None:
    """Write houses, machines and producers, then bookings machine by machine, one transaction per house."""
    from django.db import transaction

    from bookings.demo import scale
    from bookings.demo.crowd import Crowd
    from bookings.demo.rows import Rows
    from facilities.catalogue.services import load_catalogue

    random, rows = Random(1), Rows()
    since = (now - timedelta(days=BACK + 31)).date()
    with transaction.atomic():
        load_catalogue()
        houses = scale._houses(scale.Scale(HOUSES, MACHINES, bookings, 3000, 60), since=since)
        crowd = Crowd(rows, houses, now=now, years=10, random=random)
        crowd.gather(producers=3000, cooperatives=60)
        rows.flush()
    history = History(rows, now=now, since=since, bookings=bookings, random=random)
    for number, house in enumerate(houses, start=1):
        with transaction.atomic():
            history.of_house(house, number, crowd.offers[house.pk] or crowd.offers[houses[0].pk])
            rows.flush()
        say(f"{history.written:,} bookings, house {number} of {HOUSES}")
    with transaction.atomic():
        rows.finish()


class History:
    """Writes bookings that hold time, and nothing that searching and deciding never read."""

    def __init__(self, rows: Any, *, now: datetime, since: date, bookings: int, random: Random) -> None:
        from bookings.demo.diary import Diary
        from facilities.models import MachineType

        self.rows, self.now, self.since, self.random = rows, now, since, random
        self.diary, self.types = Diary(rows, random), MachineType.objects.in_bulk()
        self.before = max(0.0, (bookings / MACHINES - A_DAY * AHEAD * 6 / 7) / (BACK * 6 / 7))
        self.written = 0
        self.days: dict[date, list[Any]] = {}

    def of_house(self, house: Any, number: int, offers: list[Any]) -> None:
        """Write a house's machines, operators and bookings."""
        from bookings.demo import world
        from bookings.demo.crew import Crew
        from bookings.demo.scale import WEEK
        from facilities.models import Duty
        from facilities.occupancy.matrices import matrix_of

        codes = self._codes(number)
        equipped = world.equip(house, codes, self.types, since=self.since, random=self.random)
        crew = Crew(house.zone)
        operated = [one.machine.type_id for one in equipped if one.machine.is_operated]
        for nth in range(-(-len(operated) * 4 // 5)):
            crew.hire(
                self.rows, [(WEEK, self.since, None)], facility_id=house.pk, name=f"Operator {nth + 1}", types=operated
            )
        self.rows.add(Duty, user_id=self._person(house), kind=Duty.Kind.MANAGER, facility_id=house.pk)
        for one in equipped:
            for day, count in self._days(house):
                for run in self._jobs(one.machine, self.days[day], count):
                    self._book(one, run, crew, self.random.choice(offers))
        self.diary.settle(matrix_of(house.pk))

    def _codes(self, number: int) -> list[str]:
        from bookings.demo.scale import COMMON, RARE

        count = MACHINES // HOUSES + (number <= MACHINES % HOUSES)
        usual = [code for code in (*COMMON, *RARE) if code not in NEVER]
        codes = [self.random.choice(usual) for _ in range(count)]
        return [ONLY, *codes[1:]] if number <= MATCHING else codes

    def _person(self, house: Any) -> int:
        from accounts.models import User

        return self.rows.add(
            User, phone=f"+62814{house.pk:08}", name=f"Pengelola {house.slug}", password="!", joined_at=self.now
        )

    def _days(self, house: Any) -> Iterator[tuple[date, int]]:
        """Yield days with how many bookings begin on each: the past as thin as asked, the fortnight ahead full."""
        from facilities.occupancy.timetables import opening_times
        from facilities.time.hours import local_date
        from facilities.time.spans import Span

        if not self.days:
            window = Span(self.now - timedelta(days=BACK), self.now + timedelta(days=AHEAD))
            for span in opening_times(house, window)[0]:
                self.days.setdefault(local_date(span.start, house.zone), []).append(span)
        today = local_date(self.now, house.zone)
        for day in self.days:
            wanted = A_DAY if day >= today else self.before
            count = int(wanted) + (self.random.random() < wanted % 1)
            if count:
                yield day, count

    def _jobs(self, machine: Any, spans: list[Any], count: int) -> list[Any]:
        from bookings.demo.shape import jobs

        return jobs(spans, count, setup=machine.setup, cleaning=machine.cleaning, random=self.random)

    def _book(self, one: Any, run: Any, crew: Any, offer: Any) -> None:
        from bookings.models import BookedMachine, Booking
        from facilities.time.spans import Span

        machine = one.machine
        work = Span(run.start - timedelta(minutes=machine.setup), run.end)
        operator = crew.take(machine, work) if machine.is_operated else None
        if machine.is_operated and operator is None:
            return
        is_over = run.end < self.now
        held = self.diary.timetable.job(machine, work, cleaning_class=self.random.choice(CLASSES), operator_id=operator)
        booking = self.rows.add(
            Booking, reference=self.diary.reference(machine.facility.slug), facility_id=machine.facility_id,
            producer_id=offer.producer_id, product_id=offer.product_id, product_name=offer.name, pack_format="sachet",
            quantity=200, status="completed" if is_over else "approved", starts_at=run.start, ends_at=run.end,
            made_at=run.start - timedelta(days=3), decided_at=run.start - timedelta(days=3),
            ended_at=run.end if is_over else None,
        )  # fmt: skip
        self.rows.add(
            BookedMachine, booking_id=booking, machine_id=machine.pk, starts_at=run.start, ends_at=run.end,
            setup=machine.setup, cleaning=machine.cleaning, occupancy_id=held,
        )  # fmt: skip
        self.written += 1
