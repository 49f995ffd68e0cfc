"""What another changeover matrix does to the jobs that are to come. All of them stay; people see it before saving.

Read in three statements whatever the number of houses, machines and bookings: matrices, what is
held, and the bookings behind what is named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bookings.models import BookedMachine
from facilities.models import Facility, Occupancy
from facilities.occupancy.matrices import matrices_of
from facilities.occupancy.writing import held_block
from facilities.time.calendars import Blocked, Calendar
from facilities.time.cells import Difference, Pair, changed, differences
from facilities.time.changeover import Cells, Loophole, Matrix, loopholes
from facilities.vocabulary import CLASSES

LISTED = 20
ORDER = ("refused", "too_tight", "longer", "shorter", "allowed")
"""What is shown first: trouble."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Two jobs of one machine and day, and what becomes of the cleaning between them."""

    first: BookedMachine
    second: BookedMachine
    difference: Difference

    @property
    def parts(self) -> tuple[BookedMachine, BookedMachine]:
        return self.first, self.second


@dataclass(frozen=True, slots=True)
class Preview:
    """The pairs that are named (the most troubled first), how many there are of each kind, and new loopholes."""

    pairs: Sequence[Neighbours]
    counts: Mapping[str, int]
    loopholes: Sequence[Loophole]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def trouble(self) -> int:
        return self.counts.get("refused", 0) + self.counts.get("too_tight", 0)


def preview_of_house(
    house: Facility, cells: Mapping[Pair, int | None], back: Iterable[Pair], *, now: datetime
) -> Preview:
    """Return what a house's changed cells do to its coming jobs."""
    old = matrices_of([house.pk])
    matrix = old[house.pk]
    new = {house.pk: Matrix(changed(matrix.house, cells, back), matrix.province)}
    return _preview(old, new, matrix, new[house.pk], now=now)


def preview_of_province(cells: Mapping[Pair, int | None], *, now: datetime) -> Preview:
    """Return what a changed default does to the coming jobs of all houses that have no such cell of their own."""
    old = matrices_of(Facility.objects.values_list("pk", flat=True))
    default = next(iter(old.values()), Matrix()).province
    province = changed(default, cells)
    new = {pk: Matrix(matrix.house, province) for pk, matrix in old.items()}
    return _preview(old, new, Matrix({}, default), Matrix({}, province), now=now)


def loopholes_of(matrix: Matrix, *, full: int) -> list[Loophole]:
    """Return the ways around a strict cell of a matrix, by way of a third class."""
    return loopholes(matrix, CLASSES, full=full)


def _preview(
    old: Mapping[int, Matrix], new: Mapping[int, Matrix], before: Matrix, after: Matrix, *, now: datetime
) -> Preview:
    pairs = _pairs(before, after)
    found = sorted(_differences(old, new, pairs, now), key=lambda one: ORDER.index(one.kind))
    full = max([60, *(cell for cells in (after.house, after.province) for cell in cells.values() if cell)])
    known = set(loopholes_of(before, full=full))
    return Preview(
        _named(found[:LISTED]),
        Counter(one.kind for one in found),
        [one for one in loopholes_of(after, full=full) if one not in known],
    )


def _pairs(before: Matrix, after: Matrix) -> Cells:
    """Return the pairs of classes about which the two say something else."""
    return {(a, b): after.cell(a, b) for a in CLASSES for b in CLASSES if before.cell(a, b) != after.cell(a, b)}


def _differences(
    old: Mapping[int, Matrix], new: Mapping[int, Matrix], pairs: Cells, now: datetime
) -> Iterable[Difference]:
    """Yield what becomes of jobs, machine by machine; machines without two classes of a changed pair are passed over."""
    touched = {code for pair in pairs for code in pair}
    zones = {pk: ZoneInfo(name) for pk, name in Facility.objects.filter(pk__in=old).values_list("pk", "zone_name")}
    taken: dict[tuple[int, int, int], list[Blocked]] = defaultdict(list)
    columns = ("pk", "starts_at", "ends_at", "cleaning_from", "cleaning_class", "kind")
    rows = Occupancy.objects.filter(ends_at__gt=now, machine__facility__in=old).order_by("machine", "starts_at")
    for machine, house, full, *held in rows.values_list("machine", "machine__facility", "machine__cleaning", *columns):
        taken[machine, house, full].append(held_block(*held))
    for (_machine, house, full), blocks in taken.items():
        if not touched & {block.cleaning_class for block in blocks}:
            continue
        calendar = Calendar((), taken=blocks, zone=zones[house])
        held = [calendar.held(block) for block in blocks]
        yield from differences(held, old[house], new[house], full=full)


def _named(found: Sequence[Difference]) -> list[Neighbours]:
    """Return the jobs behind the differences, with booking, producer and machine, in one statement."""
    keys = {key for one in found for key in (one.first, one.second)}
    rows = BookedMachine.objects.filter(occupancy__in=keys).select_related(
        "booking__producer", "machine__facility", "occupancy"
    )
    parts = {part.occupancy_id: part for part in rows}
    return [
        Neighbours(parts[one.first], parts[one.second], one)
        for one in found
        if one.first in parts and one.second in parts
    ]
