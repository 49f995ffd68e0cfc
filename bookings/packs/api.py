"""Ask for packs: which machines can do it, when and for how much; for every other one, why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Query, Router

from accounts.api_answers import answers, write_answers
from accounts.api_auth import WRITES, asker, may
from accounts.models import User
from bookings.models import Booking, Product
from bookings.packs import ledger
from bookings.packs import schemas as shapes
from bookings.packs.search import causes, search
from bookings.packs.wanted import Wanted
from bookings.rules.weights import grams
from bookings.trail.acting import bookable_products
from bookings.trail.api_finding import owned_by, producer_of
from facilities.catalogue import queries
from facilities.models import District
from facilities.region.distances import origin_of
from facilities.vocabulary import usual_class

router = Router(tags=["catalogue"])


@router.get("/search", response=answers(shapes.SearchOut, 401, 403, 404), summary="Ask for packs")
def search_machines(request: HttpRequest, asked: Query[shapes.SearchIn]) -> HttpResponse:
    """Every machine of every house: options in the order asked for, all others with every reason, and near misses.

    Minutes come from the quantity and the machine's own rate. A quantity too large for one session is
    spread over days as a `plan`. Nothing is recorded: that is what `POST /needs` is for.
    """
    now = timezone.now()
    product = _product(asker(request), asked.product) if asked.product else None
    if asked.district and origin_of(asked.district, ()) is None:
        _district(asked.district)
    wanted = _wanted(asked, product, now)
    found = search(wanted, now=now, order=asked.order)
    return JsonResponse(shapes.found_document(found, wanted, asked.order, get_language() or "id"))


@router.post(
    "/needs",
    auth=may("bookings:write"),
    throttle=WRITES,
    response=write_answers(shapes.AskedOut, status=201),
    summary="Put a need on record",
    tags=["bookings"],
)
def create_need(request: HttpRequest, asked: shapes.NeedIn) -> HttpResponse:
    """Search, and remember that a producer asked: what ends in nothing is an unmet need until a booking serves it."""
    now = timezone.now()
    producer = producer_of(request, asked.producer)
    product = owned_by(_product(request.user, asked.product), producer) if asked.product else None  # type: ignore[arg-type]
    district = _district(asked.district) if asked.district else producer.district
    wanted = replace(_wanted(asked, product, now), district=district.code)
    found = search(wanted, now=now, order=asked.order)
    need = ledger.ask_for(
        asked=ledger.TypedNeed(
            pack_format=asked.format,
            quantity=asked.quantity,
            form=wanted.form,
            cleaning_class=wanted.cleaning_class,
            line=wanted.line,
            net_weight=wanted.net_weight,
            district=district,
            product=product.name if product else "",
        ),
        found=len(found.options),
        reasons=causes(found, wanted),
        now=now,
        producer=producer,
    )
    document = shapes.found_document(found, wanted, asked.order, get_language() or "id")
    document["need"] = shapes.need_document(need, producer.slug, _reference(need.served_by))
    return JsonResponse(document, status=201)


def _reference(booking: Booking | None) -> str | None:
    return booking.reference if booking else None


def _product(user: User, pk: int) -> Product:
    product = bookable_products(user).filter(pk=pk).first()
    if product is None:
        raise Http404("product")
    return product


def _district(code: str) -> District:
    district = queries.districts().filter(code=code).first()
    if district is None:
        raise Http404("district")
    return district


def _wanted(asked: shapes.SearchIn | shapes.NeedIn, product: Product | None, now: datetime) -> Wanted:
    """Return the question as searching takes it. A product on file says form, line, class and weight; else what was told."""
    earliest, latest = shapes.window_of(asked, now)
    form = _first(product and product.form, asked.form)
    return Wanted(
        earliest,
        latest,
        form=form,
        format=asked.format,
        cleaning_class=_first(product and product.cleaning_class, asked.class_, usual_class(form)),
        line=_first(product and product.line, asked.line),
        net_weight=asked.net_weight or (grams(product.net_weight) if product else None),
        width=asked.width,
        quantity=asked.quantity,
        minutes=asked.minutes,
        district=asked.district,
    )


def _first(*said: str | None) -> str:
    """Return the first of these that says anything."""
    return next((one for one in said if one), "")
