"""May this date still be changed? From today on, yes; what is past stays as it was counted and reported. Pure."""

from __future__ import annotations

from datetime import date, timedelta

OLDEST = date(2000, 1, 1)
"""Before it nothing was counted; whoever writes an earlier year means "always"."""


def is_over(day: date, *, today: date) -> bool:
    """Return whether a change that begins on a day would change what is past. `today` is the house's own."""
    return day < today


def months_rewritten(first: date, last: date | None = None, *, today: date) -> list[date]:
    """Return the first days of the months in which a change from `first` to `last` (both included) touches a past day.

    first         ├───────────────────────▶     (last: None never ends)
    today                        │
    rewritten     ├ Sep ┤├ Oct ┤├┤
    """
    end = min(last or today, today - timedelta(days=1))
    start = max(first, OLDEST)
    months = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
    return [date(number // 12, number % 12 + 1, 1) for number in months] if start <= end else []
