"""A booking somewhere else: how long it takes there, what it costs, what is cleaned, and what the decision says. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bookings.models import BookedMachine, Booking
from bookings.ordering.services import price_at
from bookings.ordering.times import rate_of
from bookings.packs import estimate
from bookings.rules.base import Request, Rules
from bookings.rules.decision import Verdict, verdict
from bookings.rules.party import Known
from bookings.rules.question import misfits, origin_of, question_about, request_to_move
from facilities.models import Machine
from facilities.time.calendars import TAKEN, Blocked, Calendar
from facilities.time.spans import Span


@dataclass(frozen=True, slots=True)
class Place:
    """A booking at another place: its new span, packs per hour there (None: not known), what it costs, what is cleaned."""

    machine: Machine
    starts_at: datetime
    ends_at: datetime
    rate: int | None
    price: int | None
    cleaning: int
    said: Verdict

    @property
    def minutes(self) -> int:
        return Span(self.starts_at, self.ends_at).minutes


class Moving:
    """One booking that may go elsewhere. What is known of its product is read once, for any number of places."""

    def __init__(self, booking: Booking, part: BookedMachine) -> None:
        self.booking, self.part = booking, part
        self._here = request_to_move(booking, part, part.machine, part.starts_at, part.ends_at)
        self._origin = origin_of(part.machine)

    @property
    def cleaning_class(self) -> str:
        return self._here.cleaning_class

    def request(self, machine: Machine, start: datetime) -> Request:
        """Return what the booking asks of a machine from an instant on, for as long as it takes there."""
        end = start + timedelta(minutes=self.minutes(machine))
        origin = None if machine.pk == self.part.machine_id else self._origin
        return replace(self._here, start=start, end=end, setup=machine.setup, moved_from=origin)

    def minutes(self, machine: Machine) -> int:
        """Return the minutes of run: on its own machine as booked, on another its packs at that machine's rate."""
        rate, quantity = self.rate(machine), self.booking.quantity
        if machine.pk == self.part.machine_id or not rate or not quantity:
            return self._here.minutes
        limits = machine.limits
        needed = estimate.minutes_needed(quantity, rate=rate, grid=limits.grid, shortest=limits.shortest)
        return -(-needed // limits.grid) * limits.grid

    def rate(self, machine: Machine) -> int | None:
        """Return the packs per hour to plan with on a machine, None where it says nothing of such packs."""
        asked = self._here
        return rate_of(machine, asked.form, asked.format, net_weight=asked.net_weight, width=asked.width)

    def fits(self, machine: Machine, start: datetime, now: datetime) -> bool:
        """Return whether a machine can do this job at all, whatever the hour."""
        return not misfits(machine, self.request(machine, start), now=now)

    def known(self, asked: Sequence[tuple[Machine, Request, Rules]], now: datetime) -> Known:
        """Return what the houses know of the producer, as if this booking were not there yet."""
        return Known(self.booking.producer, asked, now, moving=self.booking.pk)

    def at(self, machine: Machine, start: datetime, *, now: datetime, thorough: bool = False) -> Place:
        """Return what becomes of the booking at a place, and what the one decision says of it; `thorough`: warnings too."""
        request = self.request(machine, start)
        question = question_about(machine, request, now=now, producer=self.booking.producer, thorough=thorough,
                                  moving=self.booking.pk, except_=self.part.occupancy_id)  # fmt: skip
        price = price_at(machine, request, self.booking.quantity)["price"]
        cleaning = _cleaning(question.calendar, request)
        return Place(machine, start, request.end, self.rate(machine), price, cleaning, verdict(question))  # type: ignore[arg-type]


def _cleaning(calendar: Calendar, request: Request) -> int:
    """Return the minutes of cleaning that would follow a request, as `occupancy.writing.place` would hold them."""
    new = Blocked(request.work, TAKEN, work=request.work, cleaning_class=request.cleaning_class)
    return calendar.tails([*calendar.taken, new])[-1]
