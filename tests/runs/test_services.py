"""The day: who came, what ran, what came out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.models import Run
from bookings.runs import services as runs
from facilities.errors import BadInput, Refusal, WrongState
from facilities.models import Occupancy
from tests import build

pytestmark = pytest.mark.django_db


def arrived(machine=None, start=8, end=10, *, by=None):
    booking = build.make_booking(machine or build.make_machine(cleaning=15), start, end, by=by)
    dewi = build.dewi(booking.facility)
    runs.check_in(booking_id=booking.pk, actor=dewi, now=build.at(start))
    return booking, dewi


def recorded(booking, dewi, **changes):
    values = {"started_at": build.at(8), "stopped_at": build.at(9), "good": 300, "rejected": 4, "now": build.at(9)}
    return runs.record_run(booking_id=booking.pk, actor=dewi, **{**values, **changes})


def test_a_run_is_started_stopped_recorded_and_the_booking_completed():
    booking, dewi = arrived()
    run = runs.start_run(booking_id=booking.pk, actor=dewi, now=build.at(8))
    runs.stop_run(run_id=run.pk, actor=dewi, now=build.at(9))
    run = recorded(booking, dewi, downtimes=[{"minutes": 5, "reason": "power", "note": ""}])
    booking.refresh_from_db()
    assert booking.status == "completed" and run.signed_by == dewi and run.downtimes.get().minutes == 5
    steps = list(booking.events.values_list("action", flat=True))
    assert steps == ["reserve", "check_in", "start_run", "stop_run", "record_run", "complete"]


def test_an_early_finish_frees_the_rest_at_once():
    machine = build.make_machine(cleaning=15)
    booking, dewi = arrived(machine)
    recorded(booking, dewi)
    assert Occupancy.objects.get().ends_at == build.at(9.25)
    assert build.make_booking(machine, 9.25, 10, by=build.budi(), now=build.at(8)).status == "approved"


def test_a_late_finish_is_recorded_as_it_was_and_moves_nobody():
    machine = build.make_machine(cleaning=0)
    booking, dewi = arrived(machine)
    following = build.make_booking(machine, 10, 12, by=build.budi())
    run = recorded(booking, dewi, stopped_at=build.at(10.5), now=build.at(10.5))
    following.refresh_from_db()
    assert run.stopped_at == build.at(10.5) and following.starts_at == build.at(10)


def test_nobody_checks_in_long_before_the_time():
    booking = build.make_booking(build.make_machine(), 12, 14)
    with pytest.raises(Refusal, match="too_early"):
        runs.check_in(booking_id=booking.pk, actor=build.dewi(booking.facility), now=build.at(9.9))


def test_a_no_show_waits_for_the_grace_and_frees_the_time():
    booking = build.make_booking(build.make_machine(build.make_facility(grace=15)))
    with pytest.raises(Refusal, match="too_early"):
        runs.mark_no_show(booking_id=booking.pk, now=build.at(8.2))
    runs.mark_no_show(booking_id=booking.pk, now=build.at(8.25))
    booking.refresh_from_db()
    assert booking.status == "no_show" and not Occupancy.objects.exists()


def test_one_machine_runs_one_job_at_a_time():
    machine = build.make_machine()
    first, dewi = arrived(machine)
    runs.start_run(booking_id=first.pk, actor=dewi, now=build.at(8))
    second = build.make_booking(machine, 10, 12, by=build.budi())
    runs.check_in(booking_id=second.pk, actor=dewi, now=build.at(10))
    with pytest.raises(Refusal, match="machine_is_running"):
        runs.start_run(booking_id=second.pk, actor=dewi, now=build.at(10))


def test_a_signed_run_is_corrected_with_old_value_new_value_and_reason():
    booking, dewi = arrived()
    run = recorded(booking, dewi)
    correction = runs.correct_run(
        run_id=run.pk, field="good", value=310, reason="salah hitung", actor=dewi, now=build.at(11)
    )
    run.refresh_from_db()
    assert (run.good, correction.old, correction.new) == (310, "300", "310")


def test_a_run_is_signed_once():
    booking, dewi = arrived()
    run = recorded(booking, dewi)
    with pytest.raises(WrongState):
        recorded(booking, dewi, run_id=run.pk)


def test_downtime_cannot_exceed_the_run():
    booking, dewi = arrived()
    with pytest.raises(BadInput) as bad:
        recorded(booking, dewi, downtimes=[{"minutes": 61, "reason": "power", "note": ""}])
    assert bad.value.field == "downtimes" and not Run.objects.exists()


@pytest.mark.parametrize(("start", "stop"), [(9, 8), (8, 12)])
def test_impossible_times_are_bad_input(start, stop):
    booking, dewi = arrived()
    with pytest.raises(BadInput):
        recorded(booking, dewi, started_at=build.at(start), stopped_at=build.at(stop))


def test_completing_without_a_sheet_leaves_it_unreported():
    booking, dewi = arrived()
    runs.start_run(booking_id=booking.pk, actor=dewi, now=build.at(8))
    runs.complete(booking_id=booking.pk, actor=dewi, now=build.at(9) + timedelta(minutes=5))
    run = Run.objects.get()
    assert run.stopped_at == build.at(9) + timedelta(minutes=5) and run.signed_at is None


def test_a_late_entry_is_recorded_after_completion():
    booking, dewi = arrived()
    runs.complete(booking_id=booking.pk, actor=dewi, now=build.at(10))
    assert recorded(booking, dewi, now=build.at(15)).signed_at == build.at(15)


def test_a_mistaken_check_in_is_taken_back():
    booking, dewi = arrived()
    runs.undo_check_in(booking_id=booking.pk, actor=dewi, now=build.at(8))
    booking.refresh_from_db()
    assert booking.status == "approved" and booking.checked_in_at is None


def test_the_same_sheet_sent_twice_counts_once():
    booking, dewi = arrived()
    recorded(booking, dewi)
    with pytest.raises(WrongState):
        recorded(booking, dewi)
    assert Run.objects.get().good == 300


def test_a_sheet_entered_late_is_also_taken_once():
    booking, dewi = arrived()
    runs.complete(booking_id=booking.pk, actor=dewi, now=build.at(9))
    recorded(booking, dewi)
    with pytest.raises(WrongState):
        recorded(booking, dewi, good=1)
    assert Run.objects.get().good == 300
