"""E-mails against a real mail server: each at most once, a definite no tried again, a doubtful one never."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings import tasks
from bookings.messages import mail_services
from bookings.models import Message
from tests import build, q2
from tests.faults.mailbox import HANG_UP, open_mailbox

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()


@pytest.fixture
def mailbox(settings):
    with open_mailbox() as mailbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", mailbox.port, 5
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield mailbox


def make_mail(number=1, **fields):
    user = fields.pop("user", None) or build.make_user("Siti", email="siti@example.id")
    values = {"key": f"event:{number}", "user": user, "channel": "email", "kind": "booked", "subject": "Jadwal Anda tercatat",
              "body": "Senin\n08.00–10.00 WIB\n\nHalo Siti.", "made_at": NOW, "next_try_at": NOW, **fields}  # fmt: skip
    return Message.objects.create(**values)


def state(mail):
    mail.refresh_from_db()
    return mail.sent_at is not None, mail.next_try_at is not None, mail.failure.split(" ")[0].rstrip(":")


def test_a_mail_is_sent_once_with_the_id_of_its_key(mailbox):
    mails = [make_mail(n) for n in range(3)]
    assert tasks.send_queued() == 3 and tasks.send_queued() == 0
    assert sorted(mailbox.ids()) == sorted(mail_services.message_id_of(mail.key) for mail in mails)
    kept = mailbox.kept[0]
    assert kept["To"] == "siti@example.id" and kept["Auto-Submitted"] == "auto-generated"
    assert "08.00–10.00 WIB" in kept.get_body(("plain",)).get_content() and "Halo Siti." in kept.get_body(("html",)).get_content()


@pytest.mark.parametrize(("moment", "words"), [("MAIL", "451 later"), ("MAIL", "550 not you"), ("RCPT", "450 full"), ("DATA", "421 busy"), ("END", "452 full")])  # fmt: skip
def test_a_definite_no_is_tried_again_later_and_longer(mailbox, moment, words):
    mail, ordinary = make_mail(), mailbox.says[moment]
    mailbox.says[moment] = words
    assert tasks.send_queued() == 0
    assert state(mail) == (False, True, words[:3]) and mail.next_try_at - mail.claimed_at == timedelta(minutes=1)
    Message.objects.update(next_try_at=NOW)
    tasks.send_queued()
    assert state(mail)[1] and mail.next_try_at - mail.claimed_at == timedelta(minutes=5)
    mailbox.says[moment] = ordinary
    Message.objects.update(next_try_at=NOW)
    assert tasks.send_queued() == 1 and len(mailbox.ids()) == 1


@pytest.mark.parametrize(("moment", "words"), [("RCPT", "550 nobody"), ("END", "554 spam")])
def test_a_final_no_is_believed(mailbox, moment, words):
    mail = make_mail()
    mailbox.says[moment] = words
    tasks.send_queued()
    assert state(mail) == (False, False, words[:3]) and mailbox.ids() == []


def test_a_server_that_takes_the_mail_and_hangs_up_gets_no_second_one(mailbox):
    mail = make_mail()
    mailbox.says["END"] = HANG_UP
    tasks.send_queued()
    tasks.send_queued()
    assert len(mailbox.ids()) == 1 and state(mail) == (False, False, "interrupted")


def test_after_six_refusals_nobody_asks_again(mailbox):
    mail = make_mail(attempts=6)
    mailbox.says["MAIL"] = "451 later"
    tasks.send_queued()
    assert state(mail) == (False, False, "451")


def test_a_server_that_is_away_costs_no_message_an_attempt(settings):
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    mail = make_mail()
    assert tasks.send_queued() == 0 and state(mail) == (False, True, "")
    assert mail.attempts == 0 and mail.next_try_at > timezone.now() + timedelta(minutes=1)


def test_a_server_that_hangs_up_between_two_mails_costs_neither(mailbox):
    post = mail_services.Post()
    first, second = make_mail(1), make_mail(2)
    assert mail_services.send(message_id=first.pk, post=post, now=NOW)
    mailbox.says["NOOP"] = HANG_UP
    assert mail_services.send(message_id=second.pk, post=post, now=NOW) and len(mailbox.ids()) == 2
    post.hang_up()


def test_a_claim_that_nobody_finished_is_settled_and_never_sent(mailbox):
    mail = make_mail(next_try_at=None, claimed_at=NOW - timedelta(minutes=11))
    fresh = make_mail(2, next_try_at=None, claimed_at=timezone.now())  # NOW is when the suite began
    assert tasks.send_queued() == 0 and mailbox.ids() == []
    assert state(mail) == (False, False, "interrupted") and state(fresh) == (False, False, "")


def test_who_took_the_address_away_or_waited_two_days_gets_nothing(mailbox):
    gone, old = make_mail(1, user=build.make_user("Budi")), make_mail(2, made_at=NOW - timedelta(days=3))
    assert tasks.send_queued() == 0 and mailbox.ids() == []
    assert state(gone) == (False, False, "not") and state(old) == (False, False, "too")


def test_with_mail_switched_off_nothing_leaves(mailbox, settings):
    settings.MAIL_IS_ON = False
    mail = make_mail()
    assert tasks.send_queued() == 0 and state(mail) == (False, True, "")


def test_a_full_outbox_is_emptied_in_turns_so_that_other_tasks_get_in_between(mailbox, monkeypatch):
    monkeypatch.setattr(tasks, "MAILS_AT_ONCE", 2)
    user = build.make_user("Siti", email="siti@example.id")
    for number in range(5):
        make_mail(number, user=user)
    assert tasks.send_queued() == 2
    q2.drain()
    assert len(mailbox.ids()) == 5
