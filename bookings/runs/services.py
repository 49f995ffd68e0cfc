"""The day: who came, what ran, what came out of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.db.models import F

from accounts.models import User
from bookings.models import BookedMachine, Booking, Downtime, Run, RunCorrection
from bookings.runs.doubts import ALL, TOO_MANY, Work, believed, doubts_about
from bookings.runs.learning import learn
from bookings.runs.queries import sheet_seen, stops_of
from bookings.trail.events import lock_machines_of, record, transition
from bookings.trail.lifecycle import APPROVED, CHECKED_IN, COMPLETED, EARLIEST_CHECK_IN
from facilities.errors import BadInput, Reason, Refusal, Stale, WrongState, check_version
from facilities.occupancy.writing import lock, reshape, retail, shorten
from facilities.time.spans import Span
from facilities.transactions import in_one_transaction

TIMES, COUNTS, STOPS = ("started_at", "stopped_at"), ("good", "rejected"), "downtimes"
TEACHES = (*TIMES, *COUNTS, STOPS)
CLEANING = {"before": "cleaned_before", "after": "cleaned_after", "agent": "cleaning_agent", "by": "cleaned_by",
            "result": "cleaning_result"}  # fmt: skip
CORRECTABLE = (*TEACHES, "lot_code", "note", *CLEANING.values())
Stops = Sequence[Mapping[str, object]]


@in_one_transaction
def check_in(*, booking_id: int, actor: User, now: datetime, version: int | None = None) -> Booking:
    """Record that the producer is here. Refused (`too_early`) more than two hours before the start."""
    booking = Booking.objects.select_related("facility").get(pk=booking_id)
    check_version(booking, version)
    if booking.status == APPROVED and now < booking.starts_at - EARLIEST_CHECK_IN:
        raise Refusal(
            [
                Reason(
                    "too_early",
                    id="Belum waktunya. Hadir bisa dicatat 2 jam sebelum mulai.",
                    en="Too early: check-in opens two hours before the start.",
                    values={"opens_at": (booking.starts_at - EARLIEST_CHECK_IN).isoformat()},
                )
            ]
        )
    before = transition(booking, "check_in", checked_in_at=now)
    record(booking, "check_in", before=before, actor=actor, now=now)
    return booking


@in_one_transaction
def undo_check_in(*, booking_id: int, actor: User, now: datetime) -> Booking:
    """Take back a mistaken check-in, as long as nothing has run."""
    booking = Booking.objects.get(pk=booking_id)
    if Run.objects.filter(booked_machine__booking=booking).exists():
        raise WrongState(action="undo_check_in", status=booking.status)
    before = transition(booking, "undo_check_in", checked_in_at=None)
    record(booking, "undo_check_in", before=before, actor=actor, now=now)
    return booking


@in_one_transaction
def mark_no_show(*, booking_id: int, now: datetime, actor: User | None = None) -> Booking:
    """Release an approved booking whose producer never came, and free what is left of its time.

    Only after the house's grace; before it, raises `Refusal` with `too_early`.
    """
    lock_machines_of(booking_id)
    booking = Booking.objects.select_related("facility").get(pk=booking_id)
    due = booking.starts_at + timedelta(minutes=booking.facility.grace)
    if booking.status == APPROVED and now < due:
        raise Refusal(
            [
                Reason(
                    "too_early",
                    id=f"Tunggu sampai {booking.facility.grace} menit sesudah jam mulai.",
                    en=f"Wait until {booking.facility.grace} minutes after the start.",
                    values={"due_at": due.isoformat()},
                )
            ]
        )
    before = transition(booking, "mark_no_show", ended_at=now, reason_code="no_show")
    record(booking, "mark_no_show", before=before, actor=actor, now=now, reason_code="no_show")
    return booking


@in_one_transaction
def start_run(*, booking_id: int, actor: User, now: datetime) -> Run:
    """Start the machine for a producer who is here. One run at a time per machine: else `machine_is_running`."""
    part = _part(booking_id)
    if part.booking.status != CHECKED_IN:
        raise WrongState(action="start_run", status=part.booking.status)
    if part.runs.filter(stopped_at__isnull=True).exists():
        raise WrongState(action="start_run", status="running")
    try:
        run = Run.objects.create(booked_machine=part, machine=part.machine, started_at=now, operator=actor)
    except IntegrityError as error:
        raise Refusal([MACHINE_IS_RUNNING]) from error
    record(part.booking, "start_run", before=part.booking.status, actor=actor, now=now, details={"run": run.pk})
    return run


MACHINE_IS_RUNNING = Reason(
    "machine_is_running",
    id="Mesin ini masih jalan untuk pesanan lain. Selesaikan dulu yang itu.",
    en="This machine is still running for another booking. Finish that one first.",
)


@in_one_transaction
def stop_run(*, run_id: int, actor: User, now: datetime) -> Run:
    """Stop the machine. What came out of it is recorded with `record_run`."""
    run = Run.objects.select_related("booked_machine__booking").get(pk=run_id)
    stopped = max(now, run.started_at + timedelta(minutes=1))
    if not Run.objects.filter(pk=run.pk, stopped_at__isnull=True).update(stopped_at=stopped, version=F("version") + 1):
        raise WrongState(action="stop_run", status="stopped")
    booking = run.booked_machine.booking
    record(booking, "stop_run", before=booking.status, actor=actor, now=now, details={"run": run.pk})
    run.refresh_from_db()
    return run


@in_one_transaction
def record_run(
    *,
    booking_id: int,
    actor: User,
    now: datetime,
    started_at: datetime,
    stopped_at: datetime,
    good: int,
    rejected: int,
    run_id: int | None = None,
    lot_code: str = "",
    note: str = "",
    downtimes: Stops = (),
    cleaning: Mapping[str, object] | None = None,
    complete: bool = True,
    confirm_reason: str = "",
    seen: str | None = None,
) -> Run:
    """Write down and sign what came out of a run, in one step, and complete the booking.

    `downtimes` are `{"minutes", "reason", "note"}`; their sum may not exceed the run. Works for the run that was
    started by button and for a late entry from the day sheet. What the run teaches of the machine's pace is learned.
    Raises `BadInput` for impossible values, `Refusal` with the `doubts` that no manager has answered, `WrongState` when
    the booking is not there or, being over, has its signed run already: that one is corrected, not added to. Raises
    `Stale` when its runs are not those the writer saw (`seen`).
    """
    lock_machines_of(booking_id)  # of two sheets for one hour of a machine, the second sees the first
    part = _part(booking_id)
    if seen is not None and seen != sheet_seen(part.runs.all()):
        raise Stale
    check_run(started_at, stopped_at, downtimes, now=now)
    if part.booking.status not in (CHECKED_IN, COMPLETED):
        raise WrongState(action="record_run", status=part.booking.status)
    run = _open_or_new(part, run_id, started_at, stopped_at, actor)
    doubts = doubts_about(part, Work(started_at, stopped_at, good + rejected, _lost(downtimes)))
    values = {"started_at": started_at, "stopped_at": stopped_at, "good": good, "rejected": rejected,
              "lot_code": lot_code, "note": note, "signed_at": now, "signed_by": actor, **_sheet(cleaning),
              **_word(doubts, part.booking, actor, confirm_reason)}  # fmt: skip
    if not Run.objects.filter(pk=run.pk, signed_at__isnull=True).update(version=F("version") + 1, **values):
        raise WrongState(action="record_run", status="signed")
    Downtime.objects.bulk_create(Downtime(run=run, **row) for row in downtimes)
    record(part.booking, "record_run", before=part.booking.status, actor=actor, now=now,
           reason=confirm_reason if doubts else "", details=_counted(run, good, rejected, doubts))  # fmt: skip
    if complete and part.booking.status == CHECKED_IN:
        _complete(part, actor=actor, now=now, stopped_at=stopped_at)
    learn(machine_id=part.machine_id, pack_format=part.booking.pack_format)
    run.refresh_from_db()
    return run


@in_one_transaction
def complete(*, booking_id: int, actor: User, now: datetime, version: int | None = None) -> Booking:
    """Close a booking without a run sheet; it then counts as *belum lapor* until one is recorded."""
    part = _part(booking_id)
    check_version(part.booking, version)
    if part.booking.status == CHECKED_IN:
        open_run = part.runs.filter(stopped_at__isnull=True).first()
        if open_run:
            stop_run(run_id=open_run.pk, actor=actor, now=now)
    _complete(part, actor=actor, now=now, stopped_at=now)
    return part.booking


@in_one_transaction
def correct_run(
    *,
    run_id: int,
    field: str,
    value: Any,
    reason: str,
    actor: User,
    now: datetime,
    version: int | None = None,
    confirm_reason: str = "",
) -> RunCorrection:
    """Change one value of a signed run, keeping the old one, who changed it, and why.

    `downtimes` are changed as a whole list. Raises `Stale`, `BadInput`, and `Refusal` with the `doubts` of the run as
    it would be, as far as the change bears on them and no manager has answered them.
    """
    run = _signed_run(run_id, version=version)
    if field not in CORRECTABLE:
        raise BadInput("field", "unknown_field", "Isian ini tidak bisa dikoreksi.", "This field cannot be corrected.")
    (correction,) = _correct(run, {field: value}, reason=reason, actor=actor, now=now, confirm_reason=confirm_reason)
    return correction


@in_one_transaction
def correct_sheet(
    *,
    run_id: int,
    downtimes: Stops,
    cleaning: Mapping[str, object],
    reason: str,
    actor: User,
    now: datetime,
    values: Mapping[str, object] | None = None,
    version: int | None = None,
    confirm_reason: str = "",
) -> list[RunCorrection]:
    """Correct a signed run's stops and cleaning, and `values` by the names of its fields, in one step; return what changed.

    Raises as `correct_run`, for the run as it would be with all of it.
    """
    run = _signed_run(run_id, version=version)
    wanted = {STOPS: list(downtimes), **{CLEANING[name]: value for name, value in cleaning.items()}, **(values or {})}
    stored = _stored(run, wanted)
    changed = {name: value for name, value in wanted.items() if value != stored[name] and (value or stored[name])}
    return _correct(run, changed, reason=reason, actor=actor, now=now, confirm_reason=confirm_reason)


def _correct(
    run: Run, wanted: Mapping[str, Any], *, reason: str, actor: User, now: datetime, confirm_reason: str
) -> list[RunCorrection]:
    """Change what is wanted of a run, and keep every old value. Raises as `correct_run`."""
    if not wanted:
        return []
    booking, old = run.booked_machine.booking, _stored(run, wanted)
    changed = {name: value for name, value in wanted.items() if name != STOPS}
    doubts = _doubts_of_change(run, changed, wanted.get(STOPS, stops_of(run)), wanted, now=now)
    codes = believed(doubts, booking, actor=actor, reason=confirm_reason)
    if not Run.objects.filter(pk=run.pk, version=run.version).update(version=F("version") + 1, **changed):
        raise Stale
    if STOPS in wanted:
        run.downtimes.all().delete()
        Downtime.objects.bulk_create(Downtime(run=run, **row) for row in wanted[STOPS])
    made = [
        RunCorrection.objects.create(
            run=run, field=field, old=_text(old[field]), new=_text(value), reason=reason, made_by=actor, made_at=now,
            doubts=codes, confirm_reason=confirm_reason if codes else "",
        )
        for field, value in wanted.items()
    ]  # fmt: skip
    if wanted.keys() & set(TEACHES):
        learn(machine_id=run.machine_id, pack_format=booking.pack_format)
    for field in wanted:
        record(booking, "correct_run", before=booking.status, actor=actor, now=now, reason=reason,
               details={"run": run.pk, "field": field})  # fmt: skip
    return made


def _stored(run: Run, names: Iterable[str]) -> dict[str, Any]:
    return {name: stops_of(run) if name == STOPS else getattr(run, name) for name in names}


def _signed_run(run_id: int, *, version: int | None) -> Run:
    """Lock a run's machine and return the run, which must be signed and as the writer saw it."""
    lock(Run.objects.filter(pk=run_id).values_list("machine_id", flat=True))
    run = Run.objects.select_related("booked_machine__booking__facility").get(pk=run_id)
    check_version(run, version)
    if run.signed_at is None:
        raise WrongState(action="correct_run", status="unsigned")
    return run


