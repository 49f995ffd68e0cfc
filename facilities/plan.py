"""The time of many machines at once, in whole minutes: what searching reads before it decides.

Says what `queries.calendars` says, without an object per occupancy: two queries, four where
operators run machines, whatever the number of machines, houses and bookings.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from .availability import Minutes, Steps
from .changeover import Matrix, Row, reaches
from .hours import local_date, local_day
from .instants import minute_of, whole_minutes
from .minutes import MinuteOf
from .models import Facility, Occupancy
from .rosters import FreeHand, free_hands
from .row_texts import RowsOf, of_machines
from .spans import Span
from .timetables import timetables_of


class Plan:
    """What holds and opens machines around a window. `staffed`: houses whose operators matter, and for which types.

    `except_` is an occupancy that counts as free.
    """

    def __init__(
        self,
        houses: Collection[Facility],
        machine_ids: Collection[int],
        window: Span,
        *,
        staffed: Mapping[int, Collection[str]],
        except_: int | None = None,
    ) -> None:
        self._houses = {house.pk: house for house in houses}
        self._window = window
        timetables = timetables_of(houses, window)
        self._opened: dict[int, list[Minutes]] = {
            pk: whole_minutes(one.open) for pk, one in timetables.items()
        }
        self._matrices: Mapping[int, Matrix] = {pk: one.matrix for pk, one in timetables.items()}
        self._rows = _rows(machine_ids, window, except_)
        by_operators = [(self._houses[pk], frozenset(types)) for pk, types in staffed.items()]
        self._there: Mapping[int, list[FreeHand]] = (
            free_hands(by_operators, self._opened, window, except_=except_) if staffed else {}
        )
        self._midnights: dict[str, list[int]] = {}
        self._fitting: dict[tuple[int, int, int, Steps], int] = {}
        self._manning: dict[tuple[int, int, int, Steps], int] = {}

    def matrix(self, house: int) -> Matrix:
        return self._matrices[house]

    def rows(self, machine: int) -> Sequence[Row]:
        """Return what holds a machine."""
        return self._rows.get(machine, ())

    def busy(self, machine: int, house: int, cleaning_class: str, *, full: int) -> list[Minutes]:
        """Return where no work of a class may lie on a machine whose full clean takes `full` minutes."""
        rows = self._rows.get(machine)
        if not rows:
            return []
        return reaches(rows, cleaning_class, self._matrices[house], full=full, midnights=self.midnights(house))

    def opened(self, house: int) -> list[Minutes]:
        """Return when a house is open."""
        return self._opened[house]

    def workable(self, house: int, type_code: str, *, by_operator: bool) -> list[list[Minutes]]:
        """Return when a machine can be worked at: the opening hours, or those of each operator who runs its type."""
        if not by_operator:
            return [self._opened[house]]
        return [one.free for one in self._there.get(house, ()) if type_code in one.types]

    def fitting(self, house: int, type_code: str, steps: Steps, *, by_operator: bool, run: int, setup: int) -> int:
        """Return the steps at which a run can be worked at from beginning to end, as bits, whatever is taken."""
        if not by_operator:
            return steps.fit(self._opened[house], run=run, setup=setup)
        bits = 0
        for one in self._there.get(house, ()):
            if type_code in one.types:
                bits |= self._manned(one, steps, run, setup)
        return bits

    def _manned(self, one: FreeHand, steps: Steps, run: int, setup: int) -> int:
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
        zone_name, zone = self._houses[house].zone_name, self._houses[house].zone
        known = self._midnights.get(zone_name)
        if known is None:
            first = local_date(self._window.start, zone).toordinal() - 32
            last = local_date(self._window.end, zone).toordinal() + 2
            days = (date.fromordinal(number) for number in range(first, last + 1))
            known = self._midnights[zone_name] = [minute_of(local_day(day, zone).start) for day in days]
        return known


def _rows(machine_ids: Collection[int], window: Span, except_: int | None) -> dict[int, list[Row]]:
    """Return what holds each machine around a window, in one query."""
    rows = of_machines(Occupancy.objects.filter(ends_at__gt=window.start, starts_at__lt=window.end), machine_ids)
    if except_ is not None:
        rows = rows.exclude(pk=except_)
    worked = MinuteOf(Coalesce(F("cleaning_from"), F("ends_at")), up=True)
    is_job = Q(kind__in=[Occupancy.Kind.BOOKING, Occupancy.Kind.OFFER])
    held = RowsOf(MinuteOf("starts_at"), worked, "cleaning_class", is_job)
    return {pk: json.loads(texts) for pk, texts in rows.order_by().values_list("machine_id").annotate(rows=held)}
