"""A machine's own signed runs teach how fast it packs: the median of the last twenty, once there are five."""

from datetime import timedelta

import pytest

from bookings.models import Booking, Run
from bookings.runs import learning, services
from facilities.models import Capability
from tests import build


@pytest.fixture
def machine(db):
    return build.make_machine(build.make_facility(), rate=600)


@pytest.fixture
def people(machine):
    return build.siti(), build.dewi(machine.facility)


def pack(machine, people, number, *, good, rejected=0, hours=1.0, downtimes=(), pack_format="standing_pouch"):
    """One whole booking of the past, signed: `good` and `rejected` packs in `hours`, on the nth Monday."""
    person, staff = people
    booking = build.make_booking(machine, 8, 10, day=number, by=person)
    Booking.objects.filter(pk=booking.pk).update(pack_format=pack_format)
    start = build.at(8, day=number)
    services.check_in(booking_id=booking.pk, actor=staff, now=start)
    return services.record_run(
        booking_id=booking.pk, actor=staff, now=start + timedelta(hours=3), started_at=start,
        stopped_at=start + timedelta(hours=hours), good=good, rejected=rejected, downtimes=downtimes,
    )  # fmt: skip


def learned(machine):
    return Capability.objects.filter(machine=machine).values_list("learned_rate", "learned_from").get()


WEEKDAYS = [0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18, 21, 22, 23, 24, 25, 28, 29]


def test_four_runs_teach_nothing_and_the_fifth_does(machine, people):
    for day in WEEKDAYS[:4]:
        pack(machine, people, day, good=400)
    assert learned(machine) == (None, 0)
    pack(machine, people, WEEKDAYS[4], good=800)
    assert learned(machine) == (400, 5)
    assert Capability.objects.get(machine=machine).best_rate == 400


def test_rejected_packs_count_and_standing_still_does_not(machine, people):
    stop = [{"minutes": 30, "reason": "power", "note": ""}]
    for day in WEEKDAYS[:5]:
        pack(machine, people, day, good=190, rejected=10, downtimes=stop)
    assert learned(machine) == (400, 5)


def test_only_runs_of_the_same_pack_count(machine, people):
    for day in WEEKDAYS[:4]:
        pack(machine, people, day, good=400)
    pack(machine, people, WEEKDAYS[4], good=400, pack_format="botol")
    assert learned(machine) == (None, 0)


def test_a_run_that_packed_nothing_says_nothing(machine, people):
    for day in WEEKDAYS[:4]:
        pack(machine, people, day, good=400)
    pack(machine, people, WEEKDAYS[4], good=0)
    assert learned(machine) == (None, 0)


def test_a_correction_teaches_anew(machine, people):
    runs = [pack(machine, people, day, good=400) for day in WEEKDAYS[:5]]
    for run in runs[:3]:
        services.correct_run(
            run_id=run.pk, field="good", value=500, reason="Salah hitung", actor=people[1], now=build.at(9, day=9)
        )
    assert learned(machine) == (500, 5)


def test_of_many_runs_the_last_twenty_count(machine, people):
    for number, day in enumerate(WEEKDAYS):
        pack(machine, people, day, good=100 if number < 2 else 300)
    assert learned(machine) == (300, 20)


def test_a_machine_for_any_pack_learns_from_all_its_runs(machine, people):
    Capability.objects.filter(machine=machine).update(form="semua", format="semua")
    for day, pack_format in zip(WEEKDAYS[:5], ["botol", "cup", "", "jar", "botol"], strict=True):
        pack(machine, people, day, good=250, pack_format=pack_format)
    assert learned(machine) == (250, 5)


def test_learning_takes_three_statements(machine, people, django_assert_max_num_queries):
    for day in WEEKDAYS[:5]:
        pack(machine, people, day, good=250)
    Run.objects.update(good=300)
    with django_assert_max_num_queries(7):  # four of them savepoints
        learning.learn(machine_id=machine.pk, pack_format="standing_pouch")
    assert learned(machine) == (300, 5)
