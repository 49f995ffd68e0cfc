"""Giving a time back, and moving to another."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.signed_in import signed_in
from bookings.desk.versions import STALE, beaten
from bookings.home import receipt_words
from bookings.home.receipt_views import own_or_404
from bookings.messages.services import told_of_move
from bookings.models import BookedMachine, Booking
from bookings.ordering import services as ordering
from bookings.ordering.changing_forms import CancelForm, HouseCancelForm, MoveForm
from bookings.ordering.choosing_views import time_page
from bookings.ordering.moving import Moving
from bookings.ordering.own_time import naming_the_own
from bookings.packs.order_address import local_text
from bookings.trail.access import is_own, may_cancel, may_move
from bookings.trail.answering import is_promised
from bookings.trail.lifecycle import APPROVED, allowed_actions
from bookings.trail.queries import answered_by
from facilities.catalogue.queries import in_service
from facilities.catalogue.wording import sentences
from facilities.errors import Refusal, Stale, WrongState
from facilities.models import Machine


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask why, then give the time back."""
    now = timezone.now()
    found = own_or_404(request, reference)
    if not may_cancel(signed_in(request), found):
        raise PermissionDenied
    with timezone.override(found.facility.zone):
        if "cancel" not in allowed_actions(found.status):
            return _too_late(request, found)
        own = is_own(signed_in(request), found)
        form = (CancelForm if own else HouseCancelForm)(request.POST or None, initial={"version": found.version})
        if request.method == "POST" and form.is_valid():
            return _cancelled(request, found, form, now)
        return _cancel_page(request, found, form, now, status=422 if form.is_bound else 200)


def _cancel_page(
    request: HttpRequest, found: Booking, form: CancelForm | HouseCancelForm, now: datetime, *, status: int
) -> HttpResponse:
    """Show how the booking stands and ask why it goes; with 412, what somebody else has just made of it."""
    deadline = receipt_words.cancel_deadline(found)
    context = {
        "booking": found,
        "part": found.machines.all()[0],
        "form": form,
        "deadline": deadline,
        "is_late": found.status == APPROVED and now > deadline,
        "beaten": status == STALE,
    }
    page = "ordering/cancel.html" if is_own(signed_in(request), found) else "ordering/cancel_by_house.html"
    return render(request, page, context, status=status)


