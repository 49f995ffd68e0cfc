"""What every page of the counter needs: the house one works in, its clock, and how to say no."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from accounts.redirects import safe_next
from accounts.signed_in import signed_in
from bookings.models import Booking
from bookings.trail.access import bookings_visible_to, may_run
from bookings.trail.queries import with_parts
from facilities.access import may_manage, staffed_facilities
from facilities.catalogue.wording import sentences
from facilities.errors import BadInput, Reason, Refusal, Stale
from facilities.models import Breakdown, Facility, Machine, Operator

KEY = "rumah"
"""Where an address, a form and the device say the house."""
WRONG_HOUSE = Reason(
    "wrong_house",
    id="Belum jelas untuk rumah produksi mana isian ini. Tidak ada yang diubah.",
    en="It is not clear for which house this is. Nothing was changed.",
    way_out_id="Buka lagi halaman rumah yang Anda maksud, lalu kirim dari sana.",
    way_out_en="Open the page of the house you mean, and send it from there.",
)
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
View = Callable[..., HttpResponse]


def at_counter(view: View) -> View:
    """Let in whoever works in a house, with that house and its clock: `view(request, house, …)`.

    The house is in the address or in the form, never only remembered: two tabs of one person may show two houses.
    Where somebody works in several, an address without a house is led to one with it.
    """

    @wraps(view)
    def counter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        houses = _houses(request)
        said = {request.GET.get(KEY), request.POST.get(KEY)} - {None}
        if len(said) > 1 or (request.method == "POST" and len(houses) > 1 and not said):
            return _wrong_house(request)
        if not said and len(houses) > 1:
            meant = _house_of_path(request, houses, kwargs) or _house_before(request, houses)
            return HttpResponseRedirect(_address_in(request, meant))
        house = _chosen(request, houses, said)
        with timezone.override(house.zone):
            response = view(request, house, *args, **kwargs)
        return _remembering(request, response, house.slug) if len(houses) > 1 else response

    return never_cache(login_required(counter))


def for_managers(view: View) -> View:
    """The same, for managers of the house only."""

    @wraps(view)
    def managed(request: HttpRequest, house: Facility, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_manage(signed_in(request), house):
            raise PermissionDenied
        return view(request, house, *args, **kwargs)

    return at_counter(managed)


def _houses(request: HttpRequest) -> dict[str, Facility]:
    """Return the houses a person works in, by their slugs."""
    mine = staffed_facilities(signed_in(request))
    houses = Facility.objects.none() if mine is None else Facility.objects.filter(mine).select_related("district")
    found = {house.slug: house for house in houses}
    if not found:
        raise PermissionDenied
    return found


OF_NUMBERS: Mapping[str, tuple[type[Model], str]] = {
    "roster_operator": (Operator, "facility"), "correct_breakdown": (Breakdown, "machine__facility"),
}  # fmt: skip
"""Whose number stands in which address, and the way to its house."""


def _house_of_path(request: HttpRequest, houses: Mapping[str, Facility], names: Mapping[str, Any]) -> str | None:
    """Return the house of the booking, machine, operator or breakdown that an address names, if one works there."""
    view = request.resolver_match.url_name if request.resolver_match else ""
    model, place = OF_NUMBERS.get(view or "", (Machine, "facility"))
    asked: Mapping[str, Any] = {"pk": names["number"]} if "number" in names else {"slug": names.get("slug", "")}
    if reference := names.get("reference") or request.GET.get("pilih"):
        model, place, asked = Booking, "facility", {"reference": reference.upper()}
    elif "number" in names and view not in OF_NUMBERS:
        return None
    mine = model._default_manager.filter(**asked, **{f"{place}__slug__in": list(houses)})
    return mine.values_list(f"{place}__slug", flat=True).first()


def _house_before(request: HttpRequest, houses: Mapping[str, Facility]) -> str:
    """Return the house of the page one comes from, else the one of last time, else the first."""
    came_from = QueryDict(urlsplit(request.headers.get("Referer", "")).query).get(KEY)
    known = (slug for slug in (came_from, request.COOKIES.get(KEY)) if slug in houses)
    return next(known, next(iter(houses)))


def _address_in(request: HttpRequest, slug: str) -> str:
    query = request.GET.copy()
    query[KEY] = slug
    return f"{request.path}?{query.urlencode()}"


def _chosen(request: HttpRequest, houses: Mapping[str, Facility], said: Iterable[str | None]) -> Facility:
    """Return the house that was said; where there is only one, that one."""
    slug = next(iter(said), None) or next(iter(houses))
    if slug not in houses:
        raise Http404
    request.house, request.houses = houses[slug], list(houses.values())  # type: ignore[attr-defined]
    return houses[slug]


def _remembering(request: HttpRequest, response: HttpResponse, slug: str) -> HttpResponse:
    """Remember a house for the next address that says none: with the device, for reading writes nothing here."""
    if request.COOKIES.get(KEY) != slug:
        response.set_cookie(KEY, slug, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response


def _wrong_house(request: HttpRequest) -> HttpResponse:
    """Refuse a form that does not say for which house it is, or says two: nothing was changed."""
    refusal = Refusal([WRONG_HOUSE])
    return render(request, "desk/wrong_house.html", {"reasons": sentences(refusal.reasons), "back": back(request)}, status=409)


def visible_booking(request: HttpRequest, reference: str) -> Booking:
    """Return a booking whose day this person runs; anything else does not exist for them.

    Whoever works in several houses sees it by the clock of its own, whichever was chosen.
    """
    found = with_parts(bookings_visible_to(signed_in(request))).filter(reference=reference.upper()).first()
    if found is None or not may_run(signed_in(request), found):
        raise Http404
    request.house = found.facility  # type: ignore[attr-defined]
    timezone.activate(found.facility.zone)  # until the end of `at_counter`
    return found


def words_of(bad: BadInput) -> str:
    return bad.sentence(get_language() or "id")


def blame(form: Form, bad: BadInput) -> None:
    """Put what a service could not understand beside its field, or on top where the form has none."""
    form.add_error(bad.field if bad.field in form.fields else None, words_of(bad))


def refused(request: HttpRequest, booking: Booking, refusal: Refusal | Stale, *, now: Any) -> HttpResponse:
    """Answer 409 (or 412) with every reason, the booking as it is now, and what can be done with it."""
    from bookings.desk.actions import actions_for

    fresh = visible_booking(request, booking.reference)
    reasons = sentences(refusal.reasons) if isinstance(refusal, Refusal) else []
    context = {
        "booking": fresh,
        "reasons": reasons,
        "actions": actions_for(signed_in(request), fresh, now),
        "back": back(request),
    }
    return render(request, "desk/refused.html", context, status=409 if reasons else 412)


def back(request: HttpRequest, otherwise: str = "/hari-ini/") -> str:
    """Return where to go after a one-tap action: the page it was on."""
    return safe_next(request, otherwise=otherwise)


def asked_day(request: HttpRequest, name: str = "hari") -> date:
    """Return the day in the query, or today at the house. Nonsense is no such page."""
    today = timezone.localdate()
    text = request.GET.get(name, "")
    if not text:
        return today
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if not EARLIEST < day < LATEST:
        raise Http404
    return day


def shifted(day: date, days: int) -> date:
    return day + timedelta(days=days)
