"""The next seven days of a machine as a strip: what is free of the hours its house is open."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from facilities.models import Machine
from facilities.time.calendars import Calendar
from facilities.time.hours import local_date, local_day
from facilities.time.spans import Span, clipped, subtracted, total_minutes

DAYS = 7


def week_strip(machine: Machine, calendar: Calendar, *, now: datetime) -> dict[str, Any]:
    """Return the days with their bars, in minutes from the earliest opening to the latest closing of the week."""
    zone = machine.facility.zone
    today = local_date(now, zone)
    spans = [local_day(today + timedelta(days=number), zone) for number in range(DAYS)]
    opened = [clipped(calendar.open, day) for day in spans]
    minutes = [_minute(span.start, day) for day, part in zip(spans, opened, strict=True) for span in part]
    ends = [_minute(span.end, day) for day, part in zip(spans, opened, strict=True) for span in part]
    first, last = (min(minutes), max(ends)) if minutes else (480, 960)
    busy = calendar.occupied(now, spans[-1].end)
    return {
        "width": last - first,
        "first": first,
        "last": last,
        "days": [
            {"iso": local_date(day.start, zone).isoformat(), **_day(day, part, busy, first, now)}
            for day, part in zip(spans, opened, strict=True)
        ],
    }


def _day(day: Span, opened: list[Span], busy: list[Span], first: int, now: datetime) -> dict[str, Any]:
    left = subtracted(opened, busy)
    ahead = [Span(max(span.start, now), span.end) for span in left if span.end > now]
    taken = clipped(subtracted(opened, left), day)
    return {
        "start": day.start,
        "is_open": bool(opened),
        "is_over": bool(opened) and opened[-1].end <= now,
        "open": [_bar(span, day, first) for span in opened],
        "taken": [_bar(span, day, first) for span in taken],
        "free_minutes": total_minutes(ahead),
    }


def _bar(span: Span, day: Span, first: int) -> dict[str, int]:
    return {"x": _minute(span.start, day) - first, "width": span.minutes}


def _minute(instant: datetime, day: Span) -> int:
    return int((instant - day.start).total_seconds() // 60)
