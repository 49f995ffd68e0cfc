"""When able machines are free: one plan for all of them, in whole minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bookings import unfit
from facilities.availability import start_ranges
from facilities.hours import local_date, local_day
from facilities.instants import minute_of, minute_up
from facilities.places import Place
from facilities.plan import Minutes, Plan
from facilities.spans import Span


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
        span, limits = self.span(place, minutes), place.limits
        if span is None or self.plan is None:
            return []
        if minutes % limits.grid or not limits.shortest <= minutes <= limits.longest:
            return []
        first, last, midnight = span
        busy = self.busy(place, cleaning_class, last)
        found: list[range] = []
        opened = self.workable(place)
        for one in opened:
            found += start_ranges(
                [(start - first, end - first) for start, end in one if end > first],
                [(start - first, end - first) for start, end in busy],
                size=last - first,
                run=minutes,
                setup=place.setup,
                step=limits.grid,
                offset=midnight - first,
            )
        shifted = [range(r.start + first, r.stop + first, r.step) for r in found if r]
        return sorted(shifted, key=lambda r: r.start) if len(opened) > 1 else shifted

    def workable(self, place: Place) -> list[list[Minutes]]:
        """Return when a machine can be worked at, by operator where it needs one."""
        assert self.plan is not None
        return self.plan.workable(place.house.pk, place.type_code, by_operator=place.is_operated)

    def busy(self, place: Place, cleaning_class: str, last: int) -> list[Minutes]:
        assert self.plan is not None
        busy = self.plan.busy(place.pk, place.house.pk, cleaning_class, full=place.full)
        broken = unfit.broken_minutes(place, self.now, last)
        return [*busy, broken] if broken else busy
