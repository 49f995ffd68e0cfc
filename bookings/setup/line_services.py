"""A change of line needs a second person: whoever may confirm one is told that it waits, and the asker what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from accounts.models import User
from bookings.models import Message
from facilities.models import Duty, LineChange, Machine
from facilities.setup import lines
from facilities.transactions import in_one_transaction

WORDS = {
    "line_asked": (
        "Ganti lini menunggu Anda: {machine}",
        "A change of line waits for you: {machine}",
        "{actor} meminta {machine} di {house} pindah lini. Periksa buktinya, lalu sahkan:\n{address}",
        "{actor} asks that {machine} at {house} change its line. Look at the evidence, then confirm:\n{address}",
    ),
    "line_confirmed": (
        "Lini sudah diganti: {machine}",
        "The line is changed: {machine}",
        "{actor} mengesahkan. {machine} di {house} kini di lini baru.\n{address}",
        "{actor} confirmed. {machine} at {house} is on its new line now.\n{address}",
    ),
}
"""Subject and body, Indonesian and English. Only people of the house and the provincial office read them."""


@in_one_transaction
def ask_line_change(*, machine: Machine, to_line: str, evidence: str, actor: User, now: datetime) -> LineChange:
    """Ask for a change of line and tell everybody who may confirm it. Raises as `lines.ask_line_change` does."""
    change = lines.ask_line_change(machine=machine, to_line=to_line, evidence=evidence, actor=actor, now=now)
    _tell(_who_may_confirm(machine, actor), "line_asked", change, machine, actor=actor, now=now)
    return change


@in_one_transaction
def confirm_line_change(*, change_id: int, actor: User, now: datetime) -> Machine:
    """Confirm a change of line and tell who asked. Raises as `lines.confirm_line_change` does."""
    machine = lines.confirm_line_change(change_id=change_id, actor=actor, now=now)
    change = LineChange.objects.select_related("asked_by").get(pk=change_id)
    _tell([change.asked_by], "line_confirmed", change, machine, actor=actor, now=now)
    return machine


def _who_may_confirm(machine: Machine, actor: User) -> Iterable[User]:
    here = Q(kind=Duty.Kind.MANAGER, facility=machine.facility_id) | Q(kind=Duty.Kind.PROVINCE)
    duties = Duty.objects.filter(here, ended_at__isnull=True, user__is_active=True).exclude(user=actor)
    return {duty.user_id: duty.user for duty in duties.select_related("user")}.values()


def _tell(
    people: Iterable[User], kind: str, change: LineChange, machine: Machine, *, actor: User, now: datetime
) -> None:
    facts = {
        "machine": machine.name,
        "house": machine.facility.name,
        "actor": actor.name,
        "address": f"{settings.PUBLIC_URL}/pengaturan/mesin/{machine.slug}/lini/",
    }
    Message.objects.bulk_create(
        Message(
            key=f"{kind}:{change.pk}:user:{person.pk}:app",
            user=person,
            channel=Message.Channel.APP,
            kind=kind,
            subject=_said(kind, 0, person).format(**facts)[:160],
            body=_said(kind, 2, person).format(**facts),
            made_at=now,
            sent_at=now,
        )
        for person in people
    )


def _said(kind: str, part: int, person: User) -> str:
    return WORDS[kind][part + (1 if person.language.startswith("en") else 0)]
