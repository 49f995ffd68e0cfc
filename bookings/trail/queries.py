"""Reads of bookings, always scoped to who asks."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from bookings.models import BookedMachine, Booking
from bookings.trail.access import bookings_visible_to
from facilities.access import Person


def visible_bookings(user: Person) -> QuerySet[Booking]:
    """Return the bookings a person may read, with all that a row or page shows, in a fixed number of queries."""
    return with_parts(bookings_visible_to(user))


def with_parts(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """Add house, producer and machines."""
    parts = BookedMachine.objects.select_related("machine__type", "occupancy__assignment__operator").order_by("starts_at")
    return bookings.select_related("facility__district", "producer", "tariff", "product").prefetch_related(
        Prefetch("machines", queryset=parts)
    )


