"""One booking at one address, for two kinds of readers: its producer holds a receipt, the house sees its work."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.signed_in import signed_in
from bookings.desk.actions import actions_for, state_of
from bookings.home import receipt_words
from bookings.home.receipt_views import own_or_404, receipt
from bookings.models import Booking
from bookings.people.documents import documents_of
from bookings.roster.week import TO_RUN
from bookings.trail.access import is_own, may_decide, may_run, may_see_phone
from facilities.models import Occupancy


@login_required
@require_safe
def booking(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a booking: to its producer's people the receipt, to everybody else who may read it the page of staff."""
    now = timezone.now()
    found = own_or_404(request, reference)
    return receipt(request, found, now) if is_own(signed_in(request), found) else _staff_page(request, found, now)


@never_cache
def _staff_page(request: HttpRequest, found: Booking, now: datetime) -> HttpResponse:
    """Show who it is, what is packed when, what is cleaned, how it ran, what is on file, and what can be done."""
    user, house = signed_in(request), found.facility
    works_here = may_run(user, found)
    if works_here:
        request.house = house  # type: ignore[attr-defined]  # so that every form on it says this house
    part = found.machines.all()[0]
    with timezone.override(house.zone):
        context = {
            "booking": found,
            "part": part,
            "state": state_of(found, now),
            "works_here": works_here,
            "may_see_phone": works_here and may_see_phone(user, found.producer),
            "may_name": may_decide(user, found) and found.status in TO_RUN,
            "why": receipt_words.reason_words(found),
            "held": _held(part.occupancy),
            "runs": list(part.runs.all()),
            "documents": documents_of(found.producer, today=timezone.localdate(now), whole=works_here),
            "history": receipt_words.happened(found, receipt_words.capacities_in(found), for_house=True),
            "actions": actions_for(user, found, now),
            "back": f"/pesanan/{found.reference}/",
        }
        return render(request, "day/booking.html", context)


def _held(occupancy: Occupancy | None) -> dict[str, Any] | None:
    """The whole time that the machine is kept for it, setup and cleaning included; None once it was given back."""
    return {"start": occupancy.starts_at, "end": occupancy.ends_at} if occupancy else None
