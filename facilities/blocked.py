"""What stands in the way on one machine, as spans with a code and never a name. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from facilities.calendars import BROKEN, CLOSED, Blocked, Calendar
from facilities.spans import Span, subtracted


def blocked_in(calendar: Calendar, window: Span, *, now: datetime) -> list[Blocked]:
    """Return all that shuts or takes time within `window`, in order, cut at its ends.

    Times outside opening hours read `closed`. A breakdown that is open reaches to the
    expected repair, or as far as the window where that has passed already.
    """
    blocks = [*_taken(calendar, window, now), *calendar.shut, *_outside_hours(calendar, window)]
    cut = (Blocked(part, block.code) for block in blocks if (part := _within(block.span, window)))
    return sorted(cut, key=lambda block: (block.span, block.code))


def _taken(calendar: Calendar, window: Span, now: datetime) -> Iterator[Blocked]:
    since, until = calendar.broken_since, calendar.broken_until
    for block in calendar.taken:
        if since is None or block.code != BROKEN:
            yield block
    if since is not None:
        end = until if until and until > now else window.end
        if end > since:
            yield Blocked(Span(since, end), BROKEN)


def _outside_hours(calendar: Calendar, window: Span) -> list[Blocked]:
    shut = [block.span for block in calendar.shut]
    return [Blocked(span, CLOSED) for span in subtracted([window], [*calendar.open, *shut])]


def _within(span: Span, window: Span) -> Span | None:
    start, end = max(span.start, window.start), min(span.end, window.end)
    return Span(start, end) if start < end else None
