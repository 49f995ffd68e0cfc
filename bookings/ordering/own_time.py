"""Time that is refused because the asker has it already: an order that came back by Back, reload or a second tab."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import User
from bookings.models import Booking, Producer
from bookings.trail.access import own_producer_ids
from bookings.trail.queries import with_parts
from facilities.errors import Reason, Refusal
from facilities.models import Machine

JUST = timedelta(minutes=10)
"""How long after writing a booking down one is told so: a form sent twice, not a booking of last week."""


def own_bookings(
    machine: Machine,
    starts_at: datetime,
    ends_at: datetime,
    *,
    actor: User,
    producer: Producer | None = None,
    moving: int | None = None,
) -> list[Booking]:
    """Return what holds the machine in that span for this producer, or for another the actor acts for, in order.

    `moving` is a booking that does not count: the one that is moved. At most a hundred.
    """
    theirs = Q(producer__in={*own_producer_ids(actor), *([producer.pk] if producer else [])})
    held = Q(
        machines__machine=machine.pk,
        machines__occupancy__isnull=False,
        machines__starts_at__lt=ends_at,
        machines__ends_at__gt=starts_at,
    )
    found = Booking.objects.filter(theirs, held).exclude(pk=moving)
    return list(with_parts(found).order_by("starts_at", "pk")[:100])


def own_booking(
    machine: Machine,
    starts_at: datetime,
    ends_at: datetime,
    *,
    producer: Producer,
    actor: User,
    moving: int | None = None,
) -> Booking | None:
    """Return the booking that holds the machine in that span for this producer, or for another the actor acts for.

    The one that starts as asked comes first. None where the time is free, or somebody else's: of those nothing is said.
    """
    found = own_bookings(machine, starts_at, ends_at, actor=actor, producer=producer, moving=moving)
    return min(found, key=lambda one: one.starts_at != starts_at, default=None)


def in_own_words(reasons: Iterable[Reason], own: Booking, *, actor: User, now: datetime) -> list[Reason]:
    """Return the same reasons, whose `taken` says which booking it is, and whose: *Ini pesanan Anda, PNT-….*"""
    indonesian, english = _words(own, actor, now)
    return [
        replace(one, id=indonesian, en=english, values={**one.values, "reference": own.reference}) if one.code == "taken" else one
        for one in reasons
    ]


def _words(own: Booking, actor: User, now: datetime) -> tuple[str, str]:
    if own.producer_id in own_producer_ids(actor):
        return f"Ini pesanan Anda, {own.reference}.", f"This is your booking, {own.reference}."
    whose = f"Ini pesanan {own.producer.name}, {own.reference}", f"This is the booking of {own.producer.name}, {own.reference}"
    if own.made_by_id == actor.pk and now - own.made_at < JUST:
        return f"{whose[0]}, baru saja Anda catat.", f"{whose[1]}, which you have just written down."
    return f"{whose[0]}.", f"{whose[1]}."


def naming_the_own(
    refusal: Refusal,
    machine: Machine,
    starts_at: datetime,
    ends_at: datetime,
    *,
    producer: Producer,
    actor: User,
    now: datetime,
    moving: int | None = None,
) -> Refusal:
    """Return the refusal; where the asker's or this producer's own booking holds the time, its `taken` says so."""
    if all(reason.code != "taken" for reason in refusal.reasons):
        return refusal
    own = own_booking(machine, starts_at, ends_at, producer=producer, actor=actor, moving=moving)
    if own is None:
        return refusal
    return Refusal(in_own_words(refusal.reasons, own, actor=actor, now=now), alternatives=refusal.alternatives)
