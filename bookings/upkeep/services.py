"""When the house takes time back: a closed day, maintenance, a breakdown.

Facilities own the closing; bookings own what it does to people. Nothing is pushed
aside silently: without `displace=True` the refusal lists who is affected.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from accounts.models import User
from bookings.models import BookedMachine, Booking
from bookings.runs import services as runs
from bookings.trail.events import record, transition
from bookings.trail.lifecycle import APPROVED, CHECKED_IN, REQUESTED
from facilities.errors import Reason, Refusal
from facilities.models import Breakdown, Closure, Facility, Machine, Maintenance
from facilities.occupancy.writing import lock, reshape, shorten
from facilities.setup import houses
from facilities.time.spans import Span
from facilities.transactions import in_one_transaction
from facilities.upkeep import services as facility_upkeep


def affected_bookings(machine_ids: Iterable[int], span: Span) -> list[BookedMachine]:
    """Return the parts of bookings that hold time within `span`, cleaning included, in order of time."""
    return list(
        BookedMachine.objects.filter(
            machine__in=list(machine_ids),
            occupancy__starts_at__lt=span.end,
            occupancy__ends_at__gt=span.start,
            booking__status__in=[REQUESTED, APPROVED, CHECKED_IN],
        )
        .select_related("booking__producer", "machine", "occupancy")
        .order_by("starts_at")
    )


@in_one_transaction
def schedule_maintenance(
    *, machine_id: int, span: Span, title: str, actor: User, now: datetime, displace: bool = False
) -> Maintenance:
    """Plan work on a machine. Bookings in the way are displaced only when asked to, with a message each."""
    (machine,) = lock([machine_id])
    make_room([machine], span, actor=actor, now=now, displace=displace, why="maintenance", words=title)
    return facility_upkeep.schedule_maintenance(machine=machine, span=span, title=title, actor=actor, now=now)


@in_one_transaction
def report_breakdown(
    *, machine_id: int, expected_until: datetime, reason: str, actor: User, now: datetime, displace: bool = False
) -> Breakdown:
    """Mark a machine broken from now until it is expected back, and free it of what it cannot keep.

    A run in progress is cut short, not lost: its booking can still be completed and recorded.
    """
    (machine,) = lock([machine_id])
    span = Span(now, expected_until)
    make_room([machine], span, actor=actor, now=now, displace=displace, why="broken", words=reason)
    return facility_upkeep.report_breakdown(machine=machine, span=span, reason=reason, actor=actor, now=now)


@in_one_transaction
def close_days(
    *,
    facility: Facility,
    first_on: date,
    last_on: date,
    reason: str,
    actor: User,
    now: datetime,
    from_minute: int = 0,
    until_minute: int = 1440,
    displace: bool = False,
) -> Closure:
    """Shut a house on some days, wholly or between two minutes of each day."""
    closure = houses.close_days(
        facility=facility,
        first_on=first_on,
        last_on=last_on,
        from_minute=from_minute,
        until_minute=until_minute,
        reason=reason,
        actor=actor,
        now=now,
    )
    machines = lock(Machine.objects.filter(facility=facility).values_list("pk", flat=True))
    for span in houses.closed_spans(closure, facility):
        make_room(machines, span, actor=actor, now=now, displace=displace, why="closed", words=reason)
    return closure


def make_room(
    machines: list[Machine], span: Span, *, actor: User, now: datetime, displace: bool, why: str, words: str
) -> None:
    """Displace, decline or cut short whatever holds time in `span`; refuse when that was not asked for.

    Only a breakdown ends a job under way without asking: that has happened already.
    """
    at = max(span.start, now)
    parts = affected_bookings([machine.pk for machine in machines], span)
    under_way = {part.pk for part in parts if _is_under_way(part, at)}
    asked = [part for part in parts if part.pk not in under_way or why != "broken"]
    if asked and not displace:
        raise Refusal([_affected(asked)])
    for part in parts:
        if part.pk in under_way:
            _cut_short(part, at=at)
        elif part.booking.status == REQUESTED:
            _decline(part.booking, actor=actor, now=now, why=why, words=words)
        else:
            _displace(part, actor=actor, now=now, why=why, words=words)


def _is_under_way(part: BookedMachine, at: datetime) -> bool:
    """Return whether somebody who is here has something to keep: their time has begun by then, or they run already."""
    return part.booking.status == CHECKED_IN and (part.starts_at < at or part.runs.exists())


def _affected(parts: list[BookedMachine]) -> Reason:
    references = [part.booking.reference for part in parts]
    return Reason(
        "bookings_affected",
        id=f"{len(parts)} pesanan terkena. Pindahkan dulu, atau lanjutkan dan kabari mereka.",
        en=f"{len(parts)} bookings are affected. Move them first, or go on and tell them.",
        values={"bookings": references},
        overridable=True,
    )


def _displace(part: BookedMachine, *, actor: User, now: datetime, why: str, words: str) -> None:
    """Take a booking's time. Its trail keeps what the time said of it: the line, and what it leaves behind."""
    booking, held = part.booking, part.occupancy
    kept: dict[str, object] = {"line": part.machine.line, "cleaning_class": held.cleaning_class if held else ""}
    if booking.status == CHECKED_IN:
        booking = runs.undo_check_in(booking_id=booking.pk, actor=actor, now=now)
    before = transition(booking, "displace", reason_code=why, reason=words)
    record(booking, "displace", before=before, actor=actor, now=now, reason_code=why, reason=words, details=kept)


def _decline(booking: Booking, *, actor: User, now: datetime, why: str, words: str) -> None:
    before = transition(
        booking, "decline", decided_at=now, ended_at=now, expires_at=None, reason_code="closed", reason=words
    )
    record(booking, "decline", before=before, actor=actor, now=now, reason_code=why, reason=words)


def _cut_short(part: BookedMachine, *, at: datetime) -> None:
    """Give back what a running job holds after `at`, so that the stop can take it."""
    held = part.occupancy
    if held is None:
        return
    end = max(at, held.starts_at + timedelta(minutes=1))
    if end < held.ends_at:
        reshape(held.pk, Span(held.starts_at, end), machine=part.machine, cleaning_from=None)
        shorten(held.pk, end)
