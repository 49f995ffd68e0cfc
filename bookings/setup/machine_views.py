"""Machines in the settings: add, change, price, picture, retire. And the pictures themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import Q
from django.forms import Form, model_to_dict
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.signed_in import signed_in
from bookings.desk.versions import beaten, carried, say_beaten, version_seen
from bookings.desk.views import blame, for_managers, words_of
from bookings.setup.before_saving import answer_of, ask_first, goes_back, needs_asking
from bookings.setup.machine_forms import (
    AbilitiesForm,
    ChangeForm,
    NewMachineForm,
    PhotoForm,
    RetireForm,
    TariffForm,
    TypeForm,
    pairs_of,
    pairs_of_type,
)
from bookings.upkeep import services as upkeep
from bookings.upkeep.settings import save_setting
from facilities.catalogue import photos
from facilities.catalogue.wording import sentences
from facilities.errors import BadInput, Refusal, Stale
from facilities.models import Facility, Machine, MachinePhoto, MachineType
from facilities.setup import machines, versions
from facilities.setup.abilities import set_abilities
from facilities.setup.machines import CHANGEABLE

A_YEAR = 365 * 24 * 3600


@for_managers
@require_safe
def machine_list(request: HttpRequest, house: Facility) -> HttpResponse:
    """List the house's machines, those out of service last."""
    rows = house.machines.select_related("type").order_by("retired_on", "name_key", "pk")
    in_use = sorted(rows, key=lambda machine: (machine.retired_on is not None, machine.name_key))
    return render(request, "setup/machines.html", {"house": house, "houses": request.houses, "rows": in_use})


@for_managers
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, house: Facility) -> HttpResponse:
    """Add a machine: its kind first, which fills in the rest."""
    asked = request.POST.get("jenis") or request.GET.get("jenis")
    kind = MachineType.objects.filter(code=asked).first() if asked else None
    if kind is None:
        chooser = TypeForm(request.GET if asked else None)
        return render(
            request, "setup/machine_type.html", {"house": house, "form": chooser}, status=422 if asked else 200
        )
    typed = request.POST if request.method == "POST" else None
    form = NewMachineForm(typed, initial=_first_guess(house, kind))
    abilities = AbilitiesForm(typed, pairs=pairs_of_type(kind), prefix="bisa")
    if form.is_valid() and abilities.is_valid() and not goes_back(request):
        try:
            made = _added(request, house, kind, form, abilities)
        except BadInput as bad:
            blame(form, bad)
        except Refusal as refusal:
            return ask_first(request, house, refusal)
        else:
            messages.success(request, _("Mesin ditambahkan. Lengkapi tarif dan fotonya."))
            return redirect("settings_machine", slug=made.slug)
    context = {"house": house, "kind": kind, "form": form, "abilities": abilities}
    status = 422 if form.is_bound and not goes_back(request) else 200
    return render(request, "setup/machine_add.html", context, status=status)


def _first_guess(house: Facility, kind: MachineType) -> dict[str, Any]:
    number = house.machines.filter(type=kind).count() + 1
    return {
        "name": f"{kind.name} {number}"[:80],
        "operator_level": kind.operator_level,
        "setup": kind.setup,
        "cleaning": kind.cleaning,
        "in_service_from": timezone.localdate(),
    }


def _added(request: HttpRequest, house: Facility, kind: MachineType, form: Form, abilities: AbilitiesForm) -> Machine:
    data = form.cleaned_data
    return machines.add_machine(
        facility=house,
        type=kind,
        line=data["line"],
        values={name: data[name] for name in CHANGEABLE},
        abilities=abilities.abilities(),
        in_service_from=data["in_service_from"],
        actor=signed_in(request),
        now=timezone.now(),
        confirmed=answer_of(request).months,
    )


@for_managers
@require_safe
def machine(request: HttpRequest, house: Facility, slug: str) -> HttpResponse:
    """Everything that can be set on one machine."""
    return _page(request, house, _machine(house, slug))


