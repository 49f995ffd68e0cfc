"""The health of a house's machines: what is broken, what is planned, what stood still. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from bookings.models import BookedMachine, Booking, Run
from bookings.ordering.moving import Moving
from bookings.trail.lifecycle import APPROVED, CHECKED_IN, DISPLACED, REQUESTED
from bookings.trail.queries import with_parts
from facilities.catalogue.queries import in_service
from facilities.errors import Reason
from facilities.models import Breakdown, Facility, Machine, Maintenance
from facilities.occupancy.timetables import opening_times
from facilities.time.hours import local_date
from facilities.time.spans import Span, subtracted

HISTORY, IDLE_AFTER = 20, timedelta(days=14)
RECENT = timedelta(days=90)
AHEAD = timedelta(days=800)
"""Further than any horizon reaches."""


@dataclass(frozen=True, slots=True)
class Health:
    """One machine: its open breakdown, its work now and next, its last run, and recent stops."""

    machine: Machine
    breakdown: Breakdown | None
    maintenance: Maintenance | None
    last_run_at: datetime | None
    breakdowns: int
    is_running: bool
    now: datetime

    @property
    def status(self) -> str:
        if self.breakdown:
            return "broken"
        if self.maintenance and self.maintenance.starts_at <= self.now:
            return "maintenance"
        return "running" if self.is_running else "free"

    @property
    def idle_days(self) -> int | None:
        """Days since the last run once they are many, or None. A broken machine is not idle."""
        if self.breakdown or self.last_run_at is None or self.now - self.last_run_at < IDLE_AFTER:
            return None
        return (self.now - self.last_run_at).days


def health_of(facility: Facility, *, now: datetime) -> list[Health]:
    """Return every machine in service, the broken ones first, in six queries whatever their number."""
    machines = list(in_service(local_date(now, facility.zone)).filter(facility=facility))
    ids = [machine.pk for machine in machines]
    stops = {b.machine_id: b for b in Breakdown.objects.filter(machine__in=ids, closed_at__isnull=True)}
    planned: dict[int, Maintenance] = {}
    for work in Maintenance.objects.filter(machine__in=ids, cancelled_at__isnull=True, ends_at__gt=now):
        planned.setdefault(work.machine_id, work)
    runs = Run.objects.filter(machine__in=ids).values("machine")
    last = {
        row["machine"]: row for row in runs.annotate(at=Max("started_at"), open=Count("pk", Q(stopped_at__isnull=True)))
    }
    recent = Breakdown.objects.filter(machine__in=ids, started_at__gt=now - RECENT).values("machine")
    counts = dict(recent.annotate(n=Count("pk")).values_list("machine", "n"))
    rows = [
        Health(
            machine,
            stops.get(machine.pk),
            planned.get(machine.pk),
            last.get(machine.pk, {}).get("at"),
            counts.get(machine.pk, 0),
            bool(last.get(machine.pk, {}).get("open")),
            now,
        )
        for machine in machines
    ]
    order = {"broken": 0, "maintenance": 1, "running": 2, "free": 3}
    return sorted(rows, key=lambda row: (order[row.status], row.machine.name_key))


def planned_for(machine: Machine, *, now: datetime) -> list[Maintenance]:
    """Return work that is planned or under way."""
    return list(machine.maintenances.filter(cancelled_at__isnull=True, ends_at__gt=now).order_by("starts_at"))


def history_of(machine: Machine, *, now: datetime) -> list[Maintenance | Breakdown]:
    """Return past work and repaired breakdowns, the latest first."""
    works = machine.maintenances.filter(Q(ends_at__lte=now) | Q(cancelled_at__isnull=False))
    done = list(works.select_related("made_by").order_by("-starts_at")[:HISTORY])
    stops = list(
        machine.breakdowns.filter(closed_at__isnull=False)
        .select_related("reported_by")
        .prefetch_related("corrections__made_by")
        .order_by("-started_at")[:HISTORY]
    )
    key = lambda row: row.started_at if isinstance(row, Breakdown) else row.starts_at  # noqa: E731
    return sorted([*done, *stops], key=key, reverse=True)[:HISTORY]


def affected_bookings(machine_ids: Iterable[int], *spans: Span) -> list[BookedMachine]:
    """Return the parts of bookings that hold time within any of the spans, cleaning included, in order of time."""
    rows = BookedMachine.objects.filter(
        machine__in=list(machine_ids),
        occupancy__starts_at__lt=max(span.end for span in spans),
        occupancy__ends_at__gt=min(span.start for span in spans),
        booking__status__in=[REQUESTED, APPROVED, CHECKED_IN],
    ).select_related("booking__producer", "machine", "occupancy")
    return [part for part in rows.order_by("starts_at") if _is_hit(part, spans)]


def _is_hit(part: BookedMachine, spans: Iterable[Span]) -> bool:
    held = part.occupancy
    return held is not None and any(Span(held.starts_at, held.ends_at).overlaps(span) for span in spans)


def affected_by(machine: Machine, span: Span) -> list[Booking]:
    """Return the bookings that hold time of a machine within a span, in order of time, with all that a list shows."""
    hit = {part.booking_id for part in affected_bookings([machine.pk], span)}
    return list(with_parts(Booking.objects.filter(pk__in=hit)).order_by("starts_at"))


def outside_hours(facility: Facility, *, now: datetime, days: int = 60) -> list[Booking]:
    """Return coming bookings that lie outside opening hours, as after a change of hours."""
    window = Span(now, now + timedelta(days=days))
    open_, _shut = opening_times(facility, window)
    held: set[int] = set()
    rows = BookedMachine.objects.filter(
        booking__facility=facility,
        booking__status__in=[REQUESTED, APPROVED],
        starts_at__gt=now,
        starts_at__lt=window.end,
    )
    for booking_id, start, end in rows.values_list("booking_id", "starts_at", "ends_at"):
        if subtracted([Span(start, end)], open_):
            held.add(booking_id)
    return list(with_parts(Booking.objects.filter(pk__in=held)).order_by("starts_at"))


@dataclass(frozen=True, slots=True)
class OldTime:
    """A job that lost its time on a machine: whether it may have it back, or every reason why not."""

    part: BookedMachine
    reasons: tuple[Reason, ...]

    @property
    def booking(self) -> Booking:
        return self.part.booking

    @property
    def is_free(self) -> bool:
        """Whether nothing stands there that nobody may pass: what was approved once needs no notice again."""
        return all(reason.overridable for reason in self.reasons)


def old_times(machine: Machine, *, now: datetime) -> list[OldTime]:
    """Return the coming jobs that lost their time on a machine and have no other yet, in order of time.

    Each is asked of the one decision anew: somebody else may hold the hour by now.
    """
    rows = BookedMachine.objects.filter(machine=machine, booking__status=DISPLACED, starts_at__gt=now)
    lost = rows.select_related("booking__producer__district", "booking__facility", "booking__product", "machine__type",
                               "machine__facility", "occupancy").order_by("starts_at", "pk")[:HISTORY]  # fmt: skip
    return [
        OldTime(part, tuple(Moving(part.booking, part).at(part.machine, part.starts_at, now=now).said.refusals))
        for part in lost
    ]


def breakdown_at(facilities: object, breakdown_id: int) -> Breakdown | None:
    """Return a breakdown of one of these houses (a filter on Facility), or None."""
    found = Breakdown.objects.filter(pk=breakdown_id, machine__facility__in=facilities)
    return found.select_related("machine__facility").first()


def maintenance_at(facilities: object, maintenance_id: int) -> Maintenance | None:
    """Return planned work in one of these houses, or None."""
    found = Maintenance.objects.filter(pk=maintenance_id, machine__facility__in=facilities)
    return found.select_related("machine__facility").first()
