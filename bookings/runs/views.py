"""The sheet of a run: what happened, what came out, and corrections of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.signed_in import signed_in
from bookings.desk.actions import state_of
from bookings.desk.versions import Beside, beaten, carried, version_seen
from bookings.desk.views import at_counter, blame, refused, visible_booking
from bookings.models import Booking, Run
from bookings.runs import services
from bookings.runs.forms import (
    LABELS,
    CorrectionForm,
    Downtimes,
    RunForm,
    SheetCorrectionForm,
    downtime_rows,
    stops_in_words,
)
from bookings.runs.queries import sheet_seen, sheets_of, stops_of
from bookings.trail.access import may_decide
from bookings.trail.lifecycle import CHECKED_IN, COMPLETED
from facilities.catalogue.wording import sentences
from facilities.errors import BadInput, Refusal, Stale, WrongState
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
        return render(request, "runs/run_sheet.html", _page(request, booking, runs, form, Downtimes(prefix="henti"), now))


def _record(request: HttpRequest, booking: Booking, unsigned: Run | None, now: datetime) -> HttpResponse:
    """Take a sheet; whatever stands against it, all that was typed stays, also beside a sheet signed meanwhile."""
    form, downtimes = RunForm(request.POST), Downtimes(request.POST, prefix="henti")
    status, extra = 422, {}
    if form.is_valid() and downtimes.is_valid():
        try:
            _sign(request, booking, unsigned, form, downtimes, now)
        except BadInput as bad:
            blame(form, bad)
        except Stale:
            booking = visible_booking(request, booking.reference)
            status = _beside(form, downtimes, booking, now)
        except WrongState as refusal:
            status, extra = 409, {"wrong": sentences(refusal.reasons)}
        except Refusal as refusal:
            status, extra = 409, asked_back(refusal)
        else:
            messages.success(request, _("Hasil tercatat. Terima kasih."))
            return redirect("today")
    page = _page(request, booking, sheets_of(booking), form, downtimes, now)
    return render(request, "runs/run_sheet.html", {**page, **extra}, status=status)


def _beside(form: RunForm, downtimes: Any, booking: Booking, now: datetime) -> int:
    """Put the run as it is by now beside the sheet; on one that is signed it would go as a correction, with a reason."""
    runs = sheets_of(booking)
    signed, unsigned = _signed_last(runs), next((run for run in runs if run.signed_at is None), None)
    names = [name for name in form.fields if hasattr(Run, name) and name != "confirm_reason"]
    stored = {name: getattr(signed, name) for name in names} if signed else _initial(booking, unsigned, now)
    status = beaten(form, RunForm(initial=stored))
    lost = stops_of(signed) if signed else []
    if downtime_rows(downtimes) != lost:
        form.beside.append(Beside(str(LABELS["downtimes"]), stops_in_words(downtime_rows(downtimes)), stops_in_words(lost)))  # type: ignore[attr-defined]
    if signed and not form.cleaned_data["why"]:
        typed: Any = form.data.copy()
        typed["why"] = _("Lembar kedua untuk pemakaian yang sama.")
        form.data = typed
    return status


def _signed_last(runs: list[Run]) -> Run | None:
    """Return the run that a sheet would correct: the last one signed, once nothing is left to sign."""
    signed = [run for run in runs if run.signed_at is not None]
    return signed[-1] if signed and len(signed) == len(runs) else None


def asked_back(refusal: Refusal) -> dict[str, Any]:
    """Return what a page shows of doubts: every one with its values; all that was typed stays."""
    return {"reasons": sentences(refusal.reasons)}


def _sign(
    request: HttpRequest, booking: Booking, unsigned: Run | None, form: RunForm, downtimes: Any, now: datetime
) -> object:
    data, runs = form.cleaned_data, sheets_of(booking)
    signed = _signed_last(runs) if booking.status == COMPLETED else None
    if signed is not None:
        return _correct_whole(request, runs, signed, form, downtimes, now)
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
        confirm_reason=data["confirm_reason"],
        seen=version_seen(request),
    )


def _correct_whole(
    request: HttpRequest, runs: list[Run], signed: Run, form: RunForm, downtimes: Any, now: datetime
) -> object:
    """Enter a second sheet of a signed run as its correction, by who has seen that it is signed. Raises `Stale`."""
    data = form.cleaned_data
    if version_seen(request) != sheet_seen(runs):
        raise Stale
    if not data["why"]:
        raise BadInput("why", "reason_missing", "Tulis alasan koreksi.", "Say why this is corrected.")
    values = {name: data[name] for name in ("good", "rejected", "lot_code", "note")}
    # a form says minutes; the seconds of the button are no correction
    values |= {name: data[name] for name in services.TIMES if data[name] != getattr(signed, name).replace(second=0, microsecond=0)}
    return services.correct_sheet(
        run_id=signed.pk, downtimes=downtime_rows(downtimes), cleaning=form.cleaning(), values=values, reason=data["why"],
        actor=signed_in(request), now=now, version=signed.version, confirm_reason=data["confirm_reason"],
    )  # fmt: skip


def _initial(booking: Booking, unsigned: Run | None, now: datetime) -> dict[str, object]:
    """Prefill the times that are known: the button's, else the booked ones; never a stop in the future."""
    started = unsigned.started_at if unsigned else min(booking.starts_at, now)
    stopped = unsigned.stopped_at if unsigned and unsigned.stopped_at else min(booking.ends_at, now)
    return {"started_at": started, "stopped_at": max(started, stopped), "rejected": 0, "cleaned_before": True}


