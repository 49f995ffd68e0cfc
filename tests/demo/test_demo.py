"""The demo is what the contract says, on any day and at any hour, and looks as if people had made it."""

from datetime import timedelta

import pytest
from django.db import transaction

from accounts.demo import DEMO_PASSWORD
from accounts.models import User
from bookings.demo import demo
from bookings.models import BookedMachine, Booking, Document, Message, Need, Producer, Product, Run
from bookings.rules import RULES
from bookings.rules.decision import verdict
from bookings.rules.question import question_about, request_to_move
from bookings.trail import lifecycle
from facilities.models import (
    Assignment,
    Breakdown,
    Capability,
    District,
    Facility,
    Machine,
    MachineType,
    Maintenance,
    Occupancy,
)
from facilities.occupancy.matrices import matrix_of
from facilities.occupancy.writing import retail
from facilities.roster.coverage import uncovered
from facilities.time.spans import Span
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
    stranded = [pk for house in Facility.objects.all() for pk in uncovered(house, now=now)]
    ahead = ahead.exclude(occupancy__in=stranded)
    for part in ahead.select_related("booking__product", "machine__facility"):
        machine, booking = part.machine, part.booking
        request = request_to_move(booking, part, machine, part.starts_at, part.ends_at)
        machine.broken_since = machine.broken_until = None
        question = question_about(machine, request, now=now, except_=part.occupancy_id)
        assert verdict(question, checks=HARD).refusals == []


def test_one_absence_strands_bookings_that_somebody_else_must_take_over(now):
    lost = {house.slug: uncovered(house, now=now) for house in Facility.objects.all()}
    assert 1 <= len(lost["pontianak"]) <= 4
    assert set().union(*lost["pontianak"].values()) == {"away"}
    assert not lost["singkawang"]


def test_work_on_operators_machines_has_an_operator_and_no_other_has(now):
    operated = Occupancy.objects.filter(kind="booking", machine__operator_level="operator")
    assert operated.filter(ends_at__gt=now).exists()
    assert not operated.filter(assignment__isnull=True).exists()
    assert not Assignment.objects.exclude(occupancy__machine__operator_level="operator").exists()


def test_every_product_has_a_class_and_every_job_is_cleaned_after_as_the_services_would(now):
    assert not Product.objects.filter(cleaning_class="").exists()
    before = set(Occupancy.objects.values_list("pk", "ends_at"))
    assert Occupancy.objects.filter(kind="booking").values("cleaning_class").distinct().count() >= 5
    for machine in Machine.objects.select_related("facility"):
        held = Occupancy.objects.filter(machine=machine).order_by("starts_at")
        for one in held:
            retail(machine, Span(one.starts_at, one.ends_at))
    assert set(Occupancy.objects.values_list("pk", "ends_at")) == before


def test_what_must_never_meet_shares_no_day(now):
    matrix = matrix_of(None)
    days = {}
    for one in Occupancy.objects.filter(kind="booking").select_related("machine__facility"):
        day = one.starts_at.astimezone(one.machine.facility.zone).date()
        days.setdefault((one.machine_id, day), set()).add(one.cleaning_class)
    assert not any(matrix.refuses(a, b) for classes in days.values() for a in classes for b in classes)


def test_rates_are_learned_from_the_runs_that_are_there(now):
    learned = Capability.objects.filter(learned_from__gte=5)
    assert learned.count() >= 10
    assert all(one.rate * 0.4 < one.learned_rate < one.rate * 1.3 for one in learned)


def test_documents_are_in_order_expired_unchecked_and_missing(now):
    today = now.date()
    permits = Document.objects.filter(kind="pirt")
    assert permits.filter(expires_on__lt=today).exists()
    assert permits.filter(verified_at__isnull=True).exists()
    assert Producer.objects.exclude(documents__kind="pirt").exists()
    assert Booking.objects.filter(facility__slug="sintang", is_trial=True).count() == 1


def test_needs_were_met_served_and_not(now):
    assert Need.objects.filter(found__gt=0).exists()
    assert Need.objects.filter(served_by__isnull=False).exists()
    assert Need.objects.filter(ended_in_nothing=True, served_at__isnull=True, producer__isnull=True).exists()
    assert Need.objects.filter(ended_in_nothing=True, served_at__isnull=True, producer__isnull=False).exists()
