"""The only writers of occupied time.

Everything here runs inside a service's transaction, with the machine locked by
`lock()`. The constraint has the last word: what slips past a check is refused as
`taken` by the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.db.models import OuterRef, QuerySet, Subquery

from facilities.database.constraints import is_overlap
from facilities.errors import Reason, Refusal
from facilities.models import Assignment, Breakdown, Machine, Occupancy, Operator
from facilities.occupancy.matrices import matrix_of
from facilities.time.calendars import BROKEN, MAINTENANCE, TAKEN, Blocked, Calendar
from facilities.time.changeover import Matrix
from facilities.time.spans import Span

CODES = {"booking": TAKEN, "offer": TAKEN, "maintenance": MAINTENANCE, "breakdown": BROKEN}

JUST_TAKEN = Reason(
    "taken",
    id="Jam ini baru saja diambil.",
    en="This time has just been taken.",
    way_out_id="Pilih jam lain yang terdekat.",
    way_out_en="Choose another time nearby.",
)

OPERATOR_TAKEN = Reason(
    "no_operator",
    id="Operatornya baru saja dipakai mesin lain pada jam itu.",
    en="The operator has just been taken by another machine at that time.",
    way_out_id="Pilih jam lain, atau minta petugas menunjuk operator lain.",
    way_out_en="Choose another time, or ask the house for another operator.",
)


def with_breakdown(machines: QuerySet[Machine]) -> QuerySet[Machine]:
    """Add `broken_since` and `broken_until` of an open breakdown to each machine, or None."""
    open_ones = Breakdown.objects.filter(machine=OuterRef("pk"), closed_at__isnull=True)
    return machines.annotate(
        broken_since=Subquery(open_ones.values("started_at")[:1]),
        broken_until=Subquery(open_ones.values("expected_until")[:1]),
    )


def lock(machine_ids: Iterable[int]) -> list[Machine]:
    """Lock machines until the transaction ends and return them, facility included.

    Always in one order, so that two who need the same two machines never wait for
    each other. On SQLite the whole database is locked already (IMMEDIATE). Whether a machine is
    broken is not read here, but by `reading.calendars` under the lock: this statement may have waited.
    """
    machines = Machine.objects.filter(pk__in=set(machine_ids)).order_by("pk")
    return list(machines.select_for_update(no_key=True, of=("self",)).select_related("facility", "type"))


def lock_operators(facility_id: int) -> None:
    """Lock a house's operators, in one order and after the machines, until the transaction ends."""
    rows = Operator.objects.filter(facility=facility_id).order_by("pk").select_for_update(no_key=True, of=("self",))
    list(rows.values_list("pk", flat=True))


def place(
    machine: Machine,
    calendar: Calendar,
    *,
    work: Span,
    cleaning_class: str = "",
    occupancy_id: int | None = None,
) -> Occupancy:
    """Put a job where `calendar` has room, with the cleaning that what follows asks for, and re-tail its neighbours.

    `work` is setup and run. The calendar was read under the machine's lock and leaves out
    `occupancy_id`, which moves here from wherever it was. Neighbours give way first and grow last, so
    that the constraint, which has the final word, never meets a state that is only passing.
    """
    new = Blocked(work, TAKEN, work=work, cleaning_class=cleaning_class)
    blocks = [*calendar.taken, new]
    *others, tail = calendar.tails(blocks)
    changes = _changes(calendar.taken, others, before=work.end)
    _write(changes, shrinking=True)
    values = {
        "machine_id": machine.pk,
        "starts_at": work.start,
        "ends_at": work.end + timedelta(minutes=tail),
        "cleaning_from": work.end,
        "cleaning_class": cleaning_class,
        "kind": Occupancy.Kind.BOOKING.value,
    }
    occupancy = _put(occupancy_id, values)
    _write(changes, shrinking=False)
    return occupancy


def block(machine: Machine, span: Span, kind: str) -> Occupancy:
    """Take `span` for maintenance or a breakdown. Cleaning before it gives way; raises `Refusal` if work does not."""
    calendar = _calendar(machine, span)
    for held in calendar.taken:
        if held.work and held.work.end <= span.start < held.span.end:
            Occupancy.objects.filter(pk=held.key).update(ends_at=max(span.start, held.work.end))
    values = {"machine_id": machine.pk, "starts_at": span.start, "ends_at": span.end, "kind": kind}
    occupancy = _put(None, values)
    retail(machine, span)
    return occupancy


def reshape(occupancy_id: int, span: Span, *, machine: Machine, cleaning_from: datetime | None = None) -> None:
    """Resize what is held in one statement: the old time is free exactly when the new one is taken."""
    try:
        Occupancy.objects.filter(pk=occupancy_id).update(
            machine=machine, starts_at=span.start, ends_at=span.end, cleaning_from=cleaning_from
        )
    except IntegrityError as error:
        raise _translated(error) from error