def _page(
    request: HttpRequest, booking: Booking, runs: list[Run], form: RunForm, downtimes: Any, now: datetime
) -> dict[str, object]:
    signed = [run for run in runs if run.signed_at is not None]
    chosen = next((run for run in signed if str(run.pk) == request.GET.get("koreksi")), signed[0] if signed else None)
    open_for_entry = booking.status in (CHECKED_IN, COMPLETED) and (not signed or len(signed) < len(runs))
    form.seen = carried(form, sheet_seen(runs))  # type: ignore[attr-defined]
    corrects = form.is_bound and _signed_last(runs) is not None and form.seen == sheet_seen(runs)  # type: ignore[attr-defined]
    form.fields["why"].required = corrects  # asked for as soon as its writer knows that there is something to correct
    return {
        "booking": booking,
        "part": booking.machines.all()[0],
        "state": state_of(booking, now),
        "runs": signed,
        "form": form if open_for_entry or form.is_bound else None,
        "corrects": corrects,
        "downtimes": downtimes,
        "chosen": chosen,
        "correction": CorrectionForm(initial={"run": chosen.pk, "version": chosen.version}) if chosen else None,
        "confirms": may_decide(signed_in(request), booking),
    }


@at_counter
@require_POST
def correct(request: HttpRequest, house: Facility, reference: str) -> HttpResponse:
    """Correct one value of a signed run; the old value stays on the page."""
    booking = visible_booking(request, reference)
    with timezone.override(booking.facility.zone):
        return _correct_one(request, booking, timezone.now())


def _correct_one(request: HttpRequest, booking: Booking, now: datetime) -> HttpResponse:
    form = CorrectionForm(request.POST)
    if form.is_valid() and form.cleaned_data["run"] not in {run.pk for run in sheets_of(booking)}:
        form.add_error(None, _("Pemakaian ini tidak ada."))

    def act() -> object:
        data = form.cleaned_data
        return services.correct_run(field=data["field"], value=data["new"], **_who(request, form, now))

    answer = _corrected(request, booking, form, act, "value", now)
    if isinstance(answer, HttpResponse):
        return answer
    status, extra = answer
    if status == 412:
        form = CorrectionForm(_with_version(request, booking, form))
        extra["stored"] = getattr(_run_of(booking, form), request.POST.get("field", ""), None)
    page = _page(request, booking, sheets_of(booking), RunForm(initial=_initial(booking, None, now)),
                 Downtimes(prefix="henti"), now)  # fmt: skip
    extra = {f"correction_{name}": value for name, value in extra.items()}
    return render(request, "runs/run_sheet.html", {**page, **extra, "correction": form}, status=status)


