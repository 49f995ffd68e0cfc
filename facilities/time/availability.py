"""When a job fits: free starts and gaps of one machine. Pure.

Everything is counted in whole minutes, and edges are exact: an occupancy may begin at 10.07 on a
grid of 30 minutes. Time itself is not rasterised, possible starts are: what is open allows a stretch
of starts, what is busy forbids one, and the grid points in either are the bits of an integer. So a
machine's fortnight is one number, and a thousand machines are a thousand of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from facilities.time.spans import MINUTE, Span, as_utc, merged

Minutes = tuple[int, int]
"""From one minute up to, not including, another."""


@dataclass(frozen=True, slots=True)
class Starts:
    """Minutes at which a run may start: bit i of `bits` is minute `first + i * step`. Counts the earliest first."""

    first: int
    step: int
    bits: int

    def __bool__(self) -> bool:
        return self.bits != 0

    def __contains__(self, minute: int) -> bool:
        number, rest = divmod(minute - self.first, self.step)
        return rest == 0 and number >= 0 and bool(self.bits >> number & 1)

    def __iter__(self) -> Iterator[int]:
        bits = self.bits
        while bits:
            lowest = bits & -bits
            yield self.first + (lowest.bit_length() - 1) * self.step
            bits ^= lowest

    def before(self, minute: int) -> "Starts":
        """Return those that lie before a minute."""
        number = max(0, -((self.first - minute) // self.step))
        return Starts(self.first, self.step, self.bits & ((1 << number) - 1))

    def nearest(self, minute: int) -> int | None:
        """Return the one nearest to a minute, of two as near the earlier; None where there are none."""
        passed = max(0, (minute - self.first) // self.step + 1)
        before, after = self.bits & ((1 << passed) - 1), self.bits >> passed
        found = []
        if before:
            found.append(self.first + (before.bit_length() - 1) * self.step)
        if after:
            found.append(self.first + (passed + (after & -after).bit_length() - 1) * self.step)
        return min(found, key=lambda one: abs(one - minute), default=None)

    def spread(self, *, gap: int, count: int) -> list[int]:
        """Return the first `count` that lie at least `gap` minutes after the one before.

        11.45, 12.00 and 12.15 are one choice for a run of two hours; 11.45, 13.45 and tomorrow 08.00 are three.
        """
        chosen: list[int] = []
        bits, apart = self.bits, max(1, -(-gap // self.step))
        while bits and len(chosen) < count:
            number = (bits & -bits).bit_length() - 1
            chosen.append(self.first + number * self.step)
            bits = bits >> (number + apart) << (number + apart)
        return chosen


class Steps(NamedTuple):
    """`size` grid points, `step` minutes apart, from minute `first`: point i is bit i of an integer.

    bit        0    1    2    3    4    5
               ├────┼────┼────┼────┼────┤
    [8, 23)      ├────────────┤
    points     0    1    1    1    0    0       for step 5 from minute 5
    """

    first: int
    step: int
    size: int

    @classmethod
    def within(cls, first: int, last: int, *, step: int, offset: int = 0) -> "Steps":
        """Return the grid points in `[first, last)`: those that are whole steps from `offset`, whichever way."""
        if step < 1:
            raise ValueError(f"a job and a grid need minutes: every {step}")
        lowest = first + (offset - first) % step
        return cls(lowest, step, max(0, -((lowest - last) // step)))

    def fit(self, opened: Iterable[Minutes], *, run: int, setup: int = 0) -> int:
        """Return the starts whose setup and run lie in one of these stretches.

        open       ├───────────────────┤
        first      s├─run─┤
        last                   s├─run─┤
        """
        # Rounding up, as (a + b - 1) // b does, gives the number of the first grid point at or after a minute.
        step, size = self.step, self.size
        to_begin, to_end = setup - self.first + step - 1, step - run - self.first
        bits = 0
        for low, high in opened:
            begin, end = (low + to_begin) // step, (high + to_end) // step
            if begin < end and end > 0 and begin < size:
                bits |= (1 << (end if end < size else size)) - (1 << (begin if begin > 0 else 0))
        return bits

    def clash(self, busy: Iterable[Minutes], *, run: int, setup: int = 0, cleaning: int = 0) -> int:
        """Return the starts that would meet something busy.

        occupied                   ├───────┤
        last free start   s├─run─┤c
        first free start                   s├─run─┤c
        clash              ├──────────────┤
        """
        step, size = self.step, self.size
        to_begin, to_end = step - run - cleaning - self.first, setup - self.first + step - 1
        bits = 0
        for low, high in busy:
            begin, end = (low + to_begin) // step, (high + to_end) // step
            if begin < end and end > 0 and begin < size and low < high:
                bits |= (1 << (end if end < size else size)) - (1 << (begin if begin > 0 else 0))
        return bits

    def those(self, bits: int) -> Starts:
        """Return the grid points that are these bits."""
        return Starts(self.first, self.step, bits)


def free_starts(
    opened: Iterable[Minutes], busy: Iterable[Minutes], steps: Steps, *, run: int, setup: int = 0, cleaning: int = 0
) -> Starts:
    """Return the grid points at which a run may start, all in minutes counted from the same one.

    The run and the setup before it lie inside opening hours. The cleaning after it may
    outlast closing, but must not meet the next occupancy. Touching is no clash.

        open       ├───────────────────────────────┤
        occupied            ├───────┤
        yes        s├─run─┤c
        yes                         s├─run─┤c
        no              s├─run─┤c
        no                                      s├─run─┤c

    Spans may come in any order, overlap, and reach beyond the steps; empty ones are ignored. The
    steps limit the starts alone: give what is open and busy around them too, for what is not given
    is closed, and free.
    """
    if run < 1 or setup < 0 or cleaning < 0:
        raise ValueError(f"a job and a grid need minutes: {(run, setup, cleaning)}")
    fitting = steps.fit(joined(opened), run=run, setup=setup)
    return steps.those(fitting & ~steps.clash(busy, run=run, setup=setup, cleaning=cleaning))


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
) -> Iterator[datetime]:
    """Yield `free_starts` of a window as instants in UTC, in order.

    Grid points lie `grid` minutes apart, counted from `origin`, any midnight of the facility.

    Counts in minutes of the grid's own clock, so that grid points fall on whole minutes. Where others
    do not, opening hours shrink and occupancies grow to whole minutes. That is exact: a job on whole
    minutes meets the one exactly when it meets the other.
    """
    start = as_utc(origin)

    def down(instant: datetime) -> int:
        return (instant - start) // MINUTE

    def up(instant: datetime) -> int:
        return -((start - instant) // MINUTE)

    steps = Steps.within(up(window.start), up(window.end), step=grid)
    opened = ((up(span.start), down(span.end)) for span in merged(open_spans))
    busy = ((down(span.start), up(span.end)) for span in occupied)
    for minute in free_starts(opened, busy, steps, run=run, setup=setup, cleaning=cleaning):
        yield start + timedelta(minutes=minute)


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
    count: int | None,
) -> list[datetime]:
    """Return the earliest `count` of `possible_starts`, as many as there are, or all of them for None."""
    asked = {"window": window, "run": run, "setup": setup, "cleaning": cleaning, "grid": grid, "origin": origin}
    return list(islice(possible_starts(open_spans, occupied, **asked), count))  # type: ignore[arg-type]


def free_gaps(opened: Iterable[Minutes], busy: Iterable[Minutes]) -> Iterator[Minutes]:
    """Yield what is open and not busy. `opened` is joined and in order, `busy` need not be.

    open       ├─────────────────────────┤
    busy          ├──────┤     ├───────┤
    gaps       ├──┤      ├─────┤       ├─┤
    """
    taken = joined(busy)
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


def common(ones: Sequence[Minutes], others: Sequence[Minutes]) -> list[Minutes]:
    """Return the minutes that lie in both; each is joined and in order, and so is the answer."""
    found = []
    i = j = 0
    while i < len(ones) and j < len(others):
        start, end = max(ones[i][0], others[j][0]), min(ones[i][1], others[j][1])
        if start < end:
            found.append((start, end))
        if ones[i][1] <= others[j][1]:
            i += 1
        else:
            j += 1
    return found


def joined(spans: Iterable[Minutes]) -> list[Minutes]:
    """Return the same minutes as the fewest spans, in order. `spans.merged`, for integers."""
    found: list[Minutes] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            if end > found[-1][1]:
                found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
