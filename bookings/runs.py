"""Reads of runs: the sheets of a booking with their downtimes and corrections."""

from __future__ import annotations

from bookings.models import Booking, Run


def sheets_of(booking: Booking) -> list[Run]:
    """Return a booking's runs in order, with operator, downtimes and corrections, in three queries."""
    runs = Run.objects.filter(booked_machine__booking=booking).select_related("operator", "signed_by")
    return list(runs.prefetch_related("downtimes", "corrections__made_by").order_by("started_at"))
