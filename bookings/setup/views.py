"""A house's settings: its page, weeks, and closed days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.signed_in import signed_in
from bookings.desk.versions import beaten, carried, say_beaten, version_seen
from bookings.desk.views import blame, for_managers
from bookings.setup.before_saving import answer_of, ask_first, goes_back
from bookings.setup.forms import PageForm, WeekForm
from bookings.upkeep import services as upkeep
from bookings.upkeep.forms import CloseForm
from bookings.upkeep.queries import outside_hours
from bookings.upkeep.settings import save_setting
from facilities.errors import BadInput, Refusal, Stale
from facilities.models import Closure, Facility
from facilities.setup import houses, versions
from facilities.setup.houses import PAGE_FIELDS
from facilities.setup.weeks import Week, closures_ahead, weeks_ahead, weeks_of


@for_managers
@require_safe
def index(request: HttpRequest, house: Facility) -> HttpResponse:
    """Show what can be set, each in a sentence."""
    today = timezone.localdate()
    context = {
        "house": house,
        "houses": request.houses,
        "weeks": weeks_of(house, on=today),
        "closures": closures_ahead(house, on=today)[:5],
        "operators": house.operators.exclude(ended_on__lte=today)[:6],
        "operated": house.machines.filter(operator_level="operator", retired_on__isnull=True).exists(),
        "machine_count": house.machines.filter(retired_on__isnull=True).count(),
    }
    return render(request, "setup/index.html", context)


@for_managers
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, house: Facility) -> HttpResponse:
    """What producers read about the house."""
    form = PageForm(request.POST if request.method == "POST" else None, initial=_page_of(house))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        data: Mapping[str, Any] = form.cleaned_data
        changes = {name: data[name] for name in PAGE_FIELDS}
        try:
            houses.change_facility(
                facility=house, changes=changes, actor=signed_in(request), now=timezone.now(), version=data["version"]
            )
        except BadInput as bad:
            blame(form, bad)
        except Stale:
            house.refresh_from_db()
            status = beaten(form, PageForm(initial=_page_of(house)))
        else:
            messages.success(request, _("Halaman rumah tersimpan."))
            return redirect(request.path)
    return render(request, "setup/page.html", {"house": house, "form": form}, status=status)


def _page_of(house: Facility) -> dict[str, Any]:
    return {name: getattr(house, name) for name in (*PAGE_FIELDS, "version")}


@for_managers
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: HttpRequest, house: Facility) -> HttpResponse:
    """The weeks of opening hours: the ordinary one, and those for Ramadan or other times."""
    today = timezone.localdate()
    weeks = weeks_ahead(house, on=today)
    form = WeekForm(request.POST if request.method == "POST" else None, initial=_week(request, weeks, today))
    status = 422 if form.is_bound and not goes_back(request) else 200
    if form.is_valid() and not goes_back(request):
        try:
            versions.if_unchanged(versions.hours, house, version_seen(request), lambda: _save_week(request, house, form))
        except BadInput as bad:
            blame(form, bad)
        except Refusal as refusal:
            return ask_first(request, house, refusal)
        except Stale:
            status = beaten(form, _stored_week(house, form.cleaned_data["valid_from"], today))
        else:
            return redirect("settings_hours")
    return _hours_page(request, house, form, status=status)


def _hours_page(request: HttpRequest, house: Facility, form: WeekForm, *, status: int) -> HttpResponse:
    form.seen = carried(form, versions.version_of(versions.hours, house))
    weeks = weeks_ahead(house, on=timezone.localdate())
    context = {"house": house, "weeks": weeks, "form": form, "is_new": "baru" in request.GET}
    context |= {"chosen": _chosen_week(request, weeks)}
    context |= {"may_drop": len({*house.opening_hours.values_list("valid_from", flat=True)}) > 1}
    context |= {"outside": outside_hours(house, now=timezone.now())}
    return render(request, "setup/hours.html", context, status=status)


def _save_week(request: HttpRequest, house: Facility, form: WeekForm) -> None:
    data, who, answer = form.cleaned_data, signed_in(request), answer_of(request)
    now = timezone.now()

    def change() -> object:
        return houses.set_week(facility=house, rules=form.rules(), valid_from=data["valid_from"],
                               valid_until=data["valid_until"], actor=who, now=now, confirmed=answer.months)  # fmt: skip

    save_setting(change, facility=house, why="hours", actor=who, now=now, answer=answer)
    messages.success(request, _("Jam buka tersimpan."))


def _stored_week(house: Facility, first: date, today: date) -> WeekForm:
    """Return the form of the week that begins on a day, as it is stored; an empty one where none begins then."""
    week = next((one for one in weeks_of(house, on=today) if one.valid_from == first), None)
    if week is None:
        return WeekForm()
    rows = ((rule.weekday, rule.opens, rule.closes) for rule in week.rules)
    return WeekForm(initial={**WeekForm.initial_of(rows), "valid_from": first, "valid_until": week.valid_until})


def _chosen_week(request: HttpRequest, weeks: list[Week]) -> Week | None:
    """Return the week the address says, else the one in force."""
    asked = request.GET.get("minggu", "")
    chosen = next((week for week in weeks if week.valid_from.isoformat() == asked), None)
    if asked and chosen is None and request.method != "POST":
        raise Http404
    return chosen or next((week for week in weeks if week.is_current), weeks[0] if weeks else None)


def _week(request: HttpRequest, weeks: list[Week], today: date) -> dict[str, Any]:
    """Return the chosen week, or a copy of it to start a new one from. What has begun goes on as typed from today.

    While a special week holds, the ordinary one goes on as typed after it.
    """
    chosen = _chosen_week(request, weeks)
    special = next((week.valid_until for week in weeks if week.is_current), None)
    rows = ((rule.weekday, rule.opens, rule.closes) for rule in chosen.rules) if chosen else ()
    initial = WeekForm.initial_of(rows)
    if "baru" in request.GET or chosen is None:
        return {**initial, "valid_from": today}
    first = max(chosen.valid_from, today)
    if chosen.valid_until is None and special is not None:
        first = max(first, special + timedelta(days=1))
    return {**initial, "valid_from": first, "valid_until": chosen.valid_until}


@for_managers
@require_POST
def drop_week(request: HttpRequest, house: Facility) -> HttpResponse:
    """Remove a week; the one before it is back."""
    try:
        first = date.fromisoformat(request.POST.get("minggu", ""))
    except ValueError:
        raise Http404 from None
    if goes_back(request):
        return redirect("settings_hours")
    who, now = signed_in(request), timezone.now()

    def change() -> None:
        houses.drop_week(facility=house, valid_from=first, actor=who, now=now)

    def drop() -> None:
        save_setting(change, facility=house, why="hours", actor=who, now=now, answer=answer_of(request))

    try:
        versions.if_unchanged(versions.hours, house, version_seen(request), drop)
    except BadInput as bad:
        messages.error(request, bad.sentence(request.LANGUAGE_CODE))
    except Refusal as refusal:
        return ask_first(request, house, refusal)
    except Stale:
        today = timezone.localdate()
        form = WeekForm(initial=_week(request, weeks_ahead(house, on=today), today))
        return _hours_page(request, house, form, status=say_beaten(request))
    else:
        messages.success(request, _("Minggu itu dihapus. Minggu sebelumnya berlaku lagi."))
    return redirect("settings_hours")


@for_managers
@require_http_methods(["GET", "HEAD", "POST"])
def closures(request: HttpRequest, house: Facility) -> HttpResponse:
    """Closed days: those that come, and a form to close some; whoever is affected is listed first."""
    form = CloseForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound and not goes_back(request) else 200
    if form.is_valid() and not goes_back(request):
        try:
            versions.if_unchanged(versions.closures, house, version_seen(request), lambda: _close(request, house, form))
        except BadInput as bad:
            blame(form, bad)
        except Stale:
            status = beaten(form, _stored_closure(house, form))
        except Refusal as refusal:
            return ask_first(request, house, refusal, may_stay=False)
        else:
            messages.success(request, _("Penutupan tercatat."))
            return redirect("settings_closures")
    return _closures_page(request, house, form, status=status)


def _closures_page(request: HttpRequest, house: Facility, form: CloseForm, *, status: int = 200) -> HttpResponse:
    form.seen = carried(form, versions.version_of(versions.closures, house))
    rows = closures_ahead(house, on=timezone.localdate())
    for one in rows:
        one.seen = versions.version_of(versions.closure, one)
    return render(request, "setup/closures.html", {"house": house, "form": form, "rows": rows}, status=status)


def _stored_closure(house: Facility, form: CloseForm) -> CloseForm:
    """Return the form of the closure that stands on the days that were typed; an empty one where none does."""
    data = form.cleaned_data
    found = Closure.objects.filter(facility=house, first_on__lte=data["last_on"], last_on__gte=data["first_on"]).first()
    return CloseForm(initial={name: getattr(found, name) for name in versions.CLOSED if found})


def _close(request: HttpRequest, house: Facility, form: CloseForm) -> None:
    data, answer = form.cleaned_data, answer_of(request)
    upkeep.close_days(
        facility=house,
        first_on=data["first_on"],
        last_on=data["last_on"],
        from_minute=data["from_minute"],
        until_minute=data["until_minute"],
        reason=data["reason"],
        actor=signed_in(request),
        now=timezone.now(),
        displace=bool(answer.seen),
        seen=answer.seen,
        confirmed=answer.months,
    )


@for_managers
@require_POST
def reopen(request: HttpRequest, house: Facility, number: int) -> HttpResponse:
    """Take a closure of this house back."""
    closure = Closure.objects.filter(pk=number, facility=house).select_related("facility").first()
    if closure is None:
        raise Http404

    def reopen_it() -> None:
        houses.reopen(closure=closure, actor=signed_in(request), now=timezone.now())

    try:
        versions.if_unchanged(versions.closure, closure, version_seen(request), reopen_it)
    except BadInput as bad:
        messages.error(request, bad.sentence(request.LANGUAGE_CODE))
    except Stale:
        return _closures_page(request, house, CloseForm(), status=say_beaten(request))
    else:
        messages.success(request, _("Dibuka lagi. Jamnya bisa dipesan."))
    return redirect("settings_closures")
