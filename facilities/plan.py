"""The time of many machines at once, in whole minutes: what searching reads before it decides.

Says what `queries.calendars` says, without an object per occupancy: four queries, six where
operators run machines, whatever the number of machines, houses and bookings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db.models import F
from django.db.models.functions import Coalesce

from .changeover import Matrix, Row, reaches
from .hours import local_date, local_day
from .instants import minute_of, minute_up
from .matrices import matrices_of
from .minutes import MinuteOf
from .models import Facility, Occupancy
from .opening_times import opening_times_of
from .rosters import FreeHand, free_hands
from .spans import Span

Minutes = tuple[int, int]
"""From one minute since 1970 up to, not including, another."""


class Plan:
    """What holds and opens machines around a window. `staffed` are the houses whose operators matter.

    `except_` is an occupancy that counts as free.
    """

    def __init__(
        self,
        houses: Collection[Facility],
        machine_ids: Collection[int] | None,
        window: Span,
        *,
        staffed: Collection[int],
        except_: int | None = None,
    ) -> None:
        self._houses = {house.pk: house for house in houses}
        self._window = window
        self._opened: dict[int, list[Minutes]] = {
            pk: [(minute_up(span.start), minute_of(span.end)) for span in spans]
            for pk, (spans, _shut) in opening_times_of(houses, window).items()
        }
        self._matrices: Mapping[int, Matrix] = matrices_of(self._houses)
        self._rows = _rows(machine_ids, window, except_)
        self._there: Mapping[int, list[FreeHand]] = (
            free_hands([self._houses[pk] for pk in staffed], window, except_=except_) if staffed else {}
        )
        self._midnights: dict[str, list[int]] = {}
        self._free: dict[tuple[int, int], list[Minutes]] = {}

    def matrix(self, house: int) -> Matrix:
        return self._matrices[house]

    def rows(self, machine: int) -> list[Row]:
        """Return what holds a machine."""
        return self._rows.get(machine, [])

    def busy(self, machine: int, house: int, cleaning_class: str, *, full: int) -> list[Minutes]:
        """Return where no work of a class may lie on a machine whose full clean takes `full` minutes."""
        rows = self._rows.get(machine)
        if not rows:
            return []
        midnights = self._midnights_of(self._houses[house])
        return reaches(rows, cleaning_class, self._matrices[house], full=full, midnights=midnights)

    def opened(self, house: int) -> list[Minutes]:
        """Return when a house is open."""
        return self._opened[house]

    def workable(self, house: int, type_code: str, *, by_operator: bool) -> list[list[Minutes]]:
        """Return when a machine can be worked at: the opening hours, or those of each operator who runs its type."""
        if not by_operator:
            return [self._opened[house]]
        return [self._free_of(one, house) for one in self._there.get(house, ()) if type_code in one.types]

    def _free_of(self, one: FreeHand, house: int) -> list[Minutes]:
        key = (house, one.operator)
        if key not in self._free:
            self._free[key] = _common(self._opened[house], one.free)
        return self._free[key]

    def _midnights_of(self, house: Facility) -> list[int]:
        known = self._midnights.get(house.zone_name)
        if known is None:
            zone = house.zone
            first = local_date(self._window.start, zone).toordinal() - 32
            last = local_date(self._window.end, zone).toordinal() + 2
            days = (date.fromordinal(number) for number in range(first, last + 1))
            known = self._midnights[house.zone_name] = [minute_of(local_day(day, zone).start) for day in days]
        return known


def _rows(machine_ids: Collection[int] | None, window: Span, except_: int | None) -> dict[int, list[Row]]:
    """Return what holds each machine around a window, in one query; of all machines where none are named."""
    found: dict[int, list[Row]] = defaultdict(list)
    rows = Occupancy.objects.filter(ends_at__gt=window.start, starts_at__lt=window.end)
    if except_ is not None:
        rows = rows.exclude(pk=except_)
    if machine_ids is not None:
        rows = rows.filter(machine__in=machine_ids)
    worked = Coalesce(F("cleaning_from"), F("ends_at"))
    booking, offer = Occupancy.Kind.BOOKING.value, Occupancy.Kind.OFFER.value
    for machine, start, end, cleaning_class, kind in rows.order_by().values_list(
        "machine_id", MinuteOf("starts_at"), MinuteOf(worked, up=True), "cleaning_class", "kind"
    ):
        found[machine].append((start, end, cleaning_class, kind in (booking, offer)))
    return found


def _common(ones: Iterable[Minutes], others: Iterable[Minutes]) -> list[Minutes]:
    """Return the minutes that lie in both; each is joined and in order, and so is the answer."""
    left, right, found = list(ones), list(others), []
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if start < end:
            found.append((start, end))
        if left[i][1] <= right[j][1]:
            i += 1
        else:
            j += 1
    return found
