"""The rows behind the figures: every number opens the bookings or runs it was counted from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bookings.models import BookedMachine, Booking, BookingEvent, Run
from bookings.reports.queries.windows import begun_within
from bookings.reports.rollup import HELD, minute_of
from bookings.trail.lifecycle import CANCELLED, COMPLETED, EXPIRED, NO_SHOW, REQUESTED
from facilities.models import Facility
from facilities.time.hours import local_date

UNANSWERED = (REQUESTED, EXPIRED)
"""Statuses of a request that nobody answered: it still waits, or waited until it lapsed."""
SIGNED = Exists(Run.objects.filter(booked_machine=OuterRef("pk"), signed_at__isnull=False))

KINDS: Mapping[str, Q | None] = {
    "pemakaian": None,
    "dipesan": Q(booking__status__in=HELD),
    "tidak-datang": Q(booking__status=NO_SHOW),
    "batal-terlambat": Q(booking__status=CANCELLED, booking__is_late_cancel=True),
    "menunggu": Q(booking__decided_at__gt=F("asked_at")) | Q(booking__status__in=UNANSWERED),
    "tanpa-jawaban": Q(booking__status__in=UNANSWERED),
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
    waited: int | None = None
    run: int | None = None
    good: int | None = None
    rejected: int | None = None
    is_past_entry: bool = False


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
    rows = BookedMachine.objects.annotate(asked_at=_asked_at("booking__")).filter(within, KINDS[kind])
    rows = rows.select_related("machine__facility", "booking__producer").order_by("-starts_at", "pk")
    return Rows(rows.filter(machine__slug=machine) if machine else rows, lambda part: _of_booking(part, now))


def _asked_at(path: str = "") -> Coalesce:
    """Return when a person was asked: at the booking, or later by a move of an approved one that must be looked at."""
    again = BookingEvent.objects.filter(booking=OuterRef(f"{path}pk"), action="ask_to_move").order_by("-at")
    return Coalesce(Subquery(again.values("at")[:1]), F(f"{path}made_at"))


def _waited(booking: Booking, asked_at: datetime, now: datetime) -> int | None:
    """Return the minutes a request waited for a person; None where none was asked, or it was withdrawn before.

    One that nobody answered waited until it lapsed, or waits until now.
    """
    if booking.status == REQUESTED:
        until = now
    elif booking.status == EXPIRED:
        until = booking.ended_at or booking.starts_at
    elif booking.decided_at is not None and booking.decided_at > asked_at:
        until = booking.decided_at
    else:
        return None
    return max(until - asked_at, timedelta(0)) // timedelta(minutes=1)


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
        is_past_entry=run.is_past_entry,
    )


def _of_booking(part: BookedMachine, now: datetime) -> DetailRow:
    waited = _waited(part.booking, part.asked_at, now)  # type: ignore[attr-defined]
    common = _common(part.booking, part.machine)
    return DetailRow(**common, starts_at=part.starts_at, ends_at=part.ends_at, waited=waited)


def _common(booking: Booking, machine) -> dict[str, object]:  # type: ignore[no-untyped-def]
    return {
        "reference": booking.reference,
        "facility": machine.facility.name,
        "zone": machine.facility.zone,
        "machine": machine.name,
        "machine_slug": machine.slug,
        "producer": booking.producer.name,
        "status": booking.status,
    }


@dataclass(slots=True)
class Waits:
    """Minutes that each request of a month waited for a person, and how many of them nobody answered."""

    minutes: list[int] = field(default_factory=list)
    unanswered: int = 0


def waiting_minutes(
    houses: Sequence[Facility], *, first: date, last: date, now: datetime, machine: str = ""
) -> dict[date, Waits]:
    """Return by month how long each request waited for a person, answered or not, in one statement.

    A request belongs to the month in which the booking it asked for begins. One that its producer withdrew
    before an answer is not counted.
    """
    within = begun_within(houses, first, last, now=now, path="facility", field="starts_at")
    rows = Booking.objects.annotate(asked_at=_asked_at()).filter(within)
    rows = rows.filter(Q(decided_at__gt=F("asked_at")) | Q(status__in=UNANSWERED))
    rows = rows.filter(machines__machine__slug=machine) if machine else rows
    zones = {house.pk: house.zone for house in houses}
    waits: dict[date, Waits] = defaultdict(Waits)
    for booking in rows.only("facility_id", "starts_at", "made_at", "decided_at", "ended_at", "status"):
        of_month = waits[local_date(booking.starts_at, zones[booking.facility_id]).replace(day=1)]
        waited = _waited(booking, booking.asked_at, now)  # type: ignore[attr-defined]
        if waited is not None:
            of_month.minutes.append(waited)
            of_month.unanswered += booking.status in UNANSWERED
    return dict(waits)
