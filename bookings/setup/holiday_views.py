"""The calendar of the country, kept by the province; and the holidays on which a house works all the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.signed_in import signed_in
from bookings.desk.fields import VersionField
from bookings.desk.versions import beaten, say_beaten, version_seen
from bookings.desk.views import blame, for_managers, words_of
from bookings.setup.before_saving import SEEN, ask_first, goes_back
from bookings.setup.holiday_forms import HolidayForm
from bookings.setup.rule_views import EDIT, PREVIEW, STEP
from bookings.upkeep import holidays as making_room
from facilities.access import may_set_defaults
from facilities.errors import BadInput, Refusal, Stale
from facilities.models import Closure, Facility
from facilities.setup import holidays
from facilities.setup.weeks import holidays_of, reopened_without

REMOVE, SURELY = "hapus", "hapus-pasti"
FIELDS = ("reason", "kind", "first_on", "last_on", "is_estimate", "source", "version")


def for_province(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in whoever sets what holds for every house."""

    @wraps(view)
    def kept(request: HttpRequest, **args: Any) -> HttpResponse:
        if not may_set_defaults(signed_in(request)):
            raise PermissionDenied
        return view(request, **args)

    return never_cache(login_required(kept))


@for_province
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The holidays that are not over, each with its source, and the way to each."""
    rows = Closure.objects.filter(facility__isnull=True, last_on__gte=timezone.localdate())
    return render(request, "setup/holidays.html", {"rows": rows.order_by("first_on", "pk")})


@for_province
@require_http_methods(["GET", "HEAD", "POST"])
def holiday(request: HttpRequest, number: int = 0) -> HttpResponse:
    """One holiday, or a new one: typed, looked at with the bookings it touches, saved; or taken away."""
    found, step = _stored(number), request.POST.get(STEP, "")
    if number and found is None and request.method != "POST":
        raise Http404
    if step in (REMOVE, SURELY):
        return _remove(request, found, step)
    form = HolidayForm(request.POST if request.method == "POST" else None, initial=_initial(found))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            answer = _step(request, form, found, step)
            if answer is not None:
                return answer
            status = 200
        except BadInput as bad:
            blame(form, bad)
        except Stale:
            found = _stored(number)
            status = beaten(form, HolidayForm(initial=_initial(found)))
    return render(request, "setup/holiday.html", {"form": form, "holiday": found, "number": number}, status=status)


def _stored(number: int) -> Closure | None:
    return Closure.objects.filter(pk=number, facility__isnull=True).first()


def _initial(found: Closure | None) -> dict[str, Any]:
    return {name: getattr(found, name) for name in FIELDS} if found else {"version": 0}


def _step(request: HttpRequest, form: HolidayForm, found: Closure | None, step: str) -> HttpResponse | None:
    """Take the step that was asked for; None goes back to the form."""
    data, who, now = form.cleaned_data, signed_in(request), timezone.now()
    if step == EDIT:
        return None
    if data["version"] != (found.version if found else 0) or (found is None and request.path != reverse("add_holiday")):
        raise Stale
    old = {"pk": found.pk} if found else {}
    draft = Closure(**old, **{name: data[name] for name in FIELDS})
    if step == PREVIEW:
        holidays.check_holiday(draft, today=timezone.localdate(now))
        return _preview(request, form, draft)
    try:
        making_room.set_holiday(
            draft=draft, actor=who, now=now, version=data["version"], seen=request.POST.getlist(SEEN)
        )
    except Refusal:
        return _preview(request, form, Closure(**old, **{name: data[name] for name in FIELDS}), status=409)
    messages.success(request, _("Hari libur tersimpan."))
    return redirect("holidays")


def _remove(request: HttpRequest, found: Closure | None, step: str) -> HttpResponse:
    """Show which houses open again without a holiday; take it away once that was confirmed."""
    status, wrong = 200, ""
    if found is None:
        messages.info(request, _("Hari libur ini sudah dihapus orang lain."))
        return redirect("holidays")
    try:
        if step == SURELY:
            version = VersionField().clean(version_seen(request))
            holidays.remove_holiday(holiday=found, actor=signed_in(request), now=timezone.now(), version=version)
            messages.success(request, _("Hari libur dihapus. Hari itu bisa dipesan."))
            return redirect("holidays")
    except BadInput as bad:
        status, wrong = 422, words_of(bad)
    except Stale:
        status, wrong = 412, _("Baru saja diubah orang lain. Periksa, lalu hapus lagi.")
        found.refresh_from_db()
    context = {"holiday": found, "rows": reopened_without(found), "wrong": wrong}
    return render(request, "setup/holiday_removal.html", context, status=status)


def _preview(request: HttpRequest, form: HolidayForm, draft: Closure, *, status: int = 200) -> HttpResponse:
    typed = [(name, form.data.get(name, "")) for name in FIELDS if form.data.get(name)]
    context = {"draft": draft, "parts": making_room.under_holiday(draft), "typed": typed}
    return render(request, "setup/holiday_preview.html", context, status=status)


@for_managers
@require_http_methods(["GET", "HEAD", "POST"])
def worked(request: HttpRequest, house: Facility) -> HttpResponse:
    """The coming holidays: on which the house works by its weekly hours, and on which it is shut."""
    status, extra = 200, {}
    if request.method == "POST" and not goes_back(request):
        try:
            _declare(request, house)
        except BadInput as bad:
            status, extra = 422, {"wrong": words_of(bad)}
        except Stale:
            status = say_beaten(request)
        except Refusal as refusal:
            return ask_first(request, house, refusal, may_stay=False)
        else:
            messages.success(request, _("Tersimpan."))
            return redirect("worked_holidays")
    house.refresh_from_db(fields=["version"])
    rows = holidays_of(house, on=timezone.localdate())
    return render(request, "setup/worked_holidays.html", {"house": house, "rows": rows, **extra}, status=status)


def _declare(request: HttpRequest, house: Facility) -> None:
    """Work on a holiday, or keep it again: the button says which, the hidden fields which day and what was seen."""
    try:
        on, version = date.fromisoformat(request.POST.get("hari", "")), VersionField().clean(version_seen(request))
    except ValueError:
        raise BadInput("hari", "not_a_day", "Pilih harinya.", "Choose the day.") from None
    asked: dict[str, Any] = {"facility": house, "on": on, "actor": signed_in(request), "now": timezone.now()}
    if request.POST.get("kerja") == "ya":
        holidays.work_on(**asked, version=version)
    else:
        making_room.rest_on(**asked, version=version, seen=request.POST.getlist(SEEN))
