"""The same producer on several machines at once is allowed, and said before anything is sent."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from bookings.models import Booking
from tests import build, clock
from tests.api.calling import Caller
from tests.day.test_counter import typed
from tests.ordering.test_views import order

pytestmark = pytest.mark.django_db
SAID = "Anda juga sudah memesan Pengisi 1 (08.00–10.00) jam itu."


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.stop(monkeypatch, build.EARLY)


@pytest.fixture
def siti():
    return build.siti()


@pytest.fixture
def machine():
    return build.make_machine()


@pytest.fixture
def filler(siti):
    """Siti holds a filler of another house on Monday from eight to ten."""
    return build.make_booking(build.make_machine(name="Pengisi 1"), by=siti)


def asking(machine) -> dict[str, str]:
    return {"machine": machine.slug, "starts_at": "2026-11-23T08:00+07:00", "ends_at": "2026-11-23T10:00+07:00"}


def text(answer) -> str:
    return answer.content.decode().replace("\xa0", " ")


def test_it_is_said_on_the_page_that_sends_and_refuses_nothing(client, siti, machine, filler):
    client.force_login(siti)
    path = f"/pesan/{machine.slug}/periksa/"
    page = client.get(f"{path}?{urlencode(order())}")
    assert page.status_code == 200 and SAID in text(page) and "Kirim pesanan" in text(page)
    assert client.post(path, order()).status_code == 303 and Booking.objects.count() == 2


def test_the_api_warns_and_names_which(siti, machine, filler):
    made = Caller(siti).post("/bookings", asking(machine))
    assert made.status_code == 201
    (warning,) = made.json()["warnings"]
    assert (warning["code"], warning["detail"]) == ("same_time", SAID)
    assert warning["values"] == {"references": [filler.reference]}


@pytest.mark.parametrize("status", ["cancelled", "completed", "no_show", "displaced"])
def test_what_is_no_longer_held_is_not_said(siti, machine, filler, status):
    Booking.objects.update(status=status)
    assert Caller(siti).post("/bookings", asking(machine)).json()["warnings"] == []


def test_somebody_elses_booking_at_that_time_is_nobodys_business(machine, filler):
    assert Caller(build.budi()).post("/bookings", asking(machine)).json()["warnings"] == []


def test_a_booking_that_moves_is_not_beside_itself_but_beside_the_others(client, siti, machine, filler):
    mine = build.make_booking(machine, 13, 15, by=siti)
    client.force_login(siti)
    path = f"/pesanan/{mine.reference}/pindah/?periksa=1&jam="
    assert "Anda juga sudah memesan" not in text(client.get(f"{path}2026-11-23T13:30"))
    assert SAID in text(client.get(f"{path}2026-11-23T08:00"))


def test_the_counter_says_it_once_before_it_writes(client, siti, machine, filler):
    client.force_login(build.cahya(machine.facility))
    asked = typed(machine, filler.producer.slug, when="nanti", starts_at="2026-11-23T09:00")
    page = client.post("/tamu/", asked)
    assert page.status_code == 409 and SAID in text(page) and "Tetap catat" in text(page)
    assert Booking.objects.count() == 1
    assert client.post("/tamu/", asked | {"tahu": "1"}).status_code == 302 and Booking.objects.count() == 2
