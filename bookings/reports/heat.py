"""Minutes by hour of the week, on the facility's own clock. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from bookings.reports.rollup import minute_of
from facilities.time.spans import Span

HOURS_A_WEEK = 168
THURSDAY = 3 * 24
"""The epoch began on a Thursday; the week here begins on Monday."""


def by_hour_of_week(spans: Iterable[Span], zone: ZoneInfo) -> list[int]:
    """Return the minutes in each of the 168 hours of the week, Monday 00.00 first.

    The zone's offset at a span's start serves for the whole span: exact in Indonesia,
    an hour off only within a span that runs across a change of clocks.
    """
    week = [0] * HOURS_A_WEEK
    for span in spans:
        offset = span.start.astimezone(zone).utcoffset() or timedelta()
        shift = offset // timedelta(minutes=1)
        minute, last = minute_of(span.start) + shift, minute_of(span.end) + shift
        while minute < last:
            hour = minute // 60
            until = min(last, (hour + 1) * 60)
            week[(hour + THURSDAY) % HOURS_A_WEEK] += until - minute
            minute = until
    return week


def added(one: list[int], two: list[int], times: int = 1) -> list[int]:
    """Return the week `one` with `two` added, `times` over."""
    return [a + b * times for a, b in zip(one, two, strict=True)]
