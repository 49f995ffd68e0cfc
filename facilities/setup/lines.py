"""Changing what a machine may ever touch: one person asks with evidence, another one confirms.

Halal and non-halal share no tool (UU 33/2014 art. 21): so nothing may be booked on a machine while its line
changes, and nobody changes it alone. Every step stays on file for ever.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from accounts.models import User
from facilities.audit import audit
from facilities.errors import BadInput, Reason, Refusal, WrongState
from facilities.models import LineChange, Machine, Occupancy
from facilities.occupancy.writing import lock
from facilities.transactions import in_one_transaction

SHORTEST_EVIDENCE = 10

SAME_PERSON = Reason(
    "needs_second_person",
    id="Anda yang meminta. Orang lain harus mengesahkannya.",
    en="You asked for this. Somebody else must confirm it.",
    way_out_id="Minta pengelola lain atau dinas provinsi membukanya.",
    way_out_en="Ask another manager or the provincial office to open it.",
)
ASKED_ALREADY = Reason(
    "line_change_is_open",
    id="Ganti lini mesin ini sudah diminta. Sahkan atau tarik dulu yang itu.",
    en="A change of this machine's line is open already. Confirm or withdraw that one first.",
)


@in_one_transaction
def ask_line_change(*, machine: Machine, to_line: str, evidence: str, actor: User, now: datetime) -> LineChange:
    """Ask that a machine serves the other line. `evidence`: what was done to it, and by which letter.

    Raises `Refusal` while bookings hold time ahead or another change is open, `BadInput`.
    """
    (locked,) = lock([machine.pk])
    evidence = " ".join(evidence.split())
    if len(evidence) < SHORTEST_EVIDENCE:
        raise BadInput("evidence", "too_short", "Tulis apa yang dilakukan, dan nomor suratnya.",
                       "Write what was done, and the number of the letter.")  # fmt: skip
    if to_line not in Machine.Line.values or to_line == locked.line:
        raise BadInput("to_line", "same_line", "Mesin sudah di lini itu.", "The machine is on that line already.")
    _check_empty(locked, now=now)
    try:
        with transaction.atomic():
            change = LineChange.objects.create(machine=locked, from_line=locked.line, to_line=to_line,
                                               evidence=evidence, asked_by=actor, asked_at=now)  # fmt: skip
    except IntegrityError as error:
        raise Refusal([ASKED_ALREADY]) from error
    audit(action="ask_line_change", target=change, actor=actor, now=now, before={"line": locked.line},
          after={"line": to_line, "machine": locked.slug}, reason=evidence)  # fmt: skip
    return change


@in_one_transaction
def confirm_line_change(*, change_id: int, actor: User, now: datetime) -> Machine:
    """Put the machine on its new line, as a second person.

    Raises `Refusal` (`needs_second_person`, or `bookings_affected` for what was booked since), `WrongState`.
    """
    (machine,) = lock([LineChange.objects.get(pk=change_id).machine_id])
    change = LineChange.objects.get(pk=change_id)
    if change.asked_by_id == actor.pk:
        raise Refusal([SAME_PERSON])
    _check_empty(machine, now=now)
    open_ = _open(change_id).filter(from_line=machine.line)
    if not open_.update(confirmed_by=actor, confirmed_at=now):
        raise WrongState(action="confirm_line_change", status="closed")
    Machine.objects.filter(pk=machine.pk).update(line=change.to_line, version=F("version") + 1)
    audit(action="confirm_line_change", target=change, actor=actor, now=now, before={"line": change.from_line},
          after={"line": change.to_line, "machine": machine.slug})  # fmt: skip
    machine.refresh_from_db()
    return machine


@in_one_transaction
def withdraw_line_change(*, change_id: int, actor: User, now: datetime) -> LineChange:
    """Take a request back that nobody confirmed yet. It stays in the history. Raises `WrongState`."""
    if not _open(change_id).update(withdrawn_at=now):
        raise WrongState(action="withdraw_line_change", status="closed")
    change = LineChange.objects.get(pk=change_id)
    audit(action="withdraw_line_change", target=change, actor=actor, now=now)
    return change


def _open(change_id: int) -> QuerySet[LineChange]:
    return LineChange.objects.filter(pk=change_id, confirmed_at__isnull=True, withdrawn_at__isnull=True)


def _check_empty(machine: Machine, *, now: datetime) -> None:
    """Refuse while any booking or offer holds time that is not over."""
    kinds = [Occupancy.Kind.BOOKING, Occupancy.Kind.OFFER]
    held = Occupancy.objects.filter(machine=machine, ends_at__gt=now, kind__in=kinds).count()
    if held:
        raise Refusal(
            [
                Reason(
                    "bookings_affected",
                    id=f"Masih ada {held} pesanan di mesin ini. Pindahkan atau batalkan dulu.",
                    en=f"{held} bookings hold time on this machine. Move or call them off first.",
                    values={"count": held},
                )
            ]
        )
