"""The times of a machine as a producer chooses among them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bookings.ordering import services as ordering
from bookings.ordering.times import offered_times
from facilities.catalogue.queries import in_service
from facilities.errors import Refusal
from facilities.models import Closure, Machine
from tests import build

pytestmark = pytest.mark.django_db


def offer(machine: Machine, **asked):
    seen = in_service(build.MONDAY_8.date()).get(pk=machine.pk)
    values = {"minutes": 120, "day": None, "now": build.EARLY, **asked}
    return offered_times(seen, **values)


def cell_at(shown, hour: float, day: int = 0):
    return next(cell for cell in shown.cells if cell.start == build.at(hour, day=day))


def test_every_grid_time_in_opening_hours_is_free_or_says_why():
    machine = build.make_machine(setup=10, cleaning=20)
    build.make_booking(machine, 11, 13)
    shown = offer(machine, day=build.MONDAY_8.date())
    assert [cell.start for cell in shown.cells] == [build.at(8 + step / 4) for step in range(32)]
    assert {cell.free for cell in shown.cells} == {True, False}
    assert all(cell.reasons for cell in shown.cells if not cell.free)


@pytest.mark.parametrize(
    ("hour", "code"),
    [(8, "closed"), (9, "taken"), (10.75, "taken"), (11, "taken"), (13.25, "not_enough_cleaning_time"), (8.75, "not_enough_cleaning_time"), (14.5, "closed")],
)
def test_the_answer_to_why_names_the_rule(hour, code):
    machine = build.make_machine(setup=10, cleaning=20)
    build.make_booking(machine, 11, 13)
    cell = cell_at(offer(machine, day=build.MONDAY_8.date()), hour)
    assert [reason.code for reason in cell.reasons] == [code]


def test_the_answer_ends_with_when_it_is_free_again():
    machine = build.make_machine()
    build.make_booking(machine, 8, 12)
    shown = offer(machine, day=build.MONDAY_8.date())
    assert cell_at(shown, 9).next_free == build.at(12)


def test_what_is_offered_can_be_booked_and_what_is_not_cannot():
    machine, budi = build.make_machine(setup=10, cleaning=20), build.budi()
    build.make_booking(machine, 11, 13)
    for cell in offer(machine, day=build.MONDAY_8.date()).cells:
        hour = (cell.start - build.at(0)).total_seconds() / 3600
        if cell.free:
            booking = build.make_booking(machine, hour, hour + 2, by=budi)
            ordering.cancel(booking_id=booking.pk, actor=budi, now=build.EARLY, reason_code="ill")
        else:
            with pytest.raises(Refusal):
                build.make_booking(machine, hour, hour + 2, by=budi)


def test_the_strip_tells_full_closed_and_holiday_apart():
    machine = build.make_machine()
    build.make_booking(machine, 8, 16)
    day = date(2026, 11, 24)
    Closure.objects.create(first_on=day, last_on=day, reason="Libur", kind="public")
    states = {choice.day: choice.state for choice in offer(machine, now=build.at(1)).days}
    assert (states[date(2026, 11, 23)], states[day]) == ("full", "holiday")
    assert (states[date(2026, 11, 28)], states[date(2026, 11, 25)]) == ("closed", "")


def test_days_beyond_the_horizon_are_not_open_yet():
    machine = build.make_machine(build.make_facility(horizon=5))
    states = [choice.state for choice in offer(machine, now=build.at(1)).days]
    assert states[5:] == ["closed", "far"] + ["far"] * 7 and states[4] == ""


def test_a_moved_booking_may_keep_part_of_its_own_time():
    machine = build.make_machine()
    held = build.make_booking(machine, 8, 10).machines.get().occupancy
    day = build.MONDAY_8.date()
    assert not cell_at(offer(machine, day=day), 9).free
    assert cell_at(offer(machine, day=day, moving=held.pk), 9).free


def test_a_time_that_touches_another_job_is_the_tidiest():
    machine = build.make_machine()
    build.make_booking(machine, 8, 10)
    shown = offer(machine, day=build.MONDAY_8.date())
    assert cell_at(shown, 10).tidy and not cell_at(shown, 11).tidy


def test_the_choice_takes_two_queries(django_assert_num_queries):
    machine = build.make_machine()
    for day in range(3):
        build.make_booking(machine, day=day)
    seen = in_service(build.MONDAY_8.date()).get(pk=machine.pk)
    with django_assert_num_queries(2):
        offered_times(seen, minutes=60, day=build.MONDAY_8.date() + timedelta(days=30), now=build.EARLY)


def test_a_day_far_beyond_the_horizon_is_read_as_one_just_beyond():
    shown = offer(build.make_machine(build.make_facility(horizon=30)), day=date(2099, 12, 30))
    assert shown.day == build.EARLY.date() + timedelta(days=30 + 14)
    assert shown.days[-1].state == "far" and shown.nearest[0] == build.EARLY + timedelta(hours=1)
