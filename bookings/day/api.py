"""A request is answered: approve, decline."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router

from accounts.api_auth import WRITES
from bookings.day import request_services as requests
from bookings.ordering import schemas as shapes
from bookings.ordering.api import CHANGED, WRITE, Reference, carry_out
from bookings.trail import access

router = Router(tags=["bookings"])


@router.post("/bookings/{reference}/approve", auth=WRITE, throttle=WRITES, response=CHANGED, summary="Approve")
def approve_booking(request: HttpRequest, response: HttpResponse, reference: Path[Reference]) -> Any:  # type: ignore[valid-type]
    """Approve a request. The house's managers."""
    return carry_out(request, response, reference, access.may_decide, requests.approve)


@router.post("/bookings/{reference}/decline", auth=WRITE, throttle=WRITES, response=CHANGED, summary="Decline")
def decline_booking(
    request: HttpRequest, response: HttpResponse, reference: Path[Reference], asked: shapes.DeclineIn  # type: ignore[valid-type]
) -> Any:
    """Decline a request with a reason, and free its time. The house's managers."""
    return carry_out(request, response, reference, access.may_decide, requests.decline, **asked.model_dump())
