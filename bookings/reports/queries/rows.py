"""The rows behind the figures: every number opens the bookings or runs it was counted from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from bookings.models import BookedMachine, Booking, Run
from bookings.reports.queries.windows import begun_within
from bookings.reports.rollup import HELD, minute_of
from bookings.trail.lifecycle import CANCELLED, COMPLETED, NO_SHOW
from facilities.models import Facility
from facilities.time.hours import local_date

ANSWERED_BY_A_PERSON = Q(decided_at__gt=F("made_at"))
SIGNED = Exists(Run.objects.filter(booked_machine=OuterRef("pk"), signed_at__isnull=False))

KINDS: Mapping[str, Q | None] = {
    "pemakaian": None,
    "dipesan": Q(booking__status__in=HELD),
    "tidak-datang": Q(booking__status=NO_SHOW),
    "batal-terlambat": Q(booking__status=CANCELLED, booking__is_late_cancel=True),
    "menunggu": Q(booking__decided_at__gt=F("booking__made_at")),
    "belum-lapor": Q(booking__status=COMPLETED) & ~Q(SIGNED),
}
"""What can be listed. Runs (`pemakaian`) are rows of the log, the others are bookings."""


@dataclass(frozen=True, slots=True)
class DetailRow:
    """One booking, or one run, of a list. `run`, `good`, `rejected` are None where nothing was signed."""

    reference: str
    facility: str
    zone: ZoneInfo
    machine: str
    machine_slug: str
    producer: str
    starts_at: datetime
    ends_at: datetime
    status: str
    waited: int | None
    run: int | None = None
    good: int | None = None
    rejected: int | None = None


def detail_rows(
    houses: Sequence[Facility], kind: str, *, first: date, last: date, now: datetime, machine: str = ""
) -> Rows:
    """Return the rows of a kind in the months, newest first, as a sliceable that knows its length.

    The houses' right to be read has been checked. Counted by where they begin, as the sums are.
    """
    if KINDS[kind] is None:
        within = begun_within(houses, first, last, now=now, path="machine__facility", field="started_at")
        rows: QuerySet = Run.objects.filter(within, signed_at__isnull=False).order_by("-started_at", "pk")
        rows = rows.select_related("machine__facility", "booked_machine__booking__producer")
        return Rows(rows.filter(machine__slug=machine) if machine else rows, _of_run)
    within = begun_within(houses, first, last, now=now, path="machine__facility", field="starts_at")
    rows = BookedMachine.objects.filter(within, KINDS[kind]).order_by("-starts_at", "pk")
    rows = rows.select_related("machine__facility", "booking__producer")
    return Rows(rows.filter(machine__slug=machine) if machine else rows, _of_booking)


class Rows:
    """A queryset seen as detail rows, for a paginator or a stream; asks the database only for what is taken."""

    def __init__(self, rows: QuerySet, convert) -> None:  # type: ignore[no-untyped-def]
        self._rows, self._convert = rows, convert

    def __len__(self) -> int:
        return self._rows.count()

    def __getitem__(self, wanted: slice) -> list[DetailRow]:
        return [self._convert(row) for row in self._rows[wanted]]

    def __iter__(self):  # type: ignore[no-untyped-def]
        return (self._convert(row) for row in self._rows.iterator(chunk_size=500))


def _of_run(run: Run) -> DetailRow:
    booking = run.booked_machine.booking
    return DetailRow(
        **_common(booking, run.machine),
        starts_at=run.started_at,
        ends_at=run.stopped_at or run.started_at,
        run=minute_of(run.stopped_at or run.started_at) - minute_of(run.started_at),
        good=run.good,
        rejected=run.rejected,
    )


def _of_booking(part: BookedMachine) -> DetailRow:
    return DetailRow(**_common(part.booking, part.machine), starts_at=part.starts_at, ends_at=part.ends_at)


def _common(booking: Booking, machine) -> dict[str, object]:  # type: ignore[no-untyped-def]
    answered = booking.decided_at is not None and booking.decided_at > booking.made_at
    return {
        "reference": booking.reference,
        "facility": machine.facility.name,
        "zone": machine.facility.zone,
        "machine": machine.name,
        "machine_slug": machine.slug,
        "producer": booking.producer.name,
        "status": booking.status,
        "waited": (booking.decided_at - booking.made_at) // timedelta(minutes=1) if answered else None,
    }


def waiting_minutes(
    houses: Sequence[Facility], *, first: date, last: date, now: datetime, machine: str = ""
) -> dict[date, list[int]]:
    """Return by month how many minutes each request waited that a person answered, in one statement.

    A request belongs to the month in which the booking it asked for begins.
    """
    within = begun_within(houses, first, last, now=now, path="facility", field="starts_at")
    rows = Booking.objects.filter(within, ANSWERED_BY_A_PERSON)
    rows = rows.filter(machines__machine__slug=machine) if machine else rows
    zones = {house.pk: house.zone for house in houses}
    waits: dict[date, list[int]] = defaultdict(list)
    for house, starts_at, made_at, decided_at in rows.values_list("facility_id", "starts_at", "made_at", "decided_at"):
        month = local_date(starts_at, zones[house]).replace(day=1)
        waits[month].append((decided_at - made_at) // timedelta(minutes=1))
    return waits
