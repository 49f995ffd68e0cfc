"""Reads of the changeover matrix."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from .changeover import REFUSED, Matrix
from .models import Changeover


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