def _machine(house: Facility, slug: str) -> Machine:
    rows = Machine.objects.filter(facility=house, slug=slug).select_related("type", "facility")
    found = rows.prefetch_related("capabilities", "tariffs__corrected_by", "photos").first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, house: Facility, machine: Machine, *, status: int = 200, **extra: Any) -> HttpResponse:
    context = {"house": house, "machine": machine, "today": timezone.localdate(), **_forms(machine), **extra}
    for name, part in PARTS.items():
        context[name].seen = carried(context[name], versions.version_of(part, machine))
    return render(request, "setup/machine.html", context, status=status)


def _forms(machine: Machine) -> dict[str, Form]:
    """Return the page's forms, each with what is stored."""
    today = timezone.localdate()
    return {
        "form": ChangeForm(initial={name: getattr(machine, name) for name in (*CHANGEABLE, "version")}),
        "abilities": AbilitiesForm(pairs=pairs_of(machine), prefix="bisa"),
        "tariff": TariffForm(initial={"unit": "hour", "valid_from": today}, prefix="tarif"),
        "photo": PhotoForm(),
        "retire": RetireForm(initial={"retired_on": machine.retired_on or today}, prefix="pensiun"),
    }


PARTS = {"abilities": versions.abilities, "tariff": versions.tariffs, "retire": versions.service}
"""What else a form of the page writes than the machine's own row, which has its `version`."""
Act = Callable[[dict[str, Any]], object]


def _do(
    request: HttpRequest, house: Facility, machine: Machine, name: str, form: Form, act: Act, done: str
) -> HttpResponse:
    """Do what one of the page's forms says; show the page again with every word kept where it cannot be."""
    status, extra = 200 if goes_back(request) else 422, {}
    if form.is_valid() and not goes_back(request):
        try:
            if name in PARTS:
                versions.if_unchanged(PARTS[name], machine, version_seen(request), lambda: act(form.cleaned_data))
            else:
                act(form.cleaned_data)
        except BadInput as bad:
            blame(form, bad)
            status = 415 if bad.code == "unsupported_format" else 422
        except Refusal as refusal:
            if needs_asking(refusal):
                return ask_first(request, house, refusal, may_stay=name != "retire")
            status, extra = 409, {"reasons": sentences(refusal.reasons)}
        except Stale:
            machine = _machine(house, machine.slug)
            status = beaten(form, _stored(machine, name, form))
        else:
            messages.success(request, done)
            return redirect("settings_machine", slug=machine.slug)
    return _page(request, house, machine, status=status, **{name: form, "opened": name, **extra})


def _stored(machine: Machine, name: str, form: Form) -> Form:
    """Return a form of the page as it is stored now. A price: the one of the day that was typed, else the latest."""
    if name != "tariff":
        return _forms(machine)[name]
    prices = list(machine.tariffs.all())
    price = next((one for one in prices if one.valid_from == form.cleaned_data["valid_from"]), next(iter(prices), None))
    return TariffForm(prefix="tarif", initial=model_to_dict(price) if price else {})


@for_managers
@require_POST
def change(request: HttpRequest, house: Facility, slug: str) -> HttpResponse:
    """Change a machine's facts."""
    found = _machine(house, slug)

    def act(data: dict[str, Any]) -> object:
        who, now = signed_in(request), timezone.now()
        changes = {name: data[name] for name in CHANGEABLE}

        def change() -> object:
            return machines.change_machine(machine=found, changes=changes, actor=who, now=now, version=data["version"])

        return save_setting(change, facility=house, machine=found, why="changed", actor=who, now=now,
                            answer=answer_of(request))  # fmt: skip

    return _do(request, house, found, "form", ChangeForm(request.POST), act, _("Tersimpan."))


@for_managers
@require_POST
def abilities(request: HttpRequest, house: Facility, slug: str) -> HttpResponse:
    """Change what a machine packs into what."""
    found = _machine(house, slug)
    form = AbilitiesForm(request.POST, pairs=pairs_of(found), prefix="bisa")

    def act(_data: dict[str, Any]) -> object:
        who, now = signed_in(request), timezone.now()

        def change() -> None:
            set_abilities(machine=found, abilities=form.abilities(), actor=who, now=now)

        return save_setting(change, facility=house, machine=found, why="unable", actor=who, now=now,
                            answer=answer_of(request))  # fmt: skip

    return _do(request, house, found, "abilities", form, act, _("Kemampuan mesin tersimpan."))


