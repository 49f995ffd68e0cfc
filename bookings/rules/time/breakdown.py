"""A broken machine promises nothing before its repair."""

from __future__ import annotations

from accounts import words
from bookings.rules.base import Question, Rule
from facilities.errors import Reason


def broken(q: Question) -> Reason | None:
    """While a breakdown is open, times from its start on are not promised, except those after the expected repair.

    A repair that is overdue promises nothing: then every later time is refused.
    """
    since, until = q.calendar.broken_since, q.calendar.broken_until
    if since is None or q.request.end <= since:
        return None
    overdue = until is None or until <= q.now
    if not overdue and until is not None and q.request.work.start >= until:
        return None
    if any(b.code == "broken" and b.span.overlaps(q.request.work) for b in q.calendar.taken):
        return None
    return Reason(
        "broken",
        id="Mesin sedang rusak." if overdue else f"Mesin rusak, perkiraan siap {words.moment(until, q.rules.zone)}.",  # type: ignore[arg-type]
        en="The machine is broken.",
        values={"since": since.isoformat(), "expected_until": until.isoformat() if until else None},
        way_out_id="Pilih mesin lain, atau jam sesudah perkiraan siap.",
        way_out_en="Choose another machine, or a time after the expected repair.",
    )


RULE = Rule("breakdown", 30, broken)
