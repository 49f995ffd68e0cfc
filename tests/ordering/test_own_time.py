"""Whoever has this machine at this time already reads so, however the order came back; nobody else learns of it."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client

from bookings.models import Booking, Membership
from tests import build, clock
from tests.api.calling import Caller
from tests.day.test_counter import newcomer, typed
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
    gone = client.post(f"/pesanan/{booking.reference}/batal/", {"reason_code": "ill", "version": booking.version})
    assert gone.status_code == 303
    assert client.post(path, order(kunci="k3", product=booking.product_id)).status_code == 303
    assert Booking.objects.filter(status="approved").count() == 1


def kenapa(page: str) -> list[str]:
    return re.findall(r'class="why-text[^"]*"[^>]*><p><b>(.*?)</b>', page)


def test_the_page_of_times_says_whose_a_grey_time_is_only_to_its_own(client, booked):
    siti, path, booking = booked
    address = path.replace("periksa/", "?lama=60&hari=2026-11-23&kenapa=08.00")
    assert kenapa(client.get(address).content.decode())[0] == f"Ini pesanan Anda, {booking.reference}."
    for stranger in (Client(), Client()):
        page = stranger.get(address).content.decode()
        assert "sudah diambil" in kenapa(page)[0] and booking.reference not in page
        stranger.force_login(build.budi())


@pytest.mark.parametrize("by", ["siti", "cahya"])
def test_a_move_onto_ones_own_time_says_so(client, booked, by):
    siti, _path, booking = booked
    machine = booking.machines.get().machine
    other = build.make_booking(machine, 13, 15, by=siti)
    client.force_login(siti if by == "siti" else build.cahya(machine.facility))
    answer = client.post(f"/pesanan/{other.reference}/pindah/", {"jam": "2026-11-23T08:00", "mesin": machine.slug, "version": other.version})
    whose = "Anda" if by == "siti" else "Keripik Siti"
    assert answer.status_code == 409 and f"Ini pesanan {whose}, {booking.reference}." in answer.content.decode()


def test_a_move_on_the_board_onto_the_same_producers_time_says_so(client, booked):
    siti, _path, booking = booked
    machine = booking.machines.get().machine
    other = build.make_booking(machine, 13, 15, by=siti)
    client.force_login(build.cahya(machine.facility))
    place = {"mesin": machine.slug, "mulai": "2026-11-23T08:00", "version": other.version}
    answer = client.post(f"/papan/pindah/{other.reference}/", place)
    assert answer.status_code == 409 and f"Ini pesanan Keripik Siti, {booking.reference}." in answer.content.decode()


def test_in_the_api_a_move_onto_ones_own_time_says_so(booked):
    siti, _path, booking = booked
    other = build.make_booking(booking.machines.get().machine, 13, 15, by=siti)
    times = {"starts_at": "2026-11-23T08:00+07:00", "ends_at": "2026-11-23T10:00+07:00"}
    (reason,) = Caller(siti).post(f"/bookings/{other.reference}/move", times).json()["reasons"]
    assert (reason["detail"], reason["values"]["reference"]) == (f"Ini pesanan Anda, {booking.reference}.", booking.reference)


@pytest.mark.parametrize("when", [{}, {"when": "nanti", "starts_at": "2026-11-23T13:00"}], ids=["now", "later"])
def test_a_counter_order_sent_twice_is_the_one_just_written_down(client, monkeypatch, when):
    machine, siti = build.make_machine(), build.producer_of(build.siti())
    client.force_login(build.cahya(machine.facility))
    clock.stop(monkeypatch, build.at(9))
    client.post("/tamu/", typed(machine, siti.slug, **when))
    clock.stop(monkeypatch, build.at(9) + timedelta(minutes=1))
    answer = client.post("/tamu/", typed(machine, siti.slug, **when), follow=True)
    said = f"Ini pesanan Keripik Siti, {Booking.objects.get().reference}, baru saja Anda catat."
    assert answer.status_code == 200 and said in answer.content.decode()


def test_a_newcomer_sent_twice_is_the_one_just_written_down(client, monkeypatch):
    machine = build.make_machine()
    client.force_login(build.cahya(machine.facility))
    clock.stop(monkeypatch, build.at(9))
    for _ in range(2):
        answer = client.post("/tamu/", typed(machine, "baru", **newcomer()), follow=True)
    assert f"Ini pesanan Kue Bu Ani, {Booking.objects.get().reference}" in answer.content.decode()


def test_another_order_at_the_counter_for_that_time_is_refused_in_those_words(client, monkeypatch):
    machine, siti = build.make_machine(), build.producer_of(build.siti())
    client.force_login(build.cahya(machine.facility))
    clock.stop(monkeypatch, build.at(9))
    client.post("/tamu/", typed(machine, siti.slug))
    answer = client.post("/tamu/", typed(machine, siti.slug, minutes="120"))
    assert answer.status_code == 409 and "Ini pesanan Keripik Siti" in answer.content.decode()
