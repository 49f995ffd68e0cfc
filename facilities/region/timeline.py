"""The time of many machines at once, in whole minutes: what searching reads before it decides.

Says what `occupancy.reading.calendars` says, without an object per occupancy: one query, whatever the number of machines,
operators and bookings.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from facilities.database.minutes import MinuteOf
from facilities.database.row_texts import RowsOf, named, parsed
from facilities.models import Assignment, Facility, Occupancy
from facilities.region.operators import FreeOperator, LaidDown, operators_around
from facilities.time.availability import Minutes, Steps
from facilities.time.changeover import Matrix, Pairs, Row, reaches
from facilities.time.hours import local_date, local_day
from facilities.time.instants import minute_of
from facilities.time.spans import Span

MACHINE, OPERATOR = 0, 1


class Timeline:
    """What holds and opens machines around a window. `staffed`: houses whose operators matter, and for which types.

    `laid_down` is what the houses have laid down, `except_` an occupancy that counts as free.
    """

    def __init__(
        self,
        laid_down: LaidDown,
        machine_ids: Collection[int],
        window: Span,
        *,
        staffed: Mapping[int, Collection[str]],
        except_: int | None = None,
    ) -> None:
        self._arranged, self._window = laid_down.arrangements, window
        staff = {
            self._arranged[pk]: [one for one in laid_down.operators[pk] if not one.types.isdisjoint(types)]
            for pk, types in staffed.items()
        }
        ids = [one.operator for people in staff.values() for one in people]
        self._rows, busy = _held_around(machine_ids, ids, window, except_)
        self._there = operators_around(staff, window, busy)
        self._days: dict[str, tuple[date, date]] = {}
        self._midnights: dict[str, list[int]] = {}
        self._pairs: dict[tuple[int, str, int], Pairs] = {}
        self._fitting: dict[tuple[int, int, int, Steps], int] = {}
        self._manning: dict[tuple[int, int, int, Steps], int] = {}

    def matrix(self, house: int) -> Matrix:
        return self._arranged[house].matrix

    def rows(self, machine: int) -> Sequence[Row]:
        """Return what holds a machine."""
        return self._rows.get(machine, ())

    def busy(self, machine: int, house: int, cleaning_class: str, *, full: int) -> list[Minutes]:
        """Return where no work of a class may lie on a machine whose full clean takes `full` minutes."""
        rows = self._rows.get(machine)
        if not rows:
            return []
        known = self._pairs.setdefault((house, cleaning_class, full), {})
        matrix, midnights = self._arranged[house].matrix, self.midnights(house)
        return reaches(rows, cleaning_class, matrix, full=full, midnights=midnights, known=known)

    def opened(self, house: int) -> list[Minutes]:
        """Return when a house is open."""
        one = self._arranged[house]
        return one.opened(*self._days_of(one.house))

    def workable(self, house: int, type_code: str, *, by_operator: bool) -> list[list[Minutes]]:
        """Return when a machine can be worked at: the opening hours, or those of each operator who runs its type."""
        if not by_operator:
            return [self.opened(house)]
        return [one.free for one in self._there.get(house, ()) if type_code in one.types]

    def fitting(self, house: int, type_code: str, steps: Steps, *, by_operator: bool, run: int, setup: int) -> int:
        """Return the steps at which a run can be worked at from beginning to end, as bits, whatever is taken."""
        if not by_operator:
            return steps.fit(self.opened(house), run=run, setup=setup)
        bits = 0
        for one in self._there.get(house, ()):
            if type_code in one.types:
                bits |= self._manned(one, steps, run, setup)
        return bits

    def _manned(self, one: FreeOperator, steps: Steps, run: int, setup: int) -> int:
        """Return the steps at which an operator can stay from beginning to end. Colleagues share the work of their shift."""
        own = (one.operator, run, setup, steps)
        found = self._manning.get(own)
        if found is None:
            shift = (id(one.on_shift), run, setup, steps)
            if shift not in self._fitting:
                self._fitting[shift] = steps.fit(one.on_shift, run=run, setup=setup)
            found = self._manning[own] = self._fitting[shift] & ~steps.clash(one.held, run=run, setup=setup)
        return found

    def midnights(self, house: int) -> list[int]:
        """Return the minutes at which the days of a house begin, from well before the window until after it."""
        one = self._arranged[house].house
        known = self._midnights.get(one.zone_name)
        if known is None:
            first, last = (day.toordinal() for day in self._days_of(one))
            days = (date.fromordinal(number) for number in range(first - 32, last + 3))
            known = self._midnights[one.zone_name] = [minute_of(local_day(day, one.zone).start) for day in days]
        return known

    def _days_of(self, house: Facility) -> tuple[date, date]:
        found = self._days.get(house.zone_name)
        if found is None:
            zone = house.zone
            found = local_date(self._window.start, zone), local_date(self._window.end, zone)
            self._days[house.zone_name] = found
        return found


def _held_around(
    machine_ids: Collection[int], operators: Collection[int], window: Span, except_: int | None
) -> tuple[dict[int, list[Row]], dict[int, list[Minutes]]]:
    """Return what holds each machine and each operator around a window, in one query."""
    around = Q(ends_at__gt=window.start, starts_at__lt=window.end)
    worked = MinuteOf(Coalesce(F("cleaning_from"), F("ends_at")), up=True)
    is_job = Q(kind__in=[Occupancy.Kind.BOOKING, Occupancy.Kind.OFFER])
    others = (Q(), Q()) if except_ is None else (~Q(pk=except_), ~Q(occupancy=except_))
    rows = named(Occupancy.objects.filter(around, others[0]), machine=machine_ids)
    held = rows.order_by().values_list(Value(MACHINE), "machine_id")
    held = held.annotate(rows=RowsOf(MinuteOf("starts_at"), worked, "cleaning_class", is_job))
    if operators:
        assigned = named(Assignment.objects.filter(around, others[1]), operator=operators)
        spans = RowsOf(MinuteOf("starts_at"), MinuteOf("ends_at", up=True))
        held = held.union(assigned.order_by().values_list(Value(OPERATOR), "operator_id").annotate(rows=spans), all=True)
    found = list(held)
    by_whom: tuple[dict[int, Any], dict[int, Any]] = ({}, {})
    for (whom, pk, _text), ones in zip(found, parsed(text for *_, text in found), strict=True):
        by_whom[whom][pk] = ones
    return by_whom