def vacate(occupancy_ids: Iterable[int | None]) -> None:
    """Give time back at once, operators included, and re-tail what stood beside it. The machines are locked.

    Unknown and empty ids are fine: it is free then already.
    """
    ids = [pk for pk in occupancy_ids if pk is not None]
    if not ids:
        return
    held = list(Occupancy.objects.filter(pk__in=ids).select_related("machine__facility"))
    Occupancy.objects.filter(pk__in=ids).delete()
    for one in held:
        retail(one.machine, Span(one.starts_at, one.ends_at))


def retail(machine: Machine, around: Span) -> None:
    """Give every job near a span, whose machine is locked, the cleaning that what follows it now asks for.

    Changes only the lengths of cleaning: never when anything runs, and never into what follows.
    """
    calendar = _calendar(machine, around)
    changes = _changes(calendar.taken, calendar.tails(calendar.taken), before=around.end)
    _write(changes, shrinking=True)
    _write(changes, shrinking=False)


def assign(occupancy_id: int, operator_id: int, work: Span, *, is_new: bool = False) -> None:
    """Give an occupancy its operator, or another one; raises `Refusal` (`no_operator`) if they are at another machine.

    `is_new` says that it has none yet. After a refusal the transaction must end.
    """
    times = {"operator_id": operator_id, "starts_at": work.start, "ends_at": work.end}
    try:
        if is_new or not Assignment.objects.filter(occupancy=occupancy_id).update(**times):
            Assignment.objects.create(occupancy_id=occupancy_id, **times)
    except IntegrityError as error:
        raise (Refusal([OPERATOR_TAKEN]) if is_overlap(error) else error) from error


def shorten(occupancy_id: int, until: datetime) -> None:
    """Let an occupancy's operator go at an instant before what was planned: an early finish frees them too."""
    Assignment.objects.filter(occupancy=occupancy_id, starts_at__lt=until, ends_at__gt=until).update(ends_at=until)


def release(occupancy_id: int) -> None:
    """Take the operator off an occupancy."""
    Assignment.objects.filter(occupancy=occupancy_id).delete()


def _calendar(machine: Machine, around: Span) -> Calendar:
    """Return what a machine holds on the days around a span, with its matrix: enough to re-tail."""
    wide = Span(around.start - timedelta(days=1), around.end + timedelta(days=1))
    rows = Occupancy.objects.filter(machine=machine, ends_at__gt=wide.start, starts_at__lt=wide.end)
    columns = ("pk", "starts_at", "ends_at", "cleaning_from", "cleaning_class", "kind")
    taken = [held_block(*row) for row in rows.order_by("starts_at").values_list(*columns)]
    matrix = matrix_of(machine.facility_id) if len(taken) > 1 else Matrix()
    return Calendar((), taken=taken, matrix=matrix, full=machine.cleaning, zone=machine.facility.zone)


def held_block(
    key: int, starts_at: datetime, ends_at: datetime, cleaning_from: datetime | None, cleaning_class: str, kind: str
) -> Blocked:
    """Return one occupancy as a calendar shows it."""
    work = Span(starts_at, cleaning_from) if cleaning_from else None
    return Blocked(Span(starts_at, ends_at), CODES[kind], "", work, cleaning_class, key)


def _changes(taken: Sequence[Blocked], tails: Sequence[int], *, before: datetime) -> list[tuple[Blocked, datetime]]:
    """Return the jobs whose cleaning should end at another time than it does. What has no cleaning is left alone.

    Only those that begin before an instant: of later ones nothing changed, and what follows the last
    of them may lie beyond what was read.
    """
    wanted = [
        (held, held.work.end + timedelta(minutes=tail))
        for held, tail in zip(taken, tails, strict=True)
        if held.work and held.work.start < before
    ]
    return [(held, end) for held, end in wanted if end != held.span.end]


def _write(changes: Iterable[tuple[Blocked, datetime]], *, shrinking: bool) -> None:
    for held, end in changes:
        if (end < held.span.end) == shrinking:
            Occupancy.objects.filter(pk=held.key).update(ends_at=end)


def _put(occupancy_id: int | None, values: dict[str, Any]) -> Occupancy:
    try:
        if occupancy_id is None:
            return Occupancy.objects.create(**values)
        Occupancy.objects.filter(pk=occupancy_id).update(**values)
    except IntegrityError as error:
        raise _translated(error) from error
    return Occupancy(pk=occupancy_id, **values)


def _translated(error: IntegrityError) -> Exception:
    return Refusal([JUST_TAKEN]) if is_overlap(error) else error
