"""Nobody keeps a machine from the others for longer than the house says."""

from __future__ import annotations

from accounts import words
from bookings.rules.base import Question, Rule
from facilities.errors import Reason


def too_long(q: Question) -> Reason | None:
    """Nobody keeps a machine from the others for longer than the house says."""
    if q.request.minutes <= q.rules.longest:
        return None
    return Reason(
        "too_long",
        id=f"Paling lama {words.duration(q.rules.longest)}; diminta {words.duration(q.request.minutes)}.",
        en=f"At most {words.duration(q.rules.longest, 'en')}; asked {words.duration(q.request.minutes, 'en')}.",
        values={"longest": q.rules.longest, "asked": q.request.minutes},
        overridable=True,
        way_out_id="Bagi menjadi beberapa hari.",
        way_out_en="Split it over several days.",
    )


RULE = Rule("longest", 90, too_long)
