"""One booking: the producer's receipt, its picture, its line in a phone's calendar."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.signed_in import signed_in
from bookings.desk.actions import actions_for, state_of
from bookings.home import receipt_words
from bookings.home.queries import AHEAD, booking_with_story, good_packs
from bookings.home.receipt_picture import receipt_png
from bookings.messages.feed_queries import is_forgotten, is_off
from bookings.messages.ical import Event
from bookings.messages.ical import calendar as calendar_text
from bookings.models import Booking
from bookings.packs.order_address import kept, visit_asked, visits_in
from bookings.roster.week import TO_RUN
from bookings.trail.access import may_cancel, may_decide, may_move
from bookings.trail.lifecycle import APPROVED, DISPLACED, REQUESTED, allowed_actions
from facilities.catalogue import wording

KEPT_BY_THE_DEVICE = "private, no-cache"
"""Asked again when there is signal; the service worker shows the kept one without."""


def own_or_404(request: HttpRequest, reference: str) -> Booking:
    """Return a booking this person may read, however its reference is written; 404 for anything else."""
    found = booking_with_story(signed_in(request), reference.upper())
    if found is None:
        raise Http404
    return found


def receipt(request: HttpRequest, found: Booking, now: datetime) -> HttpResponse:
    """Show a producer's people their booking: when, where, the code, what to bring, what comes next."""
    with timezone.override(found.facility.zone):
        response = render(request, "home/receipt.html", _context(request, found, now))
    response["Cache-Control"] = KEPT_BY_THE_DEVICE
    return response


def _context(request: HttpRequest, found: Booking, now: datetime) -> dict[str, Any]:
    user = signed_in(request)
    part = found.machines.all()[0]
    machine, house = part.machine, found.facility
    open_actions = allowed_actions(found.status)
    good, rejected, minutes = good_packs(found)
    deadline = receipt_words.cancel_deadline(found)
    known = receipt_words.capacities_in(found)
    return {
        "booking": found,
        "part": part,
        "may_name": may_decide(user, found) and found.status in TO_RUN,
        "machine": machine,
        "house": house,
        "headline": receipt_words.headline(found),
        "subline": receipt_words.subline(found, by_house=receipt_words.is_called_off_by_house(found, known)),
        "why": receipt_words.reason_words(found),
        "receipt": slip(found, now),
        "work": wording.work_words(machine.type_id),
        "level": wording.level_word(machine.operator_level),
        "bring": receipt_words.bring_list(found) if found.status in (REQUESTED, APPROVED) else [],
        "next_steps": receipt_words.next_steps(found, now=now),
        "history": receipt_words.happened(found, known),
        "share_href": receipt_words.share_address(found, machine.name) if found.status in AHEAD else "",
        "chat_href": wording.whatsapp_address(house.phone, _("Halo, tentang pesanan %s") % found.reference),
        "good": good,
        "rejected": rejected,
        "minutes": minutes,
        "may_cancel": may_cancel(user, found) and "cancel" in open_actions,
        "may_move": may_move(user, found) and bool(open_actions & {"move", "ask_to_move"}),
        "needs_new_time": found.status == DISPLACED,
        "deadline": deadline,
        "is_late": now > deadline,
        "actions": actions_for(user, found, now),
        "back": f"/pesanan/{found.reference}/",
        "visit": _next_visit(request, found),
    }


def _next_visit(request: HttpRequest, found: Booking) -> dict[str, Any] | None:
    """The next visit of a plan, as the address says it: when, how many packs, how many come after it, and where to book it."""
    zone, machine = found.facility.zone, found.machines.all()[0].machine
    data = QueryDict(request.GET.get("lanjut", ""))
    visit = visit_asked(data, zone)
    if visit is None:
        return None
    return {
        "start": visit.start,
        "end": visit.end,
        "packs": visit.packs,
        "left": 1 + len(visits_in(data.get("lanjut", ""), zone, after=visit.end)),
        "href": f"{reverse('order_check', args=[machine.slug])}?{kept(data)}",
    }


def slip(found: Booking, now: datetime) -> dict[str, Any]:
    """Return what `components/receipt.html` shows of a booking."""
    part = found.machines.all()[0]
    machine, house = part.machine, found.facility
    return {
        "reference": found.reference,
        "status": state_of(found, now),
        "producer": found.producer.name,
        "starts_at": found.starts_at,
        "ends_at": found.ends_at,
        "zone": house.zone,
        "code": machine.type_id,
        "machine": machine.name,
        "machine_detail": machine.get_line_display(),
        "facility": house.name,
        "place": f"{house.address}.",
        "map_href": wording.map_address(house),
        "qr_text": arrival_address(found) if found.status in AHEAD else "",
    }


def arrival_address(found: Booking) -> str:
    """Return what the code says: the page where staff record that somebody came. Nothing personal."""
    return f"{settings.PUBLIC_URL}/hadir/{found.reference}/"


@login_required
@require_safe
def picture(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the receipt as an image, for the phone's gallery."""
    found = own_or_404(request, reference)
    png = receipt_png(found, code=arrival_address(found) if found.status in AHEAD else "")
    response = HttpResponse(png, content_type="image/png")
    response["Content-Disposition"] = f'attachment; filename="{found.reference}.png"'
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_safe
def calendar(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the booking as one event for a phone's calendar."""
    found = own_or_404(request, reference)
    changed_at = max((event.at for event in found.events.all()), default=found.made_at)
    if is_forgotten(found, changed_at=changed_at, now=timezone.now()):
        raise Http404
    part = found.machines.all()[0]
    event = Event(
        uid=f"{found.reference}-{part.pk}@rumah-produksi",
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        summary=f"{part.machine.name}, {found.facility.name}",
        location=f"{found.facility.name}, {found.facility.address}",
        description="\n".join([found.reference, *(strong or rest for _icon, strong, rest in receipt_words.bring_list(found)), receipt_words.address_of(found)]),
        is_tentative=found.status == REQUESTED,
        is_cancelled=is_off(found.status),
        rings=True,
        sequence=found.version,
        changed_at=changed_at,
    )
    text = calendar_text(found.reference, [event], now=timezone.now())
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.reference}.ics"'
    response["Cache-Control"] = "private, no-store"
    return response
