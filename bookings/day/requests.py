"""Requests with what a decision needs: the fit, the neighbours, the history. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from bookings.models import BookedMachine, Booking
from bookings.trail.lifecycle import APPROVED, CHECKED_IN, REQUESTED
from bookings.trail.queries import with_parts
from facilities.models import Capability, Facility
from facilities.time.spans import Span

NEAR = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class History:
    """How a producer's earlier bookings in any house ended."""

    visits: int = 0
    no_shows: int = 0
    late_cancels: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. `rivals` are other requests and bookings within two hours on the same machine."""

    booking: Booking
    part: BookedMachine
    history: History
    rivals: list[BookedMachine] = field(default_factory=list)
    rate: int | None = None

    @property
    def minutes(self) -> int:
        return Span(self.booking.starts_at, self.booking.ends_at).minutes

    @property
    def needed(self) -> int | None:
        """Return the minutes the asked packs take at the machine's pace, or None when not known."""
        if not self.rate or not self.booking.quantity:
            return None
        return -(-self.booking.quantity * 60 // self.rate)


def open_requests(facility: Facility, *, now: datetime) -> list[Ask]:
    """Return a house's unanswered requests, the first to be answered first, in five queries whatever their number."""
    bookings = list(waiting_requests(facility))
    parts = [booking.machines.all()[0] for booking in bookings]
    histories = _histories({booking.producer_id for booking in bookings})
    rivals = _rivals(parts)
    rates = _rates({part.machine_id for part in parts})
    return [
        Ask(
            booking,
            part,
            histories.get(booking.producer_id, History()),
            [r for r in rivals[part.machine_id] if r.booking_id != booking.pk and _is_near(r, part)],
            rates.get((part.machine_id, booking.pack_format)),
        )
        for booking, part in zip(bookings, parts, strict=True)
    ]


def _histories(producer_ids: Iterable[int]) -> dict[int, History]:
    rows = Booking.objects.filter(producer__in=producer_ids).values("producer").annotate(
        visits=Count("pk", filter=Q(status="completed")),
        no_shows=Count("pk", filter=Q(status="no_show")),
        late_cancels=Count("pk", filter=Q(is_late_cancel=True)),
        last_at=Max("starts_at", filter=Q(status="completed")),
    )  # fmt: skip
    return {
        row["producer"]: History(row["visits"], row["no_shows"], row["late_cancels"], row["last_at"]) for row in rows
    }


def _rivals(parts: list[BookedMachine]) -> dict[int, list[BookedMachine]]:
    found: dict[int, list[BookedMachine]] = defaultdict(list)
    if not parts:
        return found
    rows = BookedMachine.objects.filter(
        machine__in={part.machine_id for part in parts},
        starts_at__lt=max(part.ends_at for part in parts) + NEAR,
        starts_at__gt=min(part.starts_at for part in parts) - timedelta(days=31),
        ends_at__gt=min(part.starts_at for part in parts) - NEAR,
        booking__status__in=[REQUESTED, APPROVED, CHECKED_IN],
    )
    for row in rows.select_related("booking__producer").order_by("starts_at"):
        found[row.machine_id].append(row)
    return found


def _is_near(one: BookedMachine, other: BookedMachine) -> bool:
    return one.starts_at < other.ends_at + NEAR and other.starts_at - NEAR < one.ends_at


def _rates(machine_ids: Iterable[int]) -> dict[tuple[int, str], int]:
    """Return the slowest rate per machine and pack format, learned where it is known: promise little."""
    found: dict[tuple[int, str], int] = {}
    for machine, pack_format, rate in Capability.objects.filter(machine__in=machine_ids).values_list(
        "machine_id", "format", Coalesce("learned_rate", "rate")
    ):
        key = (machine, pack_format)
        found[key] = min(rate, found.get(key, rate))
    return found


def waiting_requests(facility: Facility) -> QuerySet[Booking]:
    """Return a house's unanswered requests, the one that must be answered first, first."""
    return with_parts(Booking.objects.filter(facility=facility, status=REQUESTED)).order_by("expires_at", "made_at", "pk")


def lapsed_requests(*, now: datetime) -> QuerySet[Booking]:
    """Return requests nobody answered in time."""
    return Booking.objects.filter(status=REQUESTED, expires_at__lte=now)
