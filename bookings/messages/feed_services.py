"""Secret addresses for phone calendars: made, read, and taken back."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from accounts.models import User
from accounts.services import digest_of
from bookings.models import CalendarFeed, Producer
from facilities.errors import Reason, Refusal
from facilities.models import Facility, Machine
from facilities.transactions import in_one_transaction

AT_MOST = 20
"""Open feeds per person: more are forgotten, and forgotten secrets leak."""
SELDOM = timedelta(hours=1)
"""How often a reading is written down: phones ask all day, and their owner wants to know whether they still do."""


@in_one_transaction
def open_feed(
    *,
    user: User,
    now: datetime,
    producer: Producer | None = None,
    machine: Machine | None = None,
    facility: Facility | None = None,
) -> tuple[CalendarFeed, str]:
    """Make an address that shows one producer's, machine's or house's times to this person's eyes.

    Return it with its secret (256 random bits), which nobody can read again: only its digest is kept.

    Raises `Refusal` (`too_many_feeds`) beyond twenty open ones.
    """
    if CalendarFeed.objects.filter(user=user, revoked_at__isnull=True).count() >= AT_MOST:
        raise Refusal(
            [
                Reason(
                    "too_many_feeds",
                    id=f"Paling banyak {AT_MOST} alamat kalender. Hapus satu dulu.",
                    en=f"At most {AT_MOST} calendar addresses. Remove one first.",
                    values={"at_most": AT_MOST},
                )
            ]
        )
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        digest=digest_of(token), user=user, producer=producer, machine=machine, facility=facility, made_at=now
    )
    return feed, token


def remember_reading(*, feed: CalendarFeed, now: datetime) -> None:
    """Write down that a calendar has read its address: the first time, then at most once an hour.

    One statement, and seldom: a phone that only reads must not wait for whoever writes.
    """
    if feed.last_read_at is None or now - feed.last_read_at >= SELDOM:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=now)


@in_one_transaction
def close_feed(*, feed: CalendarFeed, now: datetime) -> None:
    """Make an address show nothing from now on."""
    CalendarFeed.objects.filter(pk=feed.pk, revoked_at__isnull=True).update(revoked_at=now)
