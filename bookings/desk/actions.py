"""What the staff of a house can do with a booking right now: words, icon, address.

Shown on the booking's page, on the day list and on the board. Each action is
checked again by the view and the service behind its address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.models import Booking, Run
from bookings.trail.access import may_decide, may_run
from bookings.trail.lifecycle import APPROVED, CHECKED_IN, COMPLETED, DISPLACED, EARLIEST_CHECK_IN, REQUESTED
from facilities.access import Person

LATE, RUNNING = "late", "running"


@dataclass(frozen=True, slots=True)
class Action:
    """One button. A `post` is a form to send, else `href` is a page to open."""

    words: str
    icon: str
    href: str
    post: bool = False
    main: bool = False
    danger: bool = False


def open_run(booking: Booking) -> Run | None:
    """Return the run in progress, from what was prefetched if it was."""
    for part in booking.machines.all():
        for run in part.runs.all():
            if run.stopped_at is None:
                return run
    return None


def unsigned_run(booking: Booking) -> Run | None:
    """Return a run that stopped and has no results yet."""
    for part in booking.machines.all():
        for run in part.runs.all():
            if run.stopped_at is not None and run.signed_at is None:
                return run
    return None


def state_of(booking: Booking, now: datetime) -> str:
    """Return the status as people see it: a running or late booking is more than its status says."""
    if booking.status == CHECKED_IN and open_run(booking):
        return RUNNING
    if booking.status == APPROVED and booking.starts_at < now:
        return LATE
    return booking.status


def actions_for(user: Person, booking: Booking, now: datetime) -> list[Action]:
    """Return the actions open to a person of the house, the most likely first; nothing for anybody else."""
    if not may_run(user, booking):
        return []
    at = f"/pesanan/{booking.reference}/"
    decides = may_decide(user, booking)
    found = {
        REQUESTED: _requested if decides else _nothing,
        APPROVED: _approved,
        CHECKED_IN: _checked_in,
        COMPLETED: _completed,
    }.get(booking.status, _nothing)(booking, at, now)
    if decides and booking.status in (REQUESTED, APPROVED, DISPLACED):
        first = booking.status == DISPLACED
        found.append(Action(_("Pindahkan"), "pindah", f"{at}pindah/", main=first))
        found.append(Action(_("Batalkan"), "silang", f"{at}batal/", danger=True))
    return found


def _nothing(booking: Booking, at: str, now: datetime) -> list[Action]:
    return []


def _requested(booking: Booking, at: str, now: datetime) -> list[Action]:
    return [
        Action(_("Setujui"), "disetujui", f"{at}setujui/", post=True, main=True),
        Action(_("Tolak"), "silang", f"{at}tolak/"),
    ]


def _approved(booking: Booking, at: str, now: datetime) -> list[Action]:
    found = []
    if now >= booking.starts_at - EARLIEST_CHECK_IN:
        found.append(Action(_("Catat hadir"), "orang", f"{at}hadir/", post=True, main=True))
    if now >= booking.starts_at + timedelta(minutes=booking.facility.grace):
        found.append(Action(_("Tidak hadir"), "takdatang", f"{at}tidak-datang/", post=True))
    return found


def _checked_in(booking: Booking, at: str, now: datetime) -> list[Action]:
    if open_run(booking):
        return [Action(pgettext("button", "Selesai"), "berhenti", f"{at}berhenti/", post=True, main=True)]
    if unsigned_run(booking):
        return [Action(_("Isi hasil"), "ubah", f"{at}pemakaian/", main=True)]
    return [
        Action(_("Mulai"), "mulai", f"{at}mulai/", post=True, main=True),
        Action(_("Isi hasil"), "ubah", f"{at}pemakaian/"),
        Action(_("Belum hadir"), "lagi", f"{at}batal-hadir/", post=True),
    ]


def _completed(booking: Booking, at: str, now: datetime) -> list[Action]:
    signed = any(run.signed_at for part in booking.machines.all() for run in part.runs.all())
    return [Action(_("Lihat hasil") if signed else _("Isi hasil"), "ubah", f"{at}pemakaian/", main=not signed)]
