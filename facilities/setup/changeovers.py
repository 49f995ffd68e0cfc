"""Changing the changeover matrix: a house's own cells, or the province's default; and giving jobs their new cleaning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django_q.tasks import async_task

from accounts.models import User
from facilities.audit import audit
from facilities.errors import Stale
from facilities.models import Changeover, Facility, Machine, Occupancy
from facilities.occupancy.matrices import matrix_of
from facilities.occupancy.writing import held_block, lock, retail
from facilities.time.calendars import Blocked, Calendar
from facilities.time.cells import Pair, check_cells, fingerprint, written
from facilities.time.changeover import REFUSED, Cells, Matrix
from facilities.time.spans import Span
from facilities.transactions import in_one_transaction
from facilities.vocabulary import CLASSES

RETAIL = "facilities.tasks.retail_house"


@in_one_transaction
def set_house_changeovers(
    *,
    facility: Facility,
    cells: Mapping[Pair, int | None],
    back: Iterable[Pair] = (),
    actor: User,
    now: datetime,
    seen: str = "",
) -> int:
    """Give a house cells of its own (minutes, `FULL` or `REFUSED`), take those in `back` away, and re-tail its jobs.

    Bookings stay, also where they no longer fit: their cleaning takes the room there is. Returns how many machines
    got other cleaning. Raises `BadInput`; `Stale` when `seen`, the fingerprint of the matrix that was shown, is old.
    """
    check_cells(cells, CLASSES)
    Facility.objects.select_for_update(no_key=True).get(pk=facility.pk)
    machines = lock(Machine.objects.filter(facility=facility).values_list("pk", flat=True))
    matrix = matrix_of(facility.pk)
    _check_seen(matrix, seen)
    gone = [pair for pair in back if pair in matrix.house]
    rows = Changeover.objects.filter(facility=facility)
    _remove(rows, [*gone, *(pair for pair in cells if pair in matrix.house)])
    Changeover.objects.bulk_create(_row(facility, pair, cell) for pair, cell in cells.items())
    audit(action="set_changeovers", target=facility, actor=actor, now=now,
          before=_told({p: matrix.house[p] for p in (*gone, *cells) if p in matrix.house}), after=_told(cells))  # fmt: skip
    return _retail(machines, matrix_of(facility.pk), now)


@in_one_transaction
def set_default_changeovers(*, cells: Mapping[Pair, int | None], actor: User, now: datetime, seen: str = "") -> None:
    """Change the province's default; a cell somebody set is no example any more. Bookings stay.

    Houses without a cell of their own follow: the worker re-tails them one by one, so that nobody waits for sixty
    houses. Until then their jobs keep the cleaning they had. Raises `BadInput`, `Stale`.
    """
    check_cells(cells, CLASSES)
    known = {
        (row.before, row.after): row for row in Changeover.objects.select_for_update().filter(facility__isnull=True)
    }
    _check_seen(matrix_of(None), seen)
    for pair, cell in cells.items():
        row = known.get(pair) or _row(None, pair, cell)
        before = {} if pair not in known else _told({pair: REFUSED if row.is_refused else row.minutes})
        row.minutes, row.is_refused = (None, True) if cell == REFUSED else (cell, False)
        row.is_example = False
        row.save()
        audit(action="set_changeovers", target=row, actor=actor, now=now, before=before, after=_told({pair: cell}))
    for house in _followers(cells, now):
        async_task(RETAIL, house)


@in_one_transaction
def retail_house(*, facility_id: int, now: datetime) -> int:
    """Give every coming job of a house the cleaning its matrix now asks for; return how many machines changed."""
    machines = lock(Machine.objects.filter(facility=facility_id).values_list("pk", flat=True))
    return _retail(machines, matrix_of(facility_id), now)


def _check_seen(matrix: Matrix, seen: str) -> None:
    if seen and seen != fingerprint(matrix):
        raise Stale


def _row(facility: Facility | None, pair: Pair, cell: int | None) -> Changeover:
    refused = cell == REFUSED
    return Changeover(
        facility=facility, before=pair[0], after=pair[1], minutes=None if refused else cell, is_refused=refused
    )


def _remove(rows: object, pairs: Iterable[Pair]) -> None:
    wanted = set(pairs)
    found = [row.pk for row in rows if (row.before, row.after) in wanted]  # type: ignore[attr-defined]
    Changeover.objects.filter(pk__in=found).delete()


def _told(cells: Cells) -> dict[str, object]:
    return {f"{before} → {after}": written(cell) for (before, after), cell in cells.items()}


def _followers(cells: Mapping[Pair, int | None], now: datetime) -> list[int]:
    """Return the houses with coming jobs that have not every changed cell of their own."""
    busy = Occupancy.objects.filter(kind=Occupancy.Kind.BOOKING, ends_at__gt=now).values("machine__facility")
    own: dict[int, set[Pair]] = defaultdict(set)
    for house, before, after in Changeover.objects.filter(facility__isnull=False).values_list(
        "facility_id", "before", "after"
    ):
        own[house].add((before, after))
    houses = Facility.objects.filter(pk__in=busy).order_by("pk").values_list("pk", flat=True)
    return [house for house in houses if set(cells) - own[house]]


def _retail(machines: list[Machine], matrix: Matrix, now: datetime) -> int:
    """Re-tail the machines, all locked, on which a coming job is cleaned after for longer or shorter than it should be."""
    columns = ("machine_id", "pk", "starts_at", "ends_at", "cleaning_from", "cleaning_class", "kind")
    rows = Occupancy.objects.filter(machine__in=[m.pk for m in machines], ends_at__gt=now).order_by("starts_at")
    taken: dict[int, list[Blocked]] = defaultdict(list)
    for machine_id, *held in rows.values_list(*columns):
        taken[machine_id].append(held_block(*held))
    done = 0
    for machine in machines:
        blocks = taken[machine.pk]
        calendar = Calendar((), taken=blocks, matrix=matrix, full=machine.cleaning, zone=machine.facility.zone)
        if any(_differs(held, tail) for held, tail in zip(blocks, calendar.tails(blocks), strict=True)):
            retail(machine, Span(blocks[0].span.start, blocks[-1].span.end))
            done += 1
    return done


def _differs(held: Blocked, tail: int) -> bool:
    if held.work is None:
        return False
    return (held.span.end - held.work.end).total_seconds() != tail * 60
