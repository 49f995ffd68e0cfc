"""Reads of the changeover matrix."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from .changeover import FULL, REFUSED, Matrix
from .models import Changeover
from .vocabulary import CLASSES


def matrices_of(facility_ids: Iterable[int]) -> dict[int, Matrix]:
    """Return the changeover matrix of each house by its id, in one query whatever their number."""
    ids = list(facility_ids)
    cells: dict[int | None, dict[tuple[str, str], int | None]] = defaultdict(dict)
    rows = Changeover.objects.filter(Q(facility__in=ids) | Q(facility__isnull=True)).order_by()
    for house, before, after, minutes, refused in rows.values_list(
        "facility_id", "before", "after", "minutes", "is_refused"
    ):
        cells[house][before, after] = REFUSED if refused else minutes
    return {pk: Matrix(cells[pk], cells[None]) for pk in ids}


def matrix_of(facility_id: int | None) -> Matrix:
    """Return one house's matrix; of no house, the province's default."""
    if facility_id is None:
        return Matrix({}, matrices_of([-1])[-1].province)
    return matrices_of([facility_id])[facility_id]


@dataclass(frozen=True, slots=True)
class Cell:
    """What holds between two classes at a house, and who said so: `facility`, `province`, or `default` for nobody.

    `minutes` None is the machine's full clean. `is_example`: a figure nobody has verified.
    """

    before: str
    after: str
    minutes: int | None
    is_refused: bool
    source: str
    is_example: bool = False


def cells_of(facility_id: int) -> list[Cell]:
    """Return every pair of known classes as it holds at a house, in one query."""
    told: dict[tuple[str, str], Cell] = {}
    rows = Changeover.objects.filter(Q(facility=facility_id) | Q(facility__isnull=True)).order_by()
    for house, before, after, minutes, refused, example in rows.values_list(
        "facility_id", "before", "after", "minutes", "is_refused", "is_example"
    ):
        if house is not None or (before, after) not in told:
            source = "province" if house is None else "facility"
            told[before, after] = Cell(before, after, minutes, refused, source, example)
    return [
        told.get((before, after)) or Cell(before, after, 0 if before == after else FULL, False, "default")
        for before in CLASSES
        for after in CLASSES
    ]
