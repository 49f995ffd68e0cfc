"""A machine is ready again: who lost their time on it is offered that very time, where it is still free."""

from __future__ import annotations

import pytest

from bookings.messages.services import follow_up
from bookings.models import Booking, Message
from bookings.upkeep import services as upkeep
from facilities.models import Breakdown
from facilities.upkeep import services as facility_upkeep
from tests import build, clock
from tests.pages import seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return build.make_facility("pontianak")


@pytest.fixture
def cahya(client, house, monkeypatch):
    clock.stop(monkeypatch, build.at(9.5))
    user = build.cahya(house)
    client.force_login(user)
    return user


def broken(machine, actor):
    upkeep.report_breakdown(machine_id=machine.pk, expected_until=build.at(16), reason="Pompa", actor=actor,
                            now=build.at(9), displace=True)  # fmt: skip


def text(answer) -> str:
    return answer.content.decode().replace("\xa0", " ")


def closed(client, machine):
    page = f"/perawatan/{machine.slug}/"
    typed = {"siap-repair": "Ganti pompa"} | seen(client, page, f"{page}siap/")
    return text(client.post(f"{page}siap/", typed, follow=True))


def test_closing_a_breakdown_offers_each_displaced_job_its_old_time(client, house, cahya):
    machine = build.make_machine(house)
    booking, other = build.make_booking(machine, 10, 12), build.make_booking(machine, 13, 14, by=build.budi())
    broken(machine, cahya)
    page = closed(client, machine)
    for one in (booking, other):
        assert f"/perawatan/{machine.slug}/kembali/{one.reference}/" in page
    answer = client.post(f"/perawatan/{machine.slug}/kembali/{booking.reference}/", {"version": 2})
    booking.refresh_from_db()
    held = booking.machines.get().occupancy
    assert answer.status_code == 302 and booking.status == "approved" and held.starts_at == build.at(10)


def test_the_producer_is_told_that_the_old_time_holds_again(client, house, cahya):
    machine = build.make_machine(house)
    booking = build.make_booking(machine, 10, 12)
    broken(machine, cahya)
    closed(client, machine)
    client.post(f"/perawatan/{machine.slug}/kembali/{booking.reference}/", {"version": 2})
    follow_up(event_id=booking.events.get(action="move").pk, now=build.at(9.6))
    told = Message.objects.get(kind="moved", channel="app")
    assert "Jam Anda semula berlaku lagi" in told.body and "Sebelumnya" not in told.body


def test_a_time_that_somebody_else_holds_by_now_has_no_button_but_its_reason(client, house, cahya):
    machine = build.make_machine(house)
    booking = build.make_booking(machine, 12, 14)
    broken(machine, cahya)
    facility_upkeep.close_breakdown(breakdown_id=Breakdown.objects.get().pk, repair="Ganti", actor=cahya, now=build.at(9.5))
    build.make_booking(machine, 13, 15, by=build.budi(), now=build.at(9.5))
    page = text(client.get(f"/perawatan/{machine.slug}/"))
    assert "/kembali/" not in page and "sudah diambil" in page and f"/pesanan/{booking.reference}/pindah/" in page
    assert client.post(f"/perawatan/{machine.slug}/kembali/{booking.reference}/", {"version": 2}).status_code == 409


def test_nothing_is_offered_while_the_machine_is_broken_or_after_the_hour_is_over(client, house, cahya, monkeypatch):
    machine = build.make_machine(house)
    build.make_booking(machine, 10, 12)
    broken(machine, cahya)
    assert "jam semula?" not in text(client.get(f"/perawatan/{machine.slug}/"))
    clock.stop(monkeypatch, build.at(12))
    assert "jam semula?" not in closed(client, machine)


def test_who_has_another_time_by_now_is_moved_by_no_old_page(client, house, cahya):
    machine, spare = build.make_machine(house), build.make_machine(house)
    booking = build.make_booking(machine, 10, 12)
    broken(machine, cahya)
    closed(client, machine)
    typed = {"mesin": spare.slug, "mulai": "2026-11-23T13:00", "version": 2}
    assert client.post(f"/papan/pindah/{booking.reference}/", typed).status_code == 302
    assert client.post(f"/perawatan/{machine.slug}/kembali/{booking.reference}/", {"version": 2}).status_code in (404, 409, 412)
    assert Booking.objects.get().starts_at == build.at(13)


def test_operators_see_the_list_but_move_nobody(client, house, cahya):
    machine = build.make_machine(house)
    booking = build.make_booking(machine, 10, 12)
    broken(machine, cahya)
    client.force_login(build.dewi(house))
    page = closed(client, machine)
    assert booking.producer.name in page and "/kembali/" not in page
    assert client.post(f"/perawatan/{machine.slug}/kembali/{booking.reference}/", {}).status_code == 403
