"""Whole services against each other: whoever comes first wins, nobody wins halfway."""

from __future__ import annotations

import random
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

from bookings.day import request_services as requests
from bookings.models import Booking
from bookings.ordering import services as ordering
from bookings.runs import services as runs
from bookings.upkeep import services as upkeep
from facilities.errors import Refusal
from facilities.models import Occupancy
from facilities.time.spans import Span
from tests import build
from tests.faults.guards import services_without_lock, table_without_constraint
from tests.races.oracle import halves, overlaps
from tests.races.race import PATIENCE, race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
PEOPLE, ROUNDS = 20, 10


def asking(machine, who, start, end, day=0):
    """Return a contender that books as one producer and says how it went."""

    def ask():
        try:
            build.make_booking(machine, start, end, day=day, by=who)
        except Refusal as refusal:
            return refusal.code
        return "booked"

    return ask


def doing(verb, *args, **kwargs):
    def do():
        try:
            verb(*args, **kwargs)
        except Refusal as refusal:
            return refusal.code
        return "done"

    return do


def producers(number):
    crowd = [build.make_user(f"Orang {n}") for n in range(number)]
    for user in crowd:
        build.make_producer(f"Usaha {user.pk}", owner=user)
    return crowd


def test_twenty_ask_for_the_same_hours_and_one_is_booked():
    machine, crowd = build.make_machine(setup=10, cleaning=10), producers(PEOPLE)
    for day in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)[:ROUNDS]:
        results = race([asking(machine, who, 9, 11, day) for who in crowd])
        assert sorted(map(str, results)) == ["booked"] + ["taken"] * (PEOPLE - 1)
    assert overlaps() == 0 and halves() == [] and Booking.objects.count() == ROUNDS


def test_without_any_guard_all_twenty_are_booked():
    """The negative control: no lock, no check, no constraint, and every one of them gets the same hours."""
    machine, crowd = build.make_machine(), producers(PEOPLE)
    with table_without_constraint(), services_without_lock(check=None):
        results = race([asking(machine, who, 9, 11) for who in crowd])
        assert results == ["booked"] * PEOPLE and overlaps() == PEOPLE * (PEOPLE - 1) / 2
    assert overlaps() == 0


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite's one writer at a time is a lock that cannot be left out")
def test_looking_first_is_not_enough():
    """The same control with the check left in, as most peers have it: all look, all see free time, all book."""
    machine, crowd = build.make_machine(), producers(PEOPLE)
    all_have_looked, decide = threading.Barrier(PEOPLE), ordering.decide

    def look_and_wait(*args, **kwargs):
        found = decide(*args, **kwargs)
        all_have_looked.wait(PATIENCE)
        return found

    with table_without_constraint(), services_without_lock(check=look_and_wait):
        assert race([asking(machine, who, 9, 11) for who in crowd]) == ["booked"] * PEOPLE


def test_a_crowd_that_wants_random_hours_of_four_machines_never_overlaps():
    house = build.make_facility(shortest=15, grid=15)
    machines = [build.make_machine(house, setup=5 * n, cleaning=7 * n) for n in range(4)]
    chance, crowd = random.Random(20261123), producers(12)

    def asking_often(who):
        wishes = [(chance.choice(machines), 8 + chance.randrange(28) / 4, chance.randrange(1, 13) / 4) for _ in range(12)]
        return lambda: [asking(machine, who, start, start + long)() for machine, start, long in wishes]

    results = [said for some in race([asking_often(who) for who in crowd]) for said in some]
    assert overlaps() == 0 and halves() == []
    assert results.count("booked") == Booking.objects.count() > 8
    assert set(results) <= {"booked", "taken", "not_enough_cleaning_time", "closed"}


def test_of_two_answers_to_a_request_one_counts():
    machine = build.make_machine(build.make_facility(approval="manual"))
    cahya = build.cahya(machine.facility)
    for day in range(5):
        booking = build.make_booking(machine, 9, 11, day=day)
        common = {"booking_id": booking.pk, "actor": cahya, "now": build.EARLY}
        yes, no = doing(requests.approve, **common), doing(requests.decline, reason_code="documents", **common)
        results = race([yes, no] * 4)
        assert sorted(results) == ["done"] + ["wrong_state"] * 7
    assert halves() == [] and overlaps() == 0


