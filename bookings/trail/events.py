"""The trail of a booking, and the one place where its status changes."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django_q.tasks import async_task

from accounts.models import User
from bookings.models import BookedMachine, Booking, BookingEvent
from bookings.trail.lifecycle import HOLDING, next_status
from facilities.errors import WrongState
from facilities.occupancy.writing import lock, vacate

FOLLOW_UP = "bookings.tasks.follow_up"


def record(
    booking: Booking,
    action: str,
    *,
    before: str,
    actor: User | None,
    now: datetime,
    on_behalf: bool = False,
    reason_code: str = "",
    reason: str = "",
    details: dict[str, object] | None = None,
) -> BookingEvent:
    """Append one event and queue what follows from it, both in the caller's transaction.

    The queued task tells people and marks the months whose sums changed. It may run
    twice or get lost: the event itself remembers whether it `awaits_follow_up`.
    """
    event = BookingEvent.objects.create(
        booking=booking,
        action=action,
        from_status=before,
        to_status=booking.status,
        at=now,
        actor=actor,
        on_behalf=on_behalf,
        reason_code=reason_code,
        reason=reason,
        details=details or {},
        awaits_follow_up=True,
    )
    async_task(FOLLOW_UP, event.pk)
    return event


def lock_machines_of(booking_id: int) -> None:
    """Lock a booking's machines: before anything that may free their time, and always before the booking itself.

    Raises `WrongState` when it moved to another machine while this waited: that one is not locked.
    """
    rows = BookedMachine.objects.filter(booking=booking_id).order_by("pk").values_list("machine_id", flat=True)
    waited_for = list(rows)
    lock(waited_for)
    if list(rows.all()) != waited_for:
        raise WrongState(action="lock", status="moved")


def transition(booking: Booking, action: str, **changes: object) -> str:
    """Move a booking along the lifecycle table and return the status it had.

    Compare-and-set: the update counts only if status and version are still those that
    were read, so of two concurrent actions one wins and the other gets `WrongState`.
    Time that is no longer held is vacated in the same transaction; its machines are locked.
    """
    before, after = booking.status, next_status(booking.status, action)
    changed = Booking.objects.filter(pk=booking.pk, status=before, version=booking.version).update(
        status=after, version=F("version") + 1, **changes
    )
    if not changed:
        fresh = Booking.objects.values_list("status", flat=True).get(pk=booking.pk)
        raise WrongState(action=action, status=fresh)
    if before in HOLDING and after not in HOLDING:
        vacate(booking.machines.values_list("occupancy_id", flat=True))
    booking.status, booking.version = after, booking.version + 1
    for name, value in changes.items():
        setattr(booking, name, value)
    return before
