"""The rows behind the figures: every number opens the bookings or runs it was counted from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice, takewhile
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bookings.models import BookedMachine, Booking, BookingEvent, Run
from bookings.reports.queries.codes import district_codes, house_codes, machine_codes
from bookings.reports.queries.windows import begun_within, reaching_into, spans_by_zone
from bookings.reports.rollup import HELD, LONGEST_BOOKING, LONGEST_RUN, UNTOLD, minute_of, minutes
from bookings.trail.lifecycle import CANCELLED, COMPLETED, EXPIRED, NO_SHOW, REQUESTED
from facilities.models import Facility
from facilities.time.hours import local_date
from facilities.time.spans import Span, clipped, merged, subtracted

UNANSWERED = (REQUESTED, EXPIRED)
"""Statuses of a request that nobody answered: it still waits, or waited until it lapsed."""
SIGNED = Exists(Run.objects.filter(booked_machine=OuterRef("pk"), signed_at__isnull=False))

KINDS: Mapping[str, Q | None] = {
    "pemakaian": None,
    "dipesan": Q(booking__status__in=HELD),
    "jam-belum-lapor": Q(booking__status__in=UNTOLD) & ~Q(SIGNED),
    "disetujui": Q(booking__status__in=HELD) | Q(booking__status=CANCELLED, booking__is_late_cancel=True),
    "tidak-datang": Q(booking__status=NO_SHOW),
    "batal-terlambat": Q(booking__status=CANCELLED, booking__is_late_cancel=True),
    "menunggu": Q(booking__decided_at__gt=F("asked_at")) | Q(booking__status__in=UNANSWERED),
    "tanpa-jawaban": Q(booking__status__in=UNANSWERED),
    "selesai": Q(booking__status=COMPLETED),
    "tercatat": Q(booking__status=COMPLETED) & Q(SIGNED),
    "belum-lapor": Q(booking__status=COMPLETED) & ~Q(SIGNED),
}
"""What can be listed. Runs (`pemakaian`) are rows of the log, the others are bookings."""

BY_THE_HOUR = frozenset({"pemakaian", "dipesan", "jam-belum-lapor"})
"""Lists of what reaches into the months: each row with the minutes that count there. The others count where they begin."""

ROWS_OF: Mapping[str, tuple[str, str]] = {
    "run": ("pemakaian", "minutes"),
    "services": ("pemakaian", "begun"),
    "producers": ("pemakaian", "producers"),
    "good": ("pemakaian", "good"),
    "rejected": ("pemakaian", "rejected"),
    "booked": ("dipesan", "minutes"),
    "unreported": ("jam-belum-lapor", "minutes"),
    "approved": ("disetujui", "begun"),
    "no_shows": ("tidak-datang", "begun"),
    "late_cancels": ("batal-terlambat", "begun"),
    "completed": ("selesai", "begun"),
    "signed": ("tercatat", "begun"),
}
"""Which list each counted figure is made of, and which of its totals it is."""


@dataclass(frozen=True, slots=True)
class DetailRow:
    """One booking, or one run, of a list, with what of it counts in the months; codes as in `codes`.

    `run` and `booked` are its minutes there, `whole` all its minutes; None where the list is not of hours. `begins`:
    it began there and counts as one; a run's packs count where it began, else `good` and `rejected` are None.
    """

    reference: str
    facility: str
    zone: ZoneInfo
    machine: str
    machine_slug: str
    producer: str
    producer_id: int
    starts_at: datetime
    ends_at: datetime
    status: str
    house_codes: tuple[str, ...]
    machine_codes: tuple[str, ...]
    producer_codes: tuple[str, ...]
    waited: int | None = None
    begins: bool = True
    whole: int | None = None
    run: int | None = None
    booked: int | None = None
    good: int | None = None
    rejected: int | None = None
    is_past_entry: bool = False

    @property
    def minutes(self) -> int | None:
        return self.booked if self.run is None else self.run


@dataclass(frozen=True, slots=True)
class Totals:
    """What the rows of a list add up to: `begun` counts those that began in the months, `rows` all of them."""

    rows: int = 0
    begun: int = 0
    minutes: int = 0
    good: int = 0
    rejected: int = 0
    producers: int = 0

    @property
    def reaching_in(self) -> int:
        """How many began before and reach into the months."""
        return self.rows - self.begun


def detail_rows(
    houses: Sequence[Facility], kind: str, *, first: date, last: date, now: datetime, machine: str = ""
) -> Rows:
    """Return the rows of a kind in the months, newest first, as a sliceable that knows its length.

    The houses' right to be read has been checked. Hours are cut at each house's midnights, as the sums are.
    """
    windows = {house: span for span, ids in spans_by_zone(houses, first, last, now=now) for house in ids}
    months = {"houses": houses, "first": first, "last": last, "now": now, "path": "machine__facility"}
    if KINDS[kind] is None:
        within = reaching_into(**months, fields=("started_at", "stopped_at"), longest=LONGEST_RUN)
        rows: QuerySet = Run.objects.filter(within, signed_at__isnull=False).order_by("-started_at", "pk")
        rows = rows.select_related("machine__facility__district", "booked_machine__booking__producer__district")
        rows = rows.filter(machine__slug=machine) if machine else rows
        return Rows(rows, lambda some: _of_runs(some, windows), lambda: _runs_total(rows, windows))
    if kind in BY_THE_HOUR:
        within = reaching_into(**months, fields=("starts_at", "ends_at"), longest=LONGEST_BOOKING)
    else:
        within = begun_within(**months, field="starts_at")
    rows = BookedMachine.objects.annotate(asked_at=_asked_at("booking__")).filter(within, KINDS[kind])
    rows = rows.select_related("machine__facility__district", "booking__producer__district").order_by("-starts_at", "pk")
    rows = rows.filter(machine__slug=machine) if machine else rows
    return Rows(
        rows, lambda some: _of_bookings(some, kind, windows, now), lambda: _bookings_total(rows, kind, windows)
    )


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
    """A queryset seen as detail rows, for a paginator or a stream; asks the database only for what is taken.

    `total` is what all of them add up to (see `totals`), in one statement.
    """

    AT_ONCE = 500

    def __init__(
        self, rows: QuerySet, convert: Callable[[list[Any]], list[Any]], total: Callable[[], Totals] = Totals
    ) -> None:
        self._rows, self._convert, self.total = rows, convert, total

    def __len__(self) -> int:
        return self._rows.count()

    def __getitem__(self, wanted: slice) -> list[Any]:
        return self._convert(list(self._rows[wanted]))

    def __iter__(self) -> Iterator[Any]:
        found = self._rows.iterator(chunk_size=self.AT_ONCE)
        while some := list(islice(found, self.AT_ONCE)):
            yield from self._convert(some)


def _of_runs(runs: list[Run], windows: Mapping[int, Span]) -> list[DetailRow]:
    own = _own_time([(run.pk, run.machine_id, run.started_at, run.stopped_at or run.started_at) for run in runs])
    return [_of_run(run, own[run.pk], windows[run.machine.facility_id]) for run in runs]


def _of_run(run: Run, own: Sequence[Span], window: Span) -> DetailRow:
    begins, end = window.contains(run.started_at), run.stopped_at or run.started_at
    return DetailRow(
        **_common(run.booked_machine.booking, run.machine),
        starts_at=run.started_at,
        ends_at=end,
        begins=begins,
        whole=minute_of(end) - minute_of(run.started_at),
        run=minutes(clipped(own, window)),
        good=run.good if begins else None,
        rejected=run.rejected if begins else None,
        is_past_entry=run.is_past_entry,
    )


def _own_time(runs: Sequence[tuple[int, int, datetime, datetime]]) -> dict[int, list[Span]]:
    """Return the time of each run (key, machine, start, end) that is its own, in one statement.

    A machine runs once at a time: a minute that two runs claim is that of the one that began earlier, as in the sums.
    """
    if not runs:
        return {}
    first, last = min(start for _, _, start, _ in runs), max(end for *_, end in runs)
    around = Run.objects.filter(started_at__gt=first - LONGEST_RUN, started_at__lt=last, stopped_at__gt=first)
    around = around.filter(machine__in={machine for _, machine, _, _ in runs}, signed_at__isnull=False)
    earlier: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for machine, *order in around.values_list(
        "machine_id", "started_at", "stopped_at", "booked_machine__booking__producer_id", "pk"
    ):
        earlier[machine].append(tuple(order))
    own: dict[int, list[Span]] = {}
    for pk, machine, start, end in runs:
        before = takewhile(lambda order, pk=pk: order[-1] != pk, sorted(earlier[machine]))  # type: ignore[misc]
        others = [Span(began, stopped) for began, stopped, *_ in before if began < stopped]
        own[pk] = subtracted([Span(start, end)], others) if start < end else []
    return own


def _of_bookings(
    parts: list[BookedMachine], kind: str, windows: Mapping[int, Span], now: datetime
) -> list[DetailRow]:
    hours = _hours_of(parts, kind) if kind in BY_THE_HOUR else {}
    rows = []
    for part in parts:
        window = windows[part.machine.facility_id]
        times = {"starts_at": part.starts_at, "ends_at": part.ends_at, "begins": window.contains(part.starts_at)}
        if part.pk in hours:
            times["whole"] = minute_of(part.ends_at) - minute_of(part.starts_at)
            times["booked"] = minutes(clipped(hours[part.pk], window))
        waited = _waited(part.booking, part.asked_at, now)  # type: ignore[attr-defined]
        rows.append(DetailRow(**_common(part.booking, part.machine), **times, waited=waited))
    return rows


def _runs_total(rows: QuerySet, windows: Mapping[int, Span]) -> Totals:
    fields = ("machine__facility_id", "booked_machine__booking__producer_id", "started_at", "stopped_at", "good", "rejected")
    found = list(rows.order_by().values_list(*fields, "machine_id"))
    begun = [row for row in found if windows[row[0]].contains(row[2])]
    ran: dict[int, list[Span]] = defaultdict(list)
    for house, _, start, stop, _, _, machine in found:
        ran[machine] += clipped([Span(start, stop)], windows[house]) if start < stop else []
    return Totals(
        rows=len(found),
        begun=len(begun),
        minutes=sum(minutes(merged(spans)) for spans in ran.values()),
        good=sum(row[4] or 0 for row in begun),
        rejected=sum(row[5] or 0 for row in begun),
        producers=len({row[1] for row in begun}),
    )


def _bookings_total(rows: QuerySet, kind: str, windows: Mapping[int, Span]) -> Totals:
    fields = ("machine__facility_id", "booking__producer_id", "starts_at", "ends_at", "machine_id")
    found = list(rows.order_by().values_list(*fields))
    begun = [row for row in found if windows[row[0]].contains(row[2])]
    taken: dict[int, list[Span]] = defaultdict(list)
    for house, _, start, end, machine in found if kind in BY_THE_HOUR else ():
        taken[machine] += clipped([Span(start, end)], windows[house])
    hours = sum(minutes(merged(spans)) for spans in taken.values())
    return Totals(rows=len(found), begun=len(begun), minutes=hours, producers=len({row[1] for row in begun}))


def _hours_of(parts: list[BookedMachine], kind: str) -> dict[int, list[Span]]:
    """Return the time of each booking that is its own, in one statement.

    Hours given again, after a no-show or an early finish, are one machine's time once: they are the later booking's.
    """
    if not parts:
        return {}
    start, end = min(part.starts_at for part in parts), max(part.ends_at for part in parts)
    around = BookedMachine.objects.filter(KINDS[kind], starts_at__gt=start - LONGEST_BOOKING, starts_at__lt=end, ends_at__gt=start)
    later: dict[int, list[tuple[int, Span]]] = defaultdict(list)
    rows = around.filter(machine__in={part.machine_id for part in parts})
    for pk, machine, starts_at, ends_at in rows.values_list("pk", "machine_id", "starts_at", "ends_at"):
        later[machine].append((pk, Span(starts_at, ends_at)))
    return {
        part.pk: subtracted(
            [Span(part.starts_at, part.ends_at)], [span for pk, span in later[part.machine_id] if pk > part.pk]
        )
        for part in parts
    }


def _common(booking: Booking, machine) -> dict[str, object]:  # type: ignore[no-untyped-def]
    return {
        "reference": booking.reference,
        "facility": machine.facility.name,
        "zone": machine.facility.zone,
        "machine": machine.name,
        "machine_slug": machine.slug,
        "producer": booking.producer.name,
        "producer_id": booking.producer_id,
        "status": booking.status,
        "house_codes": house_codes(machine.facility),
        "machine_codes": machine_codes(machine),
        "producer_codes": district_codes(booking.producer.district),
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
