"""Spans of time and their algebra: join, take away, meet, cut. Pure.

A span is half-open, `[start, end)`: 08.00–10.00 and 10.00–12.00 touch and do
not overlap. Results are new lists in order of time; arguments are never changed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The instants from `start` up to, not including, `end`. Sorts by start, then end.

    Takes aware datetimes of any zone and keeps them in UTC. A naive instant,
    or an end that is not after the start, is a ValueError.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        # Comparing across zones is exact, but comparing within one zone goes by the wall
        # clock and is wrong in the hour that repeats in autumn: so one zone, UTC.
        object.__setattr__(self, "start", as_utc(self.start))
        object.__setattr__(self, "end", as_utc(self.end))
        if self.end <= self.start:
            raise ValueError(f"a span must end after it starts: {self.start} to {self.end}")

    @property
    def minutes(self) -> int:
        """Whole minutes from start to end; a begun minute is not counted."""
        return (self.end - self.start) // MINUTE

    def overlaps(self, other: "Span") -> bool:
        """Return whether the two share an instant. Touching is no overlap.

        self       ├───────┤
        yes    ├─────┤
        yes          ├─┤
        no                 ├────┤
        """
        return self.start < other.end and other.start < self.end

    def touches(self, other: "Span") -> bool:
        """Return whether one ends exactly where the other starts."""
        return self.end == other.start or other.end == self.start

    def contains(self, other: "Span | datetime") -> bool:
        """Return whether the whole of a span, or an instant, lies inside. The end is outside."""
        if isinstance(other, Span):
            return self.start <= other.start and other.end <= self.end
        return self.start <= other < self.end


def as_utc(instant: datetime) -> datetime:
    """Return the same instant in UTC.

    A naive instant, or one whose UTC reading falls outside years 1 to 9999, is a ValueError.
    """
    if instant.tzinfo is UTC:
        return instant
    if instant.utcoffset() is None:
        raise ValueError(f"an instant needs a time zone: {instant}")
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"an instant outside years 1 to 9999: {instant}") from error


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the same time as the fewest spans: overlapping and touching ones join.

    spans    ├────┤     ├──┤
                ├───┤      ├──┤   ├─┤
    merged   ├──────┤   ├─────┤   ├─┤
    """
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            if span.end > joined[-1].end:
                joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def subtracted(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """Return the time in `spans` and in none of the `holes`, merged.

    spans      ├──────────────┤  ├────┤
    holes          ├──┤          ├────┤
    left       ├───┤  ├───────┤
    """
    gaps = merged(holes)
    left: list[Span] = []
    first = 0
    for span in merged(spans):
        while first < len(gaps) and gaps[first].end <= span.start:
            first += 1
        left.extend(_around(span, gaps, first))
    return left


def _around(span: Span, gaps: list[Span], first: int) -> Iterator[Span]:
    """Yield what the gaps, from number `first` on, leave of one span."""
    start = span.start
    for number in range(first, len(gaps)):
        gap = gaps[number]
        if gap.start >= span.end:
            break
        if gap.start > start:
            yield Span(start, gap.start)
        start = gap.end
    if start < span.end:
        yield Span(start, span.end)


def intersected(a: Iterable[Span], b: Iterable[Span]) -> list[Span]:
    """Return the time that lies in both, merged.

    a        ├────────┤    ├───────┤
    b             ├───────────┤ ├─────┤
    both          ├───┤    ├──┤ ├──┤
    """
    left, right = merged(a), merged(b)
    common: list[Span] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i].start, right[j].start), min(left[i].end, right[j].end)
        if start < end:
            common.append(Span(start, end))
        if left[i].end <= right[j].end:
            i += 1
        else:
            j += 1
    return common


def clipped(spans: Iterable[Span], window: Span) -> list[Span]:
    """Return each span cut to the window, in the order given; those outside are dropped.

    Spans are cut one by one and never joined, so each still stands for the thing it came from.

    window         ├───────────┤
    spans      ├─────┤  ├──┤ ├────┤ ├──┤
    clipped        ├─┤  ├──┤ ├─┤
    """
    return [Span(max(span.start, window.start), min(span.end, window.end)) for span in spans if span.overlaps(window)]


def total_minutes(spans: Iterable[Span]) -> int:
    """Return the whole minutes covered; time covered twice counts once.

    Fit for one machine: the hours of two machines at the same time are two sums.
    """
    return sum((span.end - span.start for span in merged(spans)), timedelta()) // MINUTE
