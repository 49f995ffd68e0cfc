"""What the worker does by the clock, through the queue's own code."""

from __future__ import annotations

from datetime import timedelta
from pydoc import locate

import pytest
from django_q.models import Schedule, Success

from bookings import tasks
from bookings.messages import services as messages
from bookings.models import Booking, BookingEvent, IdempotencyKey, Message
from bookings.runs import services as runs
from tests import build, clock, q2

pytestmark = pytest.mark.django_db


def status(booking):
    return Booking.objects.values_list("status", flat=True).get(pk=booking.pk)


def test_every_schedule_names_a_task_that_exists():
    assert len(Schedule.objects.values("name").distinct()) == Schedule.objects.count() >= 9
    assert [schedule.func for schedule in Schedule.objects.all() if not callable(locate(schedule.func))] == []


def test_who_has_not_come_within_the_grace_of_the_house_is_released(monkeypatch):
    patient = build.make_booking(build.make_machine(build.make_facility(grace=30)), 8, 9)
    strict = build.make_booking(build.make_machine(), 8, 9, by=build.budi())
    clock.stop(monkeypatch, build.at(8.24))
    tasks.release_no_shows()
    assert (status(patient), status(strict)) == ("approved", "approved")
    clock.stop(monkeypatch, build.at(8.25))
    tasks.release_no_shows()
    assert (status(patient), status(strict)) == ("approved", "no_show")
    clock.stop(monkeypatch, build.at(11))
    tasks.release_no_shows()
    tasks.release_no_shows()
    assert status(patient) == "no_show" and BookingEvent.objects.filter(action="mark_no_show").count() == 2


def test_who_is_here_is_never_released(monkeypatch):
    booking = build.make_booking(build.make_machine(), 8, 9)
    runs.check_in(booking_id=booking.pk, actor=build.dewi(booking.facility), now=build.at(8))
    clock.stop(monkeypatch, build.at(12))
    tasks.release_no_shows()
    assert status(booking) == "checked_in"


def test_a_request_nobody_answered_lapses_and_its_time_is_free(monkeypatch):
    machine = build.make_machine(build.make_facility(approval="manual", answer_within=60))
    booking = build.make_booking(machine)
    clock.stop(monkeypatch, build.EARLY + timedelta(minutes=59))
    tasks.expire_requests()
    assert status(booking) == "requested"
    clock.stop(monkeypatch, build.EARLY + timedelta(minutes=60))
    tasks.expire_requests()
    tasks.expire_requests()
    assert status(booking) == "expired" and machine.occupancies.count() == 0


def test_one_that_fails_does_not_hold_up_those_behind_it(monkeypatch):
    first, second = (build.make_booking(build.make_machine(), by=by) for by in (build.siti(), build.budi()))
    first.events.update(details={"starts_at": "what no service writes"})
    BookingEvent.objects.update(at=build.EARLY - timedelta(hours=1))
    with pytest.raises(ExceptionGroup):
        tasks.follow_up_forgotten()
    assert Message.objects.get().booking == second
    assert messages.forgotten_events(now=build.at(8)) == [first.events.get().pk]


def test_old_answers_and_the_queues_diary_are_thrown_away(monkeypatch):
    siti = build.siti()
    common = {"user": siti, "fingerprint": "f", "status": 201, "body": {}}
    for hours in (47, 49):
        made_at = build.MONDAY_8 - timedelta(hours=hours)
        IdempotencyKey.objects.create(key=f"k{hours}", made_at=made_at, **common)
        Success.objects.create(id=f"t{hours}", name="n", func="f", started=made_at, stopped=made_at, success=True)
    clock.stop(monkeypatch, build.MONDAY_8)
    tasks.prune()
    assert IdempotencyKey.objects.get().key == "k47" and Success.objects.get().id == "t47"


def test_all_that_is_scheduled_runs_through_the_queue():
    q2.drain()
    assert q2.drain(schedules=True) >= 9
    from django_q.models import Failure

    assert list(Failure.objects.values_list("func", "result")) == []
