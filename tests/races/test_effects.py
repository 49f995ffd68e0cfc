"""Effects under two workers at once, or one task delivered twice: each happens once."""

from __future__ import annotations

import pytest
from django.utils import timezone

from bookings import tasks
from bookings.messages import services as messages
from bookings.models import BookingEvent, Message
from bookings.ordering import services as ordering
from bookings.runs import services as runs
from facilities.errors import WrongState
from facilities.models import StaleMonth
from tests import build
from tests.faults.mailbox import open_mailbox
from tests.messages.test_mail_services import make_mail
from tests.races.oracle import halves
from tests.races.race import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
WORKERS = 8


def test_one_event_delivered_eight_times_at_once_tells_once():
    build.make_booking(build.make_machine())
    event = BookingEvent.objects.get()
    results = race([lambda: messages.follow_up(event_id=event.pk, now=event.at)] * WORKERS)
    assert sorted(map(str, results)) == ["False"] * (WORKERS - 1) + ["True"]
    assert Message.objects.count() == 1 and StaleMonth.objects.count() == 1


def test_eight_workers_that_empty_one_outbox_send_each_mail_once(settings):
    with open_mailbox() as mailbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mailbox.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        user = build.make_user("Siti", email="siti@example.id")
        for number in range(12):
            make_mail(number, user=user)
        assert sum(race([tasks.send_queued] * WORKERS)) == 12
        assert len(mailbox.ids()) == len(set(mailbox.ids())) == 12
    assert Message.objects.filter(sent_at=None).count() == 0


def test_eight_workers_that_remind_at_once_write_one_reminder_each():
    machine = build.make_machine()
    for hour in range(9, 13):
        build.make_booking(machine, hour, hour + 1, by=build.make_owner(f"Orang {hour}"))
    race([lambda: messages.remind(now=build.at(16, day=-1))] * WORKERS)
    assert Message.objects.filter(kind="remind_day").count() == 4


def test_cancelling_while_reminders_are_written_never_reminds_of_what_was_cancelled_before():
    machine = build.make_machine()
    now = build.at(16, day=-1)
    for hour in range(8, 16):
        booking = build.make_booking(machine, hour, hour + 1)
        cancel = {"booking_id": booking.pk, "actor": booking.made_by, "now": now, "reason_code": "ill"}
        race([lambda cancel=cancel: ordering.cancel(**cancel), lambda: messages.remind(now=now)])
        Message.objects.filter(booking=booking).delete()
        messages.remind(now=now)
        assert not Message.objects.filter(booking=booking).exists()
    assert halves() == []


def test_who_arrives_at_the_end_of_grace_is_either_here_or_released(monkeypatch):
    machine = build.make_machine()
    for hour in range(8, 14):
        booking = build.make_booking(machine, hour, hour + 1)
        now, dewi = build.at(hour + 0.25), build.dewi(machine.facility)
        outcomes = race([
            lambda b=booking, d=dewi, n=now: runs.check_in(booking_id=b.pk, actor=d, now=n),
            lambda b=booking, n=now: runs.mark_no_show(booking_id=b.pk, now=n),
        ])  # fmt: skip
        assert sum(isinstance(outcome, WrongState) for outcome in outcomes) == 1
        booking.refresh_from_db()
        assert booking.status in ("checked_in", "no_show") and timezone.is_aware(booking.starts_at)
    assert halves() == []
