"""Machines that need care: the health list, planned work, breakdowns and repairs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.signed_in import signed_in
from bookings.desk.fields import VersionField
from bookings.desk.versions import beaten, carried, say_beaten, version_seen
from bookings.desk.views import at_counter, blame, for_managers, refused, visible_booking
from bookings.trail.access import may_decide
from bookings.upkeep import services as upkeep
from bookings.upkeep.forms import BreakdownForm, MaintenanceForm, RepairForm
from bookings.upkeep.queries import affected_by, health_of, history_of, old_times, planned_for
from facilities.access import may_manage
from facilities.catalogue.wording import sentences
from facilities.errors import BadInput, Refusal, Stale
from facilities.models import Facility, Machine, Maintenance
from facilities.occupancy.writing import with_breakdown
from facilities.setup import versions
from facilities.time.spans import Span
from facilities.upkeep import services as facility_upkeep


@at_counter
@require_safe
def machines(request: HttpRequest, house: Facility) -> HttpResponse:
    """Show every machine's health, the broken ones first."""
    now = timezone.now()
    context = {"house": house, "houses": request.houses, "rows": health_of(house, now=now), "now": now}
    return render(request, "upkeep/machines.html", {**context, "manages": may_manage(signed_in(request), house)})


@at_counter
@require_safe
def machine(request: HttpRequest, house: Facility, slug: str) -> HttpResponse:
    """Show one machine: what is wrong, what is planned, what was done."""
    return _page(request, house, _machine(house, slug), timezone.now())


def _machine(house: Facility, slug: str) -> Machine:
    rows = with_breakdown(Machine.objects.filter(facility=house, slug=slug))
    found = rows.select_related("type", "facility").first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, house: Facility, machine: Machine, now: datetime, *, status: int = 200, **extra: Any
) -> HttpResponse:
    stop = machine.breakdowns.filter(closed_at__isnull=True).select_related("reported_by").first()
    context = {
        "house": house,
        "machine": machine,
        "stop": stop,
        "old_times": [] if stop else [(one, sentences(one.reasons)) for one in old_times(machine, now=now)],
        "planned": planned_for(machine, now=now),
        "history": history_of(machine, now=now),
        "maintenance_form": MaintenanceForm(now=now, prefix="rawat"),
        "breakdown_form": BreakdownForm(now=now, prefix="rusak"),
        "repair_form": RepairForm(prefix="siap"),
        "manages": may_manage(signed_in(request), house),
        "now": now,
        **extra,
    }
    for name, part in PARTS.items():
        context[name].seen = carried(context[name], versions.version_of(part, machine))
    return render(request, "upkeep/machine.html", context, status=status)


PARTS = {"maintenance_form": versions.planned, "breakdown_form": versions.stops, "repair_form": versions.stops}
"""What each form of the page writes, and its writer has seen."""


def _try(
    request: HttpRequest, house: Facility, machine: Machine, form: Form, name: str, act: Callable[[bool], object],
    span: Callable[[], Span] | None, done: str,
) -> HttpResponse:  # fmt: skip
    """Do what the form says; where bookings are in the way, list them first and ask again. Of two the second sees both."""
    now, sure, status = timezone.now(), request.POST.get("lanjut") == "ya", 422
    if form.is_valid():
        try:
            versions.if_unchanged(PARTS[name], machine, version_seen(request), lambda: act(sure))
        except BadInput as bad:
            blame(form, bad)
        except Stale:
            machine = _machine(house, machine.slug)
            status = beaten(form, _stored(machine, name, form, now))
        except Refusal as refusal:
            affected = affected_by(machine, span()) if span and refusal.code == "bookings_affected" else []
            extra = {name: form, "refused": name, "reasons": sentences(refusal.reasons), "affected": affected}
            return _page(request, house, machine, now, status=409, **extra)
        else:
            messages.success(request, done)
            return redirect("upkeep_machine", slug=machine.slug)
    return _page(request, house, machine, now, status=status, **{name: form, "opened": name})


def _stored(machine: Machine, name: str, form: Form, now: datetime) -> Form:
    """Return a form of the page as it is stored now: the work at the time that was typed, or the latest breakdown."""
    if name == "maintenance_form":
        typed = Span(form.cleaned_data["starts_at"], form.cleaned_data["ends_at"])
        work = next((one for one in planned_for(machine, now=now) if Span(one.starts_at, one.ends_at).overlaps(typed)), None)
        return MaintenanceForm(now=now, prefix="rawat", initial=model_to_dict(work) if work else {})
    stop = machine.breakdowns.order_by("-started_at", "-pk").first()
    if name == "repair_form":
        return RepairForm(prefix="siap", initial={"repair": stop.repair if stop else ""})
    is_open = stop is not None and stop.closed_at is None
    return BreakdownForm(now=now, prefix="rusak", initial=model_to_dict(stop) if stop and is_open else {})


