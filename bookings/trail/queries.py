"""Reads that rooms share: bookings, always scoped to who asks, and until when a house answers."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Prefetch, QuerySet

from bookings.models import BookedMachine, Booking
from bookings.trail.access import bookings_visible_to
from bookings.trail.answering import answer_by
from facilities.access import Person
from facilities.models import Facility
from facilities.occupancy.timetables import opening_times
from facilities.time.spans import Span


def visible_bookings(user: Person) -> QuerySet[Booking]:
    """Return the bookings a person may read, with all that a row or page shows, in a fixed number of queries."""
    return with_parts(bookings_visible_to(user))


def with_parts(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """Add house, producer and machines."""
    parts = BookedMachine.objects.select_related("machine__type", "occupancy__assignment__operator").order_by("starts_at")
    return bookings.select_related("facility__district", "producer", "tariff", "product").prefetch_related(
        Prefetch("machines", queryset=parts)
    )


def answered_by(house: Facility, start: datetime, *, now: datetime) -> datetime:
    """Return until when a house answers what is asked now for a job at `start`, as `answer_by` says; one query."""
    opened = opening_times(house, Span(now, start))[0] if now < start else []
    return answer_by(opened, asked_at=now, start=start, within=house.answer_within)
