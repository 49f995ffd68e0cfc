"""The fast search for the first free time says what the thorough one says, whatever stands in the way."""

from datetime import timedelta
from random import Random

import pytest

from facilities.database import minutes
from facilities.database.minutes import MinuteOf
from facilities.models import Breakdown, Closure, Machine, Occupancy
from facilities.occupancy.reading import calendars, free_starts
from facilities.occupancy.writing import with_breakdown
from facilities.region.free_times import next_free
from facilities.time.instants import minute_of, minute_up
from facilities.time.spans import Span
from tests import build

NOW = build.MONDAY_8 + timedelta(minutes=7, seconds=31, microseconds=5)


def messy_machines(random: Random) -> list[Machine]:
    """Machines of houses with different rules, with occupancies and breakdowns at any second."""
    houses = [
        build.make_facility(grid=15, notice=60),
        build.make_facility(grid=20, notice=0, horizon=3, hours=(437, 1013)),
        build.make_facility(grid=30, notice=1441, zone_name="Asia/Makassar"),
    ]
    Closure.objects.create(facility=houses[0], first_on=NOW.date(), last_on=NOW.date(), reason="Rapat", until_minute=700)
    for number in range(24):
        house = houses[number % 3]
        machine = build.make_machine(house, setup=random.choice([0, 7, 15]), cleaning=random.choice([0, 10, 45]))
        at = NOW - timedelta(hours=random.randrange(30))
        while at < NOW + timedelta(days=random.choice([1, 6, 17])):
            end = at + timedelta(seconds=random.randrange(600, 30_000), microseconds=random.choice([0, 0, 400]))
            Occupancy.objects.create(machine=machine, starts_at=at, ends_at=end, kind="booking")
            at = end + timedelta(seconds=random.choice([0, 1, 900, 7_200, 20_000]))
        if number % 5 == 0:
            since, until = NOW - timedelta(hours=3), NOW + timedelta(hours=random.choice([-1, 20, 90]))
            Breakdown.objects.create(machine=machine, started_at=since, expected_until=until, reason="Macet")
    return list(with_breakdown(Machine.objects.select_related("facility")))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("length", [30, 120, 400])
def test_next_free_is_the_first_of_the_free_starts(db, seed, length):
    machines = messy_machines(Random(seed))
    window = Span(NOW, NOW + timedelta(days=14))
    known = calendars(machines, window)
    slow = {
        machine.pk: starts[0]
        for machine in machines
        if (starts := free_starts(machine, known[machine.pk], now=NOW, minutes=length, window=window, count=1))
    }
    assert next_free(machines, now=NOW, minutes=length) == slow


def test_next_free_asks_two_questions_whatever_the_number_of_machines(db, django_assert_num_queries):
    machines = messy_machines(Random(1))
    for some in (machines[:1], machines):
        with django_assert_num_queries(2):
            next_free(some, now=NOW, minutes=60)


@pytest.mark.parametrize("sqlite", [minutes.JULIANDAY, minutes.UNIXEPOCH])
@pytest.mark.parametrize("late", [{}, {"seconds": 1}, {"microseconds": 1}, {"seconds": 59, "microseconds": 999_999}])
def test_the_database_counts_minutes_as_we_do(db, monkeypatch, late, sqlite):
    monkeypatch.setattr(minutes, "SQLITE", sqlite)
    machine, start = build.make_machine(), build.MONDAY_8 + timedelta(**late)
    Occupancy.objects.create(machine=machine, starts_at=start, ends_at=start + timedelta(hours=1), kind="booking")
    row = Occupancy.objects.values_list(MinuteOf("starts_at"), MinuteOf("starts_at", up=True)).get()
    assert row == (minute_of(start), minute_up(start))
    assert row[1] - row[0] == bool(late)


def test_nothing_is_free_before_a_machine_comes_or_after_it_goes(db):
    day = build.at(12, day=1).date()
    build.make_machine(name="datang", in_service_from=day)
    build.make_machine(name="pergi", retired_on=day)
    machines = list(with_breakdown(Machine.objects.select_related("facility").order_by("name")))
    coming, leaving = machines
    week = Span(build.at(16), build.at(0, day=7))
    known = calendars(machines, week)
    first = {m.pk: free_starts(m, known[m.pk], now=week.start, minutes=60, window=week, count=1) for m in machines}
    assert first == {coming.pk: [build.at(8, day=1)], leaving.pk: []}
    assert next_free(machines, now=week.start, minutes=60) == {coming.pk: build.at(8, day=1)}
