"""What every page of the counter needs: the house one works in, its clock, and how to say no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
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
from facilities.errors import BadInput, Refusal, Stale
from facilities.models import Facility

SESSION_KEY = "rumah"
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
View = Callable[..., HttpResponse]


def at_counter(view: View) -> View:
    """Let in whoever works in a house, with that house and its clock: `view(request, house, …)`."""

    @wraps(view)
    def counter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        house = _house(request)
        with timezone.override(house.zone):
            return view(request, house, *args, **kwargs)

    return never_cache(login_required(counter))


def for_managers(view: View) -> View:
    """The same, for managers of the house only."""

    @wraps(view)
    def managed(request: HttpRequest, house: Facility, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_manage(signed_in(request), house):
            raise PermissionDenied
        return view(request, house, *args, **kwargs)

    return at_counter(managed)


def _house(request: HttpRequest) -> Facility:
    """Return the house asked for by `?rumah=`, else the one of before, else the first of one's houses."""
    mine = staffed_facilities(signed_in(request))
    if mine is None:
        raise PermissionDenied
    houses = list(Facility.objects.filter(mine).select_related("district"))
    if not houses:
        raise PermissionDenied
    by_slug = {house.slug: house for house in houses}
    asked = request.GET.get("rumah")
    if asked is not None:
        if asked not in by_slug:
            raise Http404
        if request.session.get(SESSION_KEY) != asked:
            request.session[SESSION_KEY] = asked
    house = by_slug.get(request.session.get(SESSION_KEY, ""), houses[0])
    request.house, request.houses = house, houses  # type: ignore[attr-defined]
    return house


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
