"""Maintenance and breakdowns in the API."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema
from pydantic import Field

from accounts.schemas import Flag, In, Minute, one_line, some_words
from facilities.models import Breakdown, Maintenance


class MaintenanceIn(In):
    starts_at: Minute
    ends_at: Minute
    title: some_words(120)  # type: ignore[valid-type]
    displace: Flag = Field(False, description="push aside the bookings in the way, each with a message")


class BreakdownIn(In):
    expected_until: Minute
    reason: some_words(200)  # type: ignore[valid-type]
    displace: Flag = Field(False, description="push aside the bookings in the way, each with a message")


class RepairIn(In):
    repair: one_line(300) = Field("", description="what was done")  # type: ignore[valid-type]


class MaintenanceOut(Schema):
    id: int
    machine: str
    starts_at: datetime
    ends_at: datetime
    title: str


class BreakdownOut(Schema):
    id: int
    machine: str
    started_at: datetime
    expected_until: datetime
    closed_at: datetime | None
    reason: str
    repair: str


def maintenance_out(work: Maintenance) -> MaintenanceOut:
    zone = work.machine.facility.zone
    return MaintenanceOut(
        id=work.pk,
        machine=work.machine.slug,
        starts_at=work.starts_at.astimezone(zone),
        ends_at=work.ends_at.astimezone(zone),
        title=work.title,
    )


def breakdown_out(stop: Breakdown) -> BreakdownOut:
    zone = stop.machine.facility.zone
    return BreakdownOut(
        id=stop.pk,
        machine=stop.machine.slug,
        started_at=stop.started_at.astimezone(zone),
        expected_until=stop.expected_until.astimezone(zone),
        closed_at=stop.closed_at.astimezone(zone) if stop.closed_at else None,
        reason=stop.reason,
        repair=stop.repair,
    )
