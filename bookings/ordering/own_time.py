"""Time that is refused because the asker has it already: an order that came back by Back, reload or a second tab."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from accounts.models import User
from bookings.models import Booking, Producer
from bookings.trail.access import own_producer_ids
from bookings.trail.queries import with_parts
from facilities.errors import Refusal
from facilities.models import Machine


def own_booking(
    machine: Machine, starts_at: datetime, ends_at: datetime, *, producer: Producer, actor: User
) -> Booking | None:
    """Return the booking that holds the machine in that span for this producer, or for another the actor acts for.

    The one that starts as asked comes first. None where the time is free, or somebody else's: of those nothing is said.
    """
    theirs = Q(producer=producer.pk) | Q(producer__in=own_producer_ids(actor))
    held = Q(
        machines__machine=machine.pk,
        machines__occupancy__isnull=False,
        machines__starts_at__lt=ends_at,
        machines__ends_at__gt=starts_at,
    )
    found = list(with_parts(Booking.objects.filter(theirs, held)).order_by("starts_at", "pk")[:10])
    return min(found, key=lambda one: one.starts_at != starts_at, default=None)


def naming_the_own(refusal: Refusal, own: Booking) -> Refusal:
    """Return the same refusal, whose `taken` says in its values which booking of the asker's own it is."""
    reasons = [
        replace(one, values={**one.values, "reference": own.reference}) if one.code == "taken" else one
        for one in refusal.reasons
    ]
    return Refusal(reasons, alternatives=refusal.alternatives)
