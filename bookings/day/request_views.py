"""Requests that wait for an answer, and the answers."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.signed_in import signed_in
from bookings.day import request_services
from bookings.day.forms import DeclineForm
from bookings.day.requests import open_requests
from bookings.desk.views import at_counter, back, refused, visible_booking
from bookings.models import Booking
from bookings.trail.access import may_decide
from facilities.access import may_manage
from facilities.errors import Refusal, Stale
from facilities.models import Facility


@at_counter
@require_safe
def requests(request: HttpRequest, house: Facility) -> HttpResponse:
    """Show what waits for an answer, what must be answered first, first, with what helps to decide."""
    now = timezone.now()
    context = {"house": house, "houses": request.houses, "asks": open_requests(house, now=now), "now": now}
    return render(request, "day/requests.html", {**context, "decides": may_manage(signed_in(request), house)})


@at_counter
@require_POST
def approve(request: HttpRequest, house: Facility, reference: str) -> HttpResponse:
    """Say yes."""
    booking, now = _own(request, reference), timezone.now()
    try:
        request_services.approve(booking_id=booking.pk, actor=signed_in(request), now=now)
    except (Refusal, Stale) as refusal:
        return refused(request, booking, refusal, now=now)
    messages.success(request, _("Disetujui. %(name)s dikabari.") % {"name": booking.producer.name})
    return redirect(back(request, "/permintaan/"))


@at_counter
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, house: Facility, reference: str) -> HttpResponse:
    """Say no, with a reason the producer reads."""
    booking, now = _own(request, reference), timezone.now()
    form = DeclineForm(request.POST or None)
    if form.is_valid():
        return _declined(request, booking, form, now)
    context = {"booking": booking, "part": booking.machines.all()[0], "form": form}
    return render(request, "day/decline.html", context, status=422 if form.is_bound else 200)


def _declined(request: HttpRequest, booking: Booking, form: DeclineForm, now: datetime) -> HttpResponse:
    data = form.cleaned_data
    try:
        request_services.decline(
            booking_id=booking.pk,
            actor=signed_in(request),
            now=now,
            reason_code=data["reason_code"],
            reason=data["reason"],
        )
    except (Refusal, Stale) as refusal:
        return refused(request, booking, refusal, now=now)
    messages.success(request, _("Ditolak. %(name)s dikabari alasannya.") % {"name": booking.producer.name})
    return redirect("requests")


def _own(request: HttpRequest, reference: str) -> Booking:
    """Return a booking this person decides; an operator sees it but may not answer."""
    booking = visible_booking(request, reference)
    if not may_decide(signed_in(request), booking):
        raise PermissionDenied
    return booking
