"""Work of the last seven days that nobody entered: a manager writes it down, and it is marked as entered late."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.signed_in import signed_in
from bookings.day import counter_services as counter
from bookings.day.counter_forms import PastWorkForm
from bookings.day.counter_views import asks_to_search, party_of, people_for
from bookings.desk.views import blame, for_managers
from facilities.catalogue.wording import sentences
from facilities.errors import BadInput, Refusal
from facilities.models import Facility


@for_managers
@require_http_methods(["GET", "HEAD", "POST"])
def past_work(request: HttpRequest, house: Facility) -> HttpResponse:
    """Ask who, on which machine, from when to when and what came out; then it stands in the log."""
    now = timezone.now()
    if request.method != "POST":
        initial = {"line": "halal", "rejected": 0, "new_kind": "umkm"}
        return _page(request, house, PastWorkForm(initial=initial, house=house, now=now))
    if asks_to_search(request.POST):
        return _page(request, house, PastWorkForm(initial=request.POST.dict(), house=house, now=now))
    form = PastWorkForm(request.POST, house=house, now=now)
    return _enter(request, house, form, now) if form.is_valid() else _page(request, house, form, status=422)


def _enter(request: HttpRequest, house: Facility, form: PastWorkForm, now: datetime) -> HttpResponse:
    party, data = party_of(request, form), form.cleaned_data
    if party is None:
        form.add_error("producer", _("Orang ini tidak ditemukan. Cari lagi."))
        return _page(request, house, form, status=422)
    try:
        booking = counter.enter_past(
            producer=party, machine=data["machine"], work=form.work(), rejected=data["rejected"], wish=form.wish(),
            actor=signed_in(request), now=now, reason=data["reason"], confirm_reason=data["confirm_reason"],
        )  # fmt: skip
    except BadInput as bad:
        blame(form, bad)
        return _page(request, house, form, status=422)
    except Refusal as refusal:
        passable = all(reason.overridable for reason in refusal.reasons)
        return _page(request, house, form, status=409, reasons=sentences(refusal.reasons), confirms=passable)
    messages.success(request, _("Tercatat susulan, nomor %(code)s.") % {"code": booking.reference})
    return redirect("run_sheet", reference=booking.reference)


def _page(request: HttpRequest, house: Facility, form: PastWorkForm, status: int = 200, **extra: Any) -> HttpResponse:
    context = {"house": house, "form": form, **people_for(request, form), **extra}
    return render(request, "day/past_work.html", context, status=status)
