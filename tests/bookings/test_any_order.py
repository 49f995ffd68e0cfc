"""Any order of booking, moving, cancelling, maintaining and breaking leaves the time as a brute-force model says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from bookings.models import Booking
from bookings.services import displacing, reserving, running
from facilities.errors import Refusal
from facilities.models import Occupancy
from facilities.services import upkeep
from facilities.spans import Span
from tests import build

pytestmark = pytest.mark.django_db
QUARTERS = st.integers(0, 31)
LENGTHS = st.integers(2, 8)
SETUP, CLEANING = 15, 30


def clock(quarter: int):
    return build.at(8) + timedelta(minutes=15 * quarter)


class House(RuleBasedStateMachine):
    """Two machines on one Monday, 08.00–16.00, setup 15 and cleaning 30 minutes; `held` is the model."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        house = build.make_facility()
        self.machines = [build.make_machine(house, setup=SETUP, cleaning=CLEANING) for _ in range(2)]
        self.siti, self.cahya = build.siti(), build.cahya(house)
        self.held: dict[tuple[str, int], tuple[int, Span]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def free(self, machine: int, span: Span, *, but: tuple[str, int] | None = None) -> bool:
        return not any(m == machine and s.overlaps(span) for key, (m, s) in self.held.items() if key != but)

    def whole(self, start: int, length: int) -> Span:
        before, after = timedelta(minutes=SETUP), timedelta(minutes=CLEANING)
        return Span(clock(start) - before, clock(start + length) + after)

    def opens(self, start: int, length: int) -> bool:
        return start >= 1 and start + length <= 32

    @rule(machine=st.integers(0, 1), start=QUARTERS, length=LENGTHS)
    def book(self, machine: int, start: int, length: int) -> None:
        span = self.whole(start, length)
        try:
            booking = reserving.reserve(
                machine_id=self.machines[machine].pk, starts_at=clock(start), ends_at=clock(start + length),
                producer=build.producer_of(self.siti), actor=self.siti, now=build.EARLY,
            )  # fmt: skip
        except Refusal:
            assert not (self.opens(start, length) and self.free(machine, span))
            return
        assert self.opens(start, length) and self.free(machine, span)
        self.held["booking", booking.pk] = machine, span

    def bookings(self) -> list[tuple[str, int]]:
        return sorted(key for key in self.held if key[0] == "booking")

    @precondition(lambda self: self.bookings())
    @rule(data=st.data(), machine=st.integers(0, 1), start=QUARTERS, length=LENGTHS)
    def move(self, data: st.DataObject, machine: int, start: int, length: int) -> None:
        key = data.draw(st.sampled_from(self.bookings()))
        span = self.whole(start, length)
        fits = self.opens(start, length) and self.free(machine, span, but=key)
        try:
            reserving.move(
                booking_id=key[1], machine_id=self.machines[machine].pk, starts_at=clock(start),
                ends_at=clock(start + length), actor=self.siti, now=build.EARLY,
            )  # fmt: skip
        except Refusal:
            assert not fits
            return
        assert fits
        self.held[key] = machine, span

    @precondition(lambda self: self.bookings())
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(self.bookings()))
        reserving.cancel(booking_id=key[1], actor=self.siti, now=build.EARLY, reason_code="ill")
        del self.held[key]

    @precondition(lambda self: self.bookings())
    @rule(data=st.data())
    def never_came(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(self.bookings()))
        running.mark_no_show(booking_id=key[1], now=build.at(20))
        del self.held[key]

    @rule(machine=st.integers(0, 1), start=QUARTERS, length=LENGTHS, displace=st.booleans())
    def maintain(self, machine: int, start: int, length: int, displace: bool) -> None:
        span = Span(clock(start), clock(start + length))
        hit = [key for key, (m, s) in self.held.items() if m == machine and s.overlaps(span)]
        fits = not hit or (displace and all(kind == "booking" for kind, _ in hit))
        try:
            work = displacing.schedule_maintenance(
                machine_id=self.machines[machine].pk, span=span, title="Servis", actor=self.cahya,
                now=build.EARLY, displace=displace,
            )  # fmt: skip
        except Refusal:
            assert not fits
            return
        assert fits
        for key in hit:
            del self.held[key]
        self.held["maintenance", work.pk] = machine, span

    @precondition(lambda self: any(kind == "maintenance" for kind, _ in self.held))
    @rule(data=st.data())
    def call_off(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(k for k in self.held if k[0] == "maintenance")))
        upkeep.cancel_maintenance(maintenance_id=key[1], actor=self.cahya, now=build.EARLY)
        del self.held[key]

    @invariant()
    def the_database_holds_exactly_the_model(self) -> None:
        stored = sorted((o.machine_id, o.starts_at, o.ends_at) for o in Occupancy.objects.all())
        model = sorted((self.machines[m].pk, s.start, s.end) for m, s in self.held.values())
        assert stored == model

    @invariant()
    def every_booking_that_holds_is_approved(self) -> None:
        approved = set(Booking.objects.filter(status="approved").values_list("pk", flat=True))
        assert approved == {pk for kind, pk in self.held if kind == "booking"}


def test_any_order_of_actions_agrees_with_the_model():
    run_state_machine_as_test(
        House,
        settings=settings(
            max_examples=40, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
