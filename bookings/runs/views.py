"""The sheet of a run: what happened, what came out, and corrections of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.signed_in import signed_in
from bookings.desk.actions import state_of
from bookings.desk.views import at_counter, blame, refused, visible_booking
from bookings.models import Booking, Run
from bookings.runs import services
from bookings.runs.forms import CorrectionForm, Downtimes, RunForm, downtime_rows
from bookings.runs.queries import sheets_of
from bookings.trail.lifecycle import CHECKED_IN, COMPLETED
from facilities.errors import BadInput, Refusal, Stale
from facilities.models import Facility


@at_counter
@require_http_methods(["GET", "HEAD", "POST"])
def run_sheet(request: HttpRequest, house: Facility, reference: str) -> HttpResponse:
    """Show and take the results of a run, of today or entered late from the paper sheet."""
    booking = visible_booking(request, reference)
    with timezone.override(booking.facility.zone):
        now = timezone.now()
        runs = sheets_of(booking)
        unsigned = next((run for run in runs if run.signed_at is None), None)
        if request.method == "POST":
            return _record(request, booking, unsigned, now)
        form = RunForm(initial=_initial(booking, unsigned, now))
        return render(request, "runs/run_sheet.html", _page(booking, runs, form, Downtimes(prefix="henti"), now))


def _record(request: HttpRequest, booking: Booking, unsigned: Run | None, now: datetime) -> HttpResponse:
    form, downtimes = RunForm(request.POST), Downtimes(request.POST, prefix="henti")
    valid = form.is_valid() and downtimes.is_valid()
    if valid:
        try:
            _sign(request, booking, unsigned, form, downtimes, now)
        except BadInput as bad:
            blame(form, bad)
        except (Refusal, Stale) as refusal:
            return refused(request, booking, refusal, now=now)
        else:
            messages.success(request, _("Hasil tercatat. Terima kasih."))
            return redirect("today")
    return render(request, "runs/run_sheet.html", _page(booking, sheets_of(booking), form, downtimes, now), status=422)


def _sign(
    request: HttpRequest, booking: Booking, unsigned: Run | None, form: RunForm, downtimes: Any, now: datetime
) -> Run:
    data = form.cleaned_data
    return services.record_run(
        booking_id=booking.pk,
        actor=signed_in(request),
        now=now,
        run_id=unsigned.pk if unsigned else None,
        started_at=data["started_at"],
        stopped_at=data["stopped_at"],
        good=data["good"],
        rejected=data["rejected"],
        lot_code=data["lot_code"],
        note=data["note"],
        downtimes=downtime_rows(downtimes),
        cleaning=form.cleaning(),
    )


def _initial(booking: Booking, unsigned: Run | None, now: datetime) -> dict[str, object]:
    """Prefill the times that are known: the button's, else the booked ones; never a stop in the future."""
    started = unsigned.started_at if unsigned else min(booking.starts_at, now)
    stopped = unsigned.stopped_at if unsigned and unsigned.stopped_at else min(booking.ends_at, now)
    return {"started_at": started, "stopped_at": max(started, stopped), "rejected": 0, "cleaned_before": True}


def _page(booking: Booking, runs: list[Run], form: RunForm, downtimes: Any, now: datetime) -> dict[str, object]:
    signed = [run for run in runs if run.signed_at is not None]
    open_for_entry = booking.status in (CHECKED_IN, COMPLETED) and (not signed or len(signed) < len(runs))
    return {
        "booking": booking,
        "part": booking.machines.all()[0],
        "state": state_of(booking, now),
        "runs": signed,
        "form": form if open_for_entry else None,
        "downtimes": downtimes,
        "correction": CorrectionForm(initial={"run": signed[0].pk, "version": signed[0].version}) if signed else None,
    }


@at_counter
@require_POST
def correct(request: HttpRequest, house: Facility, reference: str) -> HttpResponse:
    """Correct one value of a signed run; the old value stays on the page."""
    booking = visible_booking(request, reference)
    now = timezone.now()
    with timezone.override(booking.facility.zone):
        runs = sheets_of(booking)
        form = CorrectionForm(request.POST)
        if form.is_valid() and form.cleaned_data["run"] not in {run.pk for run in runs}:
            form.add_error(None, _("Pemakaian ini tidak ada."))
        if form.is_valid():
            try:
                _correct(request, form, now)
            except BadInput as bad:
                form.add_error("value", bad.sentence(request.LANGUAGE_CODE))
            except (Refusal, Stale) as refusal:
                return refused(request, booking, refusal, now=now)
            else:
                messages.success(request, _("Koreksi tercatat. Nilai lama tetap terlihat."))
                return redirect("run_sheet", reference=booking.reference)
        page = _page(booking, runs, RunForm(initial=_initial(booking, None, now)), Downtimes(prefix="henti"), now)
        return render(request, "runs/run_sheet.html", {**page, "correction": form}, status=422)


def _correct(request: HttpRequest, form: CorrectionForm, now: datetime) -> None:
    data = form.cleaned_data
    services.correct_run(
        run_id=data["run"],
        field=data["field"],
        value=data["new"],
        reason=data["reason"],
        actor=signed_in(request),
        now=now,
        version=data["version"],
    )
