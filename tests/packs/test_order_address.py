"""A plan over several days is booked visit by visit: each receipt offers the next one."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from bookings.models import Booking
from bookings.packs.order_address import next_order, visits_in, written
from bookings.packs.sessions import Session
from tests import build, clock

pytestmark = pytest.mark.django_db
ADDRESS = "/kemas/?produk=P18&format=standing_pouch&quantity=3000&mulai=2026-11-23"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.stop(monkeypatch, build.EARLY)


@pytest.fixture
def machine():
    return build.make_machine(build.make_facility("pontianak", longest=240), rate=300)


def link(answer, css: str) -> str:
    return unescape(re.search(rf'class="{css}[^"]*" href="([^"]+)"', answer.content.decode())[1])


def send(client, address: str):
    path, _, query = address.partition("?")
    return client.post(path, QueryDict(query).dict() | {"kunci": address[-60:]}, follow=True)


def test_each_receipt_offers_the_next_visit_until_all_are_booked(client, machine):
    client.force_login(build.siti())
    following, seen = link(client.get(ADDRESS), "time wide-time"), []
    for left in (2, 1, 0):
        asked = client.get(following)
        assert asked.status_code == 200 and (f"masih {left} hari dalam rencana" in asked.content.decode()) is bool(left)
        receipt = send(client, following)
        seen.append(receipt.status_code)
        assert (f"Masih {left} hari dalam rencana" in receipt.content.decode()) is bool(left)
        following = link(receipt, "btn main full") if left else ""
    made = Booking.objects.order_by("starts_at").values_list("starts_at", "quantity", "pack_format")
    assert seen == [200] * 3 and Booking.objects.values("product").distinct().count() == 1
    assert list(made) == [
        (build.at(8), 1200, "standing_pouch"), (build.at(8, day=1), 1200, "standing_pouch"),
        (build.at(8, day=2), 600, "standing_pouch"),
    ]  # fmt: skip


def test_the_next_visit_leads_to_the_bookings_own_machine_and_only_for_whoever_made_it(client, machine):
    siti = build.siti()
    booking = build.make_booking(machine, by=siti)
    query = urlencode({"lanjut": "jam=2026-11-24T08:00&lama=60&quantity=5&evil=//example.com"})
    page = f"/pesanan/{booking.reference}/?{query}"
    client.force_login(siti)
    assert link(client.get(page), "btn main full") == (
        f"/pesan/{machine.slug}/periksa/?lama=60&jam=2026-11-24T08%3A00&quantity=5"
    )
    client.force_login(build.cahya(machine.facility))
    assert "dalam rencana" not in client.get(page).content.decode()


@pytest.mark.parametrize("told", ["x", "jam=x&lama=9", "jam=2026-11-24T08:00", "jam=2026-11-24T08:00&lama=999999", "%00", "a&" * 900])
def test_an_address_nobody_can_read_offers_nothing(client, machine, told):
    siti = build.siti()
    booking = build.make_booking(machine, by=siti)
    client.force_login(siti)
    answer = client.get(f"/pesanan/{booking.reference}/", {"lanjut": told})
    assert answer.status_code == 200 and "dalam rencana" not in answer.content.decode()


def test_visits_are_read_as_they_were_written():
    zone = build.make_facility().zone
    sessions = [Session(build.at(8, day=day), build.at(10, day=day), 1200) for day in range(3)]
    text = written(sessions, zone)
    assert visits_in(text, zone, after=build.at(9)) == sessions[1:]
    assert visits_in("x_2026-11-24T08:00/0/5_2026-11-24T08:00/5_" + "9" * 999, zone, after=build.EARLY) == []
    told = QueryDict(f"quantity=5&lanjut={text}")
    assert next_order(told, zone, after=build.at(10, day=2)) == ""
    assert QueryDict(next_order(told, zone, after=build.at(10))).dict() == {
        "jam": "2026-11-24T08:00", "lama": "120", "quantity": "1200", "lanjut": written(sessions[2:], zone)
    }  # fmt: skip
