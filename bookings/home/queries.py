"""What a producer's own pages show: the next booking, the last use, and one booking with its whole story."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Prefetch

from bookings.models import BookedMachine, Booking, BookingEvent, Run
from bookings.trail.access import own_producer_ids
from bookings.trail.lifecycle import APPROVED, CHECKED_IN, COMPLETED, DISPLACED, REQUESTED, UPCOMING
from bookings.trail.queries import visible_bookings, with_parts
from facilities.access import Person

AHEAD = (REQUESTED, APPROVED, CHECKED_IN)
"""Somebody is still to come, or is there: what the front desk scans a code for."""


def next_bookings(user: Person, *, now: datetime) -> list[Booking]:
    """Return the next two bookings that are not over, the soonest first."""
    mine = Booking.objects.filter(producer__in=own_producer_ids(user), status__in=AHEAD, ends_at__gt=now)
    return list(with_parts(mine).order_by("starts_at")[:2])


def displaced(user: Person) -> list[Booking]:
    """Return the bookings that lost their time and wait for a new one."""
    mine = Booking.objects.filter(producer__in=own_producer_ids(user), status=DISPLACED)
    return list(with_parts(mine).order_by("starts_at")[:3])


def last_use(user: Person) -> Booking | None:
    """Return the latest completed booking, its runs with it."""
    mine = Booking.objects.filter(producer__in=own_producer_ids(user), status=COMPLETED)
    return (
        mine.select_related("facility", "producer").prefetch_related(_parts_with_runs()).order_by("-starts_at").first()
    )


def booking_with_story(user: Person, reference: str) -> Booking | None:
    """Return a booking this person may read with parts, runs and events; None for anything else."""
    events = BookingEvent.objects.select_related("actor")
    found = visible_bookings(user).prefetch_related(None).prefetch_related(
        _parts_with_runs(), Prefetch("events", queryset=events)
    )  # fmt: skip
    return found.filter(reference=reference).first()


def good_packs(booking: Booking) -> tuple[int, int, int]:
    """Return good packs, rejected packs and run minutes over a booking's signed runs, from what was prefetched."""
    runs = [run for part in booking.machines.all() for run in part.runs.all() if run.signed_at and run.stopped_at]
    minutes = sum(int((run.stopped_at - run.started_at).total_seconds() // 60) for run in runs if run.stopped_at)
    return sum(run.good or 0 for run in runs), sum(run.rejected or 0 for run in runs), minutes


def _parts_with_runs() -> Prefetch:
    parts = BookedMachine.objects.select_related(
        "machine__type", "machine__facility", "occupancy__assignment__operator"
    ).order_by("starts_at")
    return Prefetch(
        "machines", queryset=parts.prefetch_related(Prefetch("runs", queryset=Run.objects.order_by("started_at")))
    )


def own_schedule(user: Person, *, now: datetime) -> tuple[list[Booking], list[Booking], list[Booking]]:
    """Return a producer's upcoming bookings, those of coming days that are off, and what has passed.

    The first two with the soonest first; of what is off or over the latest fifty. What was given back or
    refused before its time has not passed: it never will.
    """
    mine = with_parts(Booking.objects.filter(producer__in=own_producer_ids(user)))
    ahead = list(mine.filter(status__in=UPCOMING).order_by("starts_at")[:100])
    over = list(mine.exclude(status__in=UPCOMING).order_by("-starts_at")[:50])
    off = [booking for booking in over if booking.ends_at > now and booking.status != COMPLETED]
    return ahead, off[::-1], [booking for booking in over if booking not in off]
