"""Whoever has this machine at this time already reads so, however the order came back; nobody else learns of it."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client

from bookings.models import Booking, Membership
from tests import build, clock
from tests.ordering.test_views import order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.stop(monkeypatch, build.EARLY)


@pytest.fixture
def booked(client):
    """Siti has sent her order; her device, the machine's address and her booking."""
    siti, machine = build.siti(), build.make_machine()
    client.force_login(siti)
    path = f"/pesan/{machine.slug}/periksa/"
    assert client.post(path, order()).status_code == 303
    return siti, path, Booking.objects.get()


def test_the_same_order_with_another_key_is_the_same_booking(client, booked):
    _siti, path, booking = booked
    answer = client.post(path, order(kunci="k2"))
    assert answer.status_code == 303 and answer["Location"].startswith(f"/pesanan/{booking.reference}/")
    assert f"Ini pesanan Anda, {booking.reference}" in client.get(answer["Location"]).content.decode()
    assert Booking.objects.count() == 1


@pytest.mark.parametrize("more", [{}, {"jam": "2026-11-23T09:00"}, {"lama": 60}], ids=["same", "overlaps", "within"])
def test_back_reload_or_a_second_tab_shows_the_receipt_and_no_other_hours(client, booked, more):
    _siti, path, booking = booked
    answer = client.get(f"{path}?{urlencode(order() | more)}")
    page = answer.content.decode()
    assert answer.status_code == 200 and f"Ini pesanan Anda, {booking.reference}" in page and 'class="qr"' in page
    assert "baru saja diambil" not in page and "line-link near" not in page and "Kirim pesanan" not in page


def test_a_second_person_of_the_same_producer_reads_the_same(booked):
    siti, path, booking = booked
    partner, phone = build.make_user("Tono"), Client()
    Membership.objects.create(user=partner, producer=build.producer_of(siti), kind="owner")
    phone.force_login(partner)
    answer = phone.post(path, order(kunci="x", quantity=500))
    page = answer.content.decode()
    assert answer.status_code == 409 and f"Ini pesanan Anda, {booking.reference}" in page and "berbeda" in page
    assert Booking.objects.get().quantity == 300


def test_a_changed_form_under_its_old_key_at_the_same_time_is_still_ones_own(client, booked):
    _siti, path, booking = booked
    answer = client.post(path, order(quantity=500))
    assert answer.status_code == 409 and f"Ini pesanan Anda, {booking.reference}" in answer.content.decode()


def test_somebody_else_reads_that_it_is_taken_and_not_by_whom(booked):
    _siti, path, booking = booked
    phone = Client()
    phone.force_login(build.budi())
    page = phone.post(path, order(kunci="b")).content.decode()
    assert "baru saja diambil" in page and booking.reference not in page and "Siti" not in page


def test_time_that_was_given_back_is_booked_anew(client, booked):
    siti, path, booking = booked
    client.post(f"/pesanan/{booking.reference}/batal/", {"reason_code": "ill"})
    assert client.post(path, order(kunci="k3", product=booking.product_id)).status_code == 303
    assert Booking.objects.filter(status="approved").count() == 1
