"""What a calendar feed shows: the coming eight weeks, through the eyes of whom it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.services import digest_of
from bookings.messages.ical import Event
from bookings.models import BookedMachine, Booking, CalendarFeed, Producer
from bookings.trail.access import own_producer_ids
from bookings.trail.acting import own_producers
from bookings.trail.lifecycle import APPROVED, CHECKED_IN, COMPLETED, REQUESTED
from facilities.access import duties_of, staffed_facilities
from facilities.models import Breakdown, Facility, Maintenance, Occupancy
from facilities.time.spans import Span

AHEAD, BACK = timedelta(weeks=8), timedelta(days=7)
SHOWN = (REQUESTED, APPROVED, CHECKED_IN, COMPLETED)
OFF_FOR = timedelta(days=30)
"""How long what is off stays, as cancelled: a calendar that only stops hearing of it may keep it."""
MOST_EVENTS = 2000
WORDS = {"booking": "Terisi", "offer": "Terisi", "maintenance": "Perawatan", "breakdown": "Rusak"}


def open_feeds(user: User) -> QuerySet[CalendarFeed]:
    """Return a person's feeds that still show something, the newest first."""
    mine = CalendarFeed.objects.filter(user=user, revoked_at__isnull=True)
    return mine.select_related("producer", "machine", "facility").order_by("-made_at", "-pk")


def with_standing(user: User) -> list[tuple[CalendarFeed, bool]]:
    """Return a person's feeds, each with whether it still shows something: one must still act for its producer."""
    own = own_producer_ids(user)
    return [(feed, feed.producer_id is None or feed.producer_id in own) for feed in open_feeds(user)]


def shown_by(user: User) -> list[Producer | Facility]:
    """Return whose times somebody may want in a calendar: the producers they act for, the houses they work in."""
    houses = staffed_facilities(user)
    staffed = Facility.objects.filter(houses).order_by("name_key", "pk") if houses is not None else []
    return [*own_producers(user).distinct().order_by("name_key", "pk"), *staffed]


def feed_by_token(token: str) -> CalendarFeed | None:
    """Return the feed behind a secret, unless it was taken back or its owner may no longer sign in."""
    known = CalendarFeed.objects.filter(digest=digest_of(token), revoked_at__isnull=True, user__is_active=True)
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
        return _bookings(Q(booking__producer=feed.producer_id), window, _for_its_producer, now=now)
    house: Facility | None = feed.facility or (feed.machine.facility if feed.machine else None)
    machines = Q(machine=feed.machine_id) if feed.machine_id else Q(machine__facility=feed.facility_id)
    duties = duties_of(feed.user)
    if house is not None and (duties.admin or house.pk in duties.staffs):
        return [*_bookings(machines, window, _for_staff, now=now), *_stops(machines, window, now=now)]
    offers = _offers(machines, window)
    return [*_bookings(machines, window, _for_strangers, now=now), *_stops(machines, window, now=now), *offers]


def is_off(status: str) -> bool:
    """Return whether a booking of this status takes no time any more."""
    return status not in SHOWN


def is_forgotten(booking: Booking, *, changed_at: datetime, now: datetime) -> bool:
    """Return whether a booking has been off for so long that no calendar hears of it any more."""
    return is_off(booking.status) and changed_at <= now - OFF_FOR


def _bookings(which: Q, window: Span, seen: Callable[[Any], Event], *, now: datetime) -> list[Event]:
    stands = Q(booking__status__in=SHOWN, ends_at__gt=window.start)
    went = ~Q(booking__status__in=SHOWN) & Q(changed_at__gt=now - OFF_FOR)
    parts = (
        BookedMachine.objects.filter(which, starts_at__lt=window.end, ends_at__gt=now - OFF_FOR)
        .annotate(changed_at=Max("booking__events__at"))
        .filter(stands | went)
        .select_related("booking__facility", "booking__producer", "machine", "occupancy")
        .order_by("starts_at", "pk")[:MOST_EVENTS]
    )
    return [seen(part) for part in parts]


def _for_its_producer(part: Any) -> Event:
    return replace(_named(part, ""), rings=True)


def _for_staff(part: Any) -> Event:
    return _named(part, f"{part.booking.producer.name} · ")


def _named(part: Any, who: str) -> Event:
    booking = part.booking
    what = " · ".join(filter(None, [booking.product_name, f"{booking.quantity} kemasan" if booking.quantity else ""]))
    return Event(
        uid=f"{booking.reference}-{part.pk}@rumah-produksi",
        starts_at=part.starts_at,
        ends_at=part.ends_at,
        summary=f"{who}{part.machine.name}{' (menunggu)' if booking.status == REQUESTED else ''}",
        location=f"{booking.facility.name}, {booking.facility.address}",
        description=f"{booking.reference}{' · ' if what else ''}{what}",
        is_tentative=booking.status == REQUESTED,
        is_cancelled=is_off(booking.status),
        sequence=booking.version,
        changed_at=part.changed_at or booking.made_at,
    )


def _for_strangers(part: Any) -> Event:
    """The same time without a name, with all that it takes: setup and cleaning too."""
    held = part.occupancy or part
    return Event(
        uid=f"busy-{part.pk}@rumah-produksi",
        starts_at=held.starts_at,
        ends_at=held.ends_at,
        summary=f"{WORDS['booking']} · {part.machine.name}",
        is_cancelled=is_off(part.booking.status),
        sequence=part.booking.version,
        changed_at=part.changed_at or part.booking.made_at,
    )


def _stops(machines: Q, window: Span, *, now: datetime) -> Iterable[Event]:
    """Yield maintenance and breakdowns: what was called off stays a while, what ended early ends there."""
    stands = Q(cancelled_at__isnull=True, ends_at__gt=window.start) | Q(cancelled_at__gt=now - OFF_FOR)
    works = Maintenance.objects.filter(machines, stands, starts_at__lt=window.end).select_related("machine")
    for work in works.order_by("starts_at", "pk")[:MOST_EVENTS]:
        yield _stop(work, Span(work.starts_at, work.ends_at), is_cancelled=work.cancelled_at is not None)
    until = Coalesce("closed_at", "expected_until")
    broken = Breakdown.objects.annotate(until=until).filter(machines, until__gt=window.start, started_at__lt=window.end)
    for stop in broken.select_related("machine").order_by("started_at", "pk")[:MOST_EVENTS]:
        yield _stop(stop, Span(stop.started_at, stop.until))


def _stop(stop: Maintenance | Breakdown, span: Span, *, is_cancelled: bool = False) -> Event:
    kind = stop._meta.model_name or ""
    return Event(
        uid=f"{kind}-{stop.pk}@rumah-produksi",
        starts_at=span.start,
        ends_at=span.end,
        summary=f"{WORDS[kind]} · {stop.machine.name}",
        is_cancelled=is_cancelled,
        sequence=stop.version - 1,
        changed_at=stop.changed_at,
    )


def _offers(which: Q, window: Span) -> Iterable[Event]:
    """Yield times held for somebody who has not answered yet: they come and go, nobody changes them."""
    held = Occupancy.objects.filter(
        which, kind=Occupancy.Kind.OFFER, starts_at__lt=window.end, ends_at__gt=window.start
    )
    for row in held.select_related("machine").order_by("starts_at", "pk")[:MOST_EVENTS]:
        uid, summary = f"occupancy-{row.pk}@rumah-produksi", f"{WORDS['offer']} · {row.machine.name}"
        yield Event(uid=uid, starts_at=row.starts_at, ends_at=row.ends_at, summary=summary)
