"""A quantity that looks like a slip is asked about once, on every page, and never refused."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from bookings.models import Booking
from bookings.packs.slips import USUAL, meant, usual_of
from tests import build, clock

KEMAS = "/kemas/?produk=P18&format=standing_pouch"


@pytest.mark.parametrize(
    ("typed", "usual", "likely"),
    [
        (1, USUAL, 1_000), (2, USUAL, 2_000), (6, USUAL, 6_000), (7, USUAL, None), (50, USUAL, None), (300, USUAL, None),
        (9_999, USUAL, None), (299_999, USUAL, None), (300_000, USUAL, 300), (1_000_000, USUAL, 1_000),
        (1, 20, None), (20_000, 20, 20), (15_000, 20, None), (2, 100, 2_000), (5, 2_000, 5_000), (500_000, 2_000, None),
    ],
)  # fmt: skip
def test_a_slip_is_far_from_what_is_usual(typed, usual, likely):
    assert meant(typed, usual) == likely


@pytest.fixture
def machine(db, monkeypatch):
    clock.stop(monkeypatch, build.EARLY)
    return build.make_machine(build.make_facility("pontianak"))


def words(answer) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))).replace("\xa0", " ")


def confirmed(answer) -> str:
    return re.search(r'name="quantity_pasti" value="([^"]*)"', answer.content.decode())[1]


@pytest.mark.parametrize(("typed", "asked"), [("1", "1 kemasan? Maksud Anda 1.000?"), ("300.000", "300.000 kemasan? Maksud Anda 300?")])
def test_a_need_that_looks_like_a_slip_is_asked_about_once(client, machine, typed, asked):
    first = client.get(f"{KEMAS}&quantity={typed}")
    assert first.status_code == 422 and asked in words(first) and confirmed(first) == typed
    again = client.get(f"{KEMAS}&quantity={typed}&quantity_pasti={confirmed(first)}")
    assert again.status_code == 200 and "Maksud Anda" not in words(again)
    other = client.get(f"{KEMAS}&quantity=2&quantity_pasti={confirmed(first)}")
    assert other.status_code == 422 and "Maksud Anda 2.000?" in words(other)


def test_what_was_asked_about_is_not_asked_again_on_the_way_to_the_order(client, machine):
    siti = build.siti()
    client.force_login(siti)
    found = client.get(f"{KEMAS}&quantity=5&quantity_pasti=5")
    href = unescape(re.search(r'class="time[^"]*" href="([^"]+)"', found.content.decode())[1])
    assert parse_qs(urlsplit(href).query)["quantity_pasti"] == ["5"]
    check = client.get(href)
    assert check.status_code == 200 and "5 kemasan" in words(check)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', check.content.decode()))
    assert client.post(urlsplit(href).path, hidden).status_code == 303
    assert Booking.objects.get().quantity == 5


def test_an_order_that_looks_like_a_slip_is_asked_about_once(client, machine):
    client.force_login(build.siti())
    order = {"product": "baru", "product_name": "Talas", "form": "keripik", "line": "halal", "format": "standing_pouch",
             "jam": "2026-11-24T08:00", "lama": "60", "quantity": "1"}  # fmt: skip
    first = client.get(f"/pesan/{machine.slug}/periksa/", order)
    assert first.status_code == 422 and "1 kemasan? Maksud Anda 1.000?" in words(first)
    assert client.get(f"/pesan/{machine.slug}/periksa/", {**order, "quantity_pasti": confirmed(first)}).status_code == 200


def test_the_counter_asks_once_too(client, machine):
    client.force_login(build.cahya(machine.facility))
    told = {"producer": build.producer_of(build.siti()).slug, "machine": machine.slug, "minutes": "60", "when": "nanti",
            "starts_at": "2026-11-24T08:00", "line": "halal", "quantity": "3"}  # fmt: skip
    first = client.post(reverse("walk_in"), told)
    assert first.status_code == 422 and "3 kemasan? Maksud Anda 3.000?" in words(first)
    assert client.post(reverse("walk_in"), {**told, "quantity_pasti": confirmed(first)}).status_code == 302
    assert Booking.objects.get().quantity == 3


def test_who_packs_few_is_not_asked_and_who_packs_few_is_asked_about_many(client, machine):
    siti = build.siti()
    for hour in (8, 9, 10):
        build.make_booking(machine, hour, hour + 1, by=siti, quantity=20)
    assert usual_of([build.producer_of(siti)]) == 20 and usual_of([]) == USUAL
    client.force_login(siti)
    assert client.get(f"{KEMAS}&quantity=2").status_code == 200
    many = client.get(f"{KEMAS}&quantity=20000")
    assert many.status_code == 422 and "20.000 kemasan? Maksud Anda 20?" in words(many)


@pytest.mark.parametrize("typed", ["9999-12-31", "31/12/9999", "0001-01-01", "1899-01-01"])
@pytest.mark.parametrize("field", ["mulai", "sampai"])
def test_a_year_that_is_a_slip_is_asked_about_and_never_breaks_the_page(client, machine, field, typed):
    assert client.get(f"{KEMAS}&quantity=300&{field}={typed}").status_code == 422
    assert client.post("/kemas/", {"produk": "P18", "quantity": "300", field: typed}).status_code == 422


@pytest.mark.parametrize("days", ["mulai=2099-12-01", "mulai=2026-11-24&sampai=2099-12-31", "sampai=2099-12-31"])
def test_at_most_two_months_are_looked_at(client, machine, days):
    page = client.get(f"{KEMAS}&quantity=300&{days}")
    assert page.status_code == 200
    first, last = page.context["days"]
    assert (last - first).days <= 62
