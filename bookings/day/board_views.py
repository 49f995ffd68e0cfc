"""The board of a day, and moving a booking on it: select, choose a place, confirm."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.signed_in import signed_in
from bookings.day.board import Board, day_board
from bookings.day.places import Places
from bookings.desk.actions import actions_for, state_of
from bookings.desk.fields import MomentField, VersionField
from bookings.desk.versions import version_seen
from bookings.desk.views import asked_day, at_counter, shifted, visible_booking
from bookings.messages.services import told_of_move
from bookings.models import Booking
from bookings.ordering import services as ordering
from bookings.ordering.moving import Moving
from bookings.ordering.own_time import naming_the_own
from bookings.packs.near_misses import here, move_with_near_misses
from bookings.trail.access import may_decide
from bookings.trail.lifecycle import APPROVED, DISPLACED, REQUESTED, allowed_actions
from facilities.access import may_manage
from facilities.catalogue.wording import sentences
from facilities.errors import BadInput, Refusal, Stale, WrongState
from facilities.models import Facility, Machine
from facilities.time.hours import local_day
from facilities.time.lengths import USUAL
from facilities.time.spans import Span

LENGTHS = (30, 60, 120, 180, 240)
SUGGESTED = 8


@at_counter
@require_safe
def board(request: HttpRequest, house: Facility) -> HttpResponse:
    """Show a day: machines × hours, the tray, and what can be done with the picked booking."""
    now, day = timezone.now(), asked_day(request)
    picked = visible_booking(request, request.GET["pilih"]) if request.GET.get("pilih") else None
    if picked is not None and picked.facility_id != house.pk:
        raise Http404
    minutes = Span(picked.starts_at, picked.ends_at).minutes if picked else _length(request)
    found = day_board(house, local_day(day, house.zone), now=now, minutes=minutes)
    decides, picking = may_manage(signed_in(request), house), _pick(request, picked, now)
    if picked is not None and picking["movable"]:
        _offer_places(found, picked, now)
        picking["has_place"] = any(lane.gaps for lane in found.lanes)
    context = {
        "house": house,
        "houses": request.houses,
        "board": found,
        "now": now,
        "day": day,
        "before": shifted(day, -1),
        "after": shifted(day, 1),
        "is_today": day == timezone.localdate(now),
        "view": request.GET.get("tampil", ""),
        "minutes": minutes,
        "lengths": LENGTHS,
        "decides": decides,
        "pick_base": _pick_base(request),
        "now_tag": max(0, (found.now_column or 0) - 2),
        "displaced": _with_suggestions(found, day, now),
        **picking,
    }
    return render(request, "day/board.html", context)


def _pick_base(request: HttpRequest) -> str:
    """Return this page's query without the pick, once for all bars."""
    query = request.GET.copy()
    query.pop("pilih", None)
    return f"{query.urlencode()}&" if query else ""


def _length(request: HttpRequest) -> int:
    asked = request.GET.get("sela", "")
    return int(asked) if asked in {str(length) for length in LENGTHS} else USUAL


def _with_suggestions(found: Board, day: date, now: datetime) -> list[tuple[Any, Any]]:
    if day < timezone.localdate(now) or not found.displaced:
        return [(part, None) for part in found.displaced]
    places = Places(found.lanes, found.scale, now=now)
    return [
        (part, places.first(part) if number < SUGGESTED else None) for number, part in enumerate(found.displaced)
    ]


def _offer_places(found: Board, picked: Booking, now: datetime) -> None:
    """Let the free stretches of a board be those to which the picked booking could be moved."""
    part = picked.machines.all()[0]
    part.booking = picked
    gaps = Places(found.lanes, found.scale, now=now).of(part)
    for lane in found.lanes:
        lane.gaps = gaps.get(lane.machine.pk, [])


def _pick(request: HttpRequest, picked: Booking | None, now: datetime) -> dict[str, Any]:
    if picked is None:
        return {"picked": None}
    movable = picked.status in (REQUESTED, APPROVED, DISPLACED) and may_decide(signed_in(request), picked)
    return {
        "picked": picked,
        "picked_part": picked.machines.all()[0],
        "picked_state": state_of(picked, now),
        "actions": actions_for(signed_in(request), picked, now),
        "movable": movable,
    }


