"""Times open day by day, up to a horizon."""

from __future__ import annotations

from datetime import timedelta

from accounts import words
from bookings.rules.base import Question, Rule
from facilities.errors import Reason


def too_far(q: Question) -> Reason | None:
    """Times open day by day, up to the horizon, at the house's midnight."""
    today = q.now.astimezone(q.rules.zone).date()
    last = today + timedelta(days=q.rules.horizon)
    if q.request.start.astimezone(q.rules.zone).date() <= last:
        return None
    return Reason(
        "too_far",
        id=f"Jam bisa dipesan sampai {words.long_date(last)}.",
        en=f"Times can be booked until {words.long_date(last, 'en')}.",
        values={"horizon": q.rules.horizon, "last_on": last.isoformat()},
        overridable=True,
    )


RULE = Rule("horizon", 60, too_far)
