"""Reads of bookings, always scoped to who asks."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Prefetch, QuerySet

from bookings.access import bookings_visible_to
from bookings.lifecycle import APPROVED, REQUESTED, UPCOMING
from bookings.models import BookedMachine, Booking, Message
from facilities.access import Person
from facilities.models import Facility


def visible_bookings(user: Person) -> QuerySet[Booking]:
    """Return the bookings a person may read, with all that a row or page shows, in a fixed number of queries."""
    return with_parts(bookings_visible_to(user))


def with_parts(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """Add house, producer and machines."""
    parts = BookedMachine.objects.select_related("machine__type", "occupancy__assignment__operator").order_by("starts_at")
    return bookings.select_related("facility__district", "producer", "tariff").prefetch_related(
        Prefetch("machines", queryset=parts)
    )


def own_schedule(user: Person, *, now: datetime) -> tuple[list[Booking], list[Booking]]:
    """Return a producer's upcoming bookings, soonest first, and the latest fifty past ones."""
    from bookings.access import own_producer_ids

    mine = with_parts(Booking.objects.filter(producer__in=own_producer_ids(user)))
    ahead = list(mine.filter(status__in=UPCOMING).order_by("starts_at")[:100])
    past = mine.exclude(status__in=UPCOMING).order_by("-starts_at")[:50]
    return ahead, list(past)


def waiting_requests(facility: Facility) -> QuerySet[Booking]:
    """Return a house's unanswered requests, the oldest first."""
    return with_parts(Booking.objects.filter(facility=facility, status=REQUESTED)).order_by("made_at")


def due_for_no_show(*, now: datetime) -> QuerySet[Booking]:
    """Return approved bookings that have begun; the caller checks each house's grace."""
    return Booking.objects.filter(status=APPROVED, starts_at__lt=now).select_related("facility")


def lapsed_requests(*, now: datetime) -> QuerySet[Booking]:
    """Return requests nobody answered in time."""
    return Booking.objects.filter(status=REQUESTED, expires_at__lte=now)


def inbox(user: Person) -> QuerySet[Message]:
    """Return a person's in-app messages, the newest first."""
    return Message.objects.filter(user=user.pk, channel=Message.Channel.APP).select_related("booking")
