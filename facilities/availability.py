"""When a job fits: free starts and gaps of one machine. Pure.

Everything is counted in whole minutes, and edges are exact: an occupancy may begin
at 10.07 on a grid of 30 minutes. No time is rasterised to answer; a machine's
forbidden starts are computed as a few intervals, so a fortnight costs the same at
any grid. `Grid` turns spans into bits where a picture needs them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice

from facilities.spans import MINUTE, Span, as_utc, merged, subtracted

Minutes = tuple[int, int]
"""A half-open span in minutes since a window's start; negative is before it."""


@dataclass(frozen=True, slots=True)
class Grid:
    """`size` steps of `step` minutes each from `start`: step i is bit i of an integer.

    bit        0    1    2    3    4    5
               ├────┼────┼────┼────┼────┼────┤
    span               ├─────────┤
    mask       0    1    1    1    0    0
    """

    start: datetime
    step: int
    size: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", as_utc(self.start))
        if self.step < 1 or self.size < 0:
            raise ValueError(f"a grid needs a step: {self.size} of {self.step} minutes")

    def bit(self, instant: datetime) -> int:
        """Return the number of the step an instant falls in; outside the grid too."""
        return (instant - self.start) // (self.step * MINUTE)

    def bit_after(self, instant: datetime) -> int:
        """Return the first step that starts at or after an instant."""
        return -((self.start - instant) // (self.step * MINUTE))

    def instant(self, bit: int) -> datetime:
        """Return when a step starts, in UTC."""
        return self.start + timedelta(minutes=bit * self.step)

    def mask(self, span: Span) -> int:
        """Return the bits of every step the span touches, however little, on the grid."""
        first = max(self.bit(span.start), 0)
        after = min(self.bit_after(span.end), self.size)
        return ((1 << (after - first)) - 1) << first if after > first else 0


def possible_starts(
    open_spans: Iterable[Span],
    occupied: Iterable[Span],
    *,
    window: Span,
    run: int,
    setup: int = 0,
    cleaning: int = 0,
    grid: int,
    origin: datetime,
) -> list[datetime]:
    """Return, in order, every grid point of the window at which a run may start.

    The run and the setup before it lie inside opening hours. The cleaning after it may
    outlast closing, but must not meet the next occupancy. Touching is no clash.

        open       ├───────────────────────────────┤
        occupied            ├───────┤
        yes        s├─run─┤c
        yes                         s├─run─┤c
        no              s├─run─┤c
        no                                      s├─run─┤c

    Minutes throughout; instants in UTC. Grid points lie `grid` minutes apart, counted
    from `origin`, any midnight of the facility. The window limits the starts alone:
    give opening hours and occupancies `setup` minutes before it and `run + cleaning`
    after it too, for what is not given is closed, and free.
    """
    return list(_starts(open_spans, occupied, window, run, setup, cleaning, grid, origin))


def first_starts(
    open_spans: Iterable[Span],
    occupied: Iterable[Span],
    *,
    window: Span,
    run: int,
    setup: int = 0,
    cleaning: int = 0,
    grid: int,
    origin: datetime,
    count: int,
) -> list[datetime]:
    """Return the earliest `count` of `possible_starts`, or as many as there are."""
    starts = _starts(open_spans, occupied, window, run, setup, cleaning, grid, origin)
    return list(islice(starts, count))


def starts_from_minutes(
    open_: Iterable[Minutes],
    busy: Iterable[Minutes],
    *,
    size: int,
    run: int,
    setup: int = 0,
    cleaning: int = 0,
    step: int,
    offset: int = 0,
) -> list[int]:
    """Return `possible_starts` in minutes since the window's start, for many machines at once.

    The window is `[0, size)`. Grid points are `offset` plus or minus whole steps. Spans may
    come in any order, overlap, and reach outside the window; empty ones are ignored.
    """
    ranges = _start_ranges(open_, busy, size, (run, setup, cleaning), step, offset)
    return list(chain.from_iterable(ranges))


def first_from_minutes(
    open_: Iterable[Minutes],
    busy: Iterable[Minutes],
    *,
    size: int,
    run: int,
    setup: int = 0,
    cleaning: int = 0,
    step: int,
    offset: int = 0,
    count: int,
) -> list[int]:
    """Return the earliest `count` of `starts_from_minutes`, or as many as there are."""
    ranges = _start_ranges(open_, busy, size, (run, setup, cleaning), step, offset)
    return list(islice(chain.from_iterable(ranges), count))


def forbidden(busy: Iterable[Minutes], *, run: int, setup: int = 0, cleaning: int = 0) -> list[Minutes]:
    """Return which starts would meet something busy, joined and in order: worked out once, asked for many openings.

    occupied                   ├───────┤
    last free start   s├─run─┤c
    first free start                   s├─run─┤c
    forbidden          ·├──────────────┤·
    """
    whole = run + cleaning
    return _joined((start - whole + 1, end + setup) for start, end in busy if start < end)


def free_starts(
    opened: Iterable[Minutes],
    taken: Sequence[Minutes],
    *,
    within: Minutes,
    run: int,
    setup: int = 0,
    step: int,
    offset: int = 0,
) -> Iterator[range]:
    """Yield the grid points in `within` at which a run may start, as ranges in order, each when it is asked for.

    `opened` is joined and in order, `taken` is of `forbidden`. Empty ranges may be among them.
    """
    first, last = within
    following = 0
    for opens, closes in opened:
        low, high = max(opens + setup, first), min(closes - run + 1, last)
        if low >= high:
            continue
        while following < len(taken) and taken[following][1] <= low:
            following += 1
        for number in range(following, len(taken)):
            shut, free_again = taken[number]
            if shut >= high:
                break
            yield range(low + (offset - low) % step, shut, step)
            low = free_again
        yield range(low + (offset - low) % step, high, step)


def free_gaps(opened: Iterable[Minutes], busy: Iterable[Minutes]) -> Iterator[Minutes]:
    """Yield what is open and not busy. `opened` is joined and in order, `busy` need not be."""
    taken = _joined(span for span in busy if span[0] < span[1])
    following = 0
    for low, high in opened:
        while following < len(taken) and taken[following][1] <= low:
            following += 1
        for number in range(following, len(taken)):
            start, end = taken[number]
            if start >= high:
                break
            if start > low:
                yield low, start
            low = end
        if low < high:
            yield low, high


def spread(ranges: Iterable[range], *, gap: int, count: int) -> list[int]:
    """Return the first `count` starts that lie at least `gap` minutes after the one before.

    11.45, 12.00 and 12.15 are one choice for a run of two hours; 11.45, 13.45 and tomorrow 08.00 are three.
    """
    chosen: list[int] = []
    earliest: int | None = None
    for starts in ranges:
        while starts and len(chosen) < count:
            if earliest is not None and starts[0] < earliest:
                starts = starts[-(-(earliest - starts[0]) // starts.step) :]
                continue
            chosen.append(starts[0])
            earliest = starts[0] + gap
        if len(chosen) == count:
            break
    return chosen


def gaps(open_spans: Iterable[Span], occupied: Iterable[Span], *, minimum: int) -> list[Span]:
    """Return the open and unoccupied spans of at least `minimum` minutes.

    open       ├─────────────────────────┤
    occupied      ├──────┤     ├───────┤
    gaps                 ├─────┤
    """
    return [gap for gap in subtracted(open_spans, occupied) if gap.minutes >= minimum]


def _starts(
    open_spans: Iterable[Span],
    occupied: Iterable[Span],
    window: Span,
    run: int,
    setup: int,
    cleaning: int,
    grid: int,
    origin: datetime,
) -> Iterator[datetime]:
    """Count in minutes of the grid's own clock, so that grid points fall on whole minutes.

    Where others do not, opening hours shrink and occupancies grow to whole minutes.
    That is exact: a job on whole minutes meets the one exactly when it meets the other.
    """
    clock = Grid(origin, 1, 0)
    first = clock.bit_after(window.start)
    minutes = Grid(clock.instant(first), 1, clock.bit_after(window.end) - first)
    opened = ((minutes.bit_after(s.start), minutes.bit(s.end)) for s in merged(open_spans))
    busy = ((minutes.bit(s.start), minutes.bit_after(s.end)) for s in occupied)
    job = (run, setup, cleaning)
    for starts in _start_ranges(opened, busy, minutes.size, job, grid, -first):
        yield from map(minutes.instant, starts)


def _start_ranges(
    open_: Iterable[Minutes],
    busy: Iterable[Minutes],
    size: int,
    job: tuple[int, int, int],
    step: int,
    offset: int,
) -> Iterator[range]:
    """Yield the free grid points as ranges, in order."""
    run, setup, cleaning = job
    if run < 1 or setup < 0 or cleaning < 0 or step < 1:
        raise ValueError(f"a job and a grid need minutes: {job} every {step}")
    taken = forbidden(busy, run=run, setup=setup, cleaning=cleaning)
    opened = _joined(span for span in open_ if span[0] < span[1])
    yield from free_starts(opened, taken, within=(0, size), run=run, setup=setup, step=step, offset=offset)


def _joined(spans: Iterable[Minutes]) -> list[Minutes]:
    """Return the same minutes as the fewest spans, in order. `spans.merged`, for integers."""
    joined: list[Minutes] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            if end > joined[-1][1]:
                joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
