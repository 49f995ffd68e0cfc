"""Asking for time, moving it, and giving it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.models import User
from bookings.messages.reasons import AT_REQUEST
from bookings.models import BookedMachine, Booking, Producer, Product
from bookings.packs import estimate
from bookings.roster.services import man
from bookings.rules.decision import Question, Request, Verdict, verdict
from bookings.rules.party import counts_bookings
from bookings.rules.people.documents import is_trial
from bookings.rules.people.reserved_share import may_use_reserve
from bookings.rules.question import question_about, request_for, request_to_move, rules_of
from bookings.trail.events import lock_machines_of, record, transition
from bookings.trail.lifecycle import APPROVED, REQUESTED, next_status
from bookings.trail.queries import answered_by
from bookings.trail.references import new_reference
from facilities.catalogue.queries import tariff_on
from facilities.errors import BadInput, Reason, Refusal, WrongState, check_version
from facilities.models import Machine
from facilities.occupancy.writing import lock, lock_operators, place, release, retail
from facilities.time.spans import Span
from facilities.transactions import in_one_transaction

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
    cleaning_class: str = "",
    pack_format: str = "",
    net_weight: int | None = None,
    width: int | None = None,
    quantity: int | None = None,
    note: str = "",
    on_behalf: bool = False,
    walk_in: bool = False,
    override_reason: str = "",
    thorough: bool = False,
) -> Booking:
    """Take a machine from `starts_at` to `ends_at` for a producer; setup and cleaning are added around it.

    Returns the booking, `approved` or (where a person must look) `requested`; both hold the time, and the operator
    where the machine needs one. Raises `Refusal` with *all* reasons; nothing is written then. A manager's
    `override_reason` passes what is overridable and is kept in the booking's trail. `net_weight` is grams or
    millilitres in a pack, `width` its millimetres. `thorough` also reads what only warns.
    """
    check_span(starts_at, ends_at)
    machine = _lock_for_work(machine_id, producer)
    request = request_for(machine, starts_at, ends_at, product=product, form=form, line=line, pack_format=pack_format,
                          cleaning_class=cleaning_class, net_weight=net_weight, width=width)  # fmt: skip
    question = question_about(machine, request, now=now, producer=producer, at_counter=walk_in, thorough=thorough)
    said, overridden = decide(question, override_reason=override_reason)
    booking = Booking.objects.create(
        reference=new_reference(machine.facility.slug), facility=machine.facility, producer=producer, product=product,
        product_name=product.name if product else product_name, pack_format=pack_format, quantity=quantity, note=note,
        starts_at=starts_at, ends_at=ends_at, is_walk_in=walk_in, made_by=actor, made_at=now,
        **price_at(machine, request, quantity), **_standing(question),
        **_answer(machine, request, waits=bool(said.asks) and not (walk_in or override_reason), now=now),
    )  # fmt: skip
    booking.parts, booking.said = [_hold(booking, machine, question)], said  # type: ignore[attr-defined]  # for answers: not read back
    record(booking, "reserve", before="", actor=actor, now=now, on_behalf=on_behalf, reason=override_reason,
           details={"machine": machine.slug, **_times(starts_at, ends_at), **_decided(said, overridden, request)})  # fmt: skip
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

    The old time is free exactly when the new one is taken: never both, never neither. What stood beside
    the old time is cleaned after anew. A producer's move that a person must look at goes back to
    `requested`; a displaced booking keeps its approval. The price is that of the new time. Raises `Refusal` as `reserve` does.
    """
    check_span(starts_at, ends_at)
    booking, part, machine = _locked_part(booking_id, machine_id)
    check_version(booking, version)
    request = request_to_move(booking, part, machine, starts_at, ends_at)
    question = question_about(
        machine, request, now=now, producer=booking.producer, moving=booking.pk, except_=part.occupancy_id
    )
    said, overridden = decide(question, override_reason=override_reason)
    old = {"machine_before": part.machine.slug, **_times(booking.starts_at, booking.ends_at, suffix="_before")}
    ask = booking.status == APPROVED and not on_behalf and bool(said.asks)
    action = "ask_to_move" if ask else "move"
    waits = next_status(booking.status, action) == REQUESTED
    until = answered_by(machine.facility, request.start, now=now) if waits else None
    before = transition(booking, action, starts_at=starts_at, ends_at=ends_at, expires_at=until,
                        **_standing(question), **price_at(machine, request, booking.quantity))  # fmt: skip
    _hold(booking, machine, question, part=part)
    booking.said = said  # type: ignore[attr-defined]
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

    Late (within the house's deadline, of an approved booking) is recorded, never refused: a freed hour is better than
    a no-show. What the house calls off for a reason of its own is nobody's lateness. Raises `WrongState`.
    """
    lock_machines_of(booking_id)
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
        is_late_cancel=booking.status == APPROVED and now > deadline and not (on_behalf and reason_code != AT_REQUEST),
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


def decide(question: Question, *, override_reason: str) -> tuple[Verdict, list[str]]:
    """Raise `Refusal` with every reason that stands; return the verdict, and the codes that were overridden."""
    said = verdict(question)
    if any(not (override_reason and reason.overridable) for reason in said.refusals):
        raise Refusal(said.refusals)
    return said, [reason.code for reason in said.refusals]


def lock_family(producer: Producer) -> None:
    """Lock a producer, or the cooperative that shares their quota, until the transaction ends.

    Always after the machines and operators: so two bookings of one family never count past each other.
    """
    head = producer.cooperative_id or producer.pk
    list(Producer.objects.filter(pk=head).select_for_update(no_key=True).values_list("pk", flat=True))


def _lock_for_work(machine_id: int, producer: Producer) -> Machine:
    """Lock a machine, the operators who run it where only they may, and the producer where bookings are counted."""
    (machine,) = lock([machine_id])
    _lock_people(machine, producer)
    return machine


def _lock_people(machine: Machine, producer: Producer) -> None:
    if machine.is_operated:
        lock_operators(machine.facility_id)
    if counts_bookings(rules_of(machine)):
        lock_family(producer)


def _answer(machine: Machine, request: Request, *, waits: bool, now: datetime) -> dict[str, object]:
    """Return what the house answers: approved now, or requested with the time until somebody must have answered."""
    if not waits:
        return {"status": APPROVED, "decided_at": now}
    return {"status": REQUESTED, "expires_at": answered_by(machine.facility, request.start, now=now)}


def _standing(question: Question) -> dict[str, object]:
    """Return what the booking remembers of who asked: a trial run, a share kept for newcomers and far districts."""
    return {"is_trial": is_trial(question), "is_in_reserve": may_use_reserve(question)}


def price_at(machine: Machine, request: Request, quantity: int | None) -> dict[str, object]:
    """Return the tariff of that day and the estimate it gives, in rupiah, as a booking freezes them."""
    tariff = tariff_on(machine, request.start.astimezone(machine.facility.zone).date())
    if tariff is None:
        return {"tariff": None, "price": None}
    price = estimate.price(tariff.unit, tariff.amount, minutes=request.minutes, quantity=quantity)
    return {"tariff": tariff, "price": price}


def _locked_part(booking_id: int, machine_id: int | None) -> tuple[Booking, BookedMachine, Machine]:
    """Lock the machine a booking has and the one it moves to; return the booking as it is under the lock."""
    part = BookedMachine.objects.select_related("booking__producer__district").get(booking=booking_id)
    target = machine_id or part.machine_id
    locked = {machine.pk: machine for machine in lock([part.machine_id, target])}
    machine = locked[target]
    _lock_people(machine, part.booking.producer)
    part = BookedMachine.objects.select_related(
        "occupancy", "machine__facility", "booking__product", "booking__producer__district"
    ).get(pk=part.pk)
    if part.machine_id not in locked:
        raise WrongState(action="move", status="moved")  # by somebody else, while this waited for the lock
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


def _hold(booking: Booking, machine: Machine, question: Question, part: BookedMachine | None = None) -> BookedMachine:
    """Write the occupancy, its operator, and the booked machine that points at it; return the latter."""
    request, old = question.request, part.occupancy if part else None
    held = place(machine, question.calendar, work=request.work, cleaning_class=request.cleaning_class,
                 occupancy_id=old.pk if old else None)  # fmt: skip
    if part is not None and old is not None:
        retail(part.machine, Span(old.starts_at, old.ends_at))
    if machine.is_operated:
        man(question.calendar, held, request.work, is_new=part is None)
    elif part is not None:
        release(held.pk)
    values = {
        "machine": machine,
        "starts_at": request.start,
        "ends_at": request.end,
        "setup": request.setup,
        "cleaning": int((held.ends_at - request.end).total_seconds() // 60),
        "occupancy": held,
    }
    if part:
        BookedMachine.objects.filter(pk=part.pk).update(**values)
        return part
    return BookedMachine.objects.create(booking=booking, **values)


def _decided(said: Verdict, overridden: Sequence[str], request: Request) -> dict[str, object]:
    """Return what the trail keeps of a decision: the codes a manager went on against, and those a person must answer.

    Also what was said of the packs and stands in no column: a later move is asked about the same packs.
    """
    told = {"form": request.form, "net_weight": request.net_weight, "width": request.width}
    return {
        "overridden": overridden,
        "asks": [reason.code for reason in said.asks],
        **{name: value for name, value in told.items() if value},
    }


def _times(starts_at: datetime, ends_at: datetime, suffix: str = "") -> dict[str, str]:
    return {f"starts_at{suffix}": starts_at.isoformat(), f"ends_at{suffix}": ends_at.isoformat()}
