"""What two people may not have together, though each alone may: time to clean, a quota, an operator, an answer.

Every race has its control: the same race with that one guard off ends in the very fault.
"""

from __future__ import annotations

import threading
from contextlib import nullcontext
from itertools import combinations

import pytest

from bookings.day import request_services as requests
from bookings.models import Booking
from bookings.ordering import services as ordering
from bookings.roster import services as roster
from facilities.errors import Refusal
from facilities.models import Assignment, Changeover, Occupancy, Operator, Shift
from facilities.occupancy.writing import assign
from facilities.time.spans import Span
from tests import build
from tests.faults.guards import table_without_constraint
from tests.races.oracle import halves, overlaps
from tests.races.race import PATIENCE, race
from tests.races.test_services import doing
from tests.races.unguarded import (
    ONE_PER_OPERATOR,
    replaced,
    without_compare_and_set,
    without_constraint,
    without_locks,
)  # fmt: skip

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
DAYS = (0, 1, 2, 3, 4)
CLEAN = 60


def booking(machine, producer, start, end, cleaning_class="", day=0):
    """Return a contender that books for a producer and says how it went."""

    def ask():
        try:
            build.make_booking(
                machine, start, end, day=day, by=producer.by, producer=producer, cleaning_class=cleaning_class
            )
        except Refusal as refusal:
            return refusal.code
        return "booked"

    return ask


def make_producer(name, **fields):
    """A producer whom somebody acts for. Made outside the race."""
    user = build.make_user(name)
    producer = build.make_producer(name, owner=user, **fields)
    producer.by = user
    return producer


def uncleaned() -> list[tuple[str, str]]:
    """Pairs of jobs of one machine and day with less than a full clean between them, or that must never meet."""
    jobs = Occupancy.objects.filter(kind="booking").order_by("machine", "starts_at")
    never = set(Changeover.objects.filter(is_refused=True).values_list("before", "after"))
    return [
        (one.cleaning_class, two.cleaning_class)
        for one, two in combinations(jobs, 2)
        if one.machine_id == two.machine_id and one.starts_at.date() == two.starts_at.date()
        if (two.starts_at - one.cleaning_from).total_seconds() < CLEAN * 60 * (one.cleaning_class != two.cleaning_class)
        or {(one.cleaning_class, two.cleaning_class), (two.cleaning_class, one.cleaning_class)} & never
    ]


@pytest.fixture
def machine():
    Changeover.objects.create(before="udang", after="susu", is_refused=True)
    return build.make_machine(cleaning=CLEAN)


@pytest.fixture
def siti():
    return make_producer("Siti")


@pytest.fixture
def budi():
    return make_producer("Budi")


# Their runs do not meet; their cleaning would

COLLIDING = {
    "not_enough_cleaning_time": [(8, 9, "kering"), (9.5, 10.5, "ikan")],
    "products_never_mix": [(8, 9, "udang"), (14, 15, "susu")],
}


@pytest.mark.parametrize("code", COLLIDING)
def test_of_two_whose_cleaning_collides_one_is_booked_and_the_other_hears_why(machine, siti, budi, code):
    for day in DAYS:
        wishes = zip((siti, budi), COLLIDING[code], strict=True)
        assert sorted(race([booking(machine, who, *wish, day=day) for who, wish in wishes])) == ["booked", code]
    assert uncleaned() == [] and overlaps() == 0 and halves() == []


@pytest.mark.parametrize("code", COLLIDING)
def test_without_the_machines_lock_both_are_booked_on_a_dirty_machine(machine, siti, budi, code):
    wishes = list(zip((siti, budi), COLLIDING[code], strict=True))
    with table_without_constraint(), without_locks("lock", contenders=2):
        assert race([booking(machine, who, *wish) for who, wish in wishes]) == ["booked", "booked"]
        assert sorted(uncleaned()[0]) == sorted(wish[2] for _, wish in wishes)


# Each stays within the quota, both together do not

HOUSES = {
    "their own": {"weekly_quota": 180},
    "their cooperative's": {"cooperative_quota": 180},
    "open bookings": {"open_bookings": 1},
}


def two_machines(policy):
    house = build.make_facility(policy=policy)
    return [build.make_machine(house), build.make_machine(house)]


def family(which):
    """Twice the same producer, or two members of one cooperative."""
    if which != "their cooperative's":
        return [make_producer("Siti")] * 2
    mandau = build.make_producer("Koperasi Mandau", kind="cooperative")
    return [make_producer(name, cooperative=mandau) for name in ("Siti", "Budi")]


@pytest.mark.parametrize("which", HOUSES)
def test_of_two_that_exceed_a_quota_together_one_is_booked(which):
    machines, people = two_machines(HOUSES[which]), family(which)
    for day in DAYS if which != "open bookings" else DAYS[:1]:
        wishes = zip(machines, people, (8, 13), strict=True)
        week = 7 * day  # each round in a week of its own
        said = race([booking(machine, who, start, start + 2, day=week) for machine, who, start in wishes])
        assert sorted(said) == ["booked", "quota_used"]
    assert halves() == []


@pytest.mark.parametrize("which", HOUSES)
def test_without_the_familys_lock_both_pass_the_quota(which):
    machines, people = two_machines(HOUSES[which]), family(which)
    with without_locks("lock_family", contenders=2):
        wishes = zip(machines, people, (8, 13), strict=True)
        assert race([booking(machine, who, s, s + 2) for machine, who, s in wishes]) == ["booked", "booked"]
    assert sum(b.ends_at.hour - b.starts_at.hour for b in Booking.objects.all()) == 4


def test_a_quota_of_one_house_is_not_used_in_another():
    machines = [build.make_machine(build.make_facility(policy={"weekly_quota": 180})) for _ in range(2)]
    siti = make_producer("Siti")
    assert race([booking(machine, siti, 8, 10) for machine in machines]) == ["booked", "booked"]


