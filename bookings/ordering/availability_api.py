"""When a machine is free. Public: what is taken says why, never by whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Path, Query, Router

from accounts.api_answers import answers
from accounts.api_auth import asker
from accounts.schemas import slug_type
from bookings.rules.decision import Request
from bookings.rules.question import misfits, request_for
from bookings.trail.acting import bookable_products
from facilities.api_problems import reasons_document
from facilities.catalogue import queries, schemas
from facilities.errors import BadInput
from facilities.models import Machine
from facilities.occupancy import reading
from facilities.time.blocked import blocked_in, free_in
from facilities.time.spans import Span

router = Router(tags=["catalogue"])

MachineSlug = slug_type(60)
DEFAULT_DAYS, MOST_DAYS = timedelta(days=7), timedelta(days=62)
EVERY = 10**6


@router.get(
    "/machines/{slug}/availability",
    response=answers(schemas.AvailabilityOut, 401, 403, 404),
    summary="When a machine is free",
)
def read_availability(request: HttpRequest, slug: Path[MachineSlug], asked: Query[schemas.AvailabilityIn]) -> Any:  # type: ignore[valid-type]
    """Free starts, free spans and what blocks the rest of a window of at most 62 days.

    Times hold for a cleaning class: the cleaning before and after depends on it. With a product of yours,
    a machine that can never pack it has no starts, and says why.
    """
    now = timezone.now()
    machine = queries.in_service(timezone.localdate(now)).filter(slug=slug).first()
    if machine is None:
        raise Http404("machine")
    window = _window(asked, now)
    wanted = _wanted(request, machine, asked, now)
    known = {"cleaning_class": wanted.cleaning_class, "now": now}
    reasons = misfits(machine, wanted, now=now, any_day=True)  # which days it is in service, the starts say
    calendar = reading.calendars([machine], window)[machine.pk]
    starts = [] if reasons else reading.free_starts(
        machine, calendar, minutes=asked.minutes, window=window, count=EVERY, **known
    )  # fmt: skip
    zone = machine.facility.zone
    return schemas.AvailabilityOut(
        machine=machine.slug,
        grid_minutes=machine.limits.grid,
        minutes=asked.minutes,
        cleaning_class=wanted.cleaning_class,
        starts=[start.astimezone(zone) for start in starts],
        free=schemas.spans_out(free_in(calendar, window, minutes=asked.minutes + machine.setup, **known), zone),
        blocked=schemas.blocked_out(blocked_in(calendar, window, **known), zone),
        reasons=reasons_document(reasons, get_language() or "id"),
    )


def _window(asked: schemas.AvailabilityIn, now: Any) -> Span:
    today = now.replace(second=0, microsecond=0)
    start = asked.from_ or (asked.to - DEFAULT_DAYS if asked.to else today)
    end = asked.to or start + DEFAULT_DAYS
    if end <= start:
        raise BadInput("to", "ends_before_it_starts", "Akhir harus sesudah awal.", "The end must be after the start.")
    if end - start > MOST_DAYS:
        raise BadInput("to", "far_too_long", "Paling panjang 62 hari.", "At most 62 days.")
    return Span(start, end)


def _wanted(request: HttpRequest, machine: Machine, asked: schemas.AvailabilityIn, now: datetime) -> Request:
    """Return what would be packed, at no time in particular. A product says its own class."""
    product = None
    if asked.product is not None:
        product = bookable_products(asker(request)).filter(pk=asked.product).first()
        if product is None:
            raise Http404("product")
    return request_for(
        machine, now, now + timedelta(minutes=asked.minutes), product=product, cleaning_class=asked.class_
    )
