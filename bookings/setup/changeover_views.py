"""Cleaning between two products: a house's matrix, and the default of the province; changed, previewed, saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.signed_in import signed_in
from bookings.desk.versions import beaten
from bookings.desk.views import for_managers
from bookings.setup.changeover_forms import ChangeoversForm
from bookings.setup.changeover_preview import Preview, loopholes_of, preview_of_house, preview_of_province
from bookings.setup.rule_views import EDIT, PREVIEW, STEP, typed_again
from facilities.access import may_set_defaults
from facilities.errors import Stale
from facilities.models import Facility
from facilities.occupancy.matrices import cells_of, matrix_of
from facilities.setup import changeovers
from facilities.time.changeover import Loophole
from facilities.vocabulary import CLASSES, class_word

AN_HOUR = 60
SHOWN = 6
Foresee = Callable[[ChangeoversForm], Preview]
Save = Callable[[ChangeoversForm], object]


@for_managers
@require_http_methods(["GET", "HEAD", "POST"])
def house_changeovers(request: HttpRequest, house: Facility) -> HttpResponse:
    """The house's matrix: the province's default, and what the house says otherwise."""
    form = ChangeoversForm(_typed(request), matrix=matrix_of(house.pk), house=True, before=_before(request))

    def foresee(form: ChangeoversForm) -> Preview:
        return preview_of_house(house, form.cells, form.back, now=timezone.now())

    def save(form: ChangeoversForm) -> object:
        return changeovers.set_house_changeovers(
            facility=house,
            cells=form.cells,
            back=form.back,
            actor=signed_in(request),
            now=timezone.now(),
            seen=form.cleaned_data["version"],
        )

    shown = {"house": house, "layout": "desk/base_settings.html"}
    return _answer(request, form, shown, foresee, save)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def province_changeovers(request: HttpRequest) -> HttpResponse:
    """The province's matrix: what holds in every house that does not say otherwise."""
    if not may_set_defaults(signed_in(request)):
        raise PermissionDenied
    form = ChangeoversForm(_typed(request), matrix=matrix_of(None), house=False, before=_before(request))

    def foresee(form: ChangeoversForm) -> Preview:
        return preview_of_province(form.cells, now=timezone.now())

    def save(form: ChangeoversForm) -> object:
        return changeovers.set_default_changeovers(
            cells=form.cells, actor=signed_in(request), now=timezone.now(), seen=form.cleaned_data["version"]
        )

    examples = sum(cell.is_example for cell in cells_of(0))
    shown = {"layout": "setup/base_province.html", "examples": examples}
    return _answer(request, form, shown, foresee, save)


def _typed(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _before(request: HttpRequest) -> str:
    """Return the one class whose row is asked for, or nothing for the whole table."""
    asked = request.GET.get("sesudah", "")
    if asked and asked not in CLASSES:
        raise Http404
    return asked


def _answer(
    request: HttpRequest, form: ChangeoversForm, shown: dict[str, Any], foresee: Foresee, save: Save
) -> HttpResponse:
    """Show the cells, or what new ones would do, or keep them: the step says which. Without a step, keep."""
    step, status = request.POST.get(STEP, ""), 422 if form.is_bound else 200
    if form.is_valid():
        try:
            if form.cleaned_data["version"] != form.get_initial_for_field(form.fields["version"], "version"):
                raise Stale
            if step == PREVIEW:
                return render(
                    request, "setup/changeovers_preview.html", shown | _found(request, form, foresee(form))
                )
            if step != EDIT:
                save(form)
                messages.success(request, _("Ganti produk tersimpan."))
                return redirect(request.get_full_path())
            status = 200
        except Stale:
            house = shown["house"].pk if form.is_house else None
            matrix = matrix_of(house)
            status = beaten(form, ChangeoversForm(matrix=matrix, house=form.is_house, before=_before(request)))
    before = _before(request)
    context = {
        **shown,
        "form": form,
        "before": before and class_word(before, get_language() or "id"),
        "classes": [(code, class_word(code, get_language() or "id")) for code in CLASSES],
        **_ways(loopholes_of(form.matrix, full=AN_HOUR)),
    }
    return render(request, "setup/changeovers.html", context, status=status)


def _found(request: HttpRequest, form: ChangeoversForm, preview: Preview) -> dict[str, Any]:
    return {
        "changed": form.changed(),
        "preview": preview,
        "more": max(0, preview.total - len(preview.pairs)),
        "typed": typed_again(request),
        **_ways(preview.loopholes),
    }


def _ways(found: Sequence[Loophole]) -> dict[str, Any]:
    """Return the first loopholes in words, and how many there are."""
    say = partial(class_word, language=get_language() or "id")
    ways = [{"before": say(w.before), "between": say(w.between), "after": say(w.after)} for w in found[:SHOWN]]
    return {"ways": ways, "way_count": len(found)}
