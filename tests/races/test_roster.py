"""Managers who name people at the same instant: nobody is sent to two machines, and no job is named for that is gone."""

from __future__ import annotations

import pytest

from bookings.models import Booking
from bookings.ordering import services as ordering
from bookings.roster import services as roster
from facilities.models import Assignment, LineChange
from facilities.setup import lines
from facilities.time.spans import Span
from tests import build
from tests.races.oracle import halves
from tests.races.race import race
from tests.races.test_services import doing
from tests.races.unguarded import ONE_PER_OPERATOR, without_constraint

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
NOW, DAYS = build.EARLY, (0, 1, 2, 3, 4)


@pytest.fixture
def house():
    return build.make_facility("pontianak")


@pytest.fixture
def cahya(house):
    return build.cahya(house)


@pytest.fixture
def lost(house, cahya):
    """Two jobs a day whose operators are away all week, at two machines and partly at the same time."""
    machines = [build.make_machine(house, operator_level="operator") for _ in range(2)]
    people = [build.make_operator(house, f"Orang {n}") for n in range(2)]
    who = [build.make_owner(f"Ibu {n}") for n in range(2)]
    made = [[build.make_booking(m, 9 + n, 11 + n, day=d, by=who[n]) for n, m in enumerate(machines)] for d in DAYS]
    nobody = {booking.reference: None for pair in made for booking in pair}
    for one in people:
        roster.add_absence(operator=one, span=Span(build.at(0), build.at(24, day=6)), reason="", actor=cahya, now=NOW,
                            replacements=nobody)  # fmt: skip
    return made


def naming(booking, operator, cahya):
    return doing(roster.reassign, booking_id=booking.pk, operator_id=operator.pk, actor=cahya, now=NOW)


def test_two_who_want_the_same_person_at_once_and_one_gets_them(house, lost, cahya):
    hasan = build.make_operator(house, "Hasan")
    for pair in lost:
        assert sorted(race([naming(booking, hasan, cahya) for booking in pair])) == ["done", "no_operator"]
    assert Assignment.objects.count() == len(lost) and halves() == []


def test_without_the_constraint_a_reason_would_send_one_person_to_two_machines(house, lost, cahya):
    """The negative control: whoever insists is stopped by the database, and by nothing else."""
    hasan = build.make_operator(house, "Hasan")
    how = {"operator_id": hasan.pk, "actor": cahya, "now": NOW, "override_reason": "Tolong"}
    insisting = [doing(roster.reassign, booking_id=booking.pk, **how) for booking in lost[0]]
    assert sorted(race(insisting)) == ["done", "no_operator"]
    with without_constraint(*ONE_PER_OPERATOR):
        assert race(insisting) == ["done", "done"]
        Assignment.objects.all().delete()


def test_naming_and_cancelling_at_once_leave_no_assignment_without_its_job(house, lost, cahya):
    hasan = build.make_operator(house, "Hasan")
    for booking, _ in lost:
        cancelling = doing(ordering.cancel, booking_id=booking.pk, actor=cahya, now=NOW, reason_code="ill")
        assert race([naming(booking, hasan, cahya), cancelling]) in (["done", "done"], ["wrong_state", "done"])
    assert not Assignment.objects.exists() and Booking.objects.filter(status="cancelled").count() == len(lost)


def test_a_line_is_confirmed_or_booked_never_both(house, cahya):
    machine, fitri, siti = build.make_machine(house), build.fitri(), build.siti()
    change = lines.ask_line_change(
        machine=machine, to_line="non_halal", evidence="Dibongkar, BA 12", actor=cahya, now=NOW
    )
    said = race([
        doing(lines.confirm_line_change, change_id=change.pk, actor=fitri, now=NOW),
        doing(build.make_booking, machine, 9, 11, by=siti, line="halal"),
    ])  # fmt: skip
    assert said in (["done", "wrong_line"], ["bookings_affected", "done"])
    assert LineChange.objects.filter(confirmed_at__isnull=False).exists() is (said[0] == "done")
