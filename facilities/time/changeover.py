"""What cleaning lies between two jobs of one machine, and what that leaves for a third. Pure.

Cleaning belongs to the job before it; its length depends on the job after it:

    ├setup┤── run A ──├clean A→B┤├setup┤── run B ──├──── full clean ────┤   the day's last job

Two readings of one rule live here. `claim` says how far a job keeps another of a given
class away: searching and deciding use nothing else, so what is offered is accepted.
`tails` says how long each job of a machine is cleaned after: what is written down.

A claim holds between *any* two jobs of a day, not only between neighbours. So calling off
whatever lies between two of them never leaves too little time, or a pair that must not
meet; no cancellation ever has to be refused.

Minutes are integers since 1970 in UTC. A day is the house's own, midnight to midnight: its last
job carries the machine's full clean. A break within a day is not its end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

REFUSED = -1
"""In a matrix: the two never meet on one machine on one day."""

FULL = None
"""In a matrix: the machine's own full clean."""

Cells = Mapping[tuple[str, str], int | None]
"""(class before, class after) to minutes, `FULL`, or `REFUSED`."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """A house's changeovers: its own cells, else the province's, else nothing to clean after the same class.

    An empty class is a product nobody described: it is cleaned after fully, and never refused.
    """

    house: Cells = field(default_factory=dict)
    province: Cells = field(default_factory=dict)

    def minutes(self, before: str, after: str, *, full: int) -> int | None:
        """Return the minutes of cleaning between two classes, at most `full`; None when the pair is refused."""
        if not before or not after:
            return full
        cell = self.cell(before, after)
        if cell == REFUSED:
            return None
        return full if cell is None else min(cell, full)

    def refuses(self, before: str, after: str) -> bool:
        """Return whether a job of class `after` must never follow one of class `before` on the same day."""
        return self.minutes(before, after, full=0) is None

    def cell(self, before: str, after: str) -> int | None:
        """Return what the matrix says of a pair of known classes: minutes, `FULL` or `REFUSED`."""
        pair = (before, after)
        if pair in self.house:
            return self.house[pair]
        if pair in self.province:
            return self.province[pair]
        return 0 if before == after else FULL


@dataclass(frozen=True, slots=True)
class Held:
    """One occupancy of a machine as changeovers see it: `work` from setup to the end of the run.

    `is_job` is false for maintenance and breakdowns: they have no class, and want a clean machine before them.
    `day` is the house's day in which the work begins, in minutes.
    """

    start: int
    end: int
    day: tuple[int, int]
    cleaning_class: str = ""
    is_job: bool = True
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """The minutes `[start, end)` around something held in which no work of a class may lie.

    `refused` says that it is not for want of cleaning time: the two must never meet that day.
    """

    start: int
    end: int
    held: Held
    refused: bool = False

    def meets(self, start: int, end: int) -> bool:
        return self.start < end and start < self.end


def claim(held: Held, cleaning_class: str, matrix: Matrix, *, full: int) -> Claim:
    """Return how far `held` keeps work (setup and run) of a class away, in minutes.

        newcomer      ├s── run ──┤clean→held┊                       ┊
        held                                ├s── run ──┤clean→newcomer┊
        claim                    ├─────────────────────────────────────┤

    `full` is the machine's full clean. Where a job lies so near to midnight that the full clean
    of one day reaches the next, its claim is as wide as a full clean: exact within a day, and
    never too narrow across one.
    """
    if not held.is_job:
        return Claim(held.start - full, held.end, held)
    lead = matrix.minutes(cleaning_class, held.cleaning_class, full=full)
    trail = matrix.minutes(held.cleaning_class, cleaning_class, full=full)
    first, last = held.day
    if lead is None or trail is None:
        return Claim(min(first, held.start - full), max(last, held.end + full), held, refused=True)
    if held.start - first < full:
        lead = full
    if last - held.end < full:
        trail = full
    return Claim(held.start - lead, held.end + trail, held)


def claims(held: Iterable[Held], cleaning_class: str, matrix: Matrix, *, full: int) -> list[Claim]:
    """Return the claims of everything held against work of a class, in order of time."""
    found = [claim(one, cleaning_class, matrix, full=full) for one in held]
    return sorted(found, key=lambda c: (c.start, c.end))


def tails(held: Sequence[Held], matrix: Matrix, *, full: int) -> list[int]:
    """Return the minutes of cleaning after each job, in the order given; 0 for what is no job.

    The changeover to the next job of the same day; the full clean when nothing follows that
    day, or maintenance or a breakdown does. Never reaches into what follows: under the rule
    of `claim` it has room, and after the matrix was changed it takes what room there is.
    """
    order = sorted(range(len(held)), key=lambda i: (held[i].start, held[i].end))
    found = [0] * len(held)
    for position, index in enumerate(order):
        job = held[index]
        if not job.is_job:
            continue
        following = held[order[position + 1]] if position + 1 < len(order) else None
        wanted: int | None = full
        if following is not None and following.is_job and following.day == job.day:
            wanted = matrix.minutes(job.cleaning_class, following.cleaning_class, full=full)
        room = following.start - job.end if following is not None else full
        found[index] = max(0, min(full if wanted is None else wanted, room))
    return found


@dataclass(frozen=True, slots=True)
class Loophole:
    """`before` → `between` → `after` is cleaned less than `before` → `after` would be."""

    before: str
    between: str
    after: str


def loopholes(matrix: Matrix, classes: Iterable[str], *, full: int) -> list[Loophole]:
    """Return the ways around a strict cell by way of a third class: what the first leaves may reach the last.

    A pair is safe by way of a third class only if one of the two changeovers on the way is at
    least as long as the direct one. Refused pairs have none: they never share a day. For the
    people who edit the matrix: a warning.
    """
    known = list(classes)

    def weight(before: str, after: str) -> int:
        return matrix.minutes(before, after, full=full) or 0

    return [
        Loophole(a, b, c)
        for a in known
        for c in known
        if a != c and not matrix.refuses(a, c)
        for b in known
        if b not in (a, c) and not matrix.refuses(a, b) and not matrix.refuses(b, c)
        if max(weight(a, b), weight(b, c)) < weight(a, c)
    ]


Row = tuple[int, int, str, bool]
"""What holds a machine, as plain values for many at once: start and end of its work, class, whether it is a job."""


Pairs = dict[str, tuple[int | None, int | None]]
"""Minutes between one class and each other, before it and after it; None is refused."""


def reaches(
    rows: Iterable[Row],
    cleaning_class: str,
    matrix: Matrix,
    *,
    full: int,
    midnights: Sequence[int],
    known: Pairs | None = None,
) -> list[tuple[int, int]]:
    """Return the `[start, end)` of `claim` for each row, in the order given: the same rule, for a thousand machines.

    `midnights` are the house's, in order; the work of every row begins between the first and the last. What was looked
    up is written into `known`, for the next machine of this matrix and this full clean.
    """
    if not cleaning_class:
        return [(start - full, end + full if is_job else end) for start, end, _class, is_job in rows]
    pairs = {} if known is None else known
    found = []
    for start, end, held_class, is_job in rows:
        if not is_job:
            found.append((start - full, end))
            continue
        pair = pairs.get(held_class)
        if pair is None:
            before = matrix.minutes(cleaning_class, held_class, full=full)
            pair = pairs[held_class] = (before, matrix.minutes(held_class, cleaning_class, full=full))
        lead, trail = pair
        if lead == trail == full:
            found.append((start - full, end + full))
            continue
        after = bisect_right(midnights, start)
        first, last = midnights[after - 1], midnights[after]
        if lead is None or trail is None:
            found.append((min(first, start - full), max(last, end + full)))
            continue
        if start - first < full:
            lead = full
        if last - end < full:
            trail = full
        found.append((start - lead, end + trail))
    return found
