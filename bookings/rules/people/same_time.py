"""Two machines at once may be meant, or a slip: it is said before anything is sent, and never refused."""

from __future__ import annotations

from accounts import words
from bookings.rules.base import Elsewhere, Question, Rule
from facilities.errors import WARN, Reason
from facilities.time.spans import Span

NAMED = 3
"""More machines than these are counted, not named."""


def also_booked(q: Question) -> Reason | None:
    """The producer holds another machine during this run. Runs that only touch are one after the other."""
    run = Span(q.request.start, q.request.end)
    same = [one for one in q.party.elsewhere if one.span.overlaps(run)] if q.party else []
    if not same:
        return None
    same.sort(key=lambda one: (one.span.start, one.machine))
    return Reason(
        "same_time",
        id=f"Anda juga sudah memesan {_told(q, same, 'id')} jam itu.",
        en=f"You have also booked {_told(q, same, 'en')} at that time.",
        values={"references": [one.reference for one in same]},
        overridable=True,
        way_out_id="Boleh, kalau memang beberapa mesin sekaligus.",
        way_out_en="That is fine if you mean to use them at once.",
        effect=WARN,
    )


def _told(q: Question, same: list[Elsewhere], language: str) -> str:
    """Return `Pengisi 1 (09.00–11.00) dan Segel 2 (10.00–12.00)`."""
    zone = q.rules.zone
    told = [f"{one.machine} ({words.clock_span(one.span.start, one.span.end, zone, language)})" for one in same[:NAMED]]
    if len(same) > NAMED:
        left = len(same) - NAMED
        told.append(f"{left} mesin lain" if language == "id" else f"{left} more")
    *others, last = told
    return f"{', '.join(others)} {'dan' if language == 'id' else 'and'} {last}" if others else last


RULE = Rule("same_time", 410, also_booked, about_people=True)
