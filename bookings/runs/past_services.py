"""Work that was done and that nobody entered: an entry of the past, by a manager, marked as one."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts import words
from accounts.models import User
from bookings.models import BookedMachine, Booking, Producer, Product, Run
from bookings.ordering.services import price_at
from bookings.rules.decision import Request
from bookings.rules.question import misfits, request_for
from bookings.runs.doubts import Work, believed, doubts_about
from bookings.runs.learning import learn
from bookings.runs.services import check_run
from bookings.trail.events import record
from bookings.trail.lifecycle import APPROVED, CHECKED_IN, COMPLETED
from bookings.trail.references import new_reference
from facilities.access import may_manage
from facilities.errors import BadInput, NotAllowed, Reason
from facilities.models import Machine
from facilities.occupancy.writing import lock
from facilities.time.hours import local_date, local_day
from facilities.transactions import in_one_transaction

BACK = timedelta(days=7)
"""How far back one may enter: what is older belongs to figures that were read already."""
UNREPORTED = "booked_and_unreported"


@in_one_transaction
def enter_past_work(
    *,
    machine_id: int,
    producer: Producer,
    work: Work,
    rejected: int,
    actor: User,
    now: datetime,
    reason: str,
    product: Product | None = None,
    asked: dict[str, str] | None = None,
    confirm_reason: str = "",
) -> Booking:
    """Write down work of the last seven days: a completed booking with its signed run, both marked; its producer is told.

    `work.packs` are all packs, `rejected` of them bad. `asked` may say `product_name`, `form`, `line`, `pack_format`,
    `note`. It takes no time on the machine: that is over. Raises `NotAllowed` for whoever does not manage the house,
    `BadInput` for what cannot be, and `Refusal` with what is asked back: the doubts of any sheet, a machine that does not
    pack this, a booking of that hour whose own results are missing. Nobody passes the other line.
    """
    (machine,) = lock([machine_id])
    if not may_manage(actor, machine.facility_id):
        raise NotAllowed
    _check(machine, work, reason, now=now)
    told = asked or {}
    request = request_for(machine, work.start, work.end, product=product, form=told.get("form") or None,
                          line=told.get("line") or None, pack_format=told.get("pack_format", ""))  # fmt: skip
    booking, part = _booked(machine, request, producer, product, told, work, actor=actor, now=now)
    doubts = [*doubts_about(part, work), *misfits(machine, request, now=now), *_unreported(part, work)]
    codes = believed(doubts, booking, actor=actor, reason=confirm_reason)
    run = Run.objects.create(
        booked_machine=part, machine=machine, started_at=work.start, stopped_at=work.end, operator=actor,
        good=work.packs - rejected, rejected=rejected, note=reason, signed_at=now, signed_by=actor, is_past_entry=True,
        doubts=codes, confirmed_by=actor if codes else None, confirm_reason=confirm_reason if codes else "",
    )  # fmt: skip
    record(booking, "enter_past_work", before="", actor=actor, now=now, on_behalf=True, reason=reason,
           details={"machine": machine.slug, "run": run.pk, "good": run.good, "rejected": rejected, "doubts": codes})  # fmt: skip
    learn(machine_id=machine.pk, pack_format=booking.pack_format)
    return booking


def earliest_past(machine: Machine, now: datetime) -> datetime:
    """Return from when on work may still be entered: the house's midnight seven days ago."""
    zone = machine.facility.zone
    return local_day(local_date(now - BACK, zone), zone).start


def _check(machine: Machine, work: Work, reason: str, *, now: datetime) -> None:
    check_run(work.start, work.end, [{"minutes": work.stood}], now=now)
    if work.start < earliest_past(machine, now):
        raise BadInput("started_at", "longer_ago_than_a_week", "Hanya pemakaian 7 hari terakhir yang bisa dicatat susulan.",
                       "Only work of the last seven days can be entered.")  # fmt: skip
    if not reason.strip():
        raise BadInput("reason", "required", "Tulis kenapa baru dicatat sekarang.", "Say why it is entered only now.")


def _booked(
    machine: Machine,
    request: Request,
    producer: Producer,
    product: Product | None,
    told: dict[str, str],
    work: Work,
    *,
    actor: User,
    now: datetime,
) -> tuple[Booking, BookedMachine]:
    """Write the booking that there would have been, completed. It holds no time any more."""
    booking = Booking.objects.create(
        reference=new_reference(machine.facility.slug), facility=machine.facility, producer=producer, product=product,
        product_name=product.name if product else told.get("product_name", ""), pack_format=told.get("pack_format", ""),
        quantity=work.packs or None, note=told.get("note", ""), status=COMPLETED, starts_at=work.start, ends_at=work.end,
        is_walk_in=True, made_by=actor, made_at=now, decided_at=now, checked_in_at=work.start, ended_at=work.end,
        **price_at(machine, request, work.packs),
    )  # fmt: skip
    part = BookedMachine.objects.create(booking=booking, machine=machine, starts_at=work.start, ends_at=work.end)
    return booking, part


def _unreported(part: BookedMachine, work: Work) -> list[Reason]:
    """Return whose booking this may be: one of that hour, kept to the end, of which nobody has signed results."""
    held = BookedMachine.objects.filter(
        machine=part.machine_id, starts_at__lt=work.end, ends_at__gt=work.start,
        booking__status__in=[APPROVED, CHECKED_IN, COMPLETED],
    ).exclude(runs__signed_at__isnull=False).exclude(pk=part.pk)  # fmt: skip
    found = [(one.booking.reference, one) for one in held.select_related("booking").order_by("starts_at")]
    if not found:
        return []
    zone = part.machine.facility.zone
    said = ", ".join(f"{name} ({words.clock_span(one.starts_at, one.ends_at, zone)})" for name, one in found)
    return [Reason(
        UNREPORTED,
        id=f"Pada jam itu ada pesanan yang hasilnya belum dicatat: {said}.",
        en=f"There is a booking of that hour whose results are missing: {said}.",
        values={"bookings": [name for name, _part in found]},
        overridable=True,
        way_out_id="Kalau ini pekerjaan pesanan itu, isi hasilnya di sana.",
        way_out_en="If this is the work of that booking, record it there.",
    )]  # fmt: skip
