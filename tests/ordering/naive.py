"""A slow and obvious reading of who may use a machine when: what the real one is compared with.

Written from the domain's words, sharing no code with what it checks. Everything is minutes since the midnight
that begins Monday 23 November 2026 in Pontianak; a job that ended early may end at half a minute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, floor

DAY = 1440
NEVER = "never"
OPEN = [(day * DAY + opens, day * DAY + closes) for day in (0, 1) for opens, closes in ((480, 720), (750, 960))]
"""Monday and Tuesday, 08.00–16.00 with half an hour's break."""
SHIFTS = {0: (480, 720), 1: (600, 960)}
"""The hours of two operators, the same on both days: by number, from and until."""
GRID, SHORTEST = 15, 30


@dataclass
class Piece:
    """Something that holds a machine: `start` to `end` is setup and run, or maintenance, or a breakdown."""

    machine: int
    start: float
    end: float
    cleaning_class: str = ""
    kind: str = "booking"
    is_cut: bool = False
    ran_until: float | None = None

    @property
    def day(self) -> int:
        return floor(self.start / DAY)

    @property
    def is_job(self) -> bool:
        return self.kind == "booking"


@dataclass
class Plant:
    """Machines with their setup and full clean, a matrix, what holds them, and where operators are.

    `cells` is what somebody wrote down for a pair of classes: minutes, None for a full clean, or `NEVER`.
    """

    setups: list[int]
    fulls: list[int]
    cells: dict[tuple[str, str], int | str | None]
    operated: int
    pieces: dict[tuple[str, int], Piece] = field(default_factory=dict)
    assigned: dict[tuple[str, int], tuple[int, float, float]] = field(default_factory=dict)
    absent: list[tuple[int, float, float]] = field(default_factory=list)
    broken: dict[int, tuple[float, float]] = field(default_factory=dict)

    def cleaning(self, before: str, after: str, machine: int) -> int | str:
        """Minutes of cleaning between two jobs of one day, or NEVER."""
        full = self.fulls[machine]
        if not before or not after:
            return full
        cell = self.cells.get((before, after), 0 if before == after else None)
        if cell == NEVER:
            return NEVER
        return full if cell is None else min(cell, full)

    def on(self, machine: int, but: object = None) -> list[Piece]:
        return [piece for key, piece in self.pieces.items() if piece.machine == machine and key != but]

    def tail(self, piece: Piece) -> float:
        """Minutes of cleaning after one piece: up to the next job of the day what the matrix says, else all of it."""
        if not piece.is_job or piece.is_cut:
            return 0
        later = [other for other in self.on(piece.machine) if other is not piece and other.start >= piece.end]
        following = min(later, key=lambda other: other.start, default=None)
        if following is None:
            return self.fulls[piece.machine]
        wanted: int | str = self.fulls[piece.machine]
        if following.is_job and following.day == piece.day:
            wanted = self.cleaning(piece.cleaning_class, following.cleaning_class, piece.machine)
        room = floor(following.start) - ceil(piece.end)
        return max(0, room if wanted == NEVER else min(wanted, room))

    def held_until(self, piece: Piece) -> float:
        return piece.end + self.tail(piece)

    def clashes(self, new: Piece, other: Piece) -> bool:
        """Whether a new job may not stand beside what is there already."""
        full, start, end = self.fulls[new.machine], floor(other.start), ceil(other.end)
        if new.start < other.end and other.start < new.end:
            return True
        before = new.end <= start
        if not other.is_job:
            return before and new.end + full > start
        if other.day != new.day:
            return (start - new.end if before else new.start - end) < full
        if NEVER in (self.cleaning(new.cleaning_class, other.cleaning_class, new.machine),
                     self.cleaning(other.cleaning_class, new.cleaning_class, new.machine)):  # fmt: skip
            return True
        if before:
            return new.end + self.cleaning(new.cleaning_class, other.cleaning_class, new.machine) > start
        return new.start < end + self.cleaning(other.cleaning_class, new.cleaning_class, new.machine)

    def operators(self, start: float, end: float, but: object = None) -> list[int]:
        """Who is on shift for all of it, not away, and at no other machine."""
        busy = [*self.absent, *(what for key, what in self.assigned.items() if key != but)]
        day = floor(start / DAY) * DAY
        return [
            number
            for number, (begins, ends) in SHIFTS.items()
            if day + begins <= start and end <= day + ends
            and not any(who == number and a < end and start < b for who, a, b in busy)
        ]  # fmt: skip

    def accepts(self, machine: int, start: int, length: int, cleaning_class: str, but: object = None) -> bool:
        """Whether a run may start then; `but` is the piece that is being moved."""
        new = Piece(machine, start - self.setups[machine], start + length, cleaning_class)
        if not any(opens <= new.start and new.end <= closes for opens, closes in OPEN):
            return False
        since, until = self.broken.get(machine, (0, 0))
        if new.start < until and since < new.end:
            return False
        if machine == self.operated and not self.operators(new.start, new.end, but):
            return False
        return not any(self.clashes(new, other) for other in self.on(machine, but))

    def starts(self, machine: int, length: int, cleaning_class: str) -> list[int]:
        """Every start of both days."""
        return [s for s in range(0, 2 * DAY, GRID) if self.accepts(machine, s, length, cleaning_class)]

    def met_too_soon(self) -> list[tuple[Piece, Piece]]:
        """Return pairs of jobs of one machine's day with too little cleaning between them, or that never meet."""
        jobs = [piece for piece in self.pieces.values() if piece.is_job]
        return [
            (a, b)
            for a in jobs
            for b in jobs
            if a.machine == b.machine and a.day == b.day and a.start < b.start
            if (need := self.cleaning(a.cleaning_class, b.cleaning_class, a.machine)) == NEVER
            or b.start - (a.end if a.ran_until is None else a.ran_until) < need
            or self.cleaning(b.cleaning_class, a.cleaning_class, a.machine) == NEVER
        ]
