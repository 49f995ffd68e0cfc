"""The demo is what the contract says, on any day and at any hour, and looks as if people had made it."""

from datetime import timedelta

import pytest
from django.db import transaction

from accounts.demo import DEMO_PASSWORD
from accounts.models import User
from bookings import lifecycle
from bookings.decision import verdict
from bookings.generate import demo
from bookings.models import BookedMachine, Booking, Message, Producer, Run
from bookings.questions import question_about
from bookings.rules import RULES
from bookings.services import reserving
from facilities.models import Breakdown, District, Facility, Machine, MachineType, Maintenance, Occupancy
from tests import build

MONDAY_9_10 = build.at(9 + 10 / 60)


@pytest.fixture(scope="module")
def story(django_db_setup, django_db_blocker):
    """Load the demo once for all tests here, and take it back."""
    with django_db_blocker.unblock(), transaction.atomic():
        demo.load(now=MONDAY_9_10)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def now(story, db):
    """The instant at which the story stands still: Monday 09.10 WIB."""
    return MONDAY_9_10


def test_the_contract_is_kept(now):
    assert District.objects.count() == 14
    assert MachineType.objects.count() == 35
    assert set(Facility.objects.values_list("slug", "is_example")) == {
        ("pontianak", True), ("sintang", True), ("singkawang", True)
    }  # fmt: skip
    assert {"pontianak-band-1", "pontianak-vac1-1", "sintang-band-1"} <= set(Machine.objects.values_list("slug", flat=True))
    assert 28 <= Machine.objects.count() <= 34
    assert Machine.objects.filter(line="non_halal", facility__slug="singkawang").count() == 1
    assert Producer.objects.filter(kind="cooperative").count() == 4
    assert Producer.objects.filter(kind="umkm").count() == 25


def test_the_ten_sign_ins_work_and_nobody_else_can_sign_in(now):
    people = User.objects.filter(is_demo=True).order_by("phone")
    assert [person.name for person in people] == [
        "Siti", "Budi", "Rosa", "Tono", "Dewi", "Cahya", "Eko", "Fitri", "Gunawan", "Admin"
    ]  # fmt: skip
    assert people[0].phone == "+6281200000001"
    assert all(person.check_password(DEMO_PASSWORD) for person in people)
    assert not any(person.has_usable_password() for person in User.objects.filter(is_demo=False))


def test_siti_has_something_ahead_something_behind_and_something_to_read(now):
    hers = Booking.objects.filter(producer__memberships__user__name="Siti")
    assert hers.filter(status="approved", starts_at__gt=now).exists()
    assert hers.filter(status="completed", ends_at__lt=now).exists()
    assert Message.objects.filter(user__name="Siti", channel="app", read_at__isnull=True).exists()


def test_one_machine_is_broken_one_in_maintenance_and_one_idle_for_forty_days(now):
    assert [stop.machine.slug for stop in Breakdown.objects.filter(closed_at__isnull=True)] == ["pontianak-vac2-1"]
    assert Maintenance.objects.filter(ends_at__gt=now - timedelta(days=3), starts_at__lt=now + timedelta(days=4)).exists()
    last = Run.objects.filter(machine__slug="sintang-ind-1").latest("started_at").started_at
    assert 40 <= (now - last).days <= 44


def test_every_house_is_in_the_middle_of_something_on_an_opening_day(now):
    for house in Facility.objects.all():
        here = Booking.objects.filter(facility=house)
        assert Run.objects.filter(machine__facility=house, stopped_at__isnull=True).exists()
        assert here.filter(status="approved", starts_at__gt=now, starts_at__lt=now + timedelta(hours=3)).exists()
        late = here.filter(status="approved", starts_at__lt=now)
        assert all(booking.starts_at + timedelta(minutes=house.grace) > now for booking in late)
    assert Booking.objects.filter(status="requested").count() >= 5
    assert Booking.objects.filter(status="approved", starts_at__lt=now).exists()


def test_only_what_holds_time_has_an_occupancy(now):
    holds = set(BookedMachine.objects.filter(occupancy__isnull=False).values_list("booking__status", flat=True))
    frees = set(BookedMachine.objects.filter(occupancy__isnull=True).values_list("booking__status", flat=True))
    assert holds <= lifecycle.HOLDING
    assert not frees & lifecycle.HOLDING
    assert Occupancy.objects.filter(kind="booking").count() == BookedMachine.objects.filter(occupancy__isnull=False).count()


def test_every_step_follows_the_lifecycle_and_the_last_one_is_the_status(now):
    for booking in Booking.objects.prefetch_related("events"):
        steps = list(booking.events.all())
        for step in steps[1:]:
            if step.action not in ("start_run", "stop_run", "record_run"):
                assert lifecycle.next_status(step.from_status, step.action) == step.to_status
        assert steps[-1].to_status == booking.status
        assert [step.at for step in steps] == sorted(step.at for step in steps)


HARD = [rule for rule in RULES if rule.name in ("opening", "grid", "line", "fit", "longest", "operator", "never_mix")]


def test_what_is_still_to_come_could_have_been_booked(now):
    ahead = BookedMachine.objects.filter(booking__status__in=["approved", "requested"], starts_at__gt=now)
    for part in ahead.select_related("booking__product", "machine__facility"):
        machine, booking = part.machine, part.booking
        request = reserving.request_to_move(booking, part, machine, part.starts_at, part.ends_at)
        machine.broken_since = machine.broken_until = None
        question = question_about(machine, request, now=now, except_=part.occupancy_id)
        assert verdict(question, checks=HARD).refusals == []
