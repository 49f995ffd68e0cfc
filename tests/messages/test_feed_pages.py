"""Kalender HP: an address is shown once, is listed with its use, and can be taken back; without a script."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.services import digest_of
from bookings.models import CalendarFeed, Membership
from tests import build, clock

pytestmark = pytest.mark.django_db
PAGE = "/akun/kalender/"


@pytest.fixture
def siti(client):
    user = build.siti()
    client.force_login(user)
    return user


def made(client, shows: str) -> str:
    """Make an address on the page and return it, as it is read below the site's root."""
    answer = client.post(PAGE, {"shows": shows})
    assert answer.status_code == 200
    return re.search(r'value="http://testserver(/api/v1/calendar/[\w-]{43}\.ics)"', answer.content.decode())[1]


def text(answer) -> str:
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


def test_an_address_is_shown_once_and_only_its_digest_is_kept(client, siti):
    address = made(client, f"producer:{build.producer_of(siti).slug}")
    token = address.split("/")[-1].removesuffix(".ics")
    assert client.get(address).status_code == 200
    assert CalendarFeed.objects.get().digest == digest_of(token)
    assert token not in text(client.get(PAGE)) and token not in text(client.get("/api/v1/calendar-feeds"))


def test_the_list_says_when_a_calendar_last_read_it_to_the_hour(client, siti, monkeypatch):
    clock.stop(monkeypatch, build.MONDAY_8)
    address = made(client, f"producer:{build.producer_of(siti).slug}")
    assert "Belum pernah dibaca kalender" in text(client.get(PAGE))
    for minutes, said in ((5, "08.05"), (60, "08.05"), (70, "09.10")):
        clock.stop(monkeypatch, build.MONDAY_8 + timedelta(minutes=minutes))
        client.get(address)
        assert f"Terakhir dibaca kalender 23 November 2026, {said}" in text(client.get(PAGE))


def test_an_address_taken_back_shows_nothing_any_more(client, siti):
    address = made(client, f"producer:{build.producer_of(siti).slug}")
    taken = client.post(f"{PAGE}{CalendarFeed.objects.get().pk}/cabut/", follow=True)
    assert "Alamat dicabut" in text(taken) and "Cabut alamat" not in text(taken)
    assert client.get(address).status_code == 404


def test_staff_choose_among_their_houses_and_nobody_elses(client):
    house, other = build.make_facility("pontianak"), build.make_facility("sintang")
    client.force_login(build.dewi(house))
    assert "facility:pontianak" in text(client.get(PAGE)) and "sintang" not in text(client.get(PAGE))
    assert client.get(made(client, "facility:pontianak")).status_code == 200
    assert client.post(PAGE, {"shows": f"facility:{other.slug}"}).status_code == 422
    assert client.post(PAGE, {}).status_code == 422 and CalendarFeed.objects.count() == 1


def test_nobody_takes_back_or_makes_the_address_of_another(client, siti):
    made(client, f"producer:{build.producer_of(siti).slug}")
    client.force_login(build.budi())
    assert client.post(f"{PAGE}{CalendarFeed.objects.get().pk}/cabut/").status_code == 404
    assert client.post(PAGE, {"shows": f"producer:{build.producer_of(siti).slug}"}).status_code == 422
    assert CalendarFeed.objects.filter(revoked_at=None).count() == 1


def test_an_address_that_shows_nothing_any_more_says_so(client, siti):
    made(client, f"producer:{build.producer_of(siti).slug}")
    Membership.objects.update(ended_at=timezone.now())
    page = text(client.get(PAGE))
    assert "Tidak berlaku lagi" in page and "Buat alamat kalender" not in page


def test_the_twenty_first_address_is_refused_in_words(client, siti):
    for _ in range(20):
        made(client, f"producer:{build.producer_of(siti).slug}")
    answer = client.post(PAGE, {"shows": f"producer:{build.producer_of(siti).slug}"})
    assert answer.status_code == 409 and "Paling banyak 20 alamat kalender" in text(answer)


def test_the_list_asks_the_database_as_often_for_one_address_as_for_twenty(client, siti, django_assert_max_num_queries):
    for _ in range(20):
        made(client, f"producer:{build.producer_of(siti).slug}")
    with django_assert_max_num_queries(9):
        client.get(PAGE)
