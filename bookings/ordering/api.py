"""Bookings: ask, read, decide, change."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Header, Path, Query, Router
from ninja.responses import NinjaJSONEncoder

from accounts.api_answers import own_answers, page_of, tagged, version_seen, write_answers
from accounts.api_auth import WRITES, may
from accounts.schemas import Page, slug_type
from bookings.models import Booking, Product
from bookings.ordering import idempotency
from bookings.ordering import schemas as shapes
from bookings.ordering import services as ordering
from bookings.ordering.changing_forms import CANCEL_REASONS, HOUSE_CANCEL_REASONS
from bookings.ordering.idempotency import Answer, keep_refusal
from bookings.ordering.own_time import naming_the_own
from bookings.packs.near_misses import move_with_near_misses, with_near_misses
from bookings.rules.decision import Request
from bookings.rules.question import request_for
from bookings.trail import access, acting, queries
from bookings.trail.api_finding import booking_of, machine_of, owned_by, the_one
from facilities.api_problems import refusal_document
from facilities.errors import BadInput, NotAllowed, Refusal, WrongState
from facilities.models import Machine

router = Router(tags=["bookings"])

Reference = slug_type(20)
READS, WRITE = may("bookings:read"), may("bookings:write")


CHANGED = write_answers(shapes.BookingOut, 412)


Key = Header(
    None,
    alias="Idempotency-Key",
    min_length=1,
    max_length=255,
    pattern=r"^[\x21-\x7e]+$",
    description="the same key and body get the same answer again; kept at least a day",
)


@router.get("/bookings", auth=READS, response=own_answers(Page[shapes.BookingOut]), summary="Bookings")
def list_bookings(request: HttpRequest, asked: Query[shapes.BookingFilter]) -> Any:
    """The bookings you may read, in order of time."""
    found = queries.visible_bookings(request.user)
    exact = {
        "status": asked.status,
        "machines__machine__slug": asked.machine,
        "facility__slug": asked.facility,
        "producer__slug": asked.producer,
        "ends_at__gt": asked.from_,
        "starts_at__lt": asked.to,
    }
    found = found.filter(**{name: value for name, value in exact.items() if value}).order_by("starts_at", "pk")
    return page_of(found, asked, shapes.bookings_out)


@router.post(
    "/bookings", auth=WRITE, throttle=WRITES, response=write_answers(shapes.DecidedOut, status=201), summary="Book"
)
def create_booking(request: HttpRequest, asked: shapes.BookingIn, key: str | None = Key) -> HttpResponse:
    """Take a machine from `starts_at` to `ends_at`. Refused with all reasons at once, and times nearby."""
    party = _party(request, asked)
    now = timezone.now()

    def act() -> Answer:
        booking = _reserve(request, asked, party, now)
        made = shapes.decided_out(booking, booking.said, get_language() or "id", booking.parts)  # type: ignore[attr-defined]
        return Answer(201, json.loads(json.dumps(made.model_dump(), cls=NinjaJSONEncoder)))

    mark = idempotency.fingerprint(request.method, request.path, json.loads(request.body)) if key else ""
    who = {"user": request.user, "key": key, "fingerprint": mark, "now": now}
    try:
        return _answered(*(idempotency.once(**who, act=act) if key else (act(), False)))
    except Refusal as refusal:
        better = _better(request, asked, party, refusal, now)
        if key is None:
            raise better from None
        document = refusal_document(better, get_language() or "id")
        return _answered(*keep_refusal(**who, document=document))


def _better(
    request: HttpRequest, asked: shapes.BookingIn, party: acting.ActingFor, refusal: Refusal, now: datetime
) -> Refusal:
    """Return the refusal with times nearby; where the asker's own booking is in the way, with its reference."""
    machine, wanted = _asked(asked, party)
    better = with_near_misses(refusal, machine, wanted, now=now, quantity=asked.quantity)
    return naming_the_own(
        better, machine, wanted.start, wanted.end, producer=party.producer, actor=request.user, now=now  # type: ignore[arg-type]
    )


def _party(request: HttpRequest, asked: shapes.BookingIn) -> acting.ActingFor:
    """Return for whom, what and where; what is not the asker's to name is 404."""
    if isinstance(asked.product, int):
        found = acting.party_with_product(
            request.user, machine=asked.machine, product=asked.product, producer=asked.producer
        )
        if found is None:
            _ask_back(request, asked.product, asked.producer)
            raise Http404("product")
    else:
        several = acting.parties(request.user, machine=asked.machine, producer=asked.producer)
        found = the_one(request, several, asked.producer)
    if found.machine_id is None:
        raise Http404("machine")
    if (asked.walk_in or asked.override_reason) and not found.manages:
        raise NotAllowed
    return found


def _ask_back(request: HttpRequest, product: int, whom: str | None) -> None:
    """Raise `BadInput` where both the product and the producer are the asker's own, but do not belong together."""
    producer = acting.own_producers(request.user).filter(slug=whom).first() if whom else None  # type: ignore[arg-type]
    mine = acting.bookable_products(request.user).filter(pk=product).first()  # type: ignore[arg-type]
    if producer and mine:
        owned_by(mine, producer)


def _named(asked: shapes.BookingIn, party: acting.ActingFor) -> tuple[Product | None, str]:
    """Return the product on file that is meant, and the name it was called by."""
    name = asked.product if isinstance(asked.product, str) else ""
    return (acting.product_by_name(party.producer, name) if name and not party.product else party.product), name


