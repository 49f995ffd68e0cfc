"""Learn how fast a machine really packs from its own signed runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from statistics import median

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from bookings.models import Downtime, Run
from facilities.models import Capability
from facilities.setup.learning import set_learned_rate
from facilities.transactions import in_one_transaction
from facilities.vocabulary import ANY

LAST = 20
"""How many of the newest runs count."""


@in_one_transaction
def learn(*, machine_id: int, pack_format: str) -> None:
    """Bring a machine's learned rate for a pack format up to date with its last twenty signed runs.

    The median of (good + rejected) ÷ (run − downtime), in packs per hour; a run that packed nothing, or stood
    still throughout, says nothing of the pace. A machine that takes any format learns from all of its runs.
    Three statements.
    """
    own = set(Capability.objects.filter(machine=machine_id).values_list("format", flat=True))
    for format_ in {pack_format, ANY} & own:
        paces = _paces(machine_id, "" if format_ == ANY else format_)
        rate = round(median(paces)) if paces else None
        set_learned_rate(machine_id=machine_id, formats=[format_], rate=rate, runs=len(paces))


@in_one_transaction
def learn_everything() -> None:
    """Bring every machine's learned rates up to date: after history was loaded in bulk."""
    known: dict[int, set[str]] = defaultdict(set)
    for machine, format_ in Capability.objects.values_list("machine", "format").distinct():
        known[machine].add(format_)
    for machine, formats in known.items():
        for format_ in formats:
            learn(machine_id=machine, pack_format=format_)


def _paces(machine_id: int, pack_format: str) -> list[float]:
    """Return the packs per hour of the newest runs that say something, at most twenty."""
    stood = Downtime.objects.filter(run=OuterRef("pk")).order_by().values("run").annotate(n=Sum("minutes")).values("n")
    rows = Run.objects.filter(machine=machine_id, signed_at__isnull=False).order_by("-started_at", "-pk")
    if pack_format:
        rows = rows.filter(booked_machine__booking__pack_format=pack_format)
    columns = rows.annotate(stood=Coalesce(Subquery(stood), 0)).values_list(
        "started_at", "stopped_at", "good", "rejected", "stood"
    )
    return _told(columns[: 2 * LAST])


def _told(rows: Iterable[tuple[datetime, datetime | None, int | None, int | None, int]]) -> list[float]:
    found: list[float] = []
    for started_at, stopped_at, good, rejected, stood in rows:
        packs = (good or 0) + (rejected or 0)
        minutes = (stopped_at - started_at).total_seconds() / 60 - stood if stopped_at else 0
        if packs and minutes >= 1:
            found.append(packs * 60 / minutes)
        if len(found) == LAST:
            break
    return found
