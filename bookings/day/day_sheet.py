"""The day on paper: every use of a day by machine and time, for when the screen is dark."""

from __future__ import annotations

from datetime import datetime, timedelta

from bookings.models import BookedMachine
from bookings.trail.lifecycle import HOLDING
from facilities.models import Facility
from facilities.time.spans import Span

LONGEST = timedelta(days=31)


def day_sheet(facility: Facility, day: Span, *, now: datetime) -> list[BookedMachine]:
    """Return the uses that still hold time on a day, by machine, then time, in two queries."""
    rows = BookedMachine.objects.filter(
        booking__facility=facility,
        booking__status__in=HOLDING,
        booking__starts_at__gt=day.start - LONGEST,
        starts_at__lt=day.end,
        ends_at__gt=day.start,
    )
    return list(
        rows.select_related("booking__producer", "machine", "occupancy__assignment__operator")
        .prefetch_related("runs")
        .order_by("machine__name_key", "starts_at")
    )
