"""How long a machine is needed, and at how many visits: one run where it fits, else sessions over several days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bookings.packs import estimate
from bookings.packs.wanted import Wanted
from facilities.region.free_times import FreeTimes
from facilities.region.places import Place, Rated
from facilities.time.hours import local_date, local_day
from facilities.time.instants import instant_of, minute_of

MOST_SESSIONS = 12
WORTH_COMING = 120
"""Minutes of run for which one travels to a house."""


class Session(NamedTuple):
    """One visit of a plan: a run from start to end, and how many packs it makes (None when no quantity was asked)."""

    start: datetime
    end: datetime
    packs: int | None = None

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds() // 60)


def minutes_for(place: Place, wanted: Wanted, rated: Rated | None) -> int:
    """Return the minutes of run that a machine needs, on its grid: the quantity at its rate, or what was asked."""
    if wanted.minutes is None and wanted.quantity is not None and rated is not None:
        return whole_run(place, estimate.minutes_needed(wanted.quantity, rate=rated.rate, grid=place.limits.grid))
    return whole_run(place, wanted.minutes if wanted.minutes is not None else 60)


def whole_run(place: Place, minutes: int) -> int:
    """Return minutes rounded up to what a machine's rules take: whole steps of its grid, and not below its shortest run."""
    grid = place.limits.grid
    return -(-max(minutes, place.limits.shortest) // grid) * grid


def longest_session(place: Place, times: FreeTimes) -> int:
    """Return how long one run can be at most on a machine: by its rules, and by when anybody can work at it."""
    if times.timeline is None:
        return 0
    stretch = times.longest_stretch(place) - place.setup
    grid = place.limits.grid
    return max(0, min(place.limits.longest, stretch) // grid * grid)


def plan_sessions(
    place: Place, wanted: Wanted, rated: Rated | None, times: FreeTimes, minutes: int, most: int
) -> Sequence[Session]:
    """Return sessions that together make `minutes`: one a day, from the first day on, of half the longest at least.

    Where there are too few such days, of two hours, then of any length; nothing when even those are too few, or more
    than a dozen. Nobody comes on a fifth day for half an hour that the fourth had room for.
    """
    best = _longest_by_day(place, wanted, times, most)
    for least in (most // 2, min(most, WORTH_COMING), 0):
        days = [best[day] for day in sorted(best) if best[day][1] >= least]
        plan = _visits(days, place, wanted, rated, minutes)
        if plan:
            return plan
    return ()


def _visits(
    days: Sequence[tuple[int, int]], place: Place, wanted: Wanted, rated: Rated | None, minutes: int
) -> Sequence[Session]:
    """Return a session on each of these days, start and longest minutes given, until `minutes` are made; else nothing."""
    left, packs_left = minutes, wanted.quantity
    planned: list[Session] = []
    for start, longest in days[:MOST_SESSIONS]:
        length = min(longest, whole_run(place, left))
        at, packs = instant_of(start), None
        if packs_left is not None and rated is not None:
            packs = min(packs_left, estimate.packs_possible(length, rate=rated.rate))
            packs_left -= packs
        planned.append(Session(at, at + timedelta(minutes=length), packs))
        left -= length
        if left <= 0:
            return planned
    return ()


def _longest_by_day(place: Place, wanted: Wanted, times: FreeTimes, most: int) -> dict[date, tuple[int, int]]:
    """Return for each day the start and minutes of its longest run, in whole grid steps; of two the earlier."""
    zone, grid, span = place.facility.zone, place.limits.grid, times.span(place)
    best: dict[date, tuple[int, int]] = {}
    if span is None:
        return best
    first, last, midnight = span
    for low, high in times.gaps(place, wanted.cleaning_class):
        start = max(low + place.setup, first)
        start += (midnight - start) % grid
        while start < min(high, last):
            length = min(most, (high - start) // grid * grid)
            day = local_date(instant_of(start), zone)
            known = best.get(day)
            if length >= place.limits.shortest and (known is None or (-length, start) < (-known[1], known[0])):
                best[day] = (start, length)
            start = minute_of(local_day(day, zone).end)
            start += (midnight - start) % grid
    return best