@for_managers
@require_POST
def schedule(request: HttpRequest, house: Facility, slug: str) -> HttpResponse:
    """Plan work on a machine."""
    machine, now = _machine(house, slug), timezone.now()
    form = MaintenanceForm(request.POST, now=now, prefix="rawat")

    def span() -> Span:
        return Span(form.cleaned_data["starts_at"], form.cleaned_data["ends_at"])

    def act(sure: bool) -> object:
        return upkeep.schedule_maintenance(
            machine_id=machine.pk,
            span=span(),
            title=form.cleaned_data["title"],
            actor=signed_in(request),
            now=now,
            displace=sure,
        )

    return _try(request, house, machine, form, "maintenance_form", act, span, _("Perawatan terjadwal."))


@at_counter
@require_POST
def report(request: HttpRequest, house: Facility, slug: str) -> HttpResponse:
    """Mark a machine broken, from now on."""
    machine, now = _machine(house, slug), timezone.now()
    form = BreakdownForm(request.POST, now=now, prefix="rusak")

    def act(sure: bool) -> object:
        return upkeep.report_breakdown(
            machine_id=machine.pk,
            expected_until=form.cleaned_data["expected_until"],
            reason=form.cleaned_data["reason"],
            actor=signed_in(request),
            now=now,
            displace=sure,
        )

    def span() -> Span:
        return Span(now, form.cleaned_data["expected_until"])

    return _try(request, house, machine, form, "breakdown_form", act, span, _("Mesin tercatat rusak."))


@at_counter
@require_POST
def repaired(request: HttpRequest, house: Facility, slug: str) -> HttpResponse:
    """Say that a machine runs again, and what was done."""
    machine, now = _machine(house, slug), timezone.now()
    stop = machine.breakdowns.filter(closed_at__isnull=True).first()
    form = RepairForm(request.POST, prefix="siap")
    if stop is None and version_seen(request) == versions.version_of(versions.stops, machine):
        messages.info(request, _("Mesin ini sudah tercatat siap."))
        return redirect("upkeep_machine", slug=slug)

    def act(_sure: bool) -> object:
        return facility_upkeep.close_breakdown(
            breakdown_id=stop.pk if stop else 0, repair=form.cleaned_data["repair"], actor=signed_in(request), now=now
        )

    return _try(request, house, machine, form, "repair_form", act, None, _("Mesin siap dipakai lagi."))


@for_managers
@require_POST
def give_back(request: HttpRequest, house: Facility, slug: str, reference: str) -> HttpResponse:
    """Give a job that a stop pushed aside its old time again."""
    machine, booking, now = _machine(house, slug), visible_booking(request, reference), timezone.now()
    if not may_decide(signed_in(request), booking) or booking.machines.all()[0].machine_id != machine.pk:
        raise Http404
    try:
        upkeep.give_old_time_back(
            booking_id=booking.pk,
            actor=signed_in(request),
            now=now,
            reason=_("Kembali ke jam semula, mesin sudah siap."),
            version=VersionField().clean(version_seen(request)),
        )
    except Stale:
        return _page(request, house, machine, now, status=say_beaten(request))
    except Refusal as refusal:
        return refused(request, booking, refusal, now=now)
    messages.success(request, _("Jam semula dikembalikan. %(name)s dikabari.") % {"name": booking.producer.name})
    return redirect("upkeep_machine", slug=slug)


@for_managers
@require_POST
def call_off(request: HttpRequest, house: Facility, number: int) -> HttpResponse:
    """Call planned work off, or end it early."""
    work = Maintenance.objects.filter(pk=number, machine__facility=house).select_related("machine").first()
    if work is None:
        raise Http404
    try:
        facility_upkeep.cancel_maintenance(maintenance_id=work.pk, actor=signed_in(request), now=timezone.now(),
                                           version=VersionField().clean(version_seen(request)))  # fmt: skip
    except Stale:
        return _page(request, house, _machine(house, work.machine.slug), timezone.now(), status=say_beaten(request))
    except Refusal:
        messages.info(request, _("Perawatan ini sudah selesai atau dibatalkan."))
    else:
        messages.success(request, _("Perawatan dihentikan. Sisa waktunya kosong lagi."))
    return redirect("upkeep_machine", slug=work.machine.slug)
