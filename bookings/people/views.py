"""Producers as staff see them, and the search box."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.signed_in import signed_in
from accounts.writing.phones import masked
from bookings.desk.views import at_counter
from bookings.models import Producer
from bookings.people.phones import reveal_phone as whole_phone
from bookings.people.queries import bookings_of, found, producer_list
from bookings.trail.access import may_see_phone, producers_visible_to
from bookings.trail.references import normalised
from facilities.access import duties_of, may_manage
from facilities.models import Facility

PAGE, ON_ONE_PAGE = 30, 40


@at_counter
@require_safe
def producers(request: HttpRequest, house: Facility) -> HttpResponse:
    """List who has booked here, with numbers masked."""
    words = request.GET.get("q", "").strip()[:80]
    page = Paginator(producer_list(signed_in(request), words), PAGE).get_page(request.GET.get("page"))
    for one in page.object_list:
        one.masked = masked(one.phone)
    return render(request, "people/producers.html", {"house": house, "page": page, "words": words})


@at_counter
@require_safe
def producer(request: HttpRequest, house: Facility, slug: str) -> HttpResponse:
    """Show one producer and what it booked."""
    return render(request, "people/producer.html", _page(request, house, _visible(request, slug)))


@at_counter
@require_POST
def reveal_phone(request: HttpRequest, house: Facility, slug: str) -> HttpResponse:
    """Show the whole number once, and note who looked."""
    one = _visible(request, slug)
    phone = whole_phone(producer=one, actor=signed_in(request), now=timezone.now())
    return render(request, "people/producer.html", {**_page(request, house, one), "phone": phone})


def _visible(request: HttpRequest, slug: str) -> Producer:
    rows = producers_visible_to(signed_in(request)).select_related("district", "cooperative")
    one = rows.filter(slug=slug).first()
    if one is None:
        raise Http404
    return one


def _page(request: HttpRequest, house: Facility, one: Producer) -> dict[str, object]:
    rows = list(bookings_of(signed_in(request), one)[:ON_ONE_PAGE])
    count = {status: sum(row.status == status for row in rows) for status in ("completed", "no_show", "cancelled")}
    user = signed_in(request)
    context = {"house": house, "one": one, "masked": masked(one.phone), "rows": rows, "count": count}
    return context | {"manages": may_manage(user, house), "may_see_phone": may_see_phone(user, one)}


@never_cache
@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find a booking, a producer or a machine. A whole code that is known opens at once."""
    user = signed_in(request)
    duties = duties_of(user)
    if not (duties.is_staff or duties.sees_all or duties.districts):
        raise PermissionDenied
    words = request.GET.get("q", "").strip()[:80]
    result = found(user, words, on=timezone.localtime())
    if len(result.bookings) == 1 and result.bookings[0].reference == normalised(words):
        return redirect(f"/pesanan/{result.bookings[0].reference}/")
    return render(request, "people/search.html", {"search_words": words, "found": result})
