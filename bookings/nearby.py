"""What almost fits, for whoever was refused: looked up after the refusal, when nothing is locked any more."""

from __future__ import annotations

from datetime import datetime

from bookings.decision import Request
from bookings.models import BookedMachine, Booking
from bookings.near import OTHER_HOUSE, near_misses, ruled_out
from bookings.services.reserving import request_to_move
from facilities.errors import Refusal
from facilities.models import Machine


def with_near_misses(refusal: Refusal, machine: Machine, request: Request, *, now: datetime) -> Refusal:
    """Return the same refusal with the three best ways that are open instead."""
    return Refusal(
        refusal.reasons, alternatives=near_misses(machine, request, now=now, codes=ruled_out(refusal.reasons))
    )


def move_with_near_misses(
    refusal: Refusal,
    booking: Booking,
    machine: Machine | None,
    starts_at: datetime,
    ends_at: datetime,
    *,
    now: datetime,
) -> Refusal:
    """Return the same refusal with what a booking may move to instead: never another house, its own time counts as free."""
    part = BookedMachine.objects.select_related("occupancy", "machine__facility").get(booking=booking)
    target = machine or part.machine
    request = request_to_move(booking, part, target, starts_at, ends_at)
    near = near_misses(target, request, now=now, codes=ruled_out(refusal.reasons), except_=part.occupancy_id)
    return Refusal(refusal.reasons, alternatives=[one for one in near if one.kind != OTHER_HOUSE])
