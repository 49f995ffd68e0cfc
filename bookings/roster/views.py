"""The roster: who is where this week, each operator's shifts and absences, and naming who runs a booking."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.signed_in import signed_in
from bookings.desk.fields import VersionField
from bookings.desk.versions import beaten, say_beaten, version_seen
from bookings.desk.views import asked_day, at_counter, back, blame, for_managers, visible_booking
from bookings.roster import services as roster
from bookings.roster.forms import (
    AbsenceForm,
    ChangeOperatorForm,
    DropWeekForm,
    EndForm,
    NameOperatorForm,
    OperatorForm,
    ShiftForm,
)
from bookings.roster.week import others_for, unmanned, week_of, work_for
from bookings.trail.access import may_decide
from facilities.catalogue.wording import sentences
from facilities.errors import BadInput, Refusal, Stale
from facilities.models import Absence, Facility, Operator
from facilities.roster import services as facility_roster
from facilities.setup.weeks import shift_weeks_of, weeks_of
from facilities.time.spans import Span

PREFIX = "ganti-"
MOST_REPLACED = 200


@for_managers
@require_safe
def week(request: HttpRequest, house: Facility) -> HttpResponse:
    """Show who is where in a week, and what nobody runs yet."""
    day = asked_day(request, "minggu")
    monday = day - timedelta(days=day.weekday())
    today = timezone.localdate()
    context = {
        "house": house,
        "houses": request.houses,
        "rows": week_of(house, monday),
        "days": [monday + timedelta(days=number) for number in range(7)],
        "today": today,
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "is_now": monday <= today < monday + timedelta(days=7),
        "unmanned": unmanned(house, now=timezone.now()),
        "gone": house.operators.filter(ended_on__lte=monday).order_by("-ended_on")[:20],
        "operated": house.machines.filter(operator_level="operator", retired_on__isnull=True).exists(),
    }
    return render(request, "roster/roster.html", context)


@for_managers
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, house: Facility) -> HttpResponse:
    """Add an operator: who they are first, their shifts on the next page."""
    form = OperatorForm(request.POST if request.method == "POST" else None, house=house)
    if form.is_valid():
        try:
            made = facility_roster.add_operator(facility=house, actor=signed_in(request), now=timezone.now(), **form.cleaned_data)
        except BadInput as bad:
            blame(form, bad)
        else:
            messages.success(request, _("Operator ditambahkan. Isi gilirannya."))
            return redirect("roster_operator", number=made.pk)
    status = 422 if form.is_bound else 200
    return render(request, "roster/operator_add.html", {"house": house, "form": form}, status=status)


@for_managers
@require_safe
def operator(request: HttpRequest, house: Facility, number: int) -> HttpResponse:
    """Everything that can be set about one operator."""
    return _page(request, house, _operator(house, number))


def _operator(house: Facility, number: int) -> Operator:
    found = Operator.objects.filter(facility=house, pk=number).select_related("facility", "user").first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, house: Facility, one: Operator, *, status: int = 200, **extra: Any) -> HttpResponse:
    now, today = timezone.now(), timezone.localdate()
    weeks = shift_weeks_of(one, on=today)
    context = {
        "house": house,
        "one": one,
        "today": today,
        "weeks": weeks,
        "is_new": "baru" in request.GET,
        "absences": one.absences.filter(ends_at__gt=now),
        **_forms(house, one, _week(request, house, weeks, today)),
        **extra,
    }
    return render(request, "roster/operator.html", context, status=status)


def _forms(house: Facility, one: Operator, week: dict[str, Any]) -> dict[str, Form]:
    """Return the page's forms, each with what is stored; of the weeks of shifts with the one that is given."""
    version = {"version": one.version}
    facts = {"name": one.name, "types": one.types, "user": one.user_id}
    return {
        "form": ChangeOperatorForm(initial=facts | version, house=house, operator=one),
        "shifts": ShiftForm(initial=week | version),
        "absence": AbsenceForm(initial=version, prefix="pergi"),
        "end": EndForm(initial={"ended_on": one.ended_on or timezone.localdate()} | version, prefix="akhir"),
        "dropped": DropWeekForm(initial=version),
    }


def _stored(house: Facility, one: Operator, name: str, form: Form) -> Form:
    """Return a form of the page as it is stored now: the week or the absence that was typed, as far as there is one."""
    typed, week, away = form.cleaned_data, {}, None
    if name == "shifts":
        rows = one.shifts.filter(valid_from=typed["valid_from"])
        week = ShiftForm.initial_of(rows.values_list("weekday", "starts", "ends"))
        week |= {"valid_from": rows[0].valid_from, "valid_until": rows[0].valid_until} if rows else {}
    if name == "absence":
        away = one.absences.filter(starts_at__lt=typed["ends_at"], ends_at__gt=typed["starts_at"]).first()
    found = _forms(house, one, week)[name]
    found.initial |= {part: getattr(away, part) for part in ("starts_at", "ends_at", "reason") if away}
    return found


