"""Setup and run lie in opening hours."""

from __future__ import annotations

from accounts import words
from bookings.rules.base import Question, Rule
from facilities.errors import Reason
from facilities.time.calendars import Blocked
from facilities.time.spans import subtracted


def outside_hours(q: Question) -> Reason | None:
    """Setup and run lie in opening hours. Says `holiday` when one is what shuts the house, else `closed`.

    A date without a decree may still move: a manager may go on where nothing but that stands against it.
    """
    missing = subtracted([q.request.work], q.calendar.open)
    if not missing:
        return None
    doubted = [block for block in q.calendar.shut if block.is_estimate]
    certain = subtracted(missing, [span for block in doubted for span in block.doubtful])
    for block in q.calendar.shut if certain else doubted:
        if block.is_estimate == bool(certain):
            continue
        if any(block.span.overlaps(part) for part in certain or missing):
            return _shut_by(block)
    return Reason(
        "closed",
        id=_closed_words(q, "id"),
        en=_closed_words(q, "en"),
        values={"setup": q.request.setup},
        way_out_id="Pilih jam di dalam jam buka.",
        way_out_en="Choose a time within opening hours.",
    )


def _shut_by(block: Blocked) -> Reason:
    told: dict[str, object] = {"reason": block.words}
    if not block.is_estimate:
        return Reason(block.code, id=f"Rumah produksi tutup: {block.words}.",
                      en=f"The house is closed: {block.words}.", values=told)  # fmt: skip
    return Reason(
        block.code,
        id=f"Rumah produksi tutup: {block.words} (perkiraan).",
        en=f"The house is closed: {block.words} (an estimate).",
        values=told | {"is_estimate": True},
        overridable=True,
        way_out_id="Tanggalnya belum ditetapkan. Tanyakan kepada pengelola, atau pilih hari lain.",
        way_out_en="No decree has set this date yet. Ask the manager, or choose another day.",
    )


def _closed_words(q: Question, language: str) -> str:
    zone = q.rules.zone
    day = q.request.start.astimezone(zone).date()
    spans = [s for s in q.calendar.open if s.start.astimezone(zone).date() == day]
    text = ", ".join(words.clock_span(s.start, s.end, zone, language) for s in spans)
    setup = words.duration(q.request.setup, language)
    if language == "en":
        return (
            f"Outside opening hours ({text}), including {setup} of setup." if text else "The house is closed that day."
        )
    return f"Di luar jam buka ({text}), termasuk persiapan {setup}." if text else "Rumah produksi tutup hari itu."


RULE = Rule("opening", 70, outside_hours)
