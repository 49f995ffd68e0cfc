"""Machines nobody has used for a while; broken ones apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, Subquery

from bookings.models import Run
from bookings.reports.queries.recorded import recorded_since
from facilities.models import Breakdown, Facility, Machine
from facilities.time.hours import local_date

LEAST = 14
"""Days without a run before a machine is called idle at all."""


@dataclass(frozen=True, slots=True)
class IdleMachine:
    """A machine, its whole local days since the last run (or since it came, if `never`), and since when it is broken.

    What ran before the machine was entered here nobody knows: its days begin then.
    """

    machine: Machine
    days: int
    never: bool
    broken_days: int | None

    @property
    def is_idle(self) -> bool:
        return self.days >= LEAST

    @property
    def is_broken(self) -> bool:
        return self.broken_days is not None


def idle_machines(houses: Sequence[Facility], *, at: datetime, machine: str = "") -> list[IdleMachine]:
    """Return machines in service with no run in the `LEAST` days before `at`, and all broken ones, in two statements.

    Never used ones come first, then the longest idle, then the broken.

    Any run counts, signed or not: what stands idle is the machine, not the log.
    """
    return [one for one in machines_in_service(houses, at=at, machine=machine) if one.is_idle or one.is_broken]


def machines_in_service(houses: Sequence[Facility], *, at: datetime, machine: str = "") -> list[IdleMachine]:
    """Return how each machine in service just before `at` stood then, in the order of `idle_machines`, in two statements."""
    runs = Run.objects.filter(machine=OuterRef("pk"), started_at__lt=at).order_by("-started_at")
    broken = Breakdown.objects.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=at), machine=OuterRef("pk"))
    machines = Machine.objects.filter(facility__in=[house.pk for house in houses])
    machines = machines.filter(slug=machine) if machine else machines
    found = machines.select_related("facility__district", "type").annotate(
        last_run=Subquery(runs.values("started_at")[:1]),
        broken_since=Subquery(broken.filter(started_at__lt=at).order_by("started_at").values("started_at")[:1]),
    )
    known = [one for one in found if _in_service(one, at)]
    since = recorded_since(known)
    return sorted(
        (_idle(one, at, since.get(one.pk)) for one in known),
        key=lambda one: (one.is_broken, not one.never, -one.days, one.machine.name_key),
    )


def _in_service(machine: Machine, at: datetime) -> bool:
    day = local_date(at - timedelta(minutes=1), machine.facility.zone)
    return machine.in_service_from <= day and (machine.retired_on is None or machine.retired_on > day)


def _idle(machine: Machine, at: datetime, entered: datetime | None) -> IdleMachine:
    zone = machine.facility.zone
    today = local_date(at - timedelta(minutes=1), zone)
    last, broken = machine.last_run, machine.broken_since  # type: ignore[attr-defined]
    came = max(machine.in_service_from, local_date(entered, zone)) if entered else machine.in_service_from
    since = local_date(last, zone) if last else came
    return IdleMachine(
        machine, (today - since).days, last is None, (today - local_date(broken, zone)).days if broken else None
    )
