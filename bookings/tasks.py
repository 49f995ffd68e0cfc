"""What the worker does for bookings. Each task may run twice, late, or be killed anywhere.

Tasks look at the clock, find what is due by `≤ now`, and call one service for each.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_q.tasks import async_task

from bookings.day import request_services as requests
from bookings.day.requests import lapsed_requests
from bookings.messages import mail_services as mail
from bookings.messages import services as messages
from bookings.ordering import pruning
from bookings.runs import services as runs
from bookings.runs.queries import due_for_no_show
from facilities.errors import WrongState
from facilities.region import editions

logger = logging.getLogger("rumah.tasks")

MAILS_AT_ONCE = 100
SENDING_SECONDS = 20
"""When to begin no further e-mail: the slowest answer (EMAIL_TIMEOUT) still fits into the task's time."""


def follow_up(event_id: int) -> None:
    """Tell people of an event and mark the months it changed."""
    messages.follow_up(event_id=event_id, now=timezone.now())


def follow_up_forgotten() -> None:
    """Do what a lost task left undone. Every five minutes."""
    _each(messages.forgotten_events(now=timezone.now()), follow_up)


def remind() -> int:
    """Write the reminders that are due. Every minute."""
    return messages.remind(now=timezone.now())


def send_queued() -> int:
    """Post the e-mails that are due over one line; return how many went out. When new ones are written, and every minute."""
    mail.settle_interrupted(now=timezone.now())
    due = mail.due_mail(now=timezone.now(), limit=MAILS_AT_ONCE + 1) if settings.MAIL_IS_ON else []
    sent, until, post = 0, time.monotonic() + SENDING_SECONDS, mail.Post()
    try:
        for number, message_id in enumerate(due):
            if number == MAILS_AT_ONCE or time.monotonic() > until:
                async_task(messages.SEND)  # others wait in the queue: let them in between
                break
            sent += mail.send(message_id=message_id, post=post, now=timezone.now())
    except mail.ServerAway as away:
        logger.warning("The mail server cannot be reached: %s", away)
        mail.put_off(now=timezone.now())
    finally:
        post.hang_up()
    return sent


def release_no_shows() -> None:
    """Free the time of everybody who has not come within the grace of their house. Every minute."""
    now = timezone.now()
    late = (
        booking.pk
        for booking in due_for_no_show(now=now)
        if booking.starts_at + timedelta(minutes=booking.facility.grace) <= now
    )
    _each(late, lambda pk: runs.mark_no_show(booking_id=pk, now=now))


def expire_requests() -> None:
    """Let requests lapse that nobody answered in time. Every minute."""
    now = timezone.now()
    lapsed = lapsed_requests(now=now).values_list("pk", flat=True)
    _each(lapsed, lambda pk: requests.expire(booking_id=pk, now=now))


def prune() -> None:
    """Throw away what has served: answers to old requests, the queue's own diary, old editions. Every night."""
    pruning.prune(now=timezone.now())
    editions.thin()
    pruning.keep_statistics()


def _each(ids: Iterable[int], act: Callable[[int], object]) -> None:
    """Act on every one, so that a bad one does not hold up those behind it; then fail if any did."""
    failures: list[Exception] = []
    for pk in list(ids):
        try:
            act(pk)
        except WrongState:
            continue  # somebody was faster, which is as good
        except Exception as error:
            logger.exception("task failed for %s", pk)
            failures.append(error)
    if failures:
        raise ExceptionGroup(f"{len(failures)} of them failed", failures)