def _asked(asked: shapes.BookingIn, party: acting.ActingFor) -> tuple[Machine, Request]:
    """Return what was asked of which machine, as the refusal saw it."""
    machine, (product, _name) = machine_of(asked.machine), _named(asked, party)
    told = {"form": asked.form, "line": asked.line, "cleaning_class": asked.class_,
            "net_weight": asked.net_weight, "width": asked.width}  # fmt: skip
    times = asked.starts_at, asked.ends_at
    return machine, request_for(machine, *times, product=product, pack_format=asked.pack_format or "", **told)


def _reserve(request: HttpRequest, asked: shapes.BookingIn, party: acting.ActingFor, now: Any) -> Booking:
    product, name = _named(asked, party)
    return ordering.reserve(
        machine_id=party.machine_id or 0,
        starts_at=asked.starts_at,
        ends_at=asked.ends_at,
        producer=party.producer,
        actor=request.user,
        now=now,
        product=product,
        product_name=name,
        form=asked.form,
        line=asked.line,
        cleaning_class=asked.class_,
        pack_format=asked.pack_format or "",
        net_weight=asked.net_weight,
        width=asked.width,
        quantity=asked.quantity,
        note=asked.note,
        on_behalf=party.on_behalf,
        walk_in=asked.walk_in,
        override_reason=asked.override_reason,
        thorough=True,
    )


def _answered(answer: Answer, replayed: bool) -> HttpResponse:
    made = answer.status == 201
    response = JsonResponse(
        answer.body,
        status=answer.status,
        content_type="application/json" if made else "application/problem+json",
        json_dumps_params={"sort_keys": True},  # a stored answer has lost its order: a replay is the same to the byte
    )
    if made:
        response["Location"] = f"/api/v1/bookings/{answer.body['reference']}"
        response["ETag"] = f'"{answer.body["version"]}"'
    if replayed:
        response["Idempotency-Replayed"] = "true"
    return response


@router.get(
    "/bookings/{reference}", auth=READS, response=own_answers(shapes.BookingOut, 304, 404), summary="One booking"
)
def read_booking(request: HttpRequest, response: HttpResponse, reference: Path[Reference]) -> Any:  # type: ignore[valid-type]
    """A booking you may read; those of others do not exist for you."""
    booking = booking_of(request, reference)
    return tagged(request, response, shapes.booking_out(booking), version=booking.version)


Verb = Callable[..., Any]


def carry_out(
    request: HttpRequest, response: HttpResponse, reference: str, may_do: Verb, service: Verb, **values: Any
) -> Any:
    """Find, authorise, call the service with the version the writer saw, and show the booking as it is then."""
    booking = booking_of(request, reference)
    if not may_do(request.user, booking):
        raise NotAllowed
    seen = version_seen(request, booking.version)
    done = service(booking_id=booking.pk, actor=request.user, now=timezone.now(), version=seen, **values)
    booking = booking_of(request, reference)
    said = getattr(done, "said", None)
    made = shapes.booking_out(booking) if said is None else shapes.decided_out(booking, said, get_language() or "id")
    return tagged(request, response, made, version=booking.version)


@router.post("/bookings/{reference}/cancel", auth=WRITE, throttle=WRITES, response=CHANGED, summary="Cancel")
def cancel_booking(
    request: HttpRequest, response: HttpResponse, reference: Path[Reference], asked: shapes.CancelIn  # type: ignore[valid-type]
) -> Any:
    """Give the time back. Late is recorded, never refused."""
    booking = booking_of(request, reference)
    on_behalf = not access.is_own(request.user, booking)
    if access.may_cancel(request.user, booking):
        _check_voice(asked.reason_code, by_house=on_behalf)
    values = {**asked.model_dump(), "on_behalf": on_behalf}
    return carry_out(request, response, reference, access.may_cancel, ordering.cancel, **values)


def _check_voice(reason_code: str, *, by_house: bool) -> None:
    """Raise `BadInput` where a house gives a producer's reason, or a producer a house's: both are told to people."""
    known = dict(HOUSE_CANCEL_REASONS if by_house else CANCEL_REASONS)
    if reason_code not in known:
        sentences = {
            True: ("Ini alasan pelaku usaha. Pilih alasan rumah produksi.", "This is a producer's reason. Give one of the house."),
            False: ("Ini alasan rumah produksi. Pilih alasan Anda.", "This is a reason of the house. Give your own."),
        }
        raise BadInput("reason_code", "reason_of_another", *sentences[by_house])


@router.post(
    "/bookings/{reference}/move",
    auth=WRITE,
    throttle=WRITES,
    response=write_answers(shapes.DecidedOut, 412),
    summary="Move",
)
def move_booking(
    request: HttpRequest, response: HttpResponse, reference: Path[Reference], asked: shapes.MoveIn  # type: ignore[valid-type]
) -> Any:
    """Move to another time, another machine of the house, or both, in one step."""
    booking = booking_of(request, reference)
    if asked.override_reason and not access.may_decide(request.user, booking):
        raise NotAllowed
    target = machine_of(asked.machine) if asked.machine else None
    times = {"starts_at": asked.starts_at, "ends_at": asked.ends_at}
    values = {
        **times,
        "machine_id": target.pk if target else None,
        "override_reason": asked.override_reason,
        "on_behalf": not access.is_own(request.user, booking),
    }
    try:
        return carry_out(request, response, reference, access.may_move, ordering.move, **values)
    except WrongState:
        raise
    except Refusal as refusal:
        now = timezone.now()
        better = move_with_near_misses(refusal, booking, target, **times, now=now)
        machine = target or booking.machines.all()[0].machine
        raise naming_the_own(
            better, machine, *times.values(), producer=booking.producer, actor=request.user, now=now, moving=booking.pk  # type: ignore[arg-type]
        ) from None