def _doubts_of_change(
    run: Run, changed: Mapping[str, Any], stood: Stops, fields: Collection[str], *, now: datetime
) -> list[Reason]:
    """Return what can hardly be of a run as it would be, as far as a change bears on it. Raises `BadInput`."""
    start, end, good, rejected = (changed.get(name, getattr(run, name)) for name in (*TIMES, *COUNTS))
    check_run(start, end, stood, now=now)
    asked = ALL if {*fields} & {*TIMES} else (TOO_MANY,) if {*fields} & {*TEACHES} else ()
    work = Work(start, end, (good or 0) + (rejected or 0), _lost(stood))
    return doubts_about(run.booked_machine, work, but=run.pk, asked=asked)


def _part(booking_id: int) -> BookedMachine:
    return BookedMachine.objects.select_related("booking__facility", "machine", "occupancy").get(booking=booking_id)


def _open_or_new(
    part: BookedMachine, run_id: int | None, started_at: datetime, stopped_at: datetime, actor: User
) -> Run:
    if run_id is not None:
        run = part.runs.filter(pk=run_id).first()
        if run is None:
            raise BadInput("run", "unknown_run", "Pemakaian ini tidak ada.", "There is no such run.")
        if run.signed_at is not None:
            raise WrongState(action="record_run", status="signed")
        return run
    found = part.runs.filter(signed_at__isnull=True).order_by("-started_at").first()
    if found is None and part.booking.status == COMPLETED and part.runs.filter(signed_at__isnull=False).exists():
        raise WrongState(action="record_run", status="signed")
    return found or Run.objects.create(
        booked_machine=part, machine=part.machine, started_at=started_at, stopped_at=stopped_at, operator=actor
    )