@for_managers
@require_POST
def tariff(request: HttpRequest, house: Facility, slug: str) -> HttpResponse:
    """Decree a price from a day on."""
    found = _machine(house, slug)

    def act(data: dict[str, Any]) -> object:
        return machines.set_tariff(
            machine=found,
            unit=data["unit"],
            amount=data["amount"] or 0,
            legal_basis=data["legal_basis"],
            valid_from=data["valid_from"],
            reason=data["reason"],
            actor=signed_in(request),
            now=timezone.now(),
            confirmed=answer_of(request).months,
        )

    return _do(request, house, found, "tariff", TariffForm(request.POST, prefix="tarif"), act, _("Tarif tersimpan."))


@for_managers
@require_POST
def retire(request: HttpRequest, house: Facility, slug: str) -> HttpResponse:
    """Take a machine out of service, or back into it."""
    found = _machine(house, slug)
    if request.POST.get("kembali") == "ya":
        return _return(request, house, found)

    def act(data: dict[str, Any]) -> object:
        answer = answer_of(request)
        return upkeep.retire(machine=found, retired_on=data["retired_on"], actor=signed_in(request), now=timezone.now(),
                             displace=bool(answer.seen), seen=answer.seen, confirmed=answer.months)  # fmt: skip

    form = RetireForm(request.POST, prefix="pensiun")
    return _do(request, house, found, "retire", form, act, _("Mesin tidak bisa dipesan lagi sejak hari itu."))


def _return(request: HttpRequest, house: Facility, machine: Machine) -> HttpResponse:
    def act() -> object:
        return machines.return_to_service(machine=machine, actor=signed_in(request), now=timezone.now(),
                                          confirmed=answer_of(request).months)  # fmt: skip

    if goes_back(request):
        return redirect("settings_machine", slug=machine.slug)
    try:
        versions.if_unchanged(versions.service, machine, version_seen(request), act)
    except Stale:
        return _page(request, house, _machine(house, machine.slug), status=say_beaten(request))
    except BadInput as bad:
        messages.error(request, words_of(bad))
    except Refusal as refusal:
        return ask_first(request, house, refusal)
    else:
        messages.success(request, _("Mesin dipakai lagi."))
    return redirect("settings_machine", slug=machine.slug)


@for_managers
@require_POST
def photo(request: HttpRequest, house: Facility, slug: str) -> HttpResponse:
    """Take a photo; people see it once the worker has made its sizes."""
    found = _machine(house, slug)

    def act(data: dict[str, Any]) -> object:
        return photos.add_photo(
            machine=found,
            upload=data["photo"].file,
            description=data["description"],
            actor=signed_in(request),
            now=timezone.now(),
        )

    form = PhotoForm(request.POST, request.FILES)
    return _do(request, house, found, "photo", form, act, _("Foto diterima. Terlihat sebentar lagi."))


@for_managers
@require_POST
def remove_photo(request: HttpRequest, house: Facility, slug: str, number: int) -> HttpResponse:
    """Remove a photo."""
    found = MachinePhoto.objects.filter(pk=number, machine__slug=slug, machine__facility=house).first()
    if found is None:
        raise Http404
    photos.remove_photo(photo=found, actor=signed_in(request), now=timezone.now())
    messages.success(request, _("Foto dihapus."))
    return redirect("settings_machine", slug=slug)


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """Serve a photo the worker made. Its name is random and its bytes never change; uploads are never served."""
    if not MachinePhoto.objects.filter(Q(small=name) | Q(large=name)).exists():
        raise Http404
    try:
        file = default_storage.open(name)
    except (OSError, ValueError):
        raise Http404 from None
    response = FileResponse(file, content_type="image/webp")
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
