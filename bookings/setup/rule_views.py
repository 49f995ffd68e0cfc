"""The rules of a house and of one machine: set in sentences, shown with what they would break, then saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.signed_in import signed_in
from bookings.desk.versions import beaten
from bookings.desk.views import blame, for_managers
from bookings.rules import services
from bookings.rules.preview import Breach, breaches_of_house, breaches_of_machine
from bookings.rules.sentences import sentence, value_words
from bookings.setup.rule_forms import HouseRulesForm, MachineRulesForm, house_values, own_values
from facilities.errors import BadInput, Stale
from facilities.models import Facility, Machine

LISTED = 20
PREVIEW, EDIT = "pratinjau", "ubah"
STEP, TOKEN = "langkah", "csrfmiddlewaretoken"
Act = Callable[[Mapping[str, object], int], Any]
Present = Callable[[], HouseRulesForm]


@for_managers
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest, house: Facility) -> HttpResponse:
    """The house's rules, in sentences."""
    old = house_values(house)
    form = HouseRulesForm(_typed(request), values=old, version=house.version)

    def preview(values: Mapping[str, object], _version: int) -> list[Breach]:
        return breaches_of_house(house, services.house_changes(house, values), now=timezone.now())

    def save(values: Mapping[str, object], version: int) -> object:
        return services.set_house_rules(
            facility=house, values=values, actor=signed_in(request), now=timezone.now(), version=version
        )

    def present() -> HouseRulesForm:
        house.refresh_from_db()
        return HouseRulesForm(values=house_values(house), version=house.version)

    return _answer(request, form, present, {"house": house, "old": old}, preview, save)


@for_managers
@require_http_methods(["GET", "HEAD", "POST"])
def machine_rules(request: HttpRequest, house: Facility, slug: str) -> HttpResponse:
    """One machine's rules: each as its house says, or its own."""
    machine = Machine.objects.filter(facility=house, slug=slug).select_related("facility").first()
    if machine is None:
        raise Http404
    form = MachineRulesForm(_typed(request), machine=machine)

    def preview(values: Mapping[str, object], _version: int) -> list[Breach]:
        limits, policy = services.machine_changes(machine, values)
        return breaches_of_machine(machine, limits, policy, now=timezone.now())

    def save(values: Mapping[str, object], version: int) -> object:
        return services.set_machine_rules(
            machine=machine, values=values, actor=signed_in(request), now=timezone.now(), version=version
        )

    shown = {"house": house, "machine": machine, "old": {**house_values(house), **own_values(machine)}}

    def present() -> HouseRulesForm:
        machine.refresh_from_db()
        return MachineRulesForm(machine=machine)

    return _answer(request, form, present, shown, preview, save)


def _typed(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _answer(
    request: HttpRequest, form: HouseRulesForm, present: Present, shown: dict[str, Any], preview: Act, save: Act
) -> HttpResponse:
    """Show the form, or what its values would do, or keep them: the step says which. Without a step, keep."""
    step, status = request.POST.get(STEP, ""), 422 if form.is_bound else 200
    if form.is_valid():
        values, seen = form.values(), form.cleaned_data["version"]
        try:
            if seen != form.get_initial_for_field(form.fields["version"], "version"):
                raise Stale
            if step == PREVIEW:
                found = preview(values, seen)
                return render(
                    request, "setup/rules_preview.html", shown | _found(request, form, shown["old"], found)
                )
            if step != EDIT:
                save(values, seen)
                messages.success(request, _("Aturan tersimpan."))
                return redirect(request.path)
            status = 200
        except BadInput as bad:
            blame(form, bad)
        except Stale:
            status = beaten(form, present())
    return render(request, "setup/rules.html", {**shown, "form": form}, status=status)


def _found(
    request: HttpRequest, form: HouseRulesForm, old: Mapping[str, object], found: list[Breach]
) -> dict[str, Any]:
    """Return what the preview shows: the sentences that change, the bookings that stay, and all that was typed."""
    language = get_language() or "id"
    rows = [{"booking": one.booking, "part": one.part, "said": [r.sentence(language) for r in one.reasons]}
            for one in found[:LISTED]]  # fmt: skip
    return {
        "changed": list(_changed(form, old, language)),
        "breaches": rows,
        "count": len(found),
        "more": max(0, len(found) - LISTED),
        "typed": typed_again(request),
    }


def typed_again(request: HttpRequest) -> list[tuple[str, str]]:
    """Return all that was typed, for the hidden fields of the next step."""
    rows = request.POST.lists()
    return [(key, str(value)) for key, values in rows for value in values if key not in (STEP, TOKEN)]


def _changed(form: HouseRulesForm, old: Mapping[str, object], language: str) -> Iterator[dict[str, str]]:
    values = form.in_force()
    for _title, settings in form.groups:
        for setting in settings:
            was, now = old.get(setting.name), values.get(setting.name)
            if (was or None) != (now or None):
                yield {"now": sentence(setting, now, language), "was": value_words(setting, was, language)}