def _complete(part: BookedMachine, *, actor: User, now: datetime, stopped_at: datetime) -> None:
    """End the booking. An early finish frees the rest at once; cleaning follows the real end."""
    (machine,) = lock([part.machine_id])
    before = transition(part.booking, "complete", ended_at=now)
    held = part.occupancy
    if held is not None and held.cleaning_from is not None:
        end = max(stopped_at, held.starts_at + timedelta(minutes=1))
        if end < held.cleaning_from:
            reshape(held.pk, Span(held.starts_at, end), machine=machine, cleaning_from=end)
            shorten(held.pk, end)
            retail(machine, Span(held.starts_at, held.ends_at))
    record(part.booking, "complete", before=before, actor=actor, now=now)


def check_run(started_at: datetime, stopped_at: datetime, downtimes: Stops, *, now: datetime) -> None:
    """Raise `BadInput` for times that no run can have, and for stops that are longer than it."""
    if stopped_at <= started_at:
        raise BadInput(
            "stopped_at",
            "stops_before_it_starts",
            "Jam selesai harus sesudah jam mulai.",
            "The stop must be after the start.",
        )
    if stopped_at > now + timedelta(minutes=1):
        raise BadInput("stopped_at", "in_the_future", "Jam selesai belum lewat.", "The stop is in the future.")
    if stopped_at - started_at > timedelta(days=2):
        raise BadInput("stopped_at", "far_too_long", "Pemakaian paling lama 2 hari.", "A run lasts at most two days.")
    if timedelta(minutes=_lost(downtimes)) > stopped_at - started_at:
        raise BadInput(
            "downtimes", "longer_than_the_run", "Waktu henti melebihi lama pemakaian.", "The downtime exceeds the run."
        )


