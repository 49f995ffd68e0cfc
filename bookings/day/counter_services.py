"""At the counter: somebody stands there, known or new, and wants a machine now or later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from bookings.models import Booking, Producer, Product
from bookings.ordering import services as ordering
from bookings.ordering.products import keep_product
from bookings.people.services import Newcomer, enrol
from bookings.runs import services as runs
from bookings.runs.doubts import Work
from bookings.runs.past_services import enter_past_work
from facilities.models import Machine
from facilities.transactions import in_one_transaction


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be packed; all of it may be unknown. `line` decides which machines may touch it."""

    product_name: str = ""
    form: str = ""
    line: str = Machine.Line.HALAL
    pack_format: str = ""
    quantity: int | None = None
    note: str = ""


@in_one_transaction
def serve_walk_in(
    *,
    producer: Producer | Newcomer,
    machine: Machine,
    minutes: int,
    wish: Wish,
    actor: User,
    now: datetime,
    override_reason: str = "",
) -> Booking:
    """Book a machine from now for `minutes` of run and check the person in, in one step.

    Setup begins at once, so the run begins after it. Raises `Refusal` as `reserve` does;
    then neither the booking nor a newcomer is kept.
    """
    starts_at = _minute(now) + timedelta(minutes=machine.setup)
    booking = _reserve(
        producer, machine, starts_at, minutes, wish, actor=actor, now=now, override_reason=override_reason, walk_in=True
    )
    return runs.check_in(booking_id=booking.pk, actor=actor, now=now)


@in_one_transaction
def book_for(
    *,
    producer: Producer | Newcomer,
    machine: Machine,
    starts_at: datetime,
    minutes: int,
    wish: Wish,
    actor: User,
    now: datetime,
    override_reason: str = "",
) -> Booking:
    """Book a later time for somebody at the counter or on the phone. Raises `Refusal` as `reserve` does.

    `override_reason` passes what a manager may pass; a taken time or the wrong line never.
    """
    return _reserve(
        producer, machine, starts_at, minutes, wish, actor=actor, now=now, override_reason=override_reason, walk_in=False
    )


@in_one_transaction
def enter_past(
    *,
    producer: Producer | Newcomer,
    machine: Machine,
    work: Work,
    rejected: int,
    wish: Wish,
    actor: User,
    now: datetime,
    reason: str,
    confirm_reason: str = "",
) -> Booking:
    """Write down work of the last days for somebody known or new. Raises as `runs.past_services.enter_past_work` does."""
    party = enrol(producer, actor=actor, now=now) if isinstance(producer, Newcomer) else producer
    asked = {"product_name": wish.product_name, "form": wish.form, "line": wish.line, "pack_format": wish.pack_format}
    return enter_past_work(
        machine_id=machine.pk, producer=party, work=work, rejected=rejected, actor=actor, now=now, reason=reason,
        product=_product(party, wish, now), asked=asked, confirm_reason=confirm_reason,
    )  # fmt: skip


def _reserve(
    party: Producer | Newcomer,
    machine: Machine,
    starts_at: datetime,
    minutes: int,
    wish: Wish,
    *,
    actor: User,
    now: datetime,
    override_reason: str,
    walk_in: bool,
) -> Booking:
    producer = enrol(party, actor=actor, now=now) if isinstance(party, Newcomer) else party
    return ordering.reserve(
        machine_id=machine.pk,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        producer=producer,
        actor=actor,
        now=now,
        product=_product(producer, wish, now),
        product_name=wish.product_name,
        form=wish.form or None,
        line=wish.line,
        pack_format=wish.pack_format,
        quantity=wish.quantity,
        note=wish.note,
        on_behalf=True,
        walk_in=walk_in,
        override_reason=override_reason,
    )


def _product(producer: Producer, wish: Wish, now: datetime) -> Product | None:
    """Keep a product only when name and form are known; a bare name stays words on the booking."""
    if not (wish.product_name and wish.form):
        return None
    return keep_product(producer=producer, name=wish.product_name, form=wish.form, line=wish.line, now=now)


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


