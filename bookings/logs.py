"""Reads of the usage log, always scoped to who asks."""

from __future__ import annotations

from django.db.models import QuerySet

from bookings.access import bookings_visible_to
from bookings.models import Booking, Run
from facilities.access import Person
from facilities.models import Breakdown, Maintenance


def _with_details(runs: QuerySet[Run]) -> QuerySet[Run]:
    return runs.select_related("booked_machine__booking__facility", "machine").prefetch_related(
        "downtimes", "corrections"
    )


def runs_of(booking: Booking) -> QuerySet[Run]:
    """Return a booking's runs in order of time, with downtimes and corrections."""
    return _with_details(Run.objects.filter(booked_machine__booking=booking)).order_by("started_at", "pk")


def visible_run(user: Person, run_id: int) -> Run | None:
    """Return a run of a booking the person may read, or None."""
    mine = Run.objects.filter(pk=run_id, booked_machine__booking__in=bookings_visible_to(user))
    return _with_details(mine).first()


def breakdown_at(facilities: object, breakdown_id: int) -> Breakdown | None:
    """Return a breakdown of one of these houses (a filter on Facility), or None."""
    found = Breakdown.objects.filter(pk=breakdown_id, machine__facility__in=facilities)
    return found.select_related("machine__facility").first()


def maintenance_at(facilities: object, maintenance_id: int) -> Maintenance | None:
    """Return planned work in one of these houses, or None."""
    found = Maintenance.objects.filter(pk=maintenance_id, machine__facility__in=facilities)
    return found.select_related("machine__facility").first()
