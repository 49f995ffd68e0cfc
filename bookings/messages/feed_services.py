"""Secret addresses for phone calendars: made, and taken back."""

from __future__ import annotations

import secrets
from datetime import datetime

from accounts.models import User
from bookings.models import CalendarFeed, Producer
from facilities.errors import Reason, Refusal
from facilities.models import Facility, Machine
from facilities.transactions import in_one_transaction

AT_MOST = 20
"""Open feeds per person: more are forgotten, and forgotten secrets leak."""


@in_one_transaction
def open_feed(
    *,
    user: User,
    now: datetime,
    producer: Producer | None = None,
    machine: Machine | None = None,
    facility: Facility | None = None,
) -> CalendarFeed:
    """Make an address (256 random bits) that shows one producer's, machine's or house's times to this person's eyes.

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
    return CalendarFeed.objects.create(
        token=secrets.token_urlsafe(32), user=user, producer=producer, machine=machine, facility=facility, made_at=now
    )


@in_one_transaction
def close_feed(*, feed: CalendarFeed, now: datetime) -> None:
    """Make an address show nothing from now on."""
    CalendarFeed.objects.filter(pk=feed.pk, revoked_at__isnull=True).update(revoked_at=now)
