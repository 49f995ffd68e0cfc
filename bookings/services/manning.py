"""Who runs a machine that only operators run."""

from __future__ import annotations

from facilities.calendars import Calendar
from facilities.models import Occupancy
from facilities.occupancy import assign, release
from facilities.spans import Span


def man(calendar: Calendar, held: Occupancy, work: Span) -> None:
    """Give a job the first operator who is there and free for setup and run.

    The calendar was read under the operators' lock, those with least to do first. Nobody free means that a
    manager went on regardless: the booking then waits for somebody to be named.
    """
    chosen = next((roster.operator for roster in calendar.rosters or () if roster.covers(work)), None)
    if chosen is None:
        release(held.pk)
    else:
        assign(held, chosen, work)
