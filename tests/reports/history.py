"""What happened long ago, written as rows: reports are summed from history, not from services."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

from bookings.models import BookedMachine, Booking, Producer, Run
from bookings.reports import services
from facilities.models import Machine
from tests import build

_numbers = itertools.count(1)
OVER = build.at(8, day=30)
"""A moment in the month after, when November is over and counted."""


def past(
    machine: Machine,
    start: datetime,
    end: datetime,
    *,
    status: str = "completed",
    producer: Producer | None = None,
    asked: timedelta = timedelta(days=2),
    answered: timedelta | None = None,
    late: bool = False,
) -> BookedMachine:
    """A booking that was asked `asked` before its start and answered after `answered` (at once: automatically)."""
    made_at = start - asked
    booking = Booking.objects.create(
        reference=f"LPR-{next(_numbers):06d}",
        facility=machine.facility,
        producer=producer or build.make_producer(),
        product_name="Keripik talas",
        status=status,
        starts_at=start,
        ends_at=end,
        made_at=made_at,
        decided_at=None if status in ("requested", "expired") else made_at + (answered or timedelta()),
        expires_at=start if status == "requested" else None,
        is_late_cancel=late,
    )
    return BookedMachine.objects.create(booking=booking, machine=machine, starts_at=start, ends_at=end)


def ran(
    part: BookedMachine,
    start: datetime | None = None,
    stop: datetime | None = None,
    *,
    good: int = 100,
    rejected: int = 4,
    signed: bool = True,
) -> Run:
    """The run of a booking: signed, and as long as was booked, unless told."""
    stop = stop or part.ends_at
    return Run.objects.create(
        booked_machine=part,
        machine=part.machine,
        started_at=start or part.starts_at,
        stopped_at=stop,
        good=good,
        rejected=rejected,
        signed_at=stop if signed else None,
    )


def served(machine: Machine, start: datetime, end: datetime, **fields: object) -> Run:
    """A completed booking with its signed run."""
    return ran(past(machine, start, end, **fields))


def count(*machines: Machine, month: tuple[int, int] = (2026, 11), now: datetime = OVER) -> None:
    """Sum one month of the machines."""
    first = datetime(*month, 1).date()
    services.recompute(month=first, machine_ids=[machine.pk for machine in machines], now=now)
