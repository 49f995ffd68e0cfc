"""Correcting what was reported of a breakdown: when it began and ended, what it was. The old values stay."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.signed_in import signed_in
from bookings.desk.views import blame, for_managers
from bookings.upkeep.forms import StopCorrectionForm
from facilities.errors import BadInput, Stale
from facilities.models import Breakdown, Facility
from facilities.upkeep import services as facility_upkeep


@for_managers
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, house: Facility, number: int) -> HttpResponse:
    """Show a breakdown as it was reported, and take its correction; of two the second sees both."""
    stop = _stop(house, number)
    if request.method != "POST":
        return _page(request, stop, _filled(stop))
    form = StopCorrectionForm(request.POST, is_open=stop.closed_at is None)
    if not form.is_valid():
        return _page(request, stop, form, status=422)
    try:
        facility_upkeep.correct_breakdown(
            breakdown_id=stop.pk, values=form.values(), reason=form.cleaned_data["why"], actor=signed_in(request),
            now=timezone.now(), version=form.cleaned_data["version"],
        )  # fmt: skip
    except BadInput as bad:
        blame(form, bad)
        return _page(request, stop, form, status=422)
    except Stale:
        return _beaten(request, _stop(house, number))
    messages.success(request, _("Koreksi tercatat. Nilai lama tetap terlihat."))
    return redirect("upkeep_machine", slug=stop.machine.slug)


def _stop(house: Facility, number: int) -> Breakdown:
    rows = Breakdown.objects.filter(pk=number, machine__facility=house).select_related("machine__facility")
    found = rows.first()
    if found is None:
        raise Http404
    return found


def _filled(stop: Breakdown) -> StopCorrectionForm:
    names = ("started_at", "closed_at", "reason", "repair", "version")
    return StopCorrectionForm(initial={name: getattr(stop, name) for name in names}, is_open=stop.closed_at is None)


def _beaten(request: HttpRequest, stop: Breakdown) -> HttpResponse:
    """Keep what was typed, beside what somebody else has just stored; one button applies it anew."""
    typed = request.POST.copy()
    typed["version"] = str(stop.version)
    return _page(request, stop, StopCorrectionForm(typed, is_open=stop.closed_at is None), status=412, stored=stop)


def _page(request: HttpRequest, stop: Breakdown, form: StopCorrectionForm, status: int = 200, **extra: Any) -> HttpResponse:
    context = {"stop": stop, "machine": stop.machine, "form": form, **extra}
    return render(request, "upkeep/correct_stop.html", context, status=status)
