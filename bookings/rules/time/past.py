"""A time that has begun cannot be booked."""

from __future__ import annotations

from datetime import timedelta

from bookings.rules.base import Question, Rule
from facilities.errors import Reason


def in_the_past(q: Question) -> Reason | None:
    """A time that has begun cannot be booked; a walk-in may start in this very grid step."""
    allowance = timedelta(minutes=q.rules.grid) if q.at_counter else timedelta(0)
    if q.request.start + allowance >= q.now:
        return None
    return Reason(
        "in_the_past",
        id="Jam ini sudah lewat.",
        en="This time has passed.",
        values={"starts_at": q.request.start.isoformat(), "now": q.now.isoformat()},
    )


RULE = Rule("past", 40, in_the_past)