def _cancelled(request: HttpRequest, found: Booking, form: CancelForm | HouseCancelForm, now: datetime) -> HttpResponse:
    user = signed_in(request)
    by_house = not is_own(user, found)
    try:
        ordering.cancel(
            booking_id=found.pk,
            actor=user,
            now=now,
            reason_code=form.cleaned_data["reason_code"],
            reason=form.cleaned_data["reason"],
            on_behalf=by_house,
            version=form.cleaned_data["version"],
        )
    except WrongState:
        return _too_late(request, own_or_404(request, found.reference))
    except Stale:
        fresh = own_or_404(request, found.reference)
        if "cancel" not in allowed_actions(fresh.status):
            return _too_late(request, fresh, status=STALE)
        status = beaten(form, type(form)(initial={"version": fresh.version}))
        return _cancel_page(request, fresh, form, now, status=status)
    told = _("Dibatalkan. %(name)s dikabari alasannya.") % {"name": found.producer.name}
    messages.success(request, told if by_house else _("Terima kasih, jam Anda kini bisa dipakai orang lain."))
    return HttpResponseRedirect(reverse("booking", args=[found.reference]), status=303)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the times with the old one counted as free; then old beside new; then move."""
    now = timezone.now()
    found = own_or_404(request, reference)
    if not may_move(signed_in(request), found):
        raise PermissionDenied
    with timezone.override(found.facility.zone):
        if not allowed_actions(found.status) & {"move", "ask_to_move"}:
            return _too_late(request, found)
        return _Move(request, found, now).answer()


class _Move:
    """One request of a move: the booking, where it could go, and where it was asked to go."""

    is_beaten = False

    def __init__(self, request: HttpRequest, found: Booking, now: datetime) -> None:
        self.request, self.booking, self.now = request, found, now
        self.part: BookedMachine = found.machines.all()[0]
        data = request.POST if request.method == "POST" else request.GET
        self.data = data
        zone = found.facility.zone
        self.moving = Moving(found, self.part)
        self.others = self._house_machines()
        asked = data.get("mesin", self.part.machine.slug)
        self.machine: Machine = next((m for m in self.others if m.slug == asked), self.others[0])
        initial = {"version": found.version}
        self.form = MoveForm(data if data.get("jam") else None, zone=zone, initial=initial)

    def _house_machines(self) -> list[Machine]:
        """Machines of the house in service that can do this job, the booked one first even if it is retired."""
        machines = in_service(timezone.localdate(self.now)).filter(facility=self.booking.facility_id)
        kin = machines.filter(type=self.part.machine.type_id).prefetch_related("capabilities")
        found = [m for m in kin if m.pk == self.part.machine_id or self.moving.fits(m, self.now, self.now)]
        return sorted(found, key=lambda m: m.pk != self.part.machine_id) or [self.part.machine]

    def answer(self) -> HttpResponse:
        if self.form.is_bound and not self.form.is_valid():
            return self.times(status=422)
        if self.request.method == "POST":
            return self.send() if self.form.is_bound else self.times(status=422)
        return self.compare() if self.form.is_bound and "periksa" in self.data else self.times()

    def times(self, *, status: int = 200, refusal: Refusal | None = None) -> HttpResponse:
        minutes = self.minutes
        held = self.part.occupancy
        page = time_page(self.machine, self.data, now=self.now, minutes=minutes, moving=self.part.occupancy_id,
                         cleaning_class=held.cleaning_class if held else "", viewer=signed_in(self.request),
                         booking=self.booking)  # fmt: skip
        common, hidden = self._common(), [("mesin", self.machine.slug), ("periksa", "1")]
        context = {
            **page,
            **common,
            "hidden": hidden,
            "onward": urlencode([*hidden, ("version", common["version"])]),
            "reasons": sentences(refusal.reasons) if refusal else [],
            "form": self.form,
        }
        return render(self.request, "ordering/move.html", context, status=status)

    @property
    def minutes(self) -> int:
        return self.moving.minutes(self.machine)

    def compare(self, *, status: int = 200) -> HttpResponse:
        """Show old and new side by side; with 412, the old one as somebody has just made it."""
        start, end = self._span()
        place = self.moving.at(self.machine, start, now=self.now, thorough=True)
        own = is_own(signed_in(self.request), self.booking)
        told = [] if own else told_of_move(self.booking, self.machine, start, end, now=self.now)
        waits = own and self.booking.status == APPROVED and bool(place.said.asks)
        until = answered_by(self.booking.facility, start, now=self.now) if waits else start
        context = {
            **self._common(),
            "start": start,
            "end": end,
            "place": place,
            "told": told,
            "jam": local_text(start, self.booking.facility.zone),
            "waits": waits,
            "answer": until if is_promised(until, start) else None,
            "warnings": sentences(place.said.warnings),
        }
        return render(self.request, "ordering/move_check.html", context, status=status)

    def send(self) -> HttpResponse:
        user = signed_in(self.request)
        start, end = self._span()
        try:
            ordering.move(
                booking_id=self.booking.pk,
                machine_id=self.machine.pk,
                starts_at=start,
                ends_at=end,
                actor=user,
                now=self.now,
                on_behalf=not is_own(user, self.booking),
                version=self.form.cleaned_data["version"],
            )
        except (WrongState, Stale) as conflict:
            return self._beaten(conflict)
        except Refusal as refusal:
            told = naming_the_own(refusal, self.machine, start, end, producer=self.booking.producer, actor=user,
                                  now=self.now, moving=self.booking.pk)  # fmt: skip
            return self.times(status=409, refusal=told)
        told = _("Dipindahkan. %(name)s dikabari.") % {"name": self.booking.producer.name}
        messages.success(self.request, _("Jadwal Anda sudah pindah.") if is_own(user, self.booking) else told)
        return HttpResponseRedirect(reverse("booking", args=[self.booking.reference]), status=303)

    def _beaten(self, conflict: Refusal | Stale) -> HttpResponse:
        """Show the booking as it is now beside the time that was chosen, which one button takes; or that it is over."""
        fresh = own_or_404(self.request, self.booking.reference)
        if not allowed_actions(fresh.status) & {"move", "ask_to_move"}:
            return _too_late(self.request, fresh, status=_status_of(conflict))
        anew = _Move(self.request, fresh, self.now)
        anew.form.is_valid()
        anew.is_beaten = True
        return anew.compare(status=_status_of(conflict))

    def _span(self) -> tuple[datetime, datetime]:
        start = self.form.cleaned_data["jam"]
        return start, start + timedelta(minutes=self.minutes)

    def _carried(self) -> object:
        """Return the version that the page carries: what its writer saw, until they are shown what is stored now."""
        if self.is_beaten or self.request.method != "POST":
            return (None if self.is_beaten else self.form["version"].value()) or self.booking.version
        return self.data.get("version", "")

    def _common(self) -> dict[str, Any]:
        return {
            "booking": self.booking,
            "part": self.part,
            "machine": self.machine,
            "house": self.booking.facility,
            "machines": self.others if len(self.others) > 1 else [],
            "version": self._carried(),
            "beaten": self.is_beaten,
        }


def _too_late(request: HttpRequest, found: Booking, *, status: int = 409) -> HttpResponse:
    """Say how the booking stands now, and where to go from here."""
    own = is_own(signed_in(request), found)
    headline = receipt_words.headline(found) if own else found.get_status_display()
    context = {"booking": found, "part": found.machines.all()[0], "headline": headline}
    return render(request, "ordering/changed.html", context, status=status)


def _status_of(conflict: Exception) -> int:
    return STALE if isinstance(conflict, Stale) else 409