@at_counter
@require_http_methods(["GET", "HEAD", "POST"])
def move_here(request: HttpRequest, house: Facility, reference: str) -> HttpResponse:
    """Confirm a place chosen on the board: what changes and who is told. Nothing moves before that."""
    booking = visible_booking(request, reference)
    if not may_decide(signed_in(request), booking):
        raise PermissionDenied
    machine, starts_at = _place(request, house)
    if request.method != "POST":
        return _preview(request, booking, machine, starts_at)
    place = Moving(booking, booking.machines.all()[0]).at(machine, starts_at, now=timezone.now())
    try:
        _move(request, booking, machine, starts_at, place.ends_at)
    except BadInput as bad:
        return _preview(request, booking, machine, starts_at, status=422, bad=bad.sentence(request.LANGUAGE_CODE))
    except Refusal as refusal:
        if not isinstance(refusal, WrongState):
            refusal = _in_words(refusal, request, booking, machine, starts_at, place.ends_at)
        return _preview(request, booking, machine, starts_at, status=409, **_refused(refusal, booking))
    except Stale:
        return _beaten(request, visible_booking(request, reference), machine, starts_at)
    messages.success(request, _("Dipindahkan. %(name)s dikabari.") % {"name": booking.producer.name})
    return _to_board(starts_at)


def _in_words(
    refusal: Refusal, request: HttpRequest, booking: Booking, machine: Machine, starts_at: datetime, ends_at: datetime
) -> Refusal:
    """Return the refusal with places nearby; where the same producer holds that time already, it says so."""
    now = timezone.now()
    refusal = move_with_near_misses(refusal, booking, machine, starts_at, ends_at, now=now)
    return naming_the_own(refusal, machine, starts_at, ends_at, producer=booking.producer, actor=signed_in(request),
                          now=now, moving=booking.pk)  # fmt: skip


def _preview(
    request: HttpRequest, booking: Booking, machine: Machine, starts_at: datetime, *, status: int = 200, **extra: Any
) -> HttpResponse:
    """Show what the move would do: hours at that machine's rate, price, cleaning, what the decision says, who reads what."""
    now, part = timezone.now(), booking.machines.all()[0]
    place = Moving(booking, part).at(machine, starts_at, now=now)
    movable = "move" in allowed_actions(booking.status)
    told = told_of_move(booking, machine, starts_at, place.ends_at, now=now) if movable else []
    context = {
        "booking": booking,
        "part": part,
        "place": place,
        "booked_minutes": Span(booking.starts_at, booking.ends_at).minutes,
        "told": told,
        "reason": _reason(request),
        "version": booking.version if request.method != "POST" or "beaten" in extra else version_seen(request),
        "day": timezone.localdate(starts_at),
        "movable": movable,
        **(_refused(Refusal(place.said.refusals), booking) if place.said.refusals else {}),
        **extra,
    }
    return render(request, "day/move_here.html", context, status=status)


def _beaten(request: HttpRequest, fresh: Booking, machine: Machine, starts_at: datetime) -> HttpResponse:
    """Show what somebody else made of the booking beside what was chosen here: one button applies it anew."""
    part = fresh.machines.all()[0]
    if fresh.status != DISPLACED and (part.machine_id, part.starts_at) == (machine.pk, starts_at):
        messages.info(request, _("Pesanan ini sudah dipindah ke sini."))
        return _to_board(starts_at)
    last = fresh.events.select_related("actor").order_by("-at", "-pk").first()
    return _preview(request, fresh, machine, starts_at, status=412, beaten=last)


def _to_board(starts_at: datetime) -> HttpResponse:
    return redirect(f"/papan/?hari={timezone.localdate(starts_at):%Y-%m-%d}")


def _reason(request: HttpRequest) -> str:
    return request.POST.get("alasan", "").strip()[:300]


def _move(request: HttpRequest, booking: Booking, machine: Machine, starts_at: datetime, ends_at: datetime) -> None:
    ordering.move(
        booking_id=booking.pk,
        machine_id=machine.pk,
        starts_at=starts_at,
        ends_at=ends_at,
        actor=signed_in(request),
        now=timezone.now(),
        on_behalf=True,
        override_reason=_reason(request),
        version=VersionField().clean(version_seen(request)),
    )


def _refused(refusal: Refusal, booking: Booking) -> dict[str, Any]:
    alternatives = here(refusal, booking.facility_id)
    hard = any(not reason.overridable for reason in refusal.reasons)
    return {"reasons": sentences(refusal.reasons), "alternatives": alternatives, "may_override": not hard, "hard": hard}


def _place(request: HttpRequest, house: Facility) -> tuple[Machine, datetime]:
    """Read machine and start from the address or the form; a place that cannot exist is no page."""
    typed = request.POST if request.method == "POST" else request.GET
    machine = Machine.objects.filter(facility=house, slug=typed.get("mesin", "")).first()
    try:
        start = MomentField().clean(typed.get("mulai", ""))
    except ValidationError as error:
        raise Http404 from error
    if machine is None or start is None:
        raise Http404
    return machine, start
