"""Summing machine-months again: what changed within the minute, and everything recent each night."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from bookings.models import BookedMachine, Run
from bookings.reports.indicators import COLUMNS, Sums
from bookings.reports.models import ProducerMonth, UsageMonth
from bookings.reports.queries.recorded import recorded_since
from bookings.reports.rollup import LONGEST_BOOKING, LONGEST_RUN, SHARED, BookedPart, Facts, SignedRun, machine_month
from facilities.models import Breakdown, Facility, Machine, Maintenance, StaleMonth
from facilities.occupancy.timetables import timetables_of
from facilities.time.hours import local_date, local_day, local_month
from facilities.time.spans import Span, clipped
from facilities.transactions import in_one_transaction

logger = logging.getLogger("rumah.reports")

AT_ONCE = 500
"""Machines per transaction: SQLite holds its one write lock while they are summed."""
OF_PRODUCER = (*SHARED, "booked", "unreported")


def recompute_stale(*, now: datetime) -> int:
    """Sum every marked machine-month again and take its marks away; return how many were summed.

    Only marks that were seen before the sums were read are deleted: a change that
    lands meanwhile has its own mark, and is summed next time.
    """
    marks: dict[date, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for pk, machine_id, month in StaleMonth.objects.values_list("pk", "machine_id", "month"):
        marks[month.replace(day=1)][machine_id].append(pk)
    for month, by_machine in sorted(marks.items()):
        for some in _chunks(sorted(by_machine)):
            recompute(month=month, machine_ids=some, now=now, seen=[pk for m in some for pk in by_machine[m]])
    return sum(len(by_machine) for by_machine in marks.values())


def recompute_recent(*, now: datetime) -> int:
    """Sum this month and the one before of every machine; return how many finished cells were wrong.

    A finished cell that differs without having been marked is a fault in what marks
    cells: it is put right here and logged, so that somebody finds out why.
    """
    wrong = 0
    machines = list(Machine.objects.order_by("pk").values_list("pk", flat=True))
    for month in _recent_months(now):
        for some in _chunks(machines):
            wrong += recompute(month=month, machine_ids=some, now=now)
    if wrong:
        logger.warning("%s finished machine-months were wrong and have been put right", wrong)
    return wrong


@in_one_transaction
def recompute(*, month: date, machine_ids: Collection[int], now: datetime, seen: Sequence[int] = ()) -> int:
    """Sum one month (named by its first day) of some machines from the raw rows.

    A running month is summed to the end of the local day of `now`, so that its shares
    are of the time that has been; a month to come has no cells, nor has one in which nothing
    happened and which was over before the machine was entered here. `seen` are the marks
    to take away. Returns how many cells of months that were over when they were last
    summed differ now, though nothing marked them.
    """
    _one_at_a_time()
    machines = list(Machine.objects.filter(pk__in=machine_ids).select_related("facility"))
    windows = {machine.pk: window for machine in machines if (window := _window(machine, month, now=now))}
    sums, shares = {}, {}
    if windows:
        facts = _facts([machine for machine in machines if machine.pk in windows], windows, now=now)
        since = recorded_since([machine for machine in machines if machine.pk in windows])
        for pk, window in windows.items():
            counted, parts = machine_month(window, facts[pk])
            if parts or pk not in since or since[pk] < window.end:
                sums[pk], shares[pk] = counted, parts
    wrong = _count_wrong(month, sums, windows)
    _write(month, machine_ids, sums, shares, now=now)
    for some in _chunks(list(seen)):
        StaleMonth.objects.filter(pk__in=some).delete()
    return wrong


def _one_at_a_time() -> None:
    """Make others who sum wait until this transaction ends: whoever reads last must write last.

    SQLite does so for every writer. Readers of the sums never wait.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {UsageMonth._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


def _window(machine: Machine, month: date, *, now: datetime) -> Span | None:
    """Return the part of a month to sum for a machine, or None: still to come, or not in service."""
    zone = machine.facility.zone
    whole = local_month(month.year, month.month, zone)
    end = min(whole.end, local_day(local_date(now, zone), zone).end)
    last = local_date(whole.end - timedelta(minutes=1), zone)
    in_service = machine.in_service_from <= last and (machine.retired_on is None or machine.retired_on > month)
    return Span(whole.start, end) if in_service and end > whole.start else None


def _facts(machines: Sequence[Machine], windows: Mapping[int, Span], *, now: datetime) -> dict[int, Facts]:
    """Return all that touched the machines around their windows, in five queries whatever their number."""
    wide = Span(min(w.start for w in windows.values()), max(w.end for w in windows.values()))
    ids = [machine.pk for machine in machines]
    opening = timetables_of({machine.facility for machine in machines}, wide)
    around = Q(machine__in=ids, starts_at__lt=wide.end, ends_at__gt=wide.start)
    work = _spans(Maintenance.objects.filter(around, cancelled_at__isnull=True), "starts_at", "ends_at", now)
    broken = Breakdown.objects.filter(machine__in=ids, started_at__lt=wide.end)
    stops = _spans(broken.exclude(closed_at__lte=wide.start), "started_at", "closed_at", now)
    booked, runs = _booked(around, wide), _runs(ids, wide)
    return {
        machine.pk: Facts(
            open=_in_service(machine, opening[machine.facility_id].open, wide),
            maintenance=work[machine.pk],
            breakdowns=stops[machine.pk],
            booked=booked[machine.pk],
            runs=runs[machine.pk],
        )
        for machine in machines
    }


def _in_service(machine: Machine, opening: Sequence[Span], wide: Span) -> list[Span]:
    """Return when a machine's house was open while the machine was in service."""
    zone = machine.facility.zone
    start = max(wide.start, local_day(machine.in_service_from, zone).start)
    end = min(wide.end, local_day(machine.retired_on, zone).start) if machine.retired_on else wide.end
    return clipped(opening, Span(start, end)) if end > start else []


def _spans(rows, start: str, end: str, now: datetime) -> dict[int, list[Span]]:  # type: ignore[no-untyped-def]
    """Return each machine's spans; one that has no end yet ends now."""
    spans: dict[int, list[Span]] = defaultdict(list)
    for machine_id, starts_at, ends_at in rows.values_list("machine_id", start, end):
        if (ends_at or now) > starts_at:
            spans[machine_id].append(Span(starts_at, ends_at or now))
    return spans


def _booked(around: Q, wide: Span) -> dict[int, list[BookedPart]]:
    """Return each machine's bookings. The lower bound of starts keeps the index scan short."""
    signed = Run.objects.filter(booked_machine=OuterRef("pk"), signed_at__isnull=False)
    rows = BookedMachine.objects.filter(around, starts_at__gt=wide.start - LONGEST_BOOKING)
    fields = (
        "machine_id",
        "booking__producer_id",
        "starts_at",
        "ends_at",
        "booking__status",
        "booking__is_late_cancel",
    )
    parts: dict[int, list[BookedPart]] = defaultdict(list)
    for machine_id, *part in rows.annotate(is_signed=Exists(signed)).values_list(*fields, "is_signed"):
        parts[machine_id].append(BookedPart(*part))
    return parts


def _runs(ids: Sequence[int], wide: Span) -> dict[int, list[SignedRun]]:
    """Return each machine's signed runs."""
    rows = Run.objects.filter(
        machine__in=ids,
        started_at__gt=wide.start - LONGEST_RUN,
        started_at__lt=wide.end,
        signed_at__isnull=False,
    )
    fields = ("machine_id", "booked_machine__booking__producer_id", "started_at", "stopped_at", "good", "rejected")
    runs: dict[int, list[SignedRun]] = defaultdict(list)
    for machine_id, producer, start, end, good, rejected in rows.values_list(*fields):
        runs[machine_id].append(SignedRun(producer, start, end, good, rejected or 0))
    return runs


def _count_wrong(month: date, sums: Mapping[int, Sums], windows: Mapping[int, Span]) -> int:
    """Count finished cells that are not what the raw rows say and that nothing has marked."""
    marked = set(StaleMonth.objects.filter(month=month, machine__in=list(sums)).values_list("machine_id", flat=True))
    cells = UsageMonth.objects.filter(month=month, machine__in=list(sums)).exclude(machine__in=marked)
    wrong = 0
    for machine_id, computed_at, *old in cells.values_list("machine_id", "computed_at", *COLUMNS):
        was_over = computed_at is not None and computed_at >= windows[machine_id].end
        if was_over and Sums(**dict(zip(COLUMNS, old, strict=True)), cells=1) != sums[machine_id]:
            logger.info("machine %s, %s: was %s, is %s", machine_id, f"{month:%Y-%m}", old, sums[machine_id])
            wrong += 1
    return wrong


def _write(
    month: date,
    machine_ids: Collection[int],
    sums: Mapping[int, Sums],
    shares: Mapping[int, Mapping[int, Sums]],
    *,
    now: datetime,
) -> None:
    """Replace the cells of the month: those of machines without sums are deleted."""
    UsageMonth.objects.filter(month=month, machine__in=set(machine_ids) - set(sums)).delete()
    UsageMonth.objects.bulk_create(
        (
            UsageMonth(machine_id=pk, month=month, computed_at=now, **{name: getattr(cell, name) for name in COLUMNS})
            for pk, cell in sums.items()
        ),
        update_conflicts=True,
        unique_fields=["machine", "month"],
        update_fields=[*COLUMNS, "computed_at"],
    )
    ProducerMonth.objects.filter(month=month, machine__in=machine_ids).delete()
    ProducerMonth.objects.bulk_create(
        ProducerMonth(
            machine_id=pk, producer_id=producer, month=month, **{name: getattr(share, name) for name in OF_PRODUCER}
        )
        for pk, of_machine in shares.items()
        for producer, share in of_machine.items()
    )


def _recent_months(now: datetime) -> list[date]:
    """Return the first days of this month and the last; of three months when houses disagree which it is."""
    firsts = set()
    for name in Facility.objects.values_list("zone_name", flat=True).distinct():
        this = local_date(now, ZoneInfo(name)).replace(day=1)
        firsts |= {this, (this - timedelta(days=1)).replace(day=1)}
    return sorted(firsts)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(ids), AT_ONCE):
        yield ids[first : first + AT_ONCE]
