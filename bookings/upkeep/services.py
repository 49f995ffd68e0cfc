"""When the house takes time back: a closed day, maintenance, a breakdown.

Facilities own the closing; bookings own what it does to people. Nothing is pushed
aside silently: without `displace=True` the refusal lists who is affected.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from accounts.models import User
from bookings.models import BookedMachine, Booking
from bookings.ordering import services as ordering
from bookings.rules.preview import Breach
from bookings.runs import services as runs
from bookings.trail.events import record, transition
from bookings.trail.lifecycle import CHECKED_IN, DISPLACED, REQUESTED
from bookings.upkeep.queries import AHEAD, affected_bookings
from facilities.errors import Reason, Refusal, WrongState
from facilities.models import Breakdown, Closure, Facility, Machine, Maintenance
from facilities.occupancy.writing import lock, reshape, shorten
from facilities.setup import houses
from facilities.setup.machines import retire as take_out_of_service
from facilities.time.hours import local_day
from facilities.time.spans import Span
from facilities.transactions import in_one_transaction
from facilities.upkeep import services as facility_upkeep

SETTINGS = {"hours", "unable", "changed", "retired"}
"""Why bookings lose their time to a setting of the house."""


class Affected(Refusal):
    """Bookings stand in the way: `by` are their parts, or what is wrong with each."""

    def __init__(self, reason: Reason, by: Sequence[BookedMachine | Breach]) -> None:
        self.by = tuple(by)
        super().__init__([reason])


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
def give_old_time_back(
    *, booking_id: int, actor: User, now: datetime, reason: str, version: int | None = None
) -> Booking:
    """Give a displaced booking the time again that it had; its producer is told. Raises as `move` does.

    What only a manager may pass is passed with `reason`: the time was approved before. Raises `WrongState` when it
    has a time again already.
    """
    part = BookedMachine.objects.select_related("booking").get(booking=booking_id)
    if part.booking.status != DISPLACED:
        raise WrongState(action="move", status=part.booking.status)
    return ordering.move(booking_id=booking_id, starts_at=part.starts_at, ends_at=part.ends_at, actor=actor, now=now,
                         on_behalf=True, override_reason=reason, version=version)  # fmt: skip


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
    seen: Collection[str] | None = None,
    confirmed: str = "",
) -> Closure:
    """Shut a house on some days, wholly or between two minutes of each day. Raises as `make_room`, for all days at once."""
    closure = houses.close_days(
        facility=facility,
        first_on=first_on,
        last_on=last_on,
        from_minute=from_minute,
        until_minute=until_minute,
        reason=reason,
        actor=actor,
        now=now,
        confirmed=confirmed,
    )
    machines = lock(Machine.objects.filter(facility=facility).values_list("pk", flat=True))
    spans = houses.closed_spans(closure, facility)
    _check_seen(affected_bookings([machine.pk for machine in machines], *spans), displace, seen)
    for span in spans:
        make_room(machines, span, actor=actor, now=now, displace=displace, why="closed", words=reason)
    return closure


@in_one_transaction
def retire(
    *,
    machine: Machine,
    retired_on: date,
    actor: User,
    now: datetime,
    displace: bool = False,
    seen: Collection[str] | None = None,
    confirmed: str = "",
) -> Machine:
    """Take a machine out of service from a day on, and whoever booked it for later to another time or place.

    A job under way must end first. Raises as `make_room` does, and as its house's own `retire`.
    """
    (locked,) = lock([machine.pk])
    start = max(local_day(retired_on, locked.facility.zone).start, now)
    parts = affected_bookings([machine.pk], Span(start, start + AHEAD))
    _check_seen(parts, displace, seen)
    waiting = [part for part in parts if not _is_under_way(part, start)]
    set_aside(waiting, actor=actor, now=now, why="retired", words="")
    return take_out_of_service(machine=machine, retired_on=retired_on, actor=actor, now=now, confirmed=confirmed)


def make_room(
    machines: list[Machine],
    span: Span,
    *,
    actor: User,
    now: datetime,
    displace: bool,
    why: str,
    words: str,
    seen: Collection[str] | None = None,
) -> None:
    """Displace, decline or cut short whatever holds time in `span`; refuse when that was not asked for.

    The refusal bears the parts in the way. `seen`: the references that were shown; any other refuses as well.

    Only a breakdown ends a job under way without asking: that has happened already.
    """
    at = max(span.start, now)
    parts = affected_bookings([machine.pk for machine in machines], span)
    under_way = {part.pk for part in parts if _is_under_way(part, at)}
    asked = [part for part in parts if part.pk not in under_way or why != "broken"]
    _check_seen(asked, displace, seen)
    for part in parts:
        if part.pk in under_way:
            _cut_short(part, at=at)
    set_aside([part for part in parts if part.pk not in under_way], actor=actor, now=now, why=why, words=words)


def _check_seen(parts: list[BookedMachine], displace: bool, seen: Collection[str] | None) -> None:
    unseen = not displace or (seen is not None and any(part.booking.reference not in seen for part in parts))
    if parts and unseen:
        raise Affected(_affected(parts), parts)


def set_aside(parts: Iterable[BookedMachine], *, actor: User, now: datetime, why: str, words: str) -> None:
    """Decline what was only asked for and displace what was approved; every producer is told why."""
    for part in parts:
        if part.booking.status == REQUESTED:
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
        booking, "decline", decided_at=now, ended_at=now, expires_at=None, reason_code=_declined_as(why), reason=words
    )
    record(booking, "decline", before=before, actor=actor, now=now, reason_code=why, reason=words)


def _declined_as(why: str) -> str:
    """Return what a producer reads of a request that time took: closed, or what the house changed."""
    return why if why in SETTINGS else "closed"


def _cut_short(part: BookedMachine, *, at: datetime) -> None:
    """Give back what a running job holds after `at`, so that the stop can take it."""
    held = part.occupancy
    if held is None:
        return
    end = max(at, held.starts_at + timedelta(minutes=1))
    if end < held.ends_at:
        reshape(held.pk, Span(held.starts_at, end), machine=part.machine, cleaning_from=None)
        shorten(held.pk, end)
