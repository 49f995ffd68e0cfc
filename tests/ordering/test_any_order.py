"""Any order of booking, moving, coming, cancelling, maintaining and breaking agrees with a brute-force model.

`ANY_ORDER_EXAMPLES` sets how many orders of thirty steps are tried, 500 unless told; `ANY_ORDER_SHARDS` in how many
tests with seeds of their own; `ANY_ORDER_SHRINK=1` looks for the shortest order that fails.
"""

from __future__ import annotations

import os
from math import ceil

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bookings.models import Booking
from bookings.ordering import services as ordering
from bookings.roster import services as roster
from bookings.runs import services as runs
from bookings.trail.lifecycle import HOLDING
from bookings.upkeep import services as upkeep
from facilities.errors import Refusal
from facilities.models import Assignment, Changeover, Machine, Occupancy
from facilities.occupancy.reading import calendars, free_starts
from facilities.occupancy.writing import with_breakdown
from facilities.region.free_times import next_free
from facilities.time.spans import Span
from facilities.upkeep import services as facility_upkeep
from tests import build
from tests.ordering.naive import DAY, GRID, NEVER, SHIFTS, Piece, Plant
from tests.stage import BOTH_DAYS, CLASSES, MIDNIGHT, World, clock

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EXAMPLES, SHARDS = int(os.environ.get("ANY_ORDER_EXAMPLES", "500")), int(os.environ.get("ANY_ORDER_SHARDS", "5"))
SHRINK = bool(os.environ.get("ANY_ORDER_SHRINK"))

machines = st.sampled_from([0, 1, 2])
classes = st.sampled_from([*CLASSES, ""])
moments = st.sampled_from(range(32, 65)).flatmap(lambda q: st.sampled_from([q * GRID, q * GRID + DAY]))
lengths = st.sampled_from([30, 45, 60, 90, 120])
cells = st.sampled_from([0, 5, 15, 30, 45, 45, None, NEVER])
tables = st.lists(
    st.tuples(st.sampled_from(CLASSES), st.sampled_from(CLASSES), st.booleans(), cells), max_size=12,
    unique_by=lambda row: row[:3],
)  # fmt: skip


