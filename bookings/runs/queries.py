"""Reads of the usage log, always scoped to who asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from bookings.models import Booking, Run
from bookings.trail.access import bookings_visible_to
from bookings.trail.lifecycle import APPROVED
from facilities.access import Person
from facilities.setup.versions import fingerprint


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


def due_for_no_show(*, now: datetime) -> QuerySet[Booking]:
    """Return approved bookings that have begun; the caller checks each house's grace."""
    return Booking.objects.filter(status=APPROVED, starts_at__lt=now).select_related("facility")


def sheet_seen(runs: Iterable[Run]) -> str:
    """Return in one word what of a booking's runs the writer of a sheet has before them: begun, stopped, signed, corrected."""
    return fingerprint(sorted((run.pk, run.version) for run in runs))


def stops_of(run: Run) -> list[dict[str, object]]:
    """Return the stops of a run as a sheet says them, in the order they were written."""
    rows = sorted(run.downtimes.all(), key=lambda one: one.pk)
    return [{"minutes": one.minutes, "reason": one.reason, "note": one.note} for one in rows]


def sheets_of(booking: Booking) -> list[Run]:
    """Return a booking's runs in order, with operator, downtimes and corrections, in three queries."""
    runs = Run.objects.filter(booked_machine__booking=booking).select_related("operator", "signed_by", "confirmed_by")
    return list(runs.prefetch_related("downtimes", "corrections__made_by").order_by("started_at"))
