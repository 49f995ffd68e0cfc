"""A machine's line, which two people change: ask with evidence, confirm as another one, withdraw. The history stays."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.signed_in import signed_in
from bookings.desk.versions import beaten, carried, say_beaten, version_seen
from bookings.desk.views import blame
from bookings.setup import line_services
from bookings.setup.line_forms import LineForm
from bookings.upkeep.queries import AHEAD, affected_by
from facilities.access import duties_of, may_manage, may_see_line_changes
from facilities.catalogue.wording import sentences
from facilities.errors import BadInput, Refusal, Stale
from facilities.models import LineChange, Machine
from facilities.setup import lines, versions
from facilities.time.spans import Span


def for_two(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in managers of the machine's house and the provincial office, on the house's clock: `view(request, machine)`."""

    @wraps(view)
    def seen(request: HttpRequest, slug: str) -> HttpResponse:
        machine = Machine.objects.filter(slug=slug).select_related("facility__district", "type").first()
        if machine is None:
            raise Http404
        if not may_see_line_changes(signed_in(request), machine.facility_id):
            if duties_of(signed_in(request)).manages:
                raise Http404  # of another house: it is not there for them
            raise PermissionDenied
        with timezone.override(machine.facility.zone):
            return view(request, machine)

    return never_cache(login_required(seen))


@for_two
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, machine: Machine) -> HttpResponse:
    """Show a machine's line and its changes; ask for another one."""
    if request.method != "POST":
        return _page(request, machine)
    if not may_manage(signed_in(request), machine.facility_id):
        raise PermissionDenied
    form = LineForm(request.POST)
    if not form.is_valid():
        return _page(request, machine, status=422, form=form)

    def ask() -> object:
        return line_services.ask_line_change(machine=machine, to_line=_other(machine), evidence=form.cleaned_data["evidence"],
                                      actor=signed_in(request), now=timezone.now())  # fmt: skip

    try:
        versions.if_unchanged(versions.line, machine, version_seen(request), ask)
    except BadInput as bad:
        blame(form, bad)
        return _page(request, machine, status=422, form=form)
    except Stale:
        machine.refresh_from_db()
        waiting = _open(machine)
        status = beaten(form, LineForm(initial={"evidence": waiting.evidence if waiting else ""}))
        return _page(request, machine, status=status, form=form)
    except Refusal as refusal:
        return _refused(request, machine, refusal, form=form)
    messages.success(request, _("Permintaan tercatat. Orang kedua sudah dikabari."))
    return redirect("machine_line", slug=machine.slug)


@for_two
@require_POST
def confirm(request: HttpRequest, machine: Machine) -> HttpResponse:
    """Put the machine on its new line, as the second person."""
    change = _open(machine)
    if change is None:
        return _page(request, machine, status=say_beaten(request))
    if request.POST.get("sudah") != "ya":
        unseen = {"words": _("Centang bahwa Anda sudah memeriksa mesin dan buktinya."), "way_out": ""}
        return _page(request, machine, status=422, reasons=[unseen], seen=version_seen(request))

    def confirm_it() -> object:
        return line_services.confirm_line_change(change_id=change.pk, actor=signed_in(request), now=timezone.now())

    try:
        versions.if_unchanged(versions.line, machine, version_seen(request), confirm_it)
    except Refusal as refusal:
        return _refused(request, machine, refusal)
    except Stale:
        return _page(request, machine, status=say_beaten(request))
    messages.success(request, _("Lini mesin sudah diganti."))
    return redirect("machine_line", slug=machine.slug)


@for_two
@require_POST
def withdraw(request: HttpRequest, machine: Machine) -> HttpResponse:
    """Take an open request back."""
    change = _open(machine)
    if change is not None:
        try:
            versions.if_unchanged(versions.line, machine, version_seen(request), lambda: lines.withdraw_line_change(
                change_id=change.pk, actor=signed_in(request), now=timezone.now()))  # fmt: skip
        except Refusal as refusal:
            return _refused(request, machine, refusal)
        except Stale:
            return _page(request, machine, status=say_beaten(request))
        messages.success(request, _("Permintaan ditarik. Lini tetap."))
    return redirect("machine_line", slug=machine.slug)


def _open(machine: Machine) -> LineChange | None:
    return machine.line_changes.filter(confirmed_at__isnull=True, withdrawn_at__isnull=True).first()


def _other(machine: Machine) -> str:
    return next(value for value in Machine.Line.values if value != machine.line)


def _refused(request: HttpRequest, machine: Machine, refusal: Refusal, **extra: Any) -> HttpResponse:
    affected = []
    if refusal.code == "bookings_affected":
        now = timezone.now()
        affected = affected_by(machine, Span(now, now + AHEAD))
    machine.refresh_from_db()
    return _page(request, machine, status=409, reasons=sentences(refusal.reasons), affected=affected, **extra)


def _page(request: HttpRequest, machine: Machine, *, status: int = 200, seen: str | None = None, **extra: Any) -> HttpResponse:
    history = list(machine.line_changes.select_related("asked_by", "confirmed_by"))
    change = next((one for one in history if not (one.confirmed_at or one.withdrawn_at)), None)
    context = {
        "machine": machine,
        "house": machine.facility,
        "to_line": Machine.Line(_other(machine)).label,
        "open": change,
        "history": [one for one in history if one is not change],
        "manages": may_manage(signed_in(request), machine.facility_id),
        "is_mine": change is not None and change.asked_by_id == signed_in(request).pk,
        "form": LineForm(),
        **extra,
    }
    stored = versions.version_of(versions.line, machine) if seen is None else seen
    context["form"].seen = carried(context["form"], stored)
    return render(request, "setup/line.html", context, status=status)
