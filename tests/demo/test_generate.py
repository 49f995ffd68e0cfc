"""The demo on other days and at other hours, and the writer behind it against the services it mirrors."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import User
from bookings.day import request_services as requests
from bookings.demo import demo, diary, rows
from bookings.demo.diary import Asked, Life, Ran
from bookings.models import Booking, BookingEvent, Producer, Run
from bookings.ordering import services as ordering
from bookings.reports.models import UsageMonth
from bookings.runs import services as runs
from facilities.models import Facility, Machine, StaleMonth
from facilities.time.changeover import Matrix
from facilities.time.hours import local_date
from tests import build

MOMENTS = {
    "before_opening": build.at(5),
    "evening": build.at(21),
    "friday_break": build.at(12, day=4),
    "sunday_noon": build.at(12, day=6),
    "christmas": datetime(2026, 12, 25, 3, tzinfo=UTC),
    "first_of_january": datetime(2027, 1, 1, 3, 7, 31, 5, tzinfo=UTC),
    "ramadan": datetime(2027, 2, 10, 2, 17, tzinfo=UTC),
}


@pytest.mark.parametrize("now", MOMENTS.values(), ids=MOMENTS)
def test_it_loads_at_any_moment_and_nothing_has_happened_yet_that_is_still_to_come(db, now):
    demo.load(now=now)
    assert Booking.objects.count() > 800
    assert not BookingEvent.objects.filter(at__gt=now).exists()
    assert not Booking.objects.filter(made_at__gt=now).exists()
    assert not Run.objects.filter(stopped_at__gt=now).exists()
    assert not Booking.objects.filter(status="requested", expires_at__lte=now).exists()
    assert not Booking.objects.filter(status="approved", ends_at__lt=now).exists()


def test_the_same_seed_tells_the_same_story(db):
    stories = []
    for _ in range(2):
        with transaction.atomic():
            demo.load(now=build.MONDAY_8)
            stories.append(list(Booking.objects.order_by("reference").values_list("reference", "starts_at", "status")))
            transaction.set_rollback(True)
    assert stories[0] == stories[1]


def test_the_command_fills_an_empty_database_with_its_sums_and_refuses_any_other(db):
    call_command("demo", verbosity=0)
    assert UsageMonth.objects.filter(run__gt=0).exists()
    with pytest.raises(CommandError, match="not empty"):
        call_command("demo", verbosity=0)

def test_seeding_sums_what_it_made_and_refuses_a_database_that_is_not_empty(db):
    call_command("seed", scale="pilot", years=1, verbosity=0)
    assert UsageMonth.objects.filter(booked__gt=0).exists()
    assert not StaleMonth.objects.exists()
    with pytest.raises(CommandError, match="not empty"):
        call_command("seed", scale="pilot", verbosity=0)


def lived(machine: Machine, producer: Producer, person: User, staff: User) -> Booking:
    """One booking lived through the services: asked, approved, run, recorded."""
    booking = ordering.reserve(
        machine_id=machine.pk, starts_at=build.at(8), ends_at=build.at(10), producer=producer, actor=person,
        now=build.EARLY, product_name="Keripik", pack_format="standing_pouch", quantity=300,
    )  # fmt: skip
    if booking.status == "requested":
        requests.approve(booking_id=booking.pk, actor=staff, now=build.EARLY + timedelta(hours=1))
    runs.check_in(booking_id=booking.pk, actor=staff, now=build.at(7.9))
    run = runs.start_run(booking_id=booking.pk, actor=staff, now=build.at(8))
    runs.stop_run(run_id=run.pk, actor=staff, now=build.at(9))
    runs.record_run(
        booking_id=booking.pk, actor=staff, now=build.at(9.1), started_at=build.at(8), stopped_at=build.at(9),
        good=290, rejected=5, run_id=run.pk, lot_code="L1",
        cleaning={"before": True, "after": True, "agent": diary.CLEANED_WITH, "result": "clean", "by": "Dewi"},
    )  # fmt: skip
    return booking


def written(machine: Machine, producer: Producer, person: User, staff: User, *, by_hand: bool) -> Booking:
    """The same booking as the generator writes it."""
    tariff = machine.tariffs.get()
    asked = Asked(
        machine, build.at(8), build.at(10), build.EARLY, producer.pk, person.pk, product_name="Keripik",
        pack_format="standing_pouch", quantity=300, by_hand=by_hand, tariff=(tariff.pk, tariff.unit, tariff.amount),
    )  # fmt: skip
    run = Ran(build.at(8), build.at(9), build.at(9.1), good=290, rejected=5, lot_code="L1", cleaned_by="Dewi")
    decided = {"decided_at": build.EARLY + timedelta(hours=1), "decided_by_id": staff.pk} if by_hand else {}
    life = Life("completed", build.at(9.1), checked_in_at=build.at(7.9), run=run, staff_id=staff.pk, **decided)
    many = rows.Rows()
    book = diary.Diary(many, Random(1))
    key = book.write(asked, life)
    book.settle(Matrix())
    many.finish()
    return Booking.objects.get(pk=key)


def told(booking: Booking) -> list[str]:
    """Everything about a booking but keys and references, a line per value."""
    part = booking.machines.get()
    groups = [booking, part, part.occupancy, *part.runs.all(), *booking.events.all()]
    dropped = {"id", "reference", "booking_id", "occupancy_id", "booked_machine_id", "machine_id", "tariff_id", "details",
               "awaits_follow_up"}  # fmt: skip
    return [
        f"{type(row).__name__} {number}: {name}={value}"
        for number, row in enumerate(groups)
        for name, value in sorted(vars(row).items())
        if name not in dropped and not name.startswith("_")
    ]


@pytest.mark.parametrize("approval", ["automatic", "manual"])
def test_what_the_generator_writes_is_what_the_services_would_have_left(db, approval):
    house = build.make_facility(approval=approval, hours=(420, 960))
    machines = [build.make_machine(house, setup=10, cleaning=10) for _ in range(2)]
    for machine in machines:
        build.make_tariff(machine)
    person, staff = build.siti(), build.dewi(house)
    producer = build.producer_of(person)
    one = lived(machines[0], producer, person, staff)
    other = written(machines[1], producer, person, staff, by_hand=approval == "manual")
    assert told(other) == told(Booking.objects.get(pk=one.pk))


@pytest.mark.parametrize(
    ("usual", "minute", "hours"),
    [
        (((480, 960),), 600, None),
        (((480, 780),), 20 * 60 + 10, ((480, 780), (1020, 1440))),
        (((480, 960),), 15 * 60 + 40, ((480, 1200),)),
        (((480, 960),), 7 * 60, ((240, 960),)),
        (((480, 690), (810, 990)), 12 * 60, ((480, 1020),)),
        ((), 11 * 60, ((480, 960),)),
        ((), 5, ((0, 300),)),
        (((480, 960),), 23 * 60 + 59, ((480, 960), (1200, 1440))),
    ],
)  # fmt: skip
def test_today_has_hours_with_the_present_well_inside(usual, minute, hours):
    assert demo.working_hours(usual, minute) == hours


def test_whenever_it_is_started_every_house_is_open_and_machines_run(db):
    for now in MOMENTS.values():
        with transaction.atomic():
            demo.load(now=now)
            for house in Facility.objects.all():
                open_now = demo.open_days(house, now)[local_date(now, house.zone)]
                assert any(span.contains(now) and span.contains(now + timedelta(hours=1)) for span in open_now)
            assert Run.objects.filter(started_at__lte=now, stopped_at=None).count() >= 2
            transaction.set_rollback(True)