class House(RuleBasedStateMachine):
    """`plant` is the model; `world` is real."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(
        setups=st.tuples(*[st.sampled_from([0, 10, 15])] * 3), fulls=st.tuples(*[st.sampled_from([0, 20, 45, 90])] * 3),
        table=tables,
    )  # fmt: skip
    def describe(self, setups: tuple[int, ...], fulls: tuple[int, ...], table: list) -> None:
        """Any matrix: not symmetric, no triangle rule; part of it the province's, part the house's own."""
        house = self.world.house
        Changeover.objects.bulk_create(
            Changeover(facility=house if own else None, before=a, after=b, is_refused=cell == NEVER,
                       minutes=cell if isinstance(cell, int) else None)
            for a, b, own, cell in table
        )  # fmt: skip
        for machine, setup, full in zip(self.world.machines, setups, fulls, strict=True):
            Machine.objects.filter(pk=machine.pk).update(setup=setup, cleaning=full)
        in_force = {(a, b): cell for wanted in (False, True) for a, b, own, cell in table if own == wanted}
        self.plant = Plant(list(setups), list(fulls), in_force, operated=2)
        self.here: set[tuple[str, int]] = set()
        self.over: set[tuple[str, int]] = set()
        self.homeless: dict[tuple[str, int], str] = {}
        self.planned: set[tuple[str, int]] = set()
        self.stops: dict[int, int] = {}

    # What people ask for

    def try_to_book(self, machine: int, start: int, length: int, cleaning_class: str) -> bool:
        try:
            booking = ordering.reserve(
                machine_id=self.world.machines[machine].pk, starts_at=clock(start), ends_at=clock(start + length),
                producer=self.world.producer, product=self.world.products.get(cleaning_class),
                actor=self.world.siti, now=build.EARLY,
            )  # fmt: skip
        except Refusal:
            return False
        self.put(("booking", booking.pk), machine, start, length, cleaning_class)
        return True

    def put(self, key: tuple[str, int], machine: int, start: int, length: int, cleaning_class: str) -> None:
        """Note a job in the model. Which operator got it is for the house to choose, among those who can."""
        work = start - self.plant.setups[machine], start + length
        free = self.plant.operators(*work, but=key)
        self.plant.pieces[key] = Piece(machine, *work, cleaning_class)
        self.plant.assigned.pop(key, None)
        if machine == self.plant.operated:
            who = Assignment.objects.get(occupancy__booked_machine__booking=key[1]).operator
            assert self.world.operators.index(who) in free
            self.plant.assigned[key] = (self.world.operators.index(who), *work)

    @rule(machine=machines, start=moments, length=lengths, cleaning_class=classes)
    def book(self, machine: int, start: int, length: int, cleaning_class: str) -> None:
        fits = self.plant.accepts(machine, start, length, cleaning_class)
        assert self.try_to_book(machine, start, length, cleaning_class) == fits

    @rule(machine=machines, length=lengths, cleaning_class=classes, everywhere=st.integers(0, 3), data=st.data())
    def book_what_is_offered(
        self, machine: int, length: int, cleaning_class: str, everywhere: int, data: st.DataObject
    ) -> None:
        real = list(with_breakdown(Machine.objects.select_related("facility").order_by("pk")))
        if everywhere == 0:
            self.check_the_next_free(real, length, cleaning_class)
        offered = self.offered(real[machine], length, cleaning_class)
        assert offered == self.plant.starts(machine, length, cleaning_class)
        if offered:
            assert self.try_to_book(machine, data.draw(st.sampled_from(offered)), length, cleaning_class)

    def offered(self, real: Machine, length: int, cleaning_class: str) -> list[int]:
        found = free_starts(real, calendars([real], BOTH_DAYS)[real.pk], now=build.EARLY, minutes=length,
                            window=BOTH_DAYS, count=500, cleaning_class=cleaning_class)  # fmt: skip
        return [int((start - MIDNIGHT).total_seconds()) // 60 for start in found]

    def check_the_next_free(self, real: list[Machine], length: int, cleaning_class: str) -> None:
        found = next_free(real, now=build.EARLY, minutes=length, days=6, cleaning_class=cleaning_class)
        for number, machine in enumerate(self.world.machines):
            first = next(iter(self.plant.starts(number, length, cleaning_class)), None)
            assert found.get(machine.pk) == (None if first is None else clock(first))

    def bookings(self, *, here: bool | None = False) -> list[tuple[str, int]]:
        held = (key for key in self.plant.pieces if key[0] == "booking" and key not in self.over)
        return sorted(key for key in held if here is None or (key in self.here) == here)

    @precondition(lambda self: self.bookings() or self.homeless)
    @rule(data=st.data(), machine=machines, start=moments, length=lengths)
    def move(self, data: st.DataObject, machine: int, start: int, length: int) -> None:
        key = data.draw(st.sampled_from([*self.bookings(), *sorted(self.homeless)]))
        held = self.plant.pieces.get(key)
        cleaning_class = held.cleaning_class if held else self.homeless[key]
        fits = self.plant.accepts(machine, start, length, cleaning_class, but=key)
        try:
            ordering.move(
                booking_id=key[1], machine_id=self.world.machines[machine].pk, starts_at=clock(start),
                ends_at=clock(start + length), actor=self.world.siti, now=build.EARLY,
            )  # fmt: skip
        except Refusal:
            assert not fits
            return
        assert fits
        self.put(key, machine, start, length, cleaning_class)
        self.homeless.pop(key, None)

    @precondition(lambda self: self.bookings() or self.homeless)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from([*self.bookings(), *sorted(self.homeless)]))
        ordering.cancel(booking_id=key[1], actor=self.world.siti, now=build.EARLY, reason_code="ill")
        self.forget(key)

    # What the day does

    def forget(self, key: tuple[str, int]) -> None:
        self.plant.pieces.pop(key, None)
        self.plant.assigned.pop(key, None)
        self.homeless.pop(key, None)
        self.here.discard(key)

    def run_start(self, key: tuple[str, int]) -> float:
        piece = self.plant.pieces[key]
        return piece.start + self.plant.setups[piece.machine]

    @precondition(lambda self: self.bookings())
    @rule(data=st.data())
    def never_came(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(self.bookings()))
        runs.mark_no_show(booking_id=key[1], now=clock(self.run_start(key) + 15))
        self.forget(key)

    @precondition(lambda self: self.bookings())
    @rule(data=st.data())
    def arrive(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(self.bookings()))
        runs.check_in(booking_id=key[1], actor=self.world.cahya, now=clock(self.run_start(key) - 5))
        self.here.add(key)

    @precondition(lambda self: self.bookings(here=True))
    @rule(data=st.data(), half_minutes=st.integers(1, 300))
    def finish(self, data: st.DataObject, half_minutes: int) -> None:
        """Early or late: what is left of the time is free at once, cleaning follows the real end."""
        key = data.draw(st.sampled_from(self.bookings(here=True)))
        piece = self.plant.pieces[key]
        stop = piece.start + half_minutes / 2
        runs.complete(booking_id=key[1], actor=self.world.cahya, now=clock(stop))
        self.here.discard(key)
        self.over.add(key)
        stop = max(stop, piece.start + 1)
        if stop < piece.end and not piece.is_cut:
            piece.end = stop
            self.let_go(key, stop)

    def let_go(self, key: tuple[str, int], until: float) -> None:
        """Note that an operator, if there is one, is free from then on."""
        if key in self.plant.assigned:
            who, begins, ends = self.plant.assigned[key]
            self.plant.assigned[key] = who, begins, min(ends, until)

    # What the house does

    def in_the_way(self, machine: int, start: float, end: float) -> list[tuple[str, int]]:
        """Bookings that hold any of it, cleaning included."""
        known = ((key, self.plant.pieces[key]) for key in self.bookings(here=None))
        return [k for k, p in known if p.machine == machine and p.start < end and start < self.plant.held_until(p)]

    def under_way(self, key: tuple[str, int], at: float) -> bool:
        return key in self.here and self.run_start(key) < at

    def make_room(self, keys: list[tuple[str, int]], at: float) -> None:
        """Note what happens to bookings in the way: cut where somebody is at work, else without a place."""
        ends = {key: self.plant.held_until(self.plant.pieces[key]) for key in keys}
        for key in keys:
            piece = self.plant.pieces[key]
            if not self.under_way(key, at):
                self.forget(key)
                self.homeless[key] = piece.cleaning_class
            elif max(at, piece.start + 1) < ends[key]:
                piece.ran_until = min(piece.end, at) if piece.ran_until is None else piece.ran_until
                piece.end, piece.is_cut = max(at, piece.start + 1), True
                self.let_go(key, piece.end)

    @rule(machine=machines, start=moments, length=lengths, displace=st.booleans())
    def maintain(self, machine: int, start: int, length: int, displace: bool) -> None:
        end = start + length
        hit = self.in_the_way(machine, start, end)
        stay = [key for key in self.plant.pieces if key not in hit]
        works = [p for key in stay if (p := self.plant.pieces[key]).machine == machine]
        fits = (displace or not hit) and not any(p.start < end and start < p.end for p in works)
        try:
            work = upkeep.schedule_maintenance(
                machine_id=self.world.machines[machine].pk, span=Span(clock(start), clock(end)), title="Servis",
                actor=self.world.cahya, now=build.EARLY, displace=displace,
            )  # fmt: skip
        except Refusal:
            assert not fits
            return
        assert fits
        self.make_room(hit, start)
        self.plant.pieces["maintenance", work.pk] = Piece(machine, start, end, kind="maintenance")
        self.planned.add(("maintenance", work.pk))

    @precondition(lambda self: self.planned)
    @rule(data=st.data(), in_the_middle=st.booleans())
    def call_off(self, data: st.DataObject, in_the_middle: bool) -> None:
        key = data.draw(st.sampled_from(sorted(self.planned)))
        piece = self.plant.pieces[key]
        now = clock(piece.start + GRID) if in_the_middle else build.EARLY
        facility_upkeep.cancel_maintenance(maintenance_id=key[1], actor=self.world.cahya, now=now)
        self.planned.discard(key)
        if in_the_middle:
            piece.end = piece.start + GRID
        else:
            del self.plant.pieces[key]

    @rule(machine=machines, start=moments, late=st.sampled_from([0, 0.5, 7]), length=lengths, displace=st.booleans())
    def break_down(self, machine: int, start: int, late: float, length: int, displace: bool) -> None:
        now, until = start + late, start + late + length
        hit = self.in_the_way(machine, now, until)
        waiting = [key for key in hit if not self.under_way(key, now)]
        fits = machine not in self.stops and (displace or not waiting)
        try:
            stop = upkeep.report_breakdown(
                machine_id=self.world.machines[machine].pk, expected_until=clock(until), reason="Macet",
                actor=self.world.cahya, now=clock(now), displace=displace,
            )  # fmt: skip
        except Refusal:
            assert not fits
            return
        assert fits
        self.make_room(hit, now)
        self.stops[machine] = stop.pk
        self.plant.broken[machine] = now, until
        rest = [p for p in self.plant.on(machine) if p.start < until and now < p.end]
        until = min([until, *(p.start for p in rest)])
        if until > now:
            self.plant.pieces["breakdown", stop.pk] = Piece(machine, now, until, kind="breakdown")

    @precondition(lambda self: self.stops)
    @rule(data=st.data(), after=st.integers(1, 90))
    def repair(self, data: st.DataObject, after: int) -> None:
        machine = data.draw(st.sampled_from(sorted(self.stops)))
        now = self.plant.broken.pop(machine)[0] + after
        pk = self.stops.pop(machine)
        facility_upkeep.close_breakdown(breakdown_id=pk, repair="Sabuk baru", actor=self.world.cahya, now=clock(now))
        piece = self.plant.pieces.get(("breakdown", pk))
        if piece is not None:
            piece.end = min(piece.end, now)

    @rule(
        who=st.sampled_from([0, 1]), start=moments, length=st.sampled_from([60, 240]),
        answer=st.sampled_from(["none", "leave", "give"]),
    )  # fmt: skip
    def be_away(self, who: int, start: int, length: int, answer: str) -> None:
        """Work of that time goes to the other operator where they can, or to nobody; without an answer it is refused."""
        end, before = start + length, dict(self.plant.assigned)
        given = ((key, before[key]) for key in self.bookings(here=None) if key in before)
        stranded = [(key, a, b) for key, (whose, a, b) in given if whose == who and a < end and start < b]
        self.plant.absent.append((who, start, end))
        answers = {key: self.hand_over(key, a, b, answer == "give") for key, a, b in stranded}
        span = Span(clock(start), clock(end))
        try:
            roster.add_absence(
                operator=self.world.operators[who], span=span, reason="Sakit", actor=self.world.cahya, now=build.EARLY,
                replacements={} if answer == "none" else {self.reference(key): to for key, to in answers.items()},
            )  # fmt: skip
        except Refusal:
            assert stranded and answer == "none"
            self.plant.assigned = before
            self.plant.absent.pop()
            return
        assert not stranded or answer != "none"

    def hand_over(self, key: tuple[str, int], start: float, end: float, give: bool) -> int | None:
        """Note who takes a job over in the model; return their id, None for nobody."""
        del self.plant.assigned[key]
        able = self.plant.operators(start, end) if give else []
        if not able:
            return None
        self.plant.assigned[key] = able[0], start, end
        return self.world.operators[able[0]].pk

    def reference(self, key: tuple[str, int]) -> str:
        return Booking.objects.values_list("reference", flat=True).get(pk=key[1])

    # What must hold after every step

    @invariant()
    def the_database_holds_exactly_the_model(self) -> None:
        stored = Occupancy.objects.values_list("machine_id", "starts_at", "ends_at", "cleaning_class", "kind")
        model = [
            (
                self.world.machines[p.machine].pk,
                clock(p.start),
                clock(self.plant.held_until(p)),
                p.cleaning_class,
                p.kind,
            )
            for p in self.plant.pieces.values()
        ]
        assert sorted(stored) == sorted(model)
        rows = sorted(model)
        assert not [1 for one, two in zip(rows, rows[1:], strict=False) if one[0] == two[0] and two[1] < one[2]]

    @invariant()
    def every_pair_of_a_day_keeps_its_changeover(self) -> None:
        assert self.plant.met_too_soon() == []

    @invariant()
    def an_operator_is_at_one_machine_at_a_time_and_on_shift(self) -> None:
        rows = Assignment.objects.values_list("occupancy__booked_machine__booking", "operator", "starts_at", "ends_at")
        numbers = {operator.pk: number for number, operator in enumerate(self.world.operators)}
        stored = {("booking", pk): (numbers[who], begins, ends) for pk, who, begins, ends in rows}
        model = {key: (who, clock(a), clock(b)) for key, (who, a, b) in self.plant.assigned.items()}
        assert stored == model
        for key, (who, start, end) in self.plant.assigned.items():
            begins, ends = SHIFTS[who]
            assert begins <= start % DAY and ceil(end) <= start // DAY * DAY + ends
            others = [w for k, w in self.plant.assigned.items() if k != key and w[0] == who]
            assert not [1 for _, a, b in others if a < end and start < b]

    @invariant()
    def time_is_held_by_bookings_that_may_hold_it(self) -> None:
        holding = set(Booking.objects.filter(status__in=HOLDING).values_list("pk", flat=True))
        assert holding == {pk for kind, pk in self.plant.pieces if kind == "booking"}


@pytest.mark.parametrize("shard", range(SHARDS))
def test_any_order_of_actions_agrees_with_the_model(shard):
    world = type("House", (House,), {"world": World()})
    run_state_machine_as_test(
        seed(shard)(world),
        settings=settings(
            max_examples=-(-EXAMPLES // SHARDS), stateful_step_count=30, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate, *([Phase.shrink] if SHRINK else [])],
        ),
    )  # fmt: skip