# One operator is left, and two machines want them


@pytest.fixture
def operated():
    house = build.make_facility()
    machines = [build.make_machine(house, operator_level="operator") for _ in range(2)]
    dewi = Operator.objects.create(facility=house, name="Dewi", types=["BAND"])
    Shift.objects.bulk_create(
        Shift(operator=dewi, weekday=day, starts=480, ends=960, valid_from="2020-01-01") for day in range(5)
    )
    return machines


def give_to_dewi(calendar, held, work, *, is_new):
    """Do what `man` does for somebody who was free when it was decided."""
    assign(held.pk, Operator.objects.get().pk, work, is_new=is_new)


def test_of_two_who_want_the_last_operator_one_is_booked(operated, siti, budi):
    for day in DAYS:
        wishes = zip(operated, (siti, budi), (8, 9), strict=True)
        said = race([booking(machine, who, start, start + 2, day=day) for machine, who, start in wishes])
        assert sorted(said) == ["booked", "no_operator"]
    assert Assignment.objects.count() == len(DAYS) and halves() == []


def test_the_database_alone_gives_an_operator_once(operated, siti, budi):
    """The lock is off, the constraint is not: the second hears the same code, found out at the last moment."""
    wishes = list(zip(operated, (siti, budi), (8, 9), strict=True))
    with without_locks("lock_operators", contenders=2), replaced(ordering, man=give_to_dewi):
        said = sorted(race([booking(machine, who, s, s + 2) for machine, who, s in wishes]))
    assert said == ["booked", "no_operator"] and Assignment.objects.count() == Booking.objects.count() == 1


def test_without_lock_and_constraint_one_operator_is_at_two_machines(operated, siti, budi):
    wishes = list(zip(operated, (siti, budi), (8, 9), strict=True))
    unguarded = without_locks("lock_operators", contenders=2)
    with without_constraint(*ONE_PER_OPERATOR), unguarded, replaced(ordering, man=give_to_dewi):
        assert race([booking(machine, who, s, s + 2) for machine, who, s in wishes]) == ["booked", "booked"]
        one, two = Assignment.objects.all()
        assert one.operator == two.operator and one.starts_at < two.ends_at and two.starts_at < one.ends_at
        Assignment.objects.all().delete()


def test_an_absence_and_a_booking_at_once_leave_nobody_with_an_operator_who_is_away(operated, siti):
    dewi = Operator.objects.get()
    cahya = build.cahya(dewi.facility)
    for day in DAYS:
        away = doing(roster.add_absence, operator=dewi, span=Span(build.at(8, day=day), build.at(12, day=day)),
                     reason="Sakit", actor=cahya, now=build.EARLY)  # fmt: skip
        said = race([booking(operated[0], siti, 9, 11, day=day), away])
        assert said in (["booked", "bookings_affected"], ["no_operator", "done"])
    booked, free_days = Assignment.objects.count(), dewi.absences.count()
    assert booked + free_days == len(DAYS)


# Approving, cancelling and moving


def answers(where, cahya, day=0):
    """Return a request and three contenders for it."""
    asked = build.make_booking(where, 9, 10, day=day)
    common = {"booking_id": asked.pk, "now": build.EARLY}
    there = {"starts_at": build.at(13, day=day), "ends_at": build.at(14, day=day)}
    return asked, {
        "approve": doing(requests.approve, actor=cahya, **common),
        "cancel": doing(ordering.cancel, reason_code="ill", actor=asked.made_by, **common),
        "move": doing(ordering.move, actor=asked.made_by, **there, **common),
    }


def test_approving_cancelling_and_moving_at_once_each_count_or_hear_that_it_changed():
    machine = build.make_machine(build.make_facility(approval="manual"), cleaning=15)
    cahya = build.cahya(machine.facility)
    for day in DAYS:
        asked, contenders = answers(machine, cahya, day)
        said = dict(zip(contenders, race(list(contenders.values())), strict=True))
        asked.refresh_from_db()
        assert set(said.values()) <= {"done", "wrong_state"} and "done" in said.values()
        assert (asked.status == "cancelled") == (said["cancel"] == "done")
        assert asked.version == 1 + list(said.values()).count("done")
    assert halves() == [] and overlaps() == 0


@pytest.mark.parametrize("guarded", [True, False])
@pytest.mark.parametrize("late", ["approve", "move"])
def test_what_is_cancelled_stays_so_only_because_of_compare_and_set(guarded, late):
    machine = build.make_machine(build.make_facility(approval="manual"))
    asked, contenders = answers(machine, build.cahya(machine.facility))
    cancelled = threading.Event()

    def cancel():
        said = contenders["cancel"]()
        cancelled.set()
        return said

    def answer():
        assert cancelled.wait(PATIENCE)
        return contenders[late]()

    with nullcontext() if guarded else without_compare_and_set():
        assert race([cancel, answer]) == ["done", "wrong_state" if guarded else "done"]
    asked.refresh_from_db()
    assert (asked.status == "cancelled") == guarded


def test_many_ask_for_one_machine_with_every_class_and_none_finds_it_dirty(machine):
    people = [make_producer(f"Orang {n}") for n in range(12)]
    classes = ["kering", "berminyak", "udang", "susu"]
    wishes = [(who, 8 + n % 8, 9 + n % 8, classes[n % 4]) for n, who in enumerate(people)]
    said = race([booking(machine, *wish) for wish in wishes])
    known = {"booked", "taken", "not_enough_cleaning_time", "products_never_mix"}
    assert set(said) <= known and "booked" in said
    assert uncleaned() == [] and overlaps() == 0 and halves() == []
