"""Who asks, whom they act for, and what those pack."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status

from accounts.api_answers import own_answers, page_of, write_answers
from accounts.api_auth import WRITES, may
from accounts.schemas import Page, PageIn
from bookings.ordering.products import keep_product
from bookings.people import schemas as shapes
from bookings.trail import acting
from bookings.trail.access import bookable_producers
from bookings.trail.api_finding import producer_of
from facilities.access import duties_of
from facilities.models import Facility

router = Router(tags=["people"])

READS = may("bookings:read")
MOST_SHOWN = 200


@router.get("/me", auth=may(), response=own_answers(shapes.MeOut), summary="Who you are")
def read_me(request: HttpRequest) -> Any:
    """Your own name, duties, and the producers you act for."""
    duties = duties_of(request.user)
    houses = dict(Facility.objects.filter(pk__in=duties.staffs).values_list("pk", "slug"))
    mine = acting.own_producers(request.user).select_related("cooperative").order_by("name_key", "pk").distinct()
    return shapes.me_out(request.user, houses=houses, producers=list(mine[:MOST_SHOWN]))


@router.get("/producers", auth=READS, response=own_answers(Page[shapes.ProducerOut]), summary="Producers")
def list_producers(request: HttpRequest, asked: Query[PageIn]) -> Any:
    """Whom you may book for."""
    found = bookable_producers(request.user).select_related("cooperative").order_by("name_key", "pk")
    return page_of(found, asked, lambda rows: [shapes.producer_out(row) for row in rows])


@router.get("/products", auth=READS, response=own_answers(Page[shapes.ProductOut]), summary="Products")
def list_products(request: HttpRequest, asked: Query[shapes.ProductFilter]) -> Any:
    """What the producers you act for have on file."""
    found = acting.bookable_products(request.user)
    if asked.producer:
        found = found.filter(producer__slug=asked.producer)
    return page_of(found, asked, lambda rows: [shapes.product_out(row) for row in rows])


@router.post(
    "/products",
    auth=may("bookings:write"),
    throttle=WRITES,
    response=write_answers(shapes.ProductOut, status=201),
    summary="Keep a product",
)
def create_product(request: HttpRequest, asked: shapes.ProductIn) -> Any:
    """Put a product on file. A known name is answered as it stands: its line never changes in passing."""
    producer = producer_of(request, asked.producer)
    product = keep_product(
        producer=producer,
        name=asked.name,
        form=asked.form,
        line=asked.line,
        cleaning_class=asked.class_,
        net_weight=asked.net_weight,
        now=timezone.now(),
    )
    product.producer = producer
    return Status(201, shapes.product_out(product))
