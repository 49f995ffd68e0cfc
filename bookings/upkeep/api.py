"""Maintenance and breakdowns: what takes a machine's time for the machine's own sake."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Path, Router, Status

from accounts.api_answers import version_seen, write_answers
from accounts.api_auth import WRITES, may
from accounts.schemas import Id, slug_type
from bookings.trail.api_finding import machine_of
from bookings.upkeep import queries
from bookings.upkeep import schemas as shapes
from bookings.upkeep import services as upkeep
from facilities.access import may_manage, may_run_the_day, staffed_facilities
from facilities.errors import BadInput, NotAllowed, Stale
from facilities.models import Facility, Machine
from facilities.time.spans import Span
from facilities.upkeep import services as facility_upkeep

router = Router(tags=["upkeep"])

MachineSlug = slug_type(60)
STAFF = may("facility:write")
AT_MOST = timedelta(days=366)


@router.post(
    "/machines/{slug}/maintenance",
    auth=STAFF,
    throttle=WRITES,
    response=write_answers(shapes.MaintenanceOut, 412, status=201),
    summary="Plan maintenance",
)
def schedule_maintenance(request: HttpRequest, slug: Path[MachineSlug], asked: shapes.MaintenanceIn) -> Any:  # type: ignore[valid-type]
    """Plan work on a machine. Bookings in the way are named, and displaced only when asked to. Managers."""
    machine = _machine(request, slug, may_manage)
    work = upkeep.schedule_maintenance(
        machine_id=machine.pk,
        span=_span(asked.starts_at, asked.ends_at, "ends_at"),
        title=asked.title,
        actor=request.user,
        now=timezone.now(),
        displace=asked.displace,
    )
    work.machine = machine
    return Status(201, shapes.maintenance_out(work))


@router.post(
    "/maintenance/{maintenance_id}/cancel",
    auth=STAFF,
    throttle=WRITES,
    response=write_answers(shapes.MaintenanceOut),
    summary="Call maintenance off",
)
def cancel_maintenance(request: HttpRequest, maintenance_id: Path[Id]) -> Any:
    """Call planned work off, or end it early: what is left of its time is free at once. Managers."""
    work = queries.maintenance_at(_own_houses(request), maintenance_id)
    if work is None:
        raise Http404("maintenance")
    if not may_manage(request.user, work.machine.facility_id):
        raise NotAllowed
    ended = facility_upkeep.cancel_maintenance(maintenance_id=work.pk, actor=request.user, now=timezone.now())
    ended.machine = work.machine
    return shapes.maintenance_out(ended)


@router.post(
    "/machines/{slug}/breakdowns",
    auth=STAFF,
    throttle=WRITES,
    response=write_answers(shapes.BreakdownOut, 412, status=201),
    summary="Report a breakdown",
)
def report_breakdown(request: HttpRequest, slug: Path[MachineSlug], asked: shapes.BreakdownIn) -> Any:  # type: ignore[valid-type]
    """Mark a machine broken from now until it is expected back. Everybody who works in the house."""
    machine = _machine(request, slug, may_run_the_day)
    now = timezone.now()
    stop = upkeep.report_breakdown(
        machine_id=machine.pk,
        expected_until=_span(now, asked.expected_until, "expected_until").end,
        reason=asked.reason,
        actor=request.user,
        now=now,
        displace=asked.displace,
    )
    stop.machine = machine
    return Status(201, shapes.breakdown_out(stop))


@router.post(
    "/breakdowns/{breakdown_id}/close",
    auth=STAFF,
    throttle=WRITES,
    response=write_answers(shapes.BreakdownOut),
    summary="Close a breakdown",
)
def close_breakdown(request: HttpRequest, breakdown_id: Path[Id], asked: shapes.RepairIn) -> Any:
    """Say that the machine runs again: the rest of the held time is free at once."""
    stop = queries.breakdown_at(_own_houses(request), breakdown_id)
    if stop is None:
        raise Http404("breakdown")
    closed = facility_upkeep.close_breakdown(
        breakdown_id=stop.pk, repair=asked.repair, actor=request.user, now=timezone.now()
    )
    closed.machine = stop.machine
    return shapes.breakdown_out(closed)


def _own_houses(request: HttpRequest) -> Any:
    which = staffed_facilities(request.user)
    return Facility.objects.none() if which is None else Facility.objects.filter(which)


def _machine(request: HttpRequest, slug: str, may_do: Any) -> Machine:
    machine = machine_of(slug)
    if not may_do(request.user, machine.facility_id):
        raise NotAllowed
    if version_seen(request, machine.version) not in (None, machine.version):
        raise Stale
    return machine


def _span(start: datetime, end: datetime, field: str) -> Span:
    if end <= start:
        raise BadInput(field, "ends_before_it_starts", "Jam selesai harus sesudah jam mulai.", "The end must be after the start.")
    if end - start > AT_MOST:
        raise BadInput(field, "far_too_long", "Paling lama setahun.", "At most a year.")
    return Span(start, end)