def _week(request: HttpRequest, house: Facility, weeks: list[Any], today: date) -> dict[str, Any]:
    """Return the chosen week of shifts; without any, the house's opening hours to start from."""
    asked = request.GET.get("minggu", "")
    chosen = next((one for one in weeks if one.valid_from.isoformat() == asked), None)
    if asked and chosen is None:
        raise Http404
    chosen = chosen or next((one for one in weeks if one.is_current), weeks[0] if weeks else None)
    if chosen is None:
        opening = next((one for one in weeks_of(house, on=today) if one.is_current), None)
        rules = [(rule.weekday, rule.opens, rule.closes) for rule in opening.rules] if opening else []
        return {**ShiftForm.initial_of(rules), "valid_from": today}
    initial = ShiftForm.initial_of((rule.weekday, rule.starts, rule.ends) for rule in chosen.rules)
    if "baru" in request.GET:
        return {**initial, "valid_from": today}
    return {**initial, "valid_from": chosen.valid_from, "valid_until": chosen.valid_until}


Act = Callable[[dict[str, Any], Mapping[str, int | None]], object]


def _do(
    request: HttpRequest, house: Facility, one: Operator, name: str, form: Form, act: Act, done: str
) -> HttpResponse:
    """Do what one of the page's forms says; where that strands work, list it with a choice for each and ask again."""
    status, extra = 422, {}
    if form.is_valid():
        try:
            act(form.cleaned_data, _replacements(request))
        except BadInput as bad:
            blame(form, bad)
        except Refusal as refusal:
            status, extra = 409, {"reasons": sentences(refusal.reasons), "stranded": _chosen(request, refusal)}
        except Stale:
            one.refresh_from_db()
            status = say_beaten(request) if name == "dropped" else beaten(form, _stored(house, one, name, form))
        else:
            messages.success(request, done)
            return redirect("roster_operator", number=one.pk)
    one.refresh_from_db()
    return _page(request, house, one, status=status, **{name: form, "opened": name, **extra})


def _replacements(request: HttpRequest) -> dict[str, int | None]:
    """Return what was answered for each stranded booking; nothing at all unless the list was shown."""
    found: dict[str, int | None] = {}
    for name in list(request.POST)[:MOST_REPLACED]:
        typed = request.POST.get(name, "")
        if name.startswith(PREFIX) and typed.isascii() and (typed.isdigit() or not typed) and len(typed) < 18:
            found[name.removeprefix(PREFIX)] = int(typed) if typed else None
    return found


def _chosen(request: HttpRequest, refusal: Refusal) -> list[dict[str, Any]]:
    """Return the stranded work with what was chosen for it before, else with whom we suggest."""
    said = _replacements(request)
    rows = []
    for work in refusal.alternatives:
        reference = work.part.booking.reference  # type: ignore[attr-defined]
        suggested = work.suggested.pk if work.suggested else None  # type: ignore[attr-defined]
        rows.append({"work": work, "name": PREFIX + reference, "chosen": said.get(reference, suggested)})
    return rows


@for_managers
@require_POST
def change(request: HttpRequest, house: Facility, number: int) -> HttpResponse:
    """Change who an operator is and what they run."""
    one = _operator(house, number)

    def act(data: dict[str, Any], replacements: Mapping[str, int | None]) -> object:
        changes = {name: data[name] for name in facility_roster.CHANGEABLE}
        return roster.change_operator(operator=one, changes=changes, actor=signed_in(request), now=timezone.now(),
                                       version=data["version"], replacements=replacements)  # fmt: skip

    return _do(
        request, house, one, "form", ChangeOperatorForm(request.POST, house=house, operator=one), act, _("Tersimpan.")
    )


@for_managers
@require_POST
def set_shifts(request: HttpRequest, house: Facility, number: int) -> HttpResponse:
    """Change a week of shifts."""
    one, form = _operator(house, number), ShiftForm(request.POST)

    def act(data: dict[str, Any], replacements: Mapping[str, int | None]) -> object:
        return roster.set_shifts(operator=one, rules=form.rules(), valid_from=data["valid_from"],
                                  valid_until=data["valid_until"], actor=signed_in(request), now=timezone.now(),
                                  version=data["version"], replacements=replacements)  # fmt: skip

    return _do(request, house, one, "shifts", form, act, _("Giliran tersimpan."))


@for_managers
@require_POST
def drop_shifts(request: HttpRequest, house: Facility, number: int) -> HttpResponse:
    """Remove a week of shifts; the one before it is back."""
    one, form = _operator(house, number), DropWeekForm(request.POST)

    def act(data: dict[str, Any], replacements: Mapping[str, int | None]) -> object:
        return roster.drop_shifts(operator=one, valid_from=data["valid_from"], actor=signed_in(request),
                                   now=timezone.now(), version=data["version"], replacements=replacements)  # fmt: skip

    return _do(request, house, one, "dropped", form, act, _("Minggu itu dihapus. Minggu sebelumnya berlaku lagi."))


