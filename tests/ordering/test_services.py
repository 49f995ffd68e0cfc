"""Asking for time, moving it, giving it back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.day import request_services as requests
from bookings.models import Booking, BookingEvent
from bookings.ordering import services as ordering
from bookings.trail import events
from facilities.errors import BadInput, Refusal, Stale, WrongState
from facilities.models import Occupancy
from tests import build

pytestmark = pytest.mark.django_db


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_a_free_time_is_booked_with_setup_and_cleaning_around_it():
    machine = build.make_machine(setup=10, cleaning=20)
    booking = build.make_booking(machine, 9, 11)
    held = Occupancy.objects.get()
    assert (booking.status, held.kind) == ("approved", "booking")
    assert (held.starts_at, held.ends_at) == (build.at(9) - timedelta(minutes=10), build.at(11) + timedelta(minutes=20))
    assert held.cleaning_from == build.at(11)


def test_touching_bookings_do_not_clash():
    machine = build.make_machine()
    build.make_booking(machine, 8, 10)
    build.make_booking(machine, 10, 12, by=build.budi())
    assert Booking.objects.filter(status="approved").count() == 2


def test_a_taken_time_is_refused_and_nothing_is_written():
    machine = build.make_machine()
    build.make_booking(machine, 8, 10)
    with pytest.raises(Refusal) as refused:
        build.make_booking(machine, 9, 11, by=build.budi())
    assert codes(refused) == ["taken"]
    assert Booking.objects.count() == BookingEvent.objects.count() == 1


def test_all_reasons_come_at_once():
    machine = build.make_machine(line="halal")
    with pytest.raises(Refusal) as refused:
        build.make_booking(machine, 7.1, 7.2, line="non_halal", form="cair")
    assert codes(refused) == ["closed", "too_short", "off_grid", "wrong_line", "does_not_fit_machine"]


def test_a_manager_overrides_what_is_overridable_but_never_the_line():
    machine = build.make_machine()
    booking = build.make_booking(machine, 9, 9.25, override_reason="uji coba")
    assert booking.events.get().details["overridden"] == ["too_short"]
    with pytest.raises(Refusal):
        build.make_booking(machine, 10, 11, line="non_halal", override_reason="mohon")


def test_a_request_that_waits_for_a_manager_holds_its_time():
    machine = build.make_machine(build.make_facility(approval="manual"))
    booking = build.make_booking(machine, 8, 10)
    assert booking.status == "requested" and booking.expires_at is not None
    with pytest.raises(Refusal):
        build.make_booking(machine, 8, 10, by=build.budi())


def test_a_cancelled_time_is_free_at_once():
    machine = build.make_machine()
    booking = build.make_booking(machine)
    ordering.cancel(booking_id=booking.pk, actor=booking.made_by, now=build.EARLY, reason_code="ill")
    again = build.make_booking(machine, by=build.budi())
    assert again.status == "approved" and Occupancy.objects.count() == 1


def test_a_late_cancel_is_recorded_not_refused():
    booking = build.make_booking(build.make_machine(), 12, 14)
    ordering.cancel(booking_id=booking.pk, actor=booking.made_by, now=build.at(9), reason_code="weather")
    booking.refresh_from_db()
    assert booking.is_late_cancel and booking.status == "cancelled"


def test_a_booking_moves_into_its_own_time():
    machine = build.make_machine(cleaning=15)
    booking = build.make_booking(machine, 8, 10)
    moved = ordering.move(
        booking_id=booking.pk, starts_at=build.at(9), ends_at=build.at(11), actor=booking.made_by, now=build.EARLY
    )
    held = Occupancy.objects.get()
    assert (moved.starts_at, held.starts_at, held.ends_at) == (build.at(9), build.at(9), build.at(11.25))


def test_a_booking_does_not_move_onto_its_neighbour():
    machine = build.make_machine()
    booking = build.make_booking(machine, 8, 10)
    build.make_booking(machine, 10, 12, by=build.budi())
    with pytest.raises(Refusal) as refused:
        ordering.move(
            booking_id=booking.pk, starts_at=build.at(9), ends_at=build.at(11), actor=booking.made_by, now=build.EARLY
        )
    booking.refresh_from_db()
    assert codes(refused) == ["taken"] and booking.starts_at == build.at(8)


def test_an_old_version_is_stale():
    booking = build.make_booking(build.make_machine())
    with pytest.raises(Stale):
        ordering.cancel(booking_id=booking.pk, actor=booking.made_by, now=build.EARLY, reason_code="ill", version=99)


def test_a_request_is_approved_once():
    booking = build.make_booking(build.make_machine(build.make_facility(approval="manual")))
    manager = build.cahya(booking.facility)
    requests.approve(booking_id=booking.pk, actor=manager, now=build.EARLY)
    with pytest.raises(WrongState):
        requests.decline(booking_id=booking.pk, actor=manager, now=build.EARLY, reason_code="other")


def test_an_end_before_the_start_is_bad_input():
    with pytest.raises(BadInput) as bad:
        build.make_booking(build.make_machine(), 10, 8)
    assert bad.value.field == "ends_at"


def test_a_booking_takes_few_statements(django_assert_max_num_queries):
    machine, siti = build.make_machine(), build.siti()
    build.make_tariff(machine)
    producer = build.producer_of(siti)
    with django_assert_max_num_queries(14):
        build.make_booking(machine, by=siti, producer=producer)


@pytest.mark.parametrize(("line", "other"), [("non_halal", "halal"), ("halal", "non_halal")])
def test_what_is_not_on_file_never_moves_to_the_other_line(line, other):
    house = build.make_facility()
    booking = build.make_booking(build.make_machine(house, line=line), line=line, product_name="Sosis")
    asked = {"starts_at": build.at(8), "ends_at": build.at(10), "actor": build.cahya(house), "now": build.EARLY}
    with pytest.raises(Refusal) as refused:
        ordering.move(
            booking_id=booking.pk, machine_id=build.make_machine(house, line=other).pk, override_reason="mohon", **asked
        )
    assert codes(refused) == ["wrong_line"]
    same = build.make_machine(house, line=line)
    assert ordering.move(booking_id=booking.pk, machine_id=same.pk, **asked).status == "approved"


def test_a_request_that_moved_does_not_lapse_by_its_old_answer_time():
    machine = build.make_machine(build.make_facility(approval="manual", answer_within=60))
    booking = build.make_booking(machine)
    found_due_at = build.EARLY + timedelta(minutes=60)
    asked = {"starts_at": build.at(12), "ends_at": build.at(14), "actor": booking.made_by}
    ordering.move(booking_id=booking.pk, now=build.EARLY + timedelta(minutes=59), **asked)
    with pytest.raises(WrongState):
        requests.expire(booking_id=booking.pk, now=found_due_at)
    assert Booking.objects.get().status == "requested" and machine.occupancies.count() == 1


def test_a_machine_is_booked_only_on_days_it_is_in_service():
    tuesday = build.at(0, day=1).date() + timedelta(days=1)
    leaving, coming = build.make_machine(retired_on=tuesday), build.make_machine(in_service_from=tuesday)
    assert build.make_booking(leaving, day=0).status == build.make_booking(coming, day=1).status == "approved"
    for machine, day in ((leaving, 1), (coming, 0)):
        with pytest.raises(Refusal) as refused:
            build.make_booking(machine, 12, 14, day=day, override_reason="mohon")
        assert codes(refused) == ["does_not_fit_machine"]


def test_whoever_says_it_is_not_halal_this_time_is_believed_against_the_file():
    siti = build.siti()
    product = build.make_product(build.producer_of(siti), "Sate", line="halal")
    for line in ("halal", "non_halal"):
        with pytest.raises(Refusal) as refused:
            build.make_booking(build.make_machine(line=line), 8, 9, by=siti, product=product, line="non_halal")
        assert codes(refused) == ["wrong_line"]
    assert build.make_booking(build.make_machine(), 8, 9, by=siti, product=product, line="halal").product == product


def test_a_longer_time_costs_what_it_costs():
    machine = build.make_machine()
    build.make_tariff(machine, amount=10_000)
    booking = build.make_booking(machine, 8, 9)
    assert booking.price == 10_000
    ordering.move(booking_id=booking.pk, starts_at=build.at(8), ends_at=build.at(12), actor=booking.made_by,
                   now=build.EARLY)  # fmt: skip
    booking.refresh_from_db()
    assert booking.price == 40_000


def test_a_trial_run_counts_as_one_wherever_it_moved_from():
    house, siti = build.make_facility(), build.siti()
    machine = build.make_machine(house)
    strict = build.make_machine(house, policy={"documents_required": ["nib"]})
    booking = build.make_booking(machine, 8, 9, by=siti)
    ordering.move(booking_id=booking.pk, machine_id=strict.pk, starts_at=build.at(8), ends_at=build.at(9), actor=siti,
                   now=build.EARLY)  # fmt: skip
    booking.refresh_from_db()
    assert booking.is_trial and booking.status == "requested"
    with pytest.raises(Refusal) as refused:
        build.make_booking(strict, 10, 11, by=siti)
    assert codes(refused) == ["document_missing"]


@pytest.mark.parametrize("action", ["cancel", "move"])
def test_what_moved_to_another_machine_while_one_waited_is_not_touched_without_its_lock(action, monkeypatch):
    house = build.make_facility()
    here, there, third = (build.make_machine(house) for _ in range(3))
    booking = build.make_booking(here, 8, 9)
    who = {"booking_id": booking.pk, "actor": booking.made_by, "now": build.EARLY}
    times = {"starts_at": build.at(10), "ends_at": build.at(11)}
    real, module = ordering.lock, events if action == "cancel" else ordering

    def waits(machine_ids):
        monkeypatch.setattr(module, "lock", real)
        found = real(machine_ids)
        ordering.move(machine_id=there.pk, **times, **who)
        return found

    monkeypatch.setattr(module, "lock", waits)
    with pytest.raises(WrongState):
        if action == "cancel":
            ordering.cancel(reason_code="other", **who)
        else:
            ordering.move(machine_id=third.pk, **times, **who)


@pytest.mark.parametrize("broken", [{"first_on": "2026-99-99", "last_on": "x", "weekly_quota": 0}, {}, "musim", 7])
def test_a_season_that_nobody_can_read_stops_nobody(broken):
    machine = build.make_machine(build.make_facility(policy={"peak_seasons": [broken]}))
    assert build.make_booking(machine, 8, 10).status == "approved"
