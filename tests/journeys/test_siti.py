"""Siti's first order, from the front door to the receipt, through HTTP alone; Budi is a minute faster once."""

from __future__ import annotations

import re
from html import unescape

import pytest

from bookings.models import Booking
from tests import build, clock

pytestmark = pytest.mark.django_db
PASSWORD = "kata sandi siti"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.stop(monkeypatch, build.EARLY)


class Phone:
    """A phone without JavaScript: follows links, fills forms, knows only what the page said."""

    def __init__(self, client) -> None:
        self.client, self.page, self.path = client, "", ""

    def open(self, path: str, status: int = 200) -> str:
        return self._read(self.client.get(unescape(path), follow=True), status)

    def send(self, status: int = 200, method: str = "post", **typed: object) -> str:
        """Fill in the page's form of this method and send it as the page says."""
        found = next(f for f in re.findall(r"<form.*?</form>", self.page, re.S) if f'method="{method}"' in f and "bahasa" not in f)
        action = re.search(r'<form[^>]* action="([^"]+)"', found)
        target = action[1] if action else self.path
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found)
        told = {name: unescape(value) for name, value in hidden} | typed
        ask = self.client.post if method == "post" else self.client.get
        return self._read(ask(target, told, follow=True), status)

    def link(self, words: str) -> str:
        found = [h for h, text in re.findall(r'<a[^>]*href="([^"]+)"[^>]*>(.*?)</a>', self.page, re.S) if words in text]
        assert found, f"no link says {words!r} on {self.path}"
        return found[0]

    def _read(self, answer, status: int) -> str:
        assert answer.status_code == status, (answer.request["PATH_INFO"], answer.status_code)
        self.page = answer.content.decode()
        self.path = answer.request["PATH_INFO"] + ("?" + answer.request["QUERY_STRING"] if answer.request["QUERY_STRING"] else "")
        return self.page


@pytest.fixture
def machine():
    return build.make_machine(build.make_facility("pontianak"), name="Segel kontinu 1", setup=10, cleaning=20)


@pytest.fixture
def siti():
    user = build.siti()
    user.set_password(PASSWORD)
    user.save()
    return user


def test_siti_books_her_first_run_and_loses_the_race_once(client, siti, machine):
    phone = Phone(client)
    phone.open("/")
    phone.open(phone.link("Lihat semua mesin"))
    phone.open(phone.link("Segel kontinu 1"))
    phone.open(phone.link("Pesan mesin ini"))
    phone.send(method="get", jam="2026-11-23T09:00")
    assert "Kata sandi" in phone.page
    phone.send(phone=siti.phone, password=PASSWORD)
    assert "09.00–11.00" in phone.page and "Apa yang dikemas?" in phone.page
    typed = {"product_name": "Keripik talas", "form": "keripik", "line": "halal", "format": "standing_pouch", "quantity": 300}
    phone.send(method="get", **typed)
    assert "Sudah benar?" in phone.page
    build.make_booking(machine, 10, 12, by=build.budi())
    phone.send(status=409)
    assert "Jam ini baru saja diambil" in phone.page and "300" in phone.page
    phone.open(re.search(r'class="line-link near" href="([^"]+)"', phone.page)[1])
    phone.send()
    booking = Booking.objects.get(producer__name="Keripik Siti")
    assert phone.path.startswith(f"/pesanan/{booking.reference}/") and "Jadwal Anda tercatat" in phone.page
    assert booking.product.name == "Keripik talas" and booking.quantity == 300


def test_siti_moves_her_run_and_then_gives_it_back(client, siti, machine):
    booking = build.make_booking(machine, 9, 11, by=siti)
    client.force_login(siti)
    phone = Phone(client)
    phone.open("/jadwal-saya/")
    phone.open(phone.link("Buka"))
    phone.open(phone.link("Pindah ke jam lain"))
    phone.send(method="get", jam="2026-11-24T09:00")
    phone.send()
    booking.refresh_from_db()
    assert booking.starts_at == build.at(9, day=1) and "Jadwal Anda sudah pindah" in phone.page
    phone.open(phone.link("Lepas jam ini"))
    phone.send(reason_code="changed_plans")
    assert "jam Anda kini bisa dipakai orang lain" in phone.page
    phone.open("/jadwal-saya/")
    assert "Dibatalkan" in phone.page


def test_rosa_books_for_a_member_and_the_member_is_named_on_every_page(client, machine):
    rosa = build.rosa()
    client.force_login(rosa)
    member = build.producer_of(rosa).members.get()
    phone = Phone(client)
    phone.open(f"/pesan/{machine.slug}/")
    phone.send(method="get", jam="2026-11-23T09:00")
    phone.send(method="get", producer=member.slug)
    assert "Anggota Mandau" in phone.page
    typed = {"product_name": "Keripik ubi", "form": "keripik", "line": "halal", "format": "standing_pouch", "quantity": 100}
    phone.send(method="get", **typed)
    assert "Anggota Mandau" in phone.page
    phone.send()
    assert Booking.objects.get().producer == member and "Anggota Mandau" in phone.page
