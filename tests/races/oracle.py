"""What must be true of the tables after any race, asked in SQL and not of the code that raced."""

from __future__ import annotations

from django.db import connection
from django.db.models import Prefetch

from bookings.models import BookedMachine, Booking
from bookings.trail.lifecycle import HOLDING

OVERLAPS = """
    SELECT count(*) FROM facilities_occupancy a JOIN facilities_occupancy b
    ON a.machine_id = b.machine_id AND a.id < b.id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
"""


def overlaps() -> int:
    """Count pairs of occupancies of one machine that share an instant."""
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        return cursor.fetchone()[0]


def halves() -> list[str]:
    """Return what is half there: a booking without its machine, time without its owner, a broken trail."""
    found = []
    parts_with_time = Prefetch("machines", queryset=BookedMachine.objects.select_related("occupancy"))
    for booking in Booking.objects.prefetch_related(parts_with_time, "events").iterator(chunk_size=500):
        parts, events = list(booking.machines.all()), list(booking.events.all())
        if len(parts) != 1:
            found.append(f"{booking} has {len(parts)} machines")
        held = [part for part in parts if part.occupancy is not None]
        if bool(held) != (booking.status in HOLDING):
            found.append(f"{booking} is {booking.status} and holds {len(held)}")
        if [p for p in held if not p.occupancy.starts_at <= booking.starts_at < booking.ends_at <= p.occupancy.ends_at]:
            found.append(f"{booking} holds another time than its own")
        if [event.from_status for event in events] != ["", *(event.to_status for event in events[:-1])]:
            found.append(f"{booking} has a broken trail")
        if not events or events[-1].to_status != booking.status:
            found.append(f"{booking} has no trail to {booking.status}")
    owned = BookedMachine.objects.exclude(occupancy=None).count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM facilities_occupancy WHERE kind = 'booking'")
        if cursor.fetchone()[0] != owned:
            found.append("time is held that no booking owns")
    return found
