"""From "I have 300 packs" to a receipt: at most five screens, whoever asks, and nothing asked twice."""

from __future__ import annotations

import re
from html import unescape

import pytest

from bookings import tasks
from bookings.models import Booking, BookingEvent, Need, Product
from tests import build, clock
from tests.journeys.test_siti import PASSWORD, Phone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.stop(monkeypatch, build.EARLY)


@pytest.fixture
def machine():
    return build.make_machine(build.make_facility("pontianak"), name="Segel kontinu 1", setup=10, cleaning=20)


@pytest.fixture
def siti():
    user = build.siti()
    user.set_password(PASSWORD)
    user.save()
    return user


def first_time(phone: Phone) -> str:
    return unescape(re.search(r'class="time[^"]*" href="([^"]+)"', phone.page)[1])


def test_a_stranger_needs_five_screens_with_signing_in_among_them(client, siti, machine):
    phone, screens = Phone(client), []
    for step in (
        lambda: phone.open("/kemas/"),
        lambda: phone.send(produk="P18", quantity=300),
        lambda: phone.open(first_time(phone)),
        lambda: phone.send(phone=siti.phone, password=PASSWORD),
        lambda: phone.send(),
    ):
        step()
        screens.append(re.search(r"<h1[^>]*>(.*?)</h1>", phone.page, re.S)[1])
    assert len(screens) == 5 and "Jadwal Anda tercatat" in screens[-1] and "Sudah benar?" in screens[-2]
    booking, product = Booking.objects.get(), Product.objects.get()
    assert (booking.quantity, booking.pack_format, product.form, product.cleaning_class) == (
        300,
        "standing_pouch",
        "keripik",
        "berminyak",
    )


def test_siti_signed_in_needs_four_and_her_own_product_stands_first(client, siti, machine):
    own = build.make_product(build.producer_of(siti), cleaning_class="berminyak")
    client.force_login(siti)
    phone = Phone(client)
    phone.open("/")
    phone.open(phone.link("Cari mesin untuk produk saya"))
    assert f'value="{own.pk}" selected' in phone.page
    phone.send(produk=own.pk, format="standing_pouch", quantity=300)
    phone.open(first_time(phone))
    phone.send()
    assert "Jadwal Anda tercatat" in phone.page and Booking.objects.get().product == own


def test_a_need_that_found_nothing_is_served_by_the_booking_that_follows(client, siti, machine):
    phone = Phone(client)
    phone.open("/kemas/")
    phone.send(produk="P18", quantity=300, mulai="2026-11-21", sampai="2026-11-22")
    assert "ini yang terdekat" in phone.page and Need.objects.get().ended_in_nothing
    phone.open(first_time(phone))
    phone.send(phone=siti.phone, password=PASSWORD)
    phone.send()
    for event in BookingEvent.objects.filter(awaits_follow_up=True):
        tasks.follow_up(event.pk)
    need = Need.objects.get()
    assert need.producer == build.producer_of(siti) and need.served_by == Booking.objects.get() and need.asker == ""


def test_who_joins_after_asking_keeps_what_was_asked(client, machine):
    phone = Phone(client)
    phone.open("/kemas/")
    phone.send(produk="P18", quantity=300)
    district = build.make_district()
    joining = {
        "phone": "0812 3456 7001", "password": PASSWORD, "name": "Budi", "producer_name": "Abon Budi", "kind": "umkm",
        "district": district.pk, "consent": "on",
    }  # fmt: skip
    answer = client.post("/daftar/", joining)
    assert answer.status_code == 302, answer.content.decode()
    assert Need.objects.get().producer.name == "Abon Budi"


def test_the_check_says_that_a_person_looks_first_and_why(client, siti):
    machine = build.make_machine(build.make_facility("pontianak", approval="manual"))
    client.force_login(siti)
    phone = Phone(client)
    phone.open("/kemas/?produk=P18&format=standing_pouch&quantity=300")
    phone.open(first_time(phone))
    assert "Petugas melihat dulu" in phone.page and "Dijawab paling lambat" in phone.page
    phone.send()
    assert Booking.objects.get().status == "requested" and Booking.objects.get().machines.get().machine == machine
