"""When able machines are free: one plan for all of them, in whole minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from heapq import merge

from bookings import unfit
from facilities.availability import forbidden, free_gaps, free_starts
from facilities.hours import local_date, local_day
from facilities.instants import minute_of, minute_up
from facilities.places import Place
from facilities.plan import Minutes, Plan
from facilities.spans import Span

FOR_EVER = 10**9
"""A minute in the year 3871."""


class Times:
    """When able machines are free: one plan for all of them."""

    def __init__(self, able: Sequence[Place], window: Span, now: datetime, *, except_: int | None = None) -> None:
        self.window, self.now = window, now
        houses = {place.house.pk: place.house for place in able}
        staffed = {place.house.pk for place in able if place.is_operated}
        wide = Span(window.start - timedelta(days=1), window.end + timedelta(days=1))
        # Naming a thousand machines costs more than reading what the others hold.
        pks = [place.pk for place in able] if len(able) < 300 else None
        self.plan = Plan(houses.values(), pks, wide, staffed=staffed, except_=except_) if able else None
        self._stretches: dict[tuple[int, str], int] = {}
        self._spans: dict[tuple[int, int, int], tuple[int, int, int] | None] = {}

    def span(self, place: Place, minutes: int = 1) -> tuple[int, int, int] | None:
        """Return first and last minute at which runs may start on a machine, and its midnight; None for never.

        A run of `minutes` ends while the machine is in service.
        """
        key = (place.house.pk, place.limits.notice, place.limits.horizon)
        if key not in self._spans:
            self._spans[key] = self._house_span(place)
        found = self._spans[key]
        if found is None or (place.retired_on is None and place.in_service_from <= self.now.date()):
            return found
        zone = place.house.zone
        first = max(found[0], minute_up(local_day(place.in_service_from, zone).start))
        last = found[1]
        if place.retired_on:
            last = min(last, minute_of(local_day(place.retired_on, zone).start) - minutes + 1)
        return (first, last, found[2]) if last > first else None

    def _house_span(self, place: Place) -> tuple[int, int, int] | None:
        zone, limits = place.house.zone, place.limits
        start = max(self.window.start, self.now + timedelta(minutes=limits.notice))
        after = local_day(local_date(self.now, zone) + timedelta(days=limits.horizon + 1), zone).start
        end = min(self.window.end, after)
        if end <= start:
            return None
        return minute_up(start), minute_up(end), minute_of(local_day(local_date(start, zone), zone).start)

    def ranges(self, place: Place, cleaning_class: str, minutes: int) -> list[range]:
        """Return every possible start of a run on a machine, in minutes since 1970, as ranges in order of time.

        None for a run that its rules never allow: too short, too long, or no whole steps of its grid.
        """
        return list(self.each_range(place, cleaning_class, minutes))

    def each_range(self, place: Place, cleaning_class: str, minutes: int) -> Iterator[range]:
        """Yield `ranges`, each when it is asked for: most who ask want the first few of a fortnight."""
        span, limits = self.span(place, minutes), place.limits
        if span is None or self.plan is None:
            return iter(())
        if minutes % limits.grid or not limits.shortest <= minutes <= limits.longest:
            return iter(())
        first, last, midnight = span
        taken = forbidden(self.busy(place, cleaning_class, last), run=minutes, setup=place.setup)
        found = [
            free_starts(
                opened, taken, within=(first, last), run=minutes, setup=place.setup,
                step=limits.grid, offset=midnight,
            )
            for opened in self.workable(place)
        ]  # fmt: skip
        in_order = found[0] if len(found) == 1 else merge(*found, key=lambda starts: starts.start)
        return (starts for starts in in_order if starts)

    def is_free(self, place: Place, cleaning_class: str, minutes: int, start: int) -> bool:
        """Return whether a run that the rules allow may start at one minute on the grid."""
        span = self.span(place, minutes)
        if span is None or self.plan is None or not span[0] <= start < span[1]:
            return False
        begin, end = start - place.setup, start + minutes
        if any(held < end and begin < free for held, free in self.busy(place, cleaning_class, span[1])):
            return False
        return any(low <= begin and end <= high for one in self.workable(place) for low, high in one)

    def gaps(self, place: Place, cleaning_class: str) -> Iterator[Minutes]:
        """Yield the stretches in which setup and run of a class may lie, for each operator who may run them."""
        span = self.span(place)
        if span is None or self.plan is None:
            return
        busy, retired = self.busy(place, cleaning_class, span[1]), place.retired_on
        if retired is not None:
            busy = [*busy, (minute_of(local_day(retired, place.house.zone).start), FOR_EVER)]
        for opened in self.workable(place):
            yield from free_gaps(opened, busy)

    def longest_stretch(self, place: Place) -> int:
        """Return the longest time anybody can work at a machine without a break, in minutes, whatever is taken."""
        key = (place.house.pk, place.type_code if place.is_operated else "")
        if key not in self._stretches:
            stretches = (end - start for one in self.workable(place) for start, end in one)
            self._stretches[key] = max(stretches, default=0)
        return self._stretches[key]

    def workable(self, place: Place) -> list[list[Minutes]]:
        """Return when a machine can be worked at, by operator where it needs one."""
        assert self.plan is not None
        return self.plan.workable(place.house.pk, place.type_code, by_operator=place.is_operated)

    def busy(self, place: Place, cleaning_class: str, last: int) -> list[Minutes]:
        assert self.plan is not None
        busy = self.plan.busy(place.pk, place.house.pk, cleaning_class, full=place.full)
        broken = unfit.broken_minutes(place, self.now, last)
        return [*busy, broken] if broken else busy
