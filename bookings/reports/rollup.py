"""Adding up one machine's month from its spans. Pure.

Everything is cut at the month's own edges, which are the facility's midnights, and counted
in minutes of the clock: a span covers the minutes from that of its start up to, not including,
that of its end. So a run cut in two at midnight never loses or gains a minute.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bookings.reports.indicators import Sums
from bookings.trail.lifecycle import APPROVED, CANCELLED, CHECKED_IN, COMPLETED, NO_SHOW
from facilities.time.spans import Span, clipped, intersected, merged, subtracted

HELD = frozenset({APPROVED, CHECKED_IN, COMPLETED, NO_SHOW})
"""Statuses whose hours were booked: kept for a producer to the end, whoever came or not."""
UNTOLD = HELD - {NO_SHOW}
"""Of those, the ones that only a signed run tells about: who never came is told already."""


LONGEST_BOOKING = timedelta(days=32)
LONGEST_RUN = timedelta(days=3)
"""How far before a month begins what may reach into it is looked for: keeps the index scans short."""


@dataclass(frozen=True, slots=True)
class BookedPart:
    """One machine's part of a booking: its run span, without setup and cleaning."""

    producer: int
    start: datetime
    end: datetime
    status: str
    is_late_cancel: bool
    is_signed: bool

    @property
    def is_unreported(self) -> bool:
        """Whether its hours were booked and nobody has said yet what came of them."""
        return self.status in UNTOLD and not self.is_signed


@dataclass(frozen=True, slots=True)
class SignedRun:
    """One run whose record was signed."""

    producer: int
    start: datetime
    end: datetime
    good: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Facts:
    """All that touched one machine around a month. `open` is what opening hours and closures leave."""

    open: Sequence[Span]
    maintenance: Sequence[Span] = ()
    breakdowns: Sequence[Span] = ()
    booked: Sequence[BookedPart] = ()
    runs: Sequence[SignedRun] = ()


def minutes(spans: Iterable[Span]) -> int:
    """Return the clock minutes the spans cover, each span by itself."""
    return sum(minute_of(span.end) - minute_of(span.start) for span in spans)


def minute_of(instant: datetime) -> int:
    """Return the number of the clock minute that holds an instant."""
    return int(instant.timestamp() // 60)


def machine_month(month: Span, facts: Facts) -> tuple[Sums, dict[int, Sums]]:
    """Return the sums of one machine's month, and each producer's share of them.

    Minutes belong to the month in which they lie; a booking, a run and its packs to
    the month in which they begin. Time booked twice (a no-show's hours given to
    somebody else) is one machine's time and counts once; so does a minute that two runs claim. A machine
    runs longer than it was available only outside opening hours. Booked time is unreported until a
    run is signed, or it is known that nobody came.

        month            ├──────────────┤
        run          ├───┼──┤      ├────┼──┤
        minutes          ├──┤      ├────┤
        services                   1
    """
    free = subtracted(facts.open, facts.maintenance)
    available = clipped(free, month)
    held = [Span(part.start, part.end) for part in facts.booked if part.status in HELD]
    untold = [Span(part.start, part.end) for part in facts.booked if part.is_unreported]
    shares = _shares(month, facts)
    total = sum(shares.values(), Sums())
    sums = Sums(
        **{name: getattr(total, name) for name in SHARED},
        available=minutes(available),
        booked=minutes(merged(clipped(held, month))),
        unreported=minutes(merged(clipped(untold, month))),
        downtime=minutes(intersected(available, facts.breakdowns)),
        cells=1,
    )
    return sums, shares


SHARED = ("run", "approved", "completed", "no_shows", "late_cancels", "signed", "services", "good", "rejected")


def _shares(month: Span, facts: Facts) -> dict[int, Sums]:
    """Return each producer's sums; those of whom nothing counts are left out."""
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for part in facts.booked:
        _count_booking(counts[part.producer], month, part)
    for producer, span in _true_minutes(facts.runs):
        counts[producer]["run"] += minutes(clipped([span], month))
    for run in facts.runs:
        mine = counts[run.producer]
        if month.contains(run.start):
            mine["services"] += 1
            mine["good"] += run.good
            mine["rejected"] += run.rejected
    found = {producer: Sums(**mine) for producer, mine in counts.items()}
    return {producer: sums for producer, sums in found.items() if sums != Sums()}


def _true_minutes(runs: Iterable[SignedRun]) -> Iterator[tuple[int, Span]]:
    """Yield what each run adds to its machine's time: a minute that two of them claim is the earlier one's.

    first      ├─────────┤
    second          ├─────────┤
    counted    ├─────────┼────┤
    """
    counted_until: datetime | None = None
    for run in sorted(runs, key=lambda run: (run.start, run.end, run.producer)):
        start = run.start if counted_until is None else max(run.start, counted_until)
        if start < run.end:
            yield run.producer, Span(start, run.end)
            counted_until = run.end


def _count_booking(mine: dict[str, int], month: Span, part: BookedPart) -> None:
    inside = minutes(clipped([Span(part.start, part.end)], month))
    mine["booked"] += inside if part.status in HELD else 0
    mine["unreported"] += inside if part.is_unreported else 0
    if not month.contains(part.start):
        return
    late = part.status == CANCELLED and part.is_late_cancel
    # A booking given back in time is nobody's broken promise: it is in neither part nor whole.
    mine["approved"] += part.status in HELD or late
    mine["late_cancels"] += late
    mine["no_shows"] += part.status == NO_SHOW
    mine["completed"] += part.status == COMPLETED
    mine["signed"] += part.status == COMPLETED and part.is_signed