def _lost(downtimes: Stops) -> int:
    """Return the minutes of a run in which its machine stood still."""
    return sum(int(str(row["minutes"])) for row in downtimes)


def _word(doubts: Sequence[Reason], booking: Booking, actor: User, reason: str) -> dict[str, object]:
    """Return what a run keeps of a manager's word on what was asked back; raises `Refusal` where there is none."""
    codes = believed(doubts, booking, actor=actor, reason=reason)
    return {"doubts": codes, "confirmed_by": actor, "confirm_reason": reason} if codes else {"doubts": []}


def _counted(run: Run, good: int, rejected: int, doubts: Sequence[Reason]) -> dict[str, object]:
    asked_back = {"doubts": [doubt.code for doubt in doubts]} if doubts else {}
    return {"run": run.pk, "good": good, "rejected": rejected, **asked_back}


def _sheet(cleaning: Mapping[str, object] | None) -> dict[str, object]:
    sheet = cleaning or {}
    return {
        "cleaned_before": sheet.get("before"),
        "cleaned_after": sheet.get("after"),
        "cleaning_agent": sheet.get("agent") or "",
        "cleaning_result": sheet.get("result") or "",
        "cleaned_by": sheet.get("by") or "",
    }


def _text(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(" ".join(filter(None, (f"{row['minutes']}", row["reason"], row["note"]))) for row in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, datetime) else "" if value is None else str(value)
