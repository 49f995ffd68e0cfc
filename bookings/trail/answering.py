"""Until when a house answers a request: before the job, and while somebody is there. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from facilities.time.spans import MINUTE, Span, clipped

LEAD = timedelta(minutes=15)
"""Who is to come has to know before they arrive."""
FAIR = 60
"""Minutes of opening time within which a house can be expected to look, however late in the day it was asked."""


def answer_by(opened: Iterable[Span], *, asked_at: datetime, start: datetime, within: int) -> datetime:
    """Return until when a house that is open in these spans answers a request for a job at `start`.

    That is `within` minutes after it was asked, or when the house closed last before that; at least an hour of opening
    time is left to it, and the answer comes a quarter of an hour before the job. The very `start` where the house does
    not open before: then nothing is promised, and the request lapses when its job would begin.

        open              ├── Friday ──┤          ├── Monday ──┤
        asked, answered            a   │                              Saturday noon would be too late: Friday 16.00
        asked, answered               a┆          ┆  │                ten minutes are not enough: Monday 08.50
        asked, answered                       a   ┆  │                Monday 09.00
    """
    before = clipped(opened, Span(asked_at, start - LEAD)) if asked_at < start - LEAD else []
    if not before:
        return start
    due = asked_at + within * MINUTE
    in_time = [min(span.end, due) for span in before if span.start < due]
    return max([*in_time[-1:], _after(before, min(within, FAIR))])


def is_promised(answer: datetime, start: datetime) -> bool:
    """Return whether `answer_by` found time for an answer before the job."""
    return answer < start


def _after(opened: Sequence[Span], minutes: int) -> datetime:
    """Return when so many minutes of opening time are over, or all of it."""
    for span in opened:
        if span.end - span.start >= minutes * MINUTE:
            return span.start + minutes * MINUTE
        minutes -= (span.end - span.start) // MINUTE
    return opened[-1].end
