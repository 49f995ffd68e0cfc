"""Time that is held is held."""

from __future__ import annotations

from accounts import words
from bookings.rules.base import Question, Rule
from facilities.errors import Reason


def taken(q: Question) -> Reason | None:
    """Setup or run meets time that is already held. Says what holds it, never who."""
    block = next((b for b in q.calendar.taken if b.busy.overlaps(q.request.work)), None)
    if block is None:
        return None
    until_id = words.clock(block.span.end, q.rules.zone)
    until_en = words.clock(block.span.end, q.rules.zone, "en")
    sentences = {
        "taken": (f"Jam ini sudah diambil, sampai {until_id}.", f"This time is taken, until {until_en}."),
        "maintenance": (f"Mesin dirawat sampai {until_id}.", f"The machine is in maintenance until {until_en}."),
        "broken": ("Mesin sedang rusak.", "The machine is broken."),
    }
    id_, en = sentences[block.code]
    values = {"starts_at": block.span.start.isoformat(), "ends_at": block.span.end.isoformat()}
    return Reason(block.code, id=id_, en=en, values=values)


RULE = Rule("taken", 10, taken)
