"""A person's answer to a request, or the answer of time passing."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from bookings.models import Booking
from bookings.trail.events import lock_machines_of, record, transition
from facilities.errors import WrongState, check_version
from facilities.transactions import in_one_transaction


@in_one_transaction
def approve(*, booking_id: int, actor: User, now: datetime, version: int | None = None) -> Booking:
    """Approve a request. Its time was held since it was asked, so nothing can be in the way. Raises `WrongState`."""
    booking = Booking.objects.get(pk=booking_id)
    check_version(booking, version)
    before = transition(booking, "approve", decided_at=now, expires_at=None)
    record(booking, "approve", before=before, actor=actor, now=now)
    return booking


@in_one_transaction
def decline(
    *, booking_id: int, actor: User, now: datetime, reason_code: str, reason: str = "", version: int | None = None
) -> Booking:
    """Decline a request with a reason the producer reads, and free its time. Raises `WrongState`."""
    lock_machines_of(booking_id)
    booking = Booking.objects.get(pk=booking_id)
    check_version(booking, version)
    before = transition(
        booking, "decline", decided_at=now, ended_at=now, expires_at=None, reason_code=reason_code, reason=reason
    )
    record(booking, "decline", before=before, actor=actor, now=now, reason_code=reason_code, reason=reason)
    return booking


@in_one_transaction
def expire(*, booking_id: int, now: datetime) -> Booking:
    """Let a request lapse that nobody answered in time, and free what it held. Raises `WrongState`, also before its time."""
    lock_machines_of(booking_id)
    booking = Booking.objects.get(pk=booking_id)
    if booking.expires_at is not None and now < booking.expires_at:
        raise WrongState(action="expire", status=booking.status)  # moved since it was found to be due
    before = transition(booking, "expire", ended_at=now, expires_at=None, reason_code="no_answer")
    record(booking, "expire", before=before, actor=None, now=now, reason_code="no_answer")
    return booking
