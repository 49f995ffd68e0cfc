"""What is written of cleaning when jobs come, go and move: under the lock, neighbours included."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.ordering import services as ordering
from bookings.runs import services as runs
from bookings.upkeep import services as upkeep
from facilities.models import Changeover, Occupancy
from facilities.time.spans import Span
from facilities.upkeep import services as facility_upkeep
from tests import build

pytestmark = pytest.mark.django_db
CELLS = {("kering", "berminyak"): 10, ("berminyak", "kering"): 30, ("berminyak", "ikan"): 15, ("ikan", "kering"): 45}


@pytest.fixture
def machine():
    Changeover.objects.bulk_create(Changeover(before=a, after=b, minutes=m) for (a, b), m in CELLS.items())
    return build.make_machine(cleaning=60)


def book(machine, start, end, cleaning_class, day=0):
    return build.make_booking(machine, start, end, day=day, cleaning_class=cleaning_class)


def cleaned() -> list[int]:
    """Minutes of cleaning after each job, in order of time."""
    rows = Occupancy.objects.filter(kind="booking").order_by("starts_at").values_list("cleaning_from", "ends_at")
    return [(end - start) // timedelta(minutes=1) for start, end in rows]


def cancel(booking):
    ordering.cancel(booking_id=booking.pk, actor=booking.made_by, now=build.EARLY, reason_code="ill")


def test_a_job_between_two_is_cleaned_after_on_both_sides_and_its_going_restores_them(machine):
    book(machine, 8, 9, "kering"), book(machine, 14, 15, "kering")
    assert cleaned() == [0, 60]
    between = book(machine, 10, 11, "berminyak")
    assert cleaned() == [10, 30, 60]
    cancel(between)
    assert cleaned() == [0, 60]


def test_the_last_job_of_a_day_is_cleaned_after_fully_whatever_comes_tomorrow(machine):
    book(machine, 15, 16, "kering"), book(machine, 8, 9, "kering", day=1)
    assert cleaned() == [60, 60]


def test_a_job_today_leaves_tomorrows_cleaning_as_it_is(machine):
    """What follows tomorrow's last visible job may lie beyond what is read around today's."""
    book(machine, 9.25, 10.75, "kering", day=1), book(machine, 13, 14, "berminyak", day=1)
    assert cleaned() == [10, 60]
    book(machine, 8.75, 9.5, "berminyak")
    assert cleaned() == [60, 10, 60]


def test_giving_back_time_today_leaves_tomorrows_cleaning_as_it_is(machine):
    today = book(machine, 8.75, 9.5, "berminyak")
    book(machine, 9, 9.5, "kering", day=1), book(machine, 13, 14, "berminyak", day=1)
    cancel(today)
    assert cleaned() == [10, 60]


def test_a_move_cleans_anew_where_it_left_and_where_it_went(machine):
    moving = book(machine, 10, 11, "berminyak")
    book(machine, 8, 9, "kering"), book(machine, 14, 15, "kering"), book(machine, 8, 9, "kering", day=1)
    assert cleaned() == [10, 30, 60, 60]
    ordering.move(booking_id=moving.pk, starts_at=build.at(10, day=1), ends_at=build.at(11, day=1),
                   actor=moving.made_by, now=build.EARLY)  # fmt: skip
    assert cleaned() == [0, 60, 10, 60]


def test_a_move_to_another_machine_cleans_anew_on_both(machine):
    other = build.make_machine(machine.facility, cleaning=20)
    book(machine, 8, 9, "kering"), book(machine, 14, 15, "kering"), book(other, 9, 10, "kering")
    moving = book(machine, 10, 11, "berminyak")
    ordering.move(booking_id=moving.pk, machine_id=other.pk, starts_at=build.at(12), ends_at=build.at(13),
                   actor=moving.made_by, now=build.EARLY)  # fmt: skip
    assert cleaned() == [0, 10, 20, 60]


def test_an_early_finish_is_cleaned_after_from_its_real_end(machine):
    first = book(machine, 8, 10, "kering")
    book(machine, 11, 12, "berminyak")
    dewi = build.dewi(machine.facility)
    runs.check_in(booking_id=first.pk, actor=dewi, now=build.at(8))
    runs.complete(booking_id=first.pk, actor=dewi, now=build.at(9))
    held = Occupancy.objects.order_by("starts_at").first()
    assert (held.cleaning_from, held.ends_at) == (build.at(9), build.at(9) + timedelta(minutes=10))


def test_before_maintenance_the_clean_is_as_full_as_there_is_room_and_after_it_as_before(machine):
    book(machine, 8, 9, "kering"), book(machine, 14, 15, "berminyak")
    span = Span(build.at(9.5), build.at(10))
    work = upkeep.schedule_maintenance(machine_id=machine.pk, span=span, title="Servis", now=build.EARLY,
                                           actor=build.cahya(machine.facility))  # fmt: skip
    assert cleaned() == [30, 60]
    facility_upkeep.cancel_maintenance(maintenance_id=work.pk, actor=None, now=build.EARLY)
    assert cleaned() == [10, 60]
