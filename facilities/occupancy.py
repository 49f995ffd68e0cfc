"""The only writers of occupied time.

Everything here runs inside a service's transaction, with the machine locked by
`lock()`. The constraint has the last word: what slips past a check is refused as
`taken` by the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError
from django.db.models import OuterRef, QuerySet, Subquery

from .constraints import is_overlap
from .errors import Reason, Refusal
from .models import Breakdown, Machine, Occupancy
from .spans import Span

JUST_TAKEN = Reason(
    "taken",
    id="Jam ini baru saja diambil.",
    en="This time has just been taken.",
    way_out_id="Pilih jam lain yang terdekat.",
    way_out_en="Choose another time nearby.",
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
    each other. On SQLite the whole database is locked already (IMMEDIATE).
    """
    wanted = sorted(set(machine_ids))
    machines = with_breakdown(Machine.objects.filter(pk__in=wanted).order_by("pk"))
    return list(machines.select_for_update(no_key=True, of=("self",)).select_related("facility", "type"))


def occupy(machine: Machine, span: Span, kind: str, *, cleaning_from: datetime | None = None) -> Occupancy:
    """Take `span` of a machine; raise `Refusal` with `taken` if any of it is held."""
    try:
        return Occupancy.objects.create(
            machine=machine, starts_at=span.start, ends_at=span.end, cleaning_from=cleaning_from, kind=kind
        )
    except IntegrityError as error:
        raise _translated(error) from error


def reshape(occupancy_id: int, span: Span, *, machine: Machine, cleaning_from: datetime | None = None) -> None:
    """Move or resize what is held in one statement: the old time is free exactly when the new one is taken."""
    try:
        Occupancy.objects.filter(pk=occupancy_id).update(
            machine=machine, starts_at=span.start, ends_at=span.end, cleaning_from=cleaning_from
        )
    except IntegrityError as error:
        raise _translated(error) from error


def vacate(occupancy_ids: Iterable[int | None]) -> None:
    """Give time back at once. Unknown and empty ids are fine: it is free then already."""
    Occupancy.objects.filter(pk__in=[pk for pk in occupancy_ids if pk is not None]).delete()


def _translated(error: IntegrityError) -> Exception:
    return Refusal([JUST_TAKEN]) if is_overlap(error) else error