def test_approving_cancelling_and_moving_at_once_leaves_a_whole_story():
    machine = build.make_machine(build.make_facility(approval="manual"), cleaning=15)
    cahya = build.cahya(machine.facility)
    for day in range(5):
        booking = build.make_booking(machine, 9, 10, day=day)
        common = {"booking_id": booking.pk, "actor": cahya, "now": build.EARLY}
        there = {"starts_at": build.at(13, day=day), "ends_at": build.at(14, day=day), "on_behalf": True}
        contenders = [
            doing(requests.approve, **common),
            doing(ordering.cancel, reason_code="ill", **common),
            doing(ordering.move, **there, **common),
        ]
        results = race(contenders * 2)
        assert set(results) <= {"done", "wrong_state"} and 1 <= results.count("done") <= 5
        booking.refresh_from_db()
        assert (booking.status == "cancelled") == ("done" in results[1::3])
        assert booking.version == booking.events.count() == 1 + results.count("done")
    assert halves() == [] and overlaps() == 0


def test_two_who_move_to_the_same_free_hours_do_not_meet():
    machine = build.make_machine()
    early, late = build.make_booking(machine, 8, 9), build.make_booking(machine, 15, 16, by=build.budi())
    there = {"starts_at": build.at(11), "ends_at": build.at(12), "now": build.EARLY}
    movers = [doing(ordering.move, booking_id=b.pk, actor=b.made_by, **there) for b in (early, late)]
    assert sorted(race(movers)) == ["done", "taken"]
    assert overlaps() == 0 and halves() == []


def test_neighbours_that_touch_are_both_booked():
    machine, crowd = build.make_machine(), producers(8)
    results = race([asking(machine, who, 8 + n, 9 + n) for n, who in enumerate(crowd)])
    assert results == ["booked"] * 8 and overlaps() == 0


def test_a_closing_and_a_booking_at_once_leave_nobody_in_a_shut_house():
    machine, crowd = build.make_machine(), producers(6)
    cahya = build.cahya(machine.facility)
    day = build.at(9).date()
    shut = doing(upkeep.close_days, facility=machine.facility, first_on=day, last_on=day, reason="Listrik padam",
                 actor=cahya, now=build.EARLY, displace=True)  # fmt: skip
    results = race([asking(machine, who, 8 + n, 9 + n) for n, who in enumerate(crowd)] + [shut])
    assert results[-1] == "done" and not [said for said in results if isinstance(said, Exception)]
    assert Occupancy.objects.count() == 0 and halves() == []


def test_maintenance_and_a_booking_at_once_never_share_the_machine():
    machine, crowd = build.make_machine(), producers(6)
    work = doing(upkeep.schedule_maintenance, machine_id=machine.pk, title="Ganti sabuk", displace=True, now=build.EARLY,
                 span=Span(build.at(9), build.at(9) + timedelta(hours=4)), actor=build.cahya(machine.facility))  # fmt: skip
    results = race([asking(machine, who, 8 + n, 9 + n) for n, who in enumerate(crowd)] + [work])
    assert results[-1] == "done" and overlaps() == 0 and halves() == []


def test_a_booking_that_waited_for_a_breakdown_reads_of_it():
    """Whoever waits for the machine began to look before it broke: what it was then must not count.

    Planned work lies between now and the repair, so the breakdown itself holds no time after it.
    """
    machine, (who,) = build.make_machine(), producers(1)
    cahya, began, waiting = build.cahya(machine.facility), threading.Event(), threading.Event()
    upkeep.schedule_maintenance(machine_id=machine.pk, title="Ganti sabuk", now=build.EARLY, actor=cahya,
                                    span=Span(build.at(9), build.at(10)))  # fmt: skip

    def break_down():
        with transaction.atomic():
            upkeep.report_breakdown(machine_id=machine.pk, expected_until=build.at(14), reason="Macet",
                                        actor=cahya, now=build.EARLY)  # fmt: skip
            began.set()
            waiting.wait(PATIENCE)
            time.sleep(1)  # the other's way from here to the machine's lock
        return "done"

    def book():
        connection.ensure_connection()
        began.wait(PATIENCE)
        waiting.set()
        return asking(machine, who, 11, 12)()

    assert race([break_down, book]) == ["done", "broken"]


def test_of_sheets_for_one_hour_of_a_machine_sent_at_once_one_is_signed():
    machine = build.make_machine()
    dewi = build.dewi(machine.facility)
    for day in (0, 1, 2):
        booked = [build.make_booking(machine, 8 + n, 9 + n, day=day, by=who) for n, who in enumerate(producers(6))]
        for booking in booked:
            runs.check_in(booking_id=booking.pk, actor=dewi, now=booking.starts_at)
        sheet = {"started_at": build.at(8, day=day), "stopped_at": build.at(9, day=day), "good": 1, "rejected": 0}
        results = race([
            doing(runs.record_run, booking_id=one.pk, actor=dewi, now=build.at(16, day=day), **sheet) for one in booked
        ])  # fmt: skip
        assert sorted(map(str, results)) == ["done"] + ["overlaps_a_run"] * 5
