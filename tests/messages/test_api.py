"""Calendar feeds: a secret address, through the eyes of its owner."""

from __future__ import annotations

import pytest
from django.utils import timezone

from bookings.models import CalendarFeed, Membership
from bookings.upkeep import services as upkeep
from facilities.time.spans import Span
from tests import build
from tests.api.calling import Caller, asking, codes, coming

pytestmark = pytest.mark.django_db


def feed(caller: Caller, shows: str, slug: str) -> str:
    """Make a feed and return its address below the API."""
    made = caller.post("/calendar-feeds", {"shows": shows, "slug": slug})
    assert made.status_code == 201
    return made.json()["path"].removeprefix("/api/v1")


def test_a_producers_feed_shows_its_bookings():
    user, machine = build.siti(), build.make_machine(name="Segel, lama; baru")
    siti = Caller(user)
    made = siti.post("/bookings", asking(machine, 8, 10, quantity=300)).json()
    path = feed(siti, "producer", build.producer_of(user).slug)
    answer = Caller().get(path)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    text = answer.content.decode()
    assert f"DTSTART:{coming(1).strftime('%Y%m%dT010000Z')}" in text
    assert "SUMMARY:Segel\\, lama\\; baru" in text and made["reference"] in text


def test_a_machines_feed_names_producers_to_its_staff_only():
    machine, siti = build.make_machine(), Caller(build.siti())
    siti.post("/bookings", asking(machine))
    seen_by_budi = Caller().get(feed(Caller(build.budi()), "machine", machine.slug)).content.decode()
    seen_by_dewi = Caller().get(feed(Caller(build.dewi(machine.facility)), "machine", machine.slug)).content.decode()
    assert "Terisi" in seen_by_budi and "Siti" not in seen_by_budi
    assert "Keripik Siti" in seen_by_dewi


def test_a_house_feed_shows_maintenance_too():
    machine = build.make_machine()
    cahya = build.cahya(machine.facility)
    upkeep.schedule_maintenance(
        machine_id=machine.pk, span=Span(coming(8), coming(9)), title="Oli", actor=cahya, now=timezone.now()
    )
    for user in (cahya, build.siti()):
        assert "Perawatan" in Caller().get(feed(Caller(user), "facility", machine.facility.slug)).content.decode()


def test_a_feed_ends_when_it_is_taken_back():
    siti = Caller(build.siti())
    path = feed(siti, "machine", build.make_machine().slug)
    listed = siti.get("/calendar-feeds").json()["items"]
    assert siti.call("DELETE", f"/calendar-feeds/{listed[0]['id']}").status_code == 204
    assert Caller().get(path).status_code == 404
    assert siti.get("/calendar-feeds").json()["count"] == 0


def test_a_feed_ends_with_the_membership_behind_it():
    user = build.siti()
    path = feed(Caller(user), "producer", build.producer_of(user).slug)
    Membership.objects.update(ended_at=timezone.now())
    assert Caller().get(path).status_code == 404


def test_a_feed_ends_with_its_owner():
    user = build.siti()
    path = feed(Caller(user), "producer", build.producer_of(user).slug)
    build.User.objects.filter(pk=user.pk).update(is_active=False)
    assert Caller().get(path).status_code == 404


def test_nobody_opens_or_closes_the_feed_of_another():
    siti, budi = build.siti(), Caller(build.budi())
    slug = build.producer_of(siti).slug
    feed(Caller(siti), "producer", slug)
    assert budi.post("/calendar-feeds", {"shows": "producer", "slug": slug}).status_code == 404
    assert budi.call("DELETE", f"/calendar-feeds/{CalendarFeed.objects.get().pk}").status_code == 404
    assert CalendarFeed.objects.filter(revoked_at=None).count() == 1


def test_a_person_has_at_most_twenty():
    siti, machine = Caller(build.siti()), build.make_machine()
    for _ in range(20):
        feed(siti, "machine", machine.slug)
    assert codes(siti.post("/calendar-feeds", {"shows": "machine", "slug": machine.slug})) == ["too_many_feeds"]


def test_a_guessed_address_shows_nothing():
    assert Caller().get("/calendar/" + "x" * 43 + ".ics").status_code == 404