@for_managers
@require_POST
def add_absence(request: HttpRequest, house: Facility, number: int) -> HttpResponse:
    """Note when an operator is away."""
    one, form = _operator(house, number), AbsenceForm(request.POST, prefix="pergi")

    def act(data: dict[str, Any], replacements: Mapping[str, int | None]) -> object:
        return roster.add_absence(operator=one, span=Span(data["starts_at"], data["ends_at"]), reason=data["reason"],
                                   actor=signed_in(request), now=timezone.now(), version=data["version"],
                                   replacements=replacements)  # fmt: skip

    return _do(request, house, one, "absence", form, act, _("Tercatat berhalangan."))


@for_managers
@require_POST
def remove_absence(request: HttpRequest, house: Facility, number: int) -> HttpResponse:
    """Take an absence back."""
    found = Absence.objects.filter(pk=number, operator__facility=house).first()
    if found is None:
        raise Http404
    try:
        facility_roster.remove_absence(absence=found, actor=signed_in(request), now=timezone.now(), version=VersionField().clean(version_seen(request)))
    except Stale:
        return _page(request, house, _operator(house, found.operator_id), status=say_beaten(request))
    messages.success(request, _("Dihapus. Operator bisa bertugas lagi."))
    return redirect("roster_operator", number=found.operator_id)


@for_managers
@require_POST
def end(request: HttpRequest, house: Facility, number: int) -> HttpResponse:
    """Take an operator off the roster from a day on, or back onto it."""
    one, form = _operator(house, number), EndForm(request.POST, prefix="akhir")
    if request.POST.get("kembali") == "ya":
        return _keep(request, house, one)

    def act(data: dict[str, Any], replacements: Mapping[str, int | None]) -> object:
        return roster.end_operator(operator=one, ended_on=data["ended_on"], actor=signed_in(request),
                                    now=timezone.now(), version=data["version"], replacements=replacements)  # fmt: skip

    return _do(request, house, one, "end", form, act, _("Tercatat. Riwayatnya tetap."))


def _keep(request: HttpRequest, house: Facility, one: Operator) -> HttpResponse:
    try:
        facility_roster.end_operator(
            operator=one, ended_on=None, actor=signed_in(request), now=timezone.now(), version=VersionField().clean(version_seen(request))
        )
    except BadInput as bad:
        messages.error(request, bad.sentence(request.LANGUAGE_CODE))
    except Stale:
        return _page(request, house, _operator(house, one.pk), status=say_beaten(request))
    else:
        messages.success(request, _("Operator bertugas lagi."))
    return redirect("roster_operator", number=one.pk)


@at_counter
@require_http_methods(["GET", "HEAD", "POST"])
def name_operator(request: HttpRequest, house: Facility, reference: str) -> HttpResponse:
    """Name who runs a booking's machine."""
    booking = visible_booking(request, reference)
    if not may_decide(signed_in(request), booking):
        raise PermissionDenied
    part = booking.machines.all()[0]
    part.booking = booking
    mine = [part] if part.machine.is_operated else []
    found = work_for(mine, booking.facility, now=timezone.now(), except_=part.occupancy_id)
    work = found[0] if found else None
    free = list(work.choices) if work else []
    choices = {"free": free, "others": others_for(part, free), "present": part.operator}
    named = getattr(part.operator, "pk", 0)
    initial = {"operator": named or getattr(next(iter(free), None), "pk", None), "version": named}
    form = NameOperatorForm(request.POST if request.method == "POST" else None, initial=initial, **choices)
    context = {"house": booking.facility, "booking": booking, "part": part, "work": work, "form": form}
    context |= {"back": back(request, f"/pesanan/{booking.reference}/")}
    status = 200
    if form.is_bound:
        status, extra = _named(request, booking, form, NameOperatorForm(initial={**initial, "operator": named}, **choices))
        if status == 302:
            return redirect(context["back"])
        context |= extra
    return render(request, "roster/name_operator.html", context, status=status)


def _named(
    request: HttpRequest, booking: Any, form: NameOperatorForm, present: NameOperatorForm
) -> tuple[int, dict[str, Any]]:
    """Name whom the form says; return the status of the answer, 302 when done, and what the page says else."""
    if not form.is_valid():
        return 422, {}
    try:
        roster.reassign(booking_id=booking.pk, operator_id=form.cleaned_data["operator"], actor=signed_in(request),
                         now=timezone.now(), override_reason=form.cleaned_data["reason"],
                         seen=form.cleaned_data["version"])  # fmt: skip
    except BadInput as bad:
        blame(form, bad)
        return 422, {}
    except Refusal as refusal:
        return 409, {"reasons": sentences(refusal.reasons)}
    except Stale:
        return beaten(form, present), {}
    messages.success(request, _("Operator tercatat."))
    return 302, {}
