"""Asking for time, moving it, and giving it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.models import User
from bookings import estimate
from bookings.decision import Request, Rules, Traits, needs_manager, reasons_against
from bookings.lifecycle import APPROVED, REQUESTED, next_status
from bookings.models import BookedMachine, Booking, Producer, Product
from bookings.references import new_reference
from bookings.services.events import record, transition
from facilities.calendars import Calendar
from facilities.errors import BadInput, Reason, Refusal, Stale
from facilities.hours import local_date
from facilities.models import Facility, Machine, Occupancy
from facilities.occupancy import lock, occupy, reshape
from facilities.queries import calendars, free_starts, tariff_on
from facilities.spans import MINUTE, Span
from facilities.transactions import in_one_transaction

ALTERNATIVES = 3
LOOK_AHEAD = timedelta(days=14)
AT_MOST = timedelta(days=31)


@in_one_transaction
def reserve(
    *,
    machine_id: int,
    starts_at: datetime,
    ends_at: datetime,
    producer: Producer,
    actor: User,
    now: datetime,
    product: Product | None = None,
    product_name: str = "",
    form: str | None = None,
    line: str | None = None,
    pack_format: str = "",
    quantity: int | None = None,
    note: str = "",
    on_behalf: bool = False,
    walk_in: bool = False,
    override_reason: str = "",
) -> Booking:
    """Take a machine from `starts_at` to `ends_at` for a producer; setup and cleaning are added around it.

    Returns the booking, `approved` or (where the house wants a person to look)
    `requested`; both hold the time. Raises `Refusal` with *all* reasons and up to three
    alternatives; nothing is written then. A manager's `override_reason` passes what is
    overridable and is kept in the booking's trail.
    """
    check_span(starts_at, ends_at)
    (machine,) = lock([machine_id])
    house = machine.facility
    request = _request(machine, starts_at, ends_at, product, form, line, pack_format)
    overridden = decide(machine, request, now=now, at_counter=walk_in, override_reason=override_reason)
    booking = Booking.objects.create(
        reference=new_reference(house.slug), facility=house, producer=producer,
        product=product, product_name=product.name if product else product_name,
        pack_format=pack_format, quantity=quantity, note=note, starts_at=starts_at, ends_at=ends_at,
        is_walk_in=walk_in, made_by=actor, made_at=now, **_price(machine, request, quantity),
        **_answer(house, request, now=now, at_once=walk_in or bool(override_reason)),
    )  # fmt: skip
    booking.parts = [_hold(booking, machine, request)]  # type: ignore[attr-defined]  # for answers: not read back
    record(booking, "reserve", before="", actor=actor, now=now, on_behalf=on_behalf, reason=override_reason,
           details={"machine": machine.slug, **_times(starts_at, ends_at), "overridden": overridden})  # fmt: skip
    return booking


@in_one_transaction
def move(
    *,
    booking_id: int,
    starts_at: datetime,
    ends_at: datetime,
    actor: User,
    now: datetime,
    machine_id: int | None = None,
    on_behalf: bool = False,
    override_reason: str = "",
    version: int | None = None,
) -> Booking:
    """Move a booking to another time, another machine of the same house, or both, in one step.

    The old time is free exactly when the new one is taken: never both, never neither.
    A producer's move that the house wants to look at goes back to `requested`; a
    displaced booking keeps its approval. Raises `Refusal` as `reserve` does.
    """
    check_span(starts_at, ends_at)
    booking, part, machine = _locked_part(booking_id, machine_id)
    check_version(booking, version)
    line = part.machine.line  # of what is not on file we know only the line that took it
    request = _request(machine, starts_at, ends_at, booking.product, None, line, booking.pack_format)
    overridden = decide(
        machine, request, now=now, at_counter=False, override_reason=override_reason, except_=part.occupancy
    )
    old = {"machine_before": part.machine.slug, **_times(booking.starts_at, booking.ends_at, suffix="_before")}
    ask = booking.status == APPROVED and not on_behalf and needs_manager(request, rules_of(machine.facility))
    action = "ask_to_move" if ask else "move"
    waits = next_status(booking.status, action) == REQUESTED
    answer_by = _answer_by(machine.facility, request, now=now) if waits else None
    before = transition(booking, action, starts_at=starts_at, ends_at=ends_at, expires_at=answer_by)
    _hold(booking, machine, request, part=part)
    record(booking, action, before=before, actor=actor, now=now, on_behalf=on_behalf, reason=override_reason,
           details={"machine": machine.slug, **_times(starts_at, ends_at), **old, "overridden": overridden})  # fmt: skip
    return booking


@in_one_transaction
def cancel(
    *,
    booking_id: int,
    actor: User | None,
    now: datetime,
    reason_code: str,
    reason: str = "",
    on_behalf: bool = False,
    version: int | None = None,
) -> Booking:
    """Give a booking's time back at once and remember why.

    Late (within the house's deadline, of an approved booking) is recorded, never refused:
    a freed hour is better than a no-show. Raises `WrongState`.
    """
    booking = Booking.objects.select_related("facility").get(pk=booking_id)
    check_version(booking, version)
    deadline = booking.starts_at - timedelta(minutes=booking.facility.cancel_deadline)
    before = transition(
        booking,
        "cancel",
        ended_at=now,
        reason_code=reason_code,
        reason=reason,
        expires_at=None,
        is_late_cancel=booking.status == APPROVED and now > deadline,
    )
    record(booking, "cancel", before=before, actor=actor, now=now, on_behalf=on_behalf,
           reason_code=reason_code, reason=reason)  # fmt: skip
    return booking


def check_span(starts_at: datetime, ends_at: datetime) -> None:
    """Raise `BadInput` for a span that no booking can have."""
    if ends_at <= starts_at:
        raise BadInput(
            "ends_at",
            "ends_before_it_starts",
            "Jam selesai harus sesudah jam mulai.",
            "The end must be after the start.",
        )
    if ends_at - starts_at > AT_MOST:
        raise BadInput(
            "ends_at", "far_too_long", "Satu pesanan paling lama 31 hari.", "A booking lasts at most 31 days."
        )


def check_version(booking: Booking, version: int | None) -> None:
    """Raise `Stale` when the writer saw another version than the stored one."""
    if version is not None and version != booking.version:
        raise Stale


def decide(
    machine: Machine,
    request: Request,
    *,
    now: datetime,
    at_counter: bool,
    override_reason: str,
    except_: Occupancy | None = None,
) -> list[str]:
    """Raise `Refusal` with every reason that stands; return the codes that were overridden."""
    calendar = calendar_around(machine, request, except_=except_)
    reasons = reasons_against(
        request, calendar, rules_of(machine.facility), traits_of(machine, request), now=now, at_counter=at_counter
    )
    standing = [r for r in reasons if not (override_reason and r.overridable)]
    if standing:
        raise Refusal(reasons, alternatives=alternatives(machine, request, now=now))
    return [r.code for r in reasons]


def calendar_around(machine: Machine, request: Request, *, except_: Occupancy | None = None) -> Calendar:
    """Return the machine's calendar around a request, without the occupancy that is being moved."""
    calendar = calendars([machine], request.whole)[machine.pk]
    if except_ is not None and except_.machine_id == machine.pk:
        calendar = calendar.without(Span(except_.starts_at, except_.ends_at))
    return calendar


def alternatives(machine: Machine, request: Request, *, now: datetime) -> Sequence[tuple[Machine, datetime, datetime]]:
    """Return the three nearest starts at or after the day that was asked for, as (machine, start, end)."""
    if request.minutes > 24 * 60:
        return []
    zone = machine.facility.zone
    local = request.start.astimezone(zone)
    first = max(now, local.replace(hour=0, minute=0, second=0, microsecond=0))
    try:
        window = Span(first, max(first, now) + LOOK_AHEAD)
        calendar = calendars([machine], window)[machine.pk]
    except (OverflowError, ValueError):
        return []
    starts = free_starts(machine, calendar, now=now, minutes=request.minutes, window=window, count=500)
    nearest = sorted(starts, key=lambda start: abs(start - request.start))[:ALTERNATIVES]
    return [(machine, start, start + timedelta(minutes=request.minutes)) for start in sorted(nearest)]


def rules_of(house: Facility) -> Rules:
    """Return a house's rules as values."""
    return Rules(
        zone=house.zone,
        grid=house.grid,
        notice=house.notice,
        horizon=house.horizon,
        shortest=house.shortest,
        longest=house.longest,
        approval=house.approval,
        approval_limit=house.approval_limit,
    )


def traits_of(machine: Machine, request: Request) -> Traits:
    """Return what matters of a machine when deciding about a request: it is in service on all of its days, or not."""
    pairs = frozenset((c.form, c.format) for c in machine.capabilities.all())
    first, last = (local_date(instant, machine.facility.zone) for instant in (request.start, request.end - MINUTE))
    kept = machine.in_service_from <= first and (machine.retired_on is None or last < machine.retired_on)
    return Traits(machine.name, machine.line, pairs, in_service=kept)


def _request(
    machine: Machine,
    starts_at: datetime,
    ends_at: datetime,
    product: Product | None,
    form: str | None,
    line: str | None,
    pack_format: str,
) -> Request:
    return Request(
        start=starts_at,
        end=ends_at,
        setup=machine.setup,
        cleaning=machine.cleaning,
        line=product.line if product else line,
        form=product.form if product else form,
        format=pack_format or None,
    )


def _answer(house: Facility, request: Request, *, now: datetime, at_once: bool) -> dict[str, object]:
    """Return what the house answers: approved now, or requested with the time until somebody must have answered."""
    if at_once or not needs_manager(request, rules_of(house)):
        return {"status": APPROVED, "decided_at": now}
    return {"status": REQUESTED, "expires_at": _answer_by(house, request, now=now)}


def _answer_by(house: Facility, request: Request, *, now: datetime) -> datetime:
    return min(request.start, now + timedelta(minutes=house.answer_within))


def _price(machine: Machine, request: Request, quantity: int | None) -> dict[str, object]:
    """Freeze the tariff of that day and the estimate it gives, in rupiah."""
    tariff = tariff_on(machine, request.start.astimezone(machine.facility.zone).date())
    if tariff is None:
        return {"tariff": None, "price": None}
    price = estimate.price(tariff.unit, tariff.amount, minutes=request.minutes, quantity=quantity)
    return {"tariff": tariff, "price": price}


def _locked_part(booking_id: int, machine_id: int | None) -> tuple[Booking, BookedMachine, Machine]:
    """Lock the machine a booking has and the one it moves to; return the booking as it is under the lock."""
    part = BookedMachine.objects.get(booking=booking_id)
    target = machine_id or part.machine_id
    locked = {machine.pk: machine for machine in lock([part.machine_id, target])}
    part = BookedMachine.objects.select_related("occupancy", "machine", "booking__product").get(pk=part.pk)
    machine = locked[target]
    if machine.facility_id != part.booking.facility_id:
        raise Refusal(
            [
                Reason(
                    "does_not_fit_machine",
                    id="Mesin itu di rumah produksi lain. Batalkan, lalu pesan di sana.",
                    en="That machine is in another house. Cancel, then book there.",
                )
            ]
        )
    return part.booking, part, machine


def _hold(booking: Booking, machine: Machine, request: Request, part: BookedMachine | None = None) -> BookedMachine:
    """Write the occupancy and the booked machine that point at each other; return the latter."""
    kept = part.occupancy_id if part else None
    if kept is not None:
        reshape(kept, request.whole, machine=machine, cleaning_from=request.end)
        occupancy_id = kept
    else:
        occupancy_id = occupy(machine, request.whole, Occupancy.Kind.BOOKING, cleaning_from=request.end).pk
    values = {
        "machine": machine,
        "starts_at": request.start,
        "ends_at": request.end,
        "setup": request.setup,
        "cleaning": request.cleaning,
        "occupancy_id": occupancy_id,
    }
    if part:
        BookedMachine.objects.filter(pk=part.pk).update(**values)
        return part
    return BookedMachine.objects.create(booking=booking, **values)


def _times(starts_at: datetime, ends_at: datetime, suffix: str = "") -> dict[str, str]:
    return {f"starts_at{suffix}": starts_at.isoformat(), f"ends_at{suffix}": ends_at.isoformat()}
