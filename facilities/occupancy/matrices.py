"""Reads of the changeover matrix."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Q

from facilities.database.row_texts import RowsOf
from facilities.models import Changeover
from facilities.time.changeover import FULL, REFUSED, Cells, Matrix
from facilities.vocabulary import CLASSES


def matrices_of(facility_ids: Iterable[int]) -> dict[int, Matrix]:
    """Return the changeover matrix of each house by its id, in one query whatever their number."""
    ids = list(facility_ids)
    rows = Changeover.objects.filter(Q(facility__in=ids) | Q(facility__isnull=True)).order_by()
    told = dict(rows.values_list("facility_id").annotate(rows=RowsOf(*CELL)))
    return {pk: matrix_from(told, pk) for pk in ids}


CELL = ("before", "after", "minutes", "is_refused")
"""The columns that `matrix_from` reads."""


def matrix_from(told: Mapping[int | None, str], facility_id: int) -> Matrix:
    """Return a house's matrix from `RowsOf` the columns of `CELL` by house; None is the province."""
    return Matrix(_cells(told.get(facility_id, "[]")), _cells(told.get(None, "[]")))


@lru_cache(maxsize=1024)
def _cells(written: str) -> Cells:
    """Return a matrix's cells: the province's are the same for every house, and from one question to the next."""
    rows = json.loads(written)
    return {(before, after): REFUSED if refused else minutes for before, after, minutes, refused in rows}


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
