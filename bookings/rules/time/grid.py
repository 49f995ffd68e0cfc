"""Starts and lengths go in steps."""

from __future__ import annotations

from datetime import timedelta

from accounts import words
from bookings.rules.base import Question, Rule
from facilities.errors import Reason


def off_grid(q: Question) -> Reason | None:
    """Starts and lengths follow the house's grid, counted from its midnight. Walk-ins start when they start."""
    local = q.request.start.astimezone(q.rules.zone)
    on_grid = (local.hour * 60 + local.minute) % q.rules.grid == 0 and local.second == 0 and local.microsecond == 0
    whole_steps = (q.request.end - q.request.start) % timedelta(minutes=q.rules.grid) == timedelta(0)
    if q.at_counter or (on_grid and whole_steps):
        return None
    return Reason(
        "off_grid",
        id=f"Jam mulai dan lama mengikuti langkah {q.rules.grid}{words.NBSP}menit.",
        en=f"Starts and lengths go in steps of {q.rules.grid} minutes.",
        values={"grid": q.rules.grid},
    )


RULE = Rule("grid", 100, off_grid)
