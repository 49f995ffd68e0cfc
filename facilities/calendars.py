"""One machine's time around a question: what is open, shut, taken, broken. Pure values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from facilities.availability import first_starts, possible_starts
from facilities.hours import local_date, local_day
from facilities.spans import Span, subtracted

TAKEN, MAINTENANCE, BROKEN, CLOSED, HOLIDAY = "taken", "maintenance", "broken", "closed", "holiday"


@dataclass(frozen=True, slots=True)
class Blocked:
    """A stretch that is shut or taken: the code that explains it, and words that never name a person."""

    span: Span
    code: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """`open`: opening hours with closures cut out. `shut`: those closures, for the words.

    `taken`: occupancies, setup and cleaning included. While a breakdown is open,
    `broken_since` and `broken_until` (expected; may be overdue) say so.
    """

    open: Sequence[Span]
    shut: Sequence[Blocked] = ()
    taken: Sequence[Blocked] = ()
    broken_since: datetime | None = None
    broken_until: datetime | None = None

    def busy(self, now: datetime, horizon: datetime) -> list[Span]:
        """Return what cannot be given away between `now` and `horizon`, breakdowns included."""
        spans = [block.span for block in self.taken]
        if self.broken_since is not None:
            overdue = self.broken_until is None or self.broken_until <= now
            until = horizon if overdue else min(self.broken_until or horizon, horizon)
            if until > self.broken_since:
                spans.append(Span(self.broken_since, until))
        return spans

    def without(self, span: Span) -> Calendar:
        """Return the same calendar as if `span`'s own occupancy were free: for moving what holds it."""
        taken = [block for block in self.taken if block.span != span]
        return Calendar(self.open, self.shut, taken, self.broken_since, self.broken_until)


@dataclass(frozen=True, slots=True)
class Job:
    """How long a machine is needed: minutes of setup, run and cleaning, on a grid of minutes."""

    run: int
    setup: int
    cleaning: int
    grid: int


def starts(calendar: Calendar, job: Job, *, window: Span, now: datetime, zone: object) -> list[datetime]:
    """Return, in order, every start of a run in `window` that the calendar allows."""
    return possible_starts(calendar.open, calendar.busy(now, window.end + timedelta(days=2)), **_fit(job, window, zone))


def nearest_starts(
    calendar: Calendar, job: Job, *, window: Span, now: datetime, zone: object, count: int
) -> list[datetime]:
    """Return the first `count` of `starts`."""
    busy = calendar.busy(now, window.end + timedelta(days=2))
    return first_starts(calendar.open, busy, count=count, **_fit(job, window, zone))


def _fit(job: Job, window: Span, zone: object) -> dict[str, Any]:
    origin = local_day(local_date(window.start, zone), zone).start  # type: ignore[arg-type]
    return {
        "window": window,
        "run": job.run,
        "setup": job.setup,
        "cleaning": job.cleaning,
        "grid": job.grid,
        "origin": origin,
    }


def free_spans(calendar: Calendar, *, now: datetime, minimum: int) -> list[Span]:
    """Return the open and unclaimed stretches from `now` on, at least `minimum` minutes long."""
    horizon = max((span.end for span in calendar.open), default=now)
    left: Iterable[Span] = subtracted(calendar.open, calendar.busy(now, horizon))
    ahead = (Span(max(s.start, now), s.end) for s in left if s.end > now)
    return [span for span in ahead if span.minutes >= minimum]
