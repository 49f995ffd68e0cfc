"""Who came, and the one-tap steps of a run: check in, start, stop, release."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.signed_in import signed_in
from bookings.desk.actions import actions_for, open_run, state_of
from bookings.desk.views import at_counter, back, refused, visible_booking
from bookings.models import Booking
from bookings.runs import services as runs
from bookings.trail.access import may_run
from bookings.trail.queries import visible_bookings
from bookings.trail.references import normalised
from facilities.access import duties_of
from facilities.errors import Refusal, Stale, WrongState
from facilities.models import Facility


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def arrival(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer the QR code on a receipt: staff check the person in, everybody else sees the booking."""
    user, code = signed_in(request), normalised(reference)
    booking = visible_bookings(user).filter(reference=code).first()
    if booking is None:
        if not duties_of(user).is_staff:
            raise Http404
        # Staff of another house hear that it is not theirs, and nothing else about it.
        return render(request, "day/arrival_elsewhere.html", {"reference": code[:12]}, status=404)
    if not may_run(user, booking):
        return redirect(f"/pesanan/{booking.reference}/")
    with timezone.override(booking.facility.zone):
        if request.method == "POST":
            return _act(request, booking, _check_in, _("Kehadiran tercatat."), "/hari-ini/")
        now = timezone.now()
        return render(request, "day/arrival.html", _arrival_page(request, booking, now))


def _arrival_page(request: HttpRequest, booking: Booking, now: datetime) -> dict[str, Any]:
    actions = actions_for(signed_in(request), booking, now)
    return {
        "booking": booking,
        "part": booking.machines.all()[0],
        "state": state_of(booking, now),
        "may_check_in": any(a.post and a.href.endswith("/hadir/") and "batal" not in a.href for a in actions),
        "other_day": timezone.localdate(booking.starts_at) != timezone.localdate(now),
        "actions": actions,
        "now": now,
    }


Step = Callable[[HttpRequest, Booking, datetime], object]


def _act(request: HttpRequest, booking: Booking, step: Step, done: str, to: str) -> HttpResponse:
    """Take one step; go back with a word of success, or answer with the reasons against it."""
    now = timezone.now()
    try:
        step(request, booking, now)
    except (Refusal, Stale) as refusal:
        return refused(request, booking, refusal, now=now)
    messages.success(request, done)
    return redirect(to)


def _check_in(request: HttpRequest, booking: Booking, now: datetime) -> object:
    return runs.check_in(booking_id=booking.pk, actor=signed_in(request), now=now)


@at_counter
@require_POST
def check_in(request: HttpRequest, house: Facility, reference: str) -> HttpResponse:
    """Record that the producer is here."""
    booking = visible_booking(request, reference)
    done = _("%(name)s hadir.") % {"name": booking.producer.name}
    return _act(request, booking, _check_in, done, back(request))


@at_counter
@require_POST
def undo_check_in(request: HttpRequest, house: Facility, reference: str) -> HttpResponse:
    """Take back a mistaken check-in."""
    booking = visible_booking(request, reference)

    def step(request: HttpRequest, booking: Booking, now: datetime) -> object:
        return runs.undo_check_in(booking_id=booking.pk, actor=signed_in(request), now=now)

    return _act(request, booking, step, _("Kehadiran dibatalkan."), back(request))


@at_counter
@require_POST
def release(request: HttpRequest, house: Facility, reference: str) -> HttpResponse:
    """Release the time of somebody who never came."""
    booking = visible_booking(request, reference)

    def step(request: HttpRequest, booking: Booking, now: datetime) -> object:
        return runs.mark_no_show(booking_id=booking.pk, actor=signed_in(request), now=now)

    return _act(request, booking, step, _("Jam dilepas. Mesin kosong lagi."), back(request))


@at_counter
@require_POST
def start(request: HttpRequest, house: Facility, reference: str) -> HttpResponse:
    """Start the machine."""
    booking = visible_booking(request, reference)

    def step(request: HttpRequest, booking: Booking, now: datetime) -> object:
        return runs.start_run(booking_id=booking.pk, actor=signed_in(request), now=now)

    done = _("%(machine)s jalan.") % {"machine": booking.machines.all()[0].machine.name}
    return _act(request, booking, step, done, back(request))


@at_counter
@require_POST
def stop(request: HttpRequest, house: Facility, reference: str) -> HttpResponse:
    """Stop the machine, and go on to what came out of it."""
    booking = visible_booking(request, reference)

    def step(request: HttpRequest, booking: Booking, now: datetime) -> object:
        run = open_run(booking)
        return runs.stop_run(run_id=run.pk, actor=signed_in(request), now=now) if run else _nothing_runs(booking)

    return _act(request, booking, step, _("Mesin berhenti. Catat hasilnya."), f"/pesanan/{booking.reference}/pemakaian/")


def _nothing_runs(booking: Booking) -> None:
    raise WrongState(action="stop_run", status=booking.status)
