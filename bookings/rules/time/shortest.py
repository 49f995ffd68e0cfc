"""A run is worth the setup and the cleaning around it."""

from __future__ import annotations

from accounts import words
from bookings.rules.base import Question, Rule
from facilities.errors import Reason


def too_short(q: Question) -> Reason | None:
    """A run is worth the setup and the cleaning around it."""
    if q.request.minutes >= q.rules.shortest:
        return None
    return Reason(
        "too_short",
        id=f"Paling singkat {words.duration(q.rules.shortest)}; diminta {words.duration(q.request.minutes)}.",
        en=f"At least {words.duration(q.rules.shortest, 'en')}; asked {words.duration(q.request.minutes, 'en')}.",
        values={"shortest": q.rules.shortest, "asked": q.request.minutes},
        overridable=True,
    )


RULE = Rule("shortest", 80, too_short)
