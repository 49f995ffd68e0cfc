"""Jadwal saya: what is coming, what waits, what was."""

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
from bookings.home.queries import own_schedule
from bookings.models import Booking
from bookings.trail.access import own_producer_ids
from bookings.trail.lifecycle import DISPLACED, REQUESTED
from facilities.catalogue import wording


@never_cache
@login_required
@require_safe
def schedule(request: HttpRequest) -> HttpResponse:
    """List a producer's bookings: those that need an answer first, then what is coming, then what was."""
    now = timezone.now()
    user = signed_in(request)
    ahead, off, past = own_schedule(user, now=now)
    rows = [_row(booking, now) for booking in ahead]
    context = {
        "urgent": [row for row in rows if row["booking"].status == DISPLACED],
        "waiting": [row for row in rows if row["booking"].status == REQUESTED],
        "upcoming": [row for row in rows if row["booking"].status not in (DISPLACED, REQUESTED)],
        "off": [_row(booking, now) for booking in off],
        "past": [_row(booking, now) for booking in past],
        "several": len(own_producer_ids(user)) > 1,
    }
    return render(request, "home/schedule.html", context)


def _row(booking: Booking, now: datetime) -> dict[str, Any]:
    zone = booking.facility.zone
    part = booking.machines.all()[0]
    return {
        "booking": booking,
        "machine": part.machine,
        "zone": zone,
        "day": wording.near_day(booking.starts_at, now=now, zone=zone),
        "status": booking.status if booking.status in (REQUESTED, DISPLACED) else state_of_row(booking, now),
    }


def state_of_row(booking: Booking, now: datetime) -> str:
    """Return the status as its producer reads it: an approved one that has begun is late."""
    return "late" if booking.status == "approved" and booking.starts_at < now else booking.status


