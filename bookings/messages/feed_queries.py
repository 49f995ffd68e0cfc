"""What a calendar feed shows: the coming eight weeks, through the eyes of whom it belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from accounts.models import User
from bookings.messages.ical import Event
from bookings.models import BookedMachine, CalendarFeed
from bookings.trail.access import own_producer_ids
from bookings.trail.lifecycle import APPROVED, CHECKED_IN, COMPLETED, REQUESTED
from facilities.access import duties_of
from facilities.models import Facility, Machine, Occupancy
from facilities.time.spans import Span

AHEAD, BACK = timedelta(weeks=8), timedelta(days=7)
SHOWN = (REQUESTED, APPROVED, CHECKED_IN, COMPLETED)
MOST_EVENTS = 2000
WORDS = {"booking": "Terisi", "offer": "Terisi", "maintenance": "Perawatan", "breakdown": "Rusak"}


def open_feeds(user: User) -> QuerySet[CalendarFeed]:
    """Return a person's feeds that still show something, the newest first."""
    mine = CalendarFeed.objects.filter(user=user, revoked_at__isnull=True)
    return mine.select_related("producer", "machine", "facility").order_by("-made_at", "-pk")


def feed_by_token(token: str) -> CalendarFeed | None:
    """Return the feed behind a secret, unless it was taken back or its owner may no longer sign in."""
    known = CalendarFeed.objects.filter(token=token, revoked_at__isnull=True, user__is_active=True)
    return known.select_related("user", "producer", "machine__facility", "facility").first()


def feed_name(feed: CalendarFeed) -> str:
    """Return what a phone calls the calendar: whose times it shows."""
    shown = feed.producer or feed.machine or feed.facility
    return f"{shown} · Rumah Produksi"


def feed_events(feed: CalendarFeed, *, now: datetime) -> list[Event] | None:
    """Return the feed's events; None when its owner no longer acts for that producer.

    A machine's or a house's feed names producers to the people who work there, and
    to nobody else: for others the same times only read *Terisi*.
    """
    window = Span(now - BACK, now + AHEAD)
    if feed.producer is not None:
        if feed.producer_id not in own_producer_ids(feed.user):
            return None
        return _bookings(Q(booking__producer=feed.producer_id), window, with_producer=False)
    house: Facility | None = feed.facility or (feed.machine.facility if feed.machine else None)
    machines = Q(machine=feed.machine_id) if feed.machine_id else Q(machine__facility=feed.facility_id)
    duties = duties_of(feed.user)
    if house is not None and (duties.admin or house.pk in duties.staffs):
        upkeep = _occupancies(machines & Q(kind__in=["maintenance", "breakdown"]), window)
        return [*_bookings(machines, window, with_producer=True), *upkeep]
    return list(_occupancies(machines, window))


def _bookings(which: Q, window: Span, *, with_producer: bool) -> list[Event]:
    parts = (
        BookedMachine.objects.filter(which, starts_at__lt=window.end, ends_at__gt=window.start)
        .filter(booking__status__in=SHOWN)
        .select_related("booking__facility", "booking__producer", "machine")
        .order_by("starts_at", "pk")[:MOST_EVENTS]
    )
    return [_booking(part, with_producer=with_producer) for part in parts]


def _booking(part: BookedMachine, *, with_producer: bool) -> Event:
    booking = part.booking
    what = " · ".join(filter(None, [booking.product_name, f"{booking.quantity} kemasan" if booking.quantity else ""]))
    who = f"{booking.producer.name} · " if with_producer else ""
    waits = booking.status == REQUESTED
    return Event(
        uid=f"{booking.reference}-{part.pk}@rumah-produksi",
        starts_at=part.starts_at,
        ends_at=part.ends_at,
        summary=f"{who}{part.machine.name}{' (menunggu)' if waits else ''}",
        location=f"{booking.facility.name}, {booking.facility.address}",
        description=f"{booking.reference}{' · ' if what else ''}{what}",
        is_tentative=waits,
        sequence=booking.version,
        changed_at=booking.decided_at or booking.made_at,
    )


def _occupancies(which: Q, window: Span) -> Iterable[Event]:
    rows = (
        Occupancy.objects.filter(which, starts_at__lt=window.end, ends_at__gt=window.start)
        .select_related("machine")
        .order_by("starts_at", "pk")[:MOST_EVENTS]
    )
    return [_occupancy(row, row.machine) for row in rows]


def _occupancy(row: Occupancy, machine: Machine) -> Event:
    return Event(
        uid=f"occupancy-{row.pk}@rumah-produksi",
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        summary=f"{WORDS[row.kind]} · {machine.name}",
    )
