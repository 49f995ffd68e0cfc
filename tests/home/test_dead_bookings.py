"""A booking that will not take place does not look like one that will."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from bookings.models import Booking
from tests import build, clock

pytestmark = pytest.mark.django_db

DEAD = ["declined", "expired", "cancelled", "no_show", "displaced", "completed"]


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.stop(monkeypatch, build.EARLY)


@pytest.fixture
def siti(client):
    user = build.siti()
    client.force_login(user)
    return user


def booked(siti, status: str) -> Booking:
    booking = build.make_booking(build.make_machine(), by=siti)
    Booking.objects.filter(pk=booking.pk).update(status=status)
    return booking


def ink(client, booking: Booking) -> int:
    """How much of the place of the code is dark."""
    picture = Image.open(io.BytesIO(client.get(f"/pesanan/{booking.reference}/bukti.png").content)).convert("L")
    return sum(picture.crop((72, 650, 472, 1160)).histogram()[:80])


@pytest.mark.parametrize("status", DEAD)
def test_a_receipt_for_which_nobody_is_to_come_has_no_code_to_show(client, siti, status):
    booking = booked(siti, status)
    page = client.get(f"/pesanan/{booking.reference}/").content.decode()
    assert 'class="qr' not in page and "Tunjukkan di meja depan" not in page
    assert booking.reference in page


@pytest.mark.parametrize("status", ["requested", "approved", "checked_in"])
def test_a_receipt_somebody_is_to_come_with_has_its_code(client, siti, status):
    booking = booked(siti, "approved")
    Booking.objects.filter(pk=booking.pk).update(status=status, expires_at=build.MONDAY_8)
    page = client.get(f"/pesanan/{booking.reference}/").content.decode()
    assert 'class="qr' in page and "Tunjukkan di meja depan" in page


def test_the_picture_of_a_dead_booking_has_no_code_either(client, siti):
    booking = booked(siti, "approved")
    living = ink(client, booking)
    Booking.objects.filter(pk=booking.pk).update(status="cancelled")
    assert ink(client, booking) < living / 3


@pytest.mark.parametrize("status", ["declined", "expired", "cancelled"])
def test_what_is_off_on_a_coming_day_has_not_passed(client, siti, status):
    booking = booked(siti, status)
    page = client.get("/jadwal-saya/").content.decode()
    assert "Sudah lewat" not in page and "Tidak jadi" in page and booking.reference in page


def test_what_is_off_has_passed_when_its_day_has(client, siti, monkeypatch):
    booked(siti, "cancelled")
    clock.stop(monkeypatch, build.at(8, day=3))
    page = client.get("/jadwal-saya/").content.decode()
    assert "Sudah lewat" in page and "Tidak jadi" not in page
