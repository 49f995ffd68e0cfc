"""What a calendar hears of a change: every feed tells it, and one that has nothing new says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.messages.ical import stamp
from bookings.models import Booking, BookingEvent
from bookings.ordering import services as ordering
from bookings.upkeep import services as upkeep
from facilities.time.spans import Span
from facilities.upkeep import services as stopped
from tests import build
from tests.api.calling import Caller, asking
from tests.messages.test_api import feed

pytestmark = pytest.mark.django_db


def lines(path: str) -> list[str]:
    return Caller().get(path).content.decode().split("\r\n")


def value(path: str, name: str) -> str:
    return next(line.split(":", 1)[1] for line in lines(path) if line.startswith(f"{name}:"))


def told(path: str, uid: str) -> dict[str, str]:
    """Return what a feed says of one event, by the names of its lines."""
    event = next(part for part in "\n".join(lines(path)).split("BEGIN:VEVENT") if f"UID:{uid}@" in part)
    return dict(line.split(":", 1) for line in event.strip().split("\n"))


@pytest.fixture
def feeds() -> dict[str, str]:
    """One booking through the eyes of its producer, the house and a stranger."""
    machine, siti = build.make_machine(), build.siti()
    Caller(siti).post("/bookings", asking(machine))
    return {
        "producer": feed(Caller(siti), "producer", build.producer_of(siti).slug),
        "staff": feed(Caller(build.dewi(machine.facility)), "machine", machine.slug),
        "stranger": feed(Caller(build.budi()), "machine", machine.slug),
    }


def moved() -> None:
    booking = Booking.objects.get()
    later = booking.starts_at + timedelta(hours=2)
    ordering.move(
        booking_id=booking.pk,
        machine_id=booking.machines.get().machine_id,
        starts_at=later,
        ends_at=later + timedelta(hours=2),
        actor=booking.made_by,
        now=timezone.now(),
    )


@pytest.mark.parametrize("whose", ["producer", "staff", "stranger"])
def test_everybodys_calendar_hears_of_a_move(feeds, whose):
    path = feeds[whose]
    uid, sequence, changed = (value(path, name) for name in ("UID", "SEQUENCE", "LAST-MODIFIED"))
    BookingEvent.objects.update(at=timezone.now() - timedelta(hours=1))
    moved()
    assert value(path, "UID") == uid and int(value(path, "SEQUENCE")) > int(sequence)
    assert value(path, "LAST-MODIFIED") >= changed and value(path, "DTSTAMP") == value(path, "LAST-MODIFIED")


@pytest.mark.parametrize("whose", ["producer", "staff", "stranger"])
def test_what_is_cancelled_stays_so_for_thirty_days(feeds, whose):
    Booking.objects.update(status="cancelled")
    assert "STATUS:CANCELLED" in lines(feeds[whose]) and "STATUS:CONFIRMED" not in lines(feeds[whose])
    BookingEvent.objects.update(at=timezone.now() - timedelta(days=31))
    assert "BEGIN:VEVENT" not in lines(feeds[whose])


@pytest.mark.parametrize("whose", ["producer", "staff", "stranger"])
def test_a_feed_with_nothing_new_says_304(feeds, whose):
    first = Caller().get(feeds[whose])
    path = f"/api/v1{feeds[whose]}"
    again = Caller().client.get(path, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and not again.content
    Booking.objects.update(version=9)
    assert Caller().client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_feed_says_how_often_to_ask_in_both_ways_and_rings_for_who_must_come(feeds):
    assert "X-PUBLISHED-TTL:PT1H" in lines(feeds["producer"])
    assert "TRIGGER:-PT2H" in lines(feeds["producer"]) and "BEGIN:VALARM" not in lines(feeds["stranger"])


def test_the_entry_of_a_cancelled_booking_takes_it_out_of_the_calendar(client):
    siti = build.siti()
    booking = build.make_booking(build.make_machine(), by=siti)
    client.force_login(siti)
    Booking.objects.update(status="cancelled")
    BookingEvent.objects.update(at=timezone.now())
    text = client.get(f"/pesanan/{booking.reference}/kalender.ics").content.decode()
    assert "STATUS:CANCELLED" in text and "VALARM" not in text
    BookingEvent.objects.update(at=timezone.now() - timedelta(days=31))
    assert client.get(f"/pesanan/{booking.reference}/kalender.ics").status_code == 404


@pytest.fixture
def stops():
    """A machine whose house has its own feed and a stranger's, and what can be done to it."""
    machine = build.make_machine()
    cahya = build.cahya(machine.facility)
    paths = [feed(Caller(user), "facility", machine.facility.slug) for user in (cahya, build.budi())]
    return machine, cahya, paths


def test_every_feed_hears_that_maintenance_was_called_off_or_ended_early(stops):
    machine, cahya, paths = stops
    asked = {"machine_id": machine.pk, "title": "Oli", "actor": cahya}
    for hours, status in ((8, "CANCELLED"), (-1, "CONFIRMED")):
        now = timezone.now()
        span = Span(now + timedelta(hours=hours), now + timedelta(hours=hours + 2))
        work = upkeep.schedule_maintenance(span=span, now=now - timedelta(hours=2), **asked)
        before = [told(path, f"maintenance-{work.pk}") for path in paths]
        stopped.cancel_maintenance(maintenance_id=work.pk, actor=cahya, now=now)
        for path, was in zip(paths, before, strict=True):
            after = told(path, f"maintenance-{work.pk}")
            assert (was["SEQUENCE"], after["SEQUENCE"], after["STATUS"]) == ("0", "1", status)
            assert was["DTSTAMP"] < after["DTSTAMP"] == after["LAST-MODIFIED"] == stamp(now)


def test_what_was_called_off_is_forgotten_after_thirty_days(stops):
    machine, cahya, paths = stops
    now = timezone.now()
    span = Span(now + timedelta(days=1), now + timedelta(days=2))
    work = upkeep.schedule_maintenance(machine_id=machine.pk, span=span, title="Oli", actor=cahya, now=now)
    stopped.cancel_maintenance(maintenance_id=work.pk, actor=cahya, now=now - timedelta(days=31))
    assert "BEGIN:VEVENT" not in lines(paths[0])


def test_every_feed_hears_that_a_machine_runs_again(stops):
    machine, cahya, paths = stops
    now = timezone.now()
    early = now - timedelta(hours=2)
    stop = upkeep.report_breakdown(
        machine_id=machine.pk, expected_until=now + timedelta(hours=4), reason="Motor", actor=cahya, now=early
    )
    before = [told(path, f"breakdown-{stop.pk}") for path in paths]
    stopped.close_breakdown(breakdown_id=stop.pk, repair="Ganti", actor=cahya, now=now)
    for path, was in zip(paths, before, strict=True):
        after = told(path, f"breakdown-{stop.pk}")
        assert (was["SEQUENCE"], after["SEQUENCE"]) == ("0", "1") and was["LAST-MODIFIED"] == stamp(early)
        assert after["DTEND"] == after["LAST-MODIFIED"] == stamp(now) < was["DTEND"]
