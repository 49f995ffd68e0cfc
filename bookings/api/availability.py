"""When a machine is free. Public: what is taken says why, never by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router

from accounts.api_answers import answers
from accounts.api_auth import asker
from accounts.schemas import slug_type
from bookings.decision import Request, reasons_against
from bookings.models import Product
from bookings.parties import bookable_products
from bookings.questions import rules_of, traits_of
from bookings.rules import RULES
from facilities import queries, schemas
from facilities.api_problems import refusal_document
from facilities.blocked import blocked_in
from facilities.calendars import Calendar, free_spans
from facilities.errors import BadInput, Refusal
from facilities.models import Machine
from facilities.spans import Span

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

    With a product of yours, a machine that can never pack it has no starts, and says why.
    """
    now = timezone.now()
    machine = queries.in_service(timezone.localdate(now)).filter(slug=slug).first()
    if machine is None:
        raise Http404("machine")
    window = _window(asked, now)
    reasons = _misfits(machine, _product(request, asked.product), now) if asked.product else []
    calendar = queries.calendars([machine], window)[machine.pk]
    starts = [] if reasons else queries.free_starts(
        machine, calendar, now=now, minutes=asked.minutes, window=window, count=EVERY
    )  # fmt: skip
    zone = machine.facility.zone
    return schemas.AvailabilityOut(
        machine=machine.slug,
        grid_minutes=machine.limits.grid,
        minutes=asked.minutes,
        starts=[start.astimezone(zone) for start in starts],
        free=schemas.spans_out(_free(calendar, window, now=now, minutes=asked.minutes), zone),
        blocked=schemas.blocked_out(blocked_in(calendar, window, now=now), zone),
        reasons=reasons,
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


def _free(calendar: Calendar, window: Span, *, now: Any, minutes: int) -> list[Span]:
    spans = free_spans(calendar, now=max(now, window.start), minimum=minutes)
    cut = ((span.start, min(span.end, window.end)) for span in spans)
    return [Span(start, end) for start, end in cut if end - start >= timedelta(minutes=minutes)]


def _product(request: HttpRequest, pk: int | None) -> Product:
    product = bookable_products(asker(request)).filter(pk=pk).first()
    if product is None:
        raise Http404("product")
    return product


def _misfits(machine: Machine, product: Product, now: Any) -> list[dict[str, Any]]:
    """Return why this machine never packs the product, whatever the time."""
    wanted = Request(
        start=now, end=now + timedelta(hours=1), setup=0, line=product.line, form=product.form
    )
    rules = [rule for rule in RULES if rule.name in ("line", "fit")]
    traits = replace(traits_of(machine, wanted), in_service=True)  # which days it is in service, the starts say
    found = reasons_against(wanted, Calendar([]), rules_of(machine), traits, now=now, checks=rules)
    return refusal_document(Refusal(found), "id")["reasons"] if found else []
