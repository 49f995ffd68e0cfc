"""Cells of the changeover matrix as people write them, and what changing some of them does to a day. Pure.

typed        0 · 20 · penuh · tidak          minutes, the machine's full clean, never on one day
kept as      0 · 20 · FULL  · REFUSED
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from accounts.writing.numbers import Unclear, Unreadable, whole
from accounts.writing.numbers import written as written_number
from facilities.errors import BadInput
from facilities.time.changeover import FULL, REFUSED, Cells, Held, Matrix

MOST = 480
"""Minutes: nothing is cleaned for longer than a working day."""

Pair = tuple[str, str]
"""Class before, class after."""

WORDS = {"id": {FULL: "penuh", REFUSED: "tidak"}, "en": {FULL: "full", REFUSED: "never"}}
_READ: Mapping[str, int | None] = {
    "penuh": FULL, "full": FULL, "tidak": REFUSED, "tidak boleh": REFUSED, "never": REFUSED,
}  # fmt: skip


def written(cell: int | None, language: str = "id") -> str:
    """Return a cell as it is typed: 20, penuh, tidak."""
    return WORDS["en" if language.startswith("en") else "id"].get(cell, str(cell))


def read(text: str, field: str) -> int | None:
    """Return what a typed cell means. Raises `BadInput` for the field."""
    words = " ".join(text.lower().split())
    if words in _READ:
        return _READ[words]
    try:
        found = whole(text, {"menit": 1, "min": 1, "jam": 60})
    except Unclear as error:
        one, other = map(written_number, error.readings)
        raise BadInput(field, "bad_cell", f"{one} atau {other}? Tulis 0 sampai {MOST}.", f"{one} or {other}? Write 0 to {MOST}.") from None
    except Unreadable:
        found = -1
    if 0 <= found <= MOST:
        return found
    raise BadInput(
        field, "bad_cell", f"Tulis 0 sampai {MOST}, penuh, atau tidak.", f"Write 0 to {MOST}, full, or never."
    )


def check_cells(cells: Mapping[Pair, int | None], classes: Collection[str]) -> None:
    """Raise `BadInput`, naming the pair, for a class nobody knows or minutes that cannot be."""
    for (before, after), cell in cells.items():
        name = f"{before}-{after}"
        if before not in classes or after not in classes:
            raise BadInput(name, "unknown_class", "Kelas ini tidak dikenal.", "This class is unknown.")
        whole = isinstance(cell, int) and not isinstance(cell, bool) and (cell == REFUSED or 0 <= cell <= MOST)
        if cell is not FULL and not whole:
            raise BadInput(name, "bad_cell", f"Isi 0 sampai {MOST} menit.", f"Give 0 to {MOST} minutes.")


def fingerprint(matrix: Matrix) -> str:
    """Return a short text that differs whenever any cell does: what a page was made from."""
    said = repr([sorted(map(repr, cells.items())) for cells in (matrix.house, matrix.province)])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def changed(own: Cells, cells: Mapping[Pair, int | None], back: Iterable[Pair] = ()) -> Cells:
    """Return cells with some written over and some taken away."""
    left = {pair: cell for pair, cell in own.items() if pair not in set(back)}
    return {**left, **cells}


@dataclass(frozen=True, slots=True)
class Difference:
    """Two jobs of one machine and day for which another matrix says something else; by their occupancies.

    `was` and `now` are minutes of cleaning between them, None where they must not meet; `room` the minutes there are.
    """

    first: int | None
    second: int | None
    was: int | None
    now: int | None
    room: int

    @property
    def kind(self) -> str:
        """Say what becomes of the two: refused, too_tight, allowed, longer, or shorter."""
        if self.now is None:
            return "refused"
        if self.was is None:
            return "allowed"
        if self.now > self.room >= self.was:
            return "too_tight"
        return "longer" if self.now > self.was else "shorter"

    @property
    def is_trouble(self) -> bool:
        return self.kind in ("refused", "too_tight")


def differences(held: Sequence[Held], old: Matrix, new: Matrix, *, full: int) -> list[Difference]:
    """Return what a new matrix says of the jobs of one machine, in order of time: neighbours, and troubled pairs.

    Any two jobs of a day count (see `changeover`); those with others between them are named only
    where they must no longer meet, or are too near each other.
    """
    order = sorted(held, key=lambda one: (one.start, one.end))
    found = []
    for index, first in enumerate(order):
        for distance, second in enumerate(order[index + 1 :]):
            if second.day != first.day:
                break
            if not (first.is_job and second.is_job):
                continue
            was, now = (_between(first, second, matrix, full) for matrix in (old, new))
            one = Difference(first.key, second.key, was, now, second.start - first.end)
            if was != now and (distance == 0 or one.is_trouble):
                found.append(one)
    return found


def _between(first: Held, second: Held, matrix: Matrix, full: int) -> int | None:
    """Return the minutes between two jobs of a day; a pair that is refused either way never shares one."""
    a, b = first.cleaning_class, second.cleaning_class
    return None if matrix.refuses(b, a) else matrix.minutes(a, b, full=full)