@at_counter
@require_http_methods(["GET", "HEAD", "POST"])
def correct_sheet(request: HttpRequest, house: Facility, reference: str) -> HttpResponse:
    """Correct what a signed run says of its stops and its cleaning; every old value stays on the page."""
    booking = visible_booking(request, reference)
    with timezone.override(booking.facility.zone):
        now, signed = timezone.now(), [run for run in sheets_of(booking) if run.signed_at is not None]
        asked = request.POST.get("run") if request.method == "POST" else request.GET.get("run")
        run = next((one for one in signed if str(one.pk) == asked or not asked), None)
        if run is None:
            return redirect("run_sheet", reference=booking.reference)
        if request.method == "POST":
            return _correct_sheet(request, booking, run, now)
        form, downtimes = _sheet_forms(run)
        return _sheet_page(request, booking, run, form, downtimes)


def _correct_sheet(request: HttpRequest, booking: Booking, run: Run, now: datetime) -> HttpResponse:
    form, downtimes = SheetCorrectionForm(request.POST), Downtimes(request.POST, prefix="henti")
    if not downtimes.is_valid():
        form.add_error(None, _("Periksa bagian “Mesin sempat berhenti?”. Isian Anda tersimpan."))

    def act() -> object:
        values = {"downtimes": downtime_rows(downtimes), "cleaning": form.cleaning()}
        return services.correct_sheet(**values, **_who(request, form, now))

    answer = _corrected(request, booking, form, act, "reason", now)
    if isinstance(answer, HttpResponse):
        return answer
    status, extra = answer
    if status == 412:
        form = SheetCorrectionForm(_with_version(request, booking, form))
    return _sheet_page(request, booking, _run_of(booking, form) or run, form, downtimes, status=status, **extra)


def _sheet_forms(run: Run) -> tuple[SheetCorrectionForm, Any]:
    """Return the forms as a signed run has filled them in."""
    stored = {name: getattr(run, name) for name in services.CLEANING.values()}
    form = SheetCorrectionForm(initial={**stored, "run": run.pk, "version": run.version})
    return form, Downtimes(prefix="henti", initial=stops_of(run))


def _sheet_page(
    request: HttpRequest, booking: Booking, run: Run, form: Form, downtimes: Any, *, status: int = 200, **extra: Any
) -> HttpResponse:
    context = {"booking": booking, "part": booking.machines.all()[0], "run": run, "form": form, "downtimes": downtimes}
    context |= {"confirms": may_decide(signed_in(request), booking), **extra}
    return render(request, "runs/correct_sheet.html", context, status=status)


def _corrected(
    request: HttpRequest, booking: Booking, form: Form, act: Callable[[], object], field: str, now: datetime
) -> HttpResponse | tuple[int, dict[str, Any]]:
    """Correct, and lead back to the sheet; else return the status and what the page shows, with all that was typed."""
    if not form.is_valid():
        return 422, {}
    try:
        act()
    except BadInput as bad:
        form.add_error(field, bad.sentence(request.LANGUAGE_CODE))
        return 422, {}
    except WrongState as refusal:
        return refused(request, booking, refusal, now=now)
    except Refusal as refusal:
        return 409, asked_back(refusal)
    except Stale:
        return 412, {"stale": True}
    messages.success(request, _("Koreksi tercatat. Nilai lama tetap terlihat."))
    return redirect("run_sheet", reference=booking.reference)


def _who(request: HttpRequest, form: Form, now: datetime) -> dict[str, Any]:
    data = form.cleaned_data
    same = {name: data[name] for name in ("reason", "version", "confirm_reason")}
    return {**same, "run_id": data["run"], "actor": signed_in(request), "now": now}


def _run_of(booking: Booking, form: Form) -> Run | None:
    """Return the run that a form corrects, as it is now."""
    return next((run for run in sheets_of(booking) if str(run.pk) == str(form["run"].value())), None)


def _with_version(request: HttpRequest, booking: Booking, form: Form) -> Any:
    """Return what was typed, on top of the run as somebody else has just left it."""
    typed, run = request.POST.copy(), _run_of(booking, form)
    typed["version"] = str(run.version) if run else typed.get("version", "")
    return typed
