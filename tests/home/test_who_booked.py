"""A booking says for whom it is wherever one acts for several, and its history who took which step."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

import pytest

from bookings.models import Membership
from bookings.ordering import services as ordering
from tests import build, clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.stop(monkeypatch, build.EARLY)


@pytest.fixture
def machine():
    return build.make_machine()


def words(answer) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))).replace("\xa0", " ")


def page_of(client, reader, booking) -> str:
    client.force_login(reader)
    return words(client.get(f"/pesanan/{booking.reference}/"))


def test_an_officers_booking_names_the_member_on_every_page_and_in_the_message(client, machine):
    rosa = build.rosa()
    member = build.producer_of(rosa).members.get()
    booking = build.make_booking(machine, 9, 11, by=rosa, producer=member)
    client.force_login(rosa)
    receipt = client.get(f"/pesanan/{booking.reference}/")
    for page in (receipt, client.get("/"), client.get("/jadwal-saya/")):
        assert f"Untuk {member.name}" in words(page)
    share = re.search(r'href="(https://wa\.me/\?text=[^"]+)"', receipt.content.decode())
    assert share and f"\nUntuk {member.name}\n" in unquote(unescape(share[1]))


def test_the_page_of_times_names_whom_an_officer_orders_for_and_no_stranger(client, machine):
    rosa, stranger = build.rosa(), build.producer_of(build.siti())
    member = build.producer_of(rosa).members.get()
    client.force_login(rosa)
    assert f"Untuk {member.name}" in words(client.get(f"/pesan/{machine.slug}/?producer={member.slug}"))
    assert stranger.name not in words(client.get(f"/pesan/{machine.slug}/?producer={stranger.slug}"))


def test_what_is_off_or_over_names_the_member_too(client, machine):
    rosa = build.rosa()
    member = build.producer_of(rosa).members.get()
    booking = build.make_booking(machine, 9, 11, by=rosa, producer=member)
    ordering.cancel(booking_id=booking.pk, actor=rosa, now=build.EARLY, reason_code="ill")
    client.force_login(rosa)
    assert f"Untuk {member.name}" in words(client.get("/jadwal-saya/"))


@pytest.mark.parametrize(
    ("kind", "said"),
    [("officer", "Dipesan oleh Rosa (pengurus)"), ("companion", "Dipesan oleh Rosa (pendamping)"), ("owner", "Dipesan oleh Rosa")],
)
def test_the_history_says_as_what_somebody_booked(client, machine, kind, said):
    rosa, siti = build.make_user("Rosa"), build.siti()
    Membership.objects.create(user=rosa, producer=build.producer_of(siti), kind=kind)
    booking = build.make_booking(machine, 9, 11, by=rosa, producer=build.producer_of(siti))
    page = page_of(client, siti, booking)
    assert f"{said} " in page and "oleh petugas" not in page
    Membership.objects.filter(user=rosa).update(ended_at=build.EARLY)
    assert f"{said} " in page_of(client, siti, booking), "also when she left since"


def test_an_officer_of_the_cooperative_is_one_for_its_members(client, machine):
    rosa, tono = build.rosa(), build.make_user("Tono")
    member = build.producer_of(rosa).members.get()
    Membership.objects.create(user=tono, producer=member, kind="owner")
    booking = build.make_booking(machine, 9, 11, by=rosa, producer=member, on_behalf=True)
    assert "Dipesan oleh Rosa (pengurus) " in page_of(client, tono, booking)


def test_what_the_house_did_says_so_to_the_producer_and_by_whom_to_the_house(client, machine):
    siti, cahya = build.siti(), build.cahya(machine.facility)
    booking = build.make_booking(machine, 9, 11, by=cahya, producer=build.producer_of(siti), on_behalf=True)
    page = page_of(client, siti, booking)
    assert "Dipesan oleh petugas " in page and "oleh Cahya" not in page
    assert "Dipesan oleh Cahya (petugas) " in page_of(client, cahya, booking)
