"""Giving a time back and moving, as a producer does it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.models import Booking
from bookings.ordering import services as ordering
from facilities.models import Occupancy
from tests import build, clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.stop(monkeypatch, build.EARLY)


@pytest.fixture
def siti(client):
    user = build.siti()
    client.force_login(user)
    return user


@pytest.fixture
def booking(siti) -> Booking:
    return build.make_booking(build.make_machine(), by=siti)


def cancel(client, booking, **more):
    return client.post(f"/pesanan/{booking.reference}/batal/", {"reason_code": "ill", "version": booking.version, **more})


def move(client, booking, jam="2026-11-23T12:00", **more):
    return client.post(f"/pesanan/{booking.reference}/pindah/", {"jam": jam, "version": booking.version, **more})


def test_who_gives_a_time_back_is_thanked_and_the_time_is_free(client, booking):
    page = client.get(f"/pesanan/{booking.reference}/batal/").content.decode()
    assert "Tepat waktu sampai Senin, 23 November 2026, 04.00" in page
    answer = client.get(cancel(client, booking, reason="Anak sakit")["Location"]).content.decode()
    booking.refresh_from_db()
    assert "Terima kasih" in answer and (booking.status, booking.reason) == ("cancelled", "Anak sakit")
    assert not Occupancy.objects.exists()


def test_a_reason_is_asked_for(client, booking):
    answer = client.post(f"/pesanan/{booking.reference}/batal/", {"version": booking.version})
    booking.refresh_from_db()
    assert answer.status_code == 422 and booking.status == "approved"
    assert cancel(client, booking, reason_code="bosan").status_code == 422


def test_a_late_giver_is_warned_and_recorded(client, booking, monkeypatch):
    clock.stop(monkeypatch, build.at(7))
    assert "Batas melepas sudah lewat" in client.get(f"/pesanan/{booking.reference}/batal/").content.decode()
    cancel(client, booking)
    booking.refresh_from_db()
    assert booking.is_late_cancel


def test_what_is_over_cannot_be_given_back(client, booking):
    cancel(client, booking)
    again = cancel(client, booking)
    assert again.status_code == 409 and "tidak bisa diubah lagi" in again.content.decode()
    assert client.get(f"/pesanan/{booking.reference}/pindah/").status_code == 409


def test_an_old_page_does_not_cancel_what_has_changed(client, booking, siti):
    start = build.at(12)
    ordering.move(booking_id=booking.pk, starts_at=start, ends_at=start + timedelta(hours=2), actor=siti, now=build.EARLY)
    assert cancel(client, booking).status_code == 412
    booking.refresh_from_db()
    assert booking.status == "approved"


def test_old_and_new_stand_side_by_side_before_the_move(client, booking):
    assert "Pindah ke kapan?" in client.get(f"/pesanan/{booking.reference}/pindah/").content.decode()
    query = {"jam": "2026-11-23T12:00", "periksa": "1"}
    page = client.get(f"/pesanan/{booking.reference}/pindah/", query).content.decode()
    assert "08.00–10.00" in page and "12.00–14.00" in page and "Pindahkan ke jam ini?" in page


def test_a_booking_moves_and_its_old_time_is_free(client, booking):
    answer = move(client, booking)
    booking.refresh_from_db()
    assert answer.status_code == 303 and booking.starts_at == build.at(12)
    assert [o.starts_at for o in Occupancy.objects.all()] == [build.at(12)]


def test_a_move_onto_a_taken_time_is_refused_and_the_old_one_stays(client, booking):
    build.make_booking(booking.machines.get().machine, 12, 14, by=build.budi())
    answer = move(client, booking)
    page = answer.content.decode()
    booking.refresh_from_db()
    assert answer.status_code == 409 and "Jadwal lama Anda tetap." in page and "sudah diambil" in page
    assert booking.starts_at == build.at(8)


@pytest.mark.parametrize("jam", ["", "x", "9999-01-01T00:00", "2026-11-31T08:00"])
def test_a_move_to_no_time_is_bad_input(client, booking, jam):
    assert move(client, booking, jam=jam).status_code == 422
    booking.refresh_from_db()
    assert booking.starts_at == build.at(8)


def test_a_manual_house_looks_at_a_move_again(client, siti):
    booking = build.make_booking(build.make_machine(build.make_facility(approval="automatic")), by=siti)
    booking.facility.approval = "manual"
    booking.facility.save()
    query = {"jam": "2026-11-23T12:00", "periksa": "1"}
    assert "Petugas memeriksa dulu" in client.get(f"/pesanan/{booking.reference}/pindah/", query).content.decode()
    move(client, booking)
    booking.refresh_from_db()
    assert (booking.status, booking.starts_at) == ("requested", build.at(12))


def test_a_displaced_booking_asks_for_a_new_time_and_keeps_its_approval(client, booking):
    Booking.objects.filter(pk=booking.pk).update(status="displaced")
    Occupancy.objects.all().delete()
    assert "Pilih jam baru" in client.get("/").content.decode()
    assert "Perlu jam baru" in client.get(f"/pesanan/{booking.reference}/").content.decode()
    booking.refresh_from_db()
    assert move(client, booking).status_code == 303
    booking.refresh_from_db()
    assert booking.status == "approved"


def test_the_house_may_move_and_cancel_for_a_producer_but_an_operator_may_not(client, booking):
    client.force_login(build.dewi(booking.facility))
    assert cancel(client, booking).status_code == 403 and move(client, booking).status_code == 403
    client.force_login(build.cahya(booking.facility))
    assert move(client, booking).status_code == 303
    assert booking.events.last().on_behalf


def test_those_who_only_read_cannot_change_anything(client, booking):
    for user in (build.fitri(), build.gunawan(), build.eko(booking.facility.district)):
        client.force_login(user)
        assert client.get(f"/pesanan/{booking.reference}/").status_code == 200
        assert cancel(client, booking).status_code == 403 and move(client, booking).status_code == 403
    booking.refresh_from_db()
    assert booking.status == "approved"


def test_the_schedule_keeps_what_comes_apart_from_what_waits_and_what_was(client, booking, siti):
    manual = build.make_machine(build.make_facility(approval="manual"))
    build.make_booking(manual, day=1, by=siti)
    past = build.make_booking(build.make_machine(), day=2, by=siti)
    Booking.objects.filter(pk=past.pk).update(status="completed")
    page = client.get("/jadwal-saya/").content.decode()
    assert page.index("Akan datang") < page.index("Menunggu petugas") < page.index("Sudah lewat")


PAGES = {"/": 18, "/jadwal-saya/": 9, "/pesan-masuk/": 8}


@pytest.mark.parametrize(("path", "most"), PAGES.items())
def test_own_pages_take_the_same_queries_for_any_number_of_bookings(client, siti, django_assert_max_num_queries, path, most):
    machine = build.make_machine()
    for day in range(4):
        booking = build.make_booking(machine, day=day, by=siti)
        if day < 2:
            Booking.objects.filter(pk=booking.pk).update(status="completed")
    with django_assert_max_num_queries(most):
        assert client.get(path).status_code == 200


def test_a_receipt_and_the_pages_of_a_change_stay_cheap(client, booking, django_assert_max_num_queries):
    for tail, most in [("", 12), ("batal/", 12), ("pindah/", 16)]:
        with django_assert_max_num_queries(most):
            assert client.get(f"/pesanan/{booking.reference}/{tail}").status_code == 200


def test_choosing_a_time_and_sending_stay_cheap(client, siti, django_assert_max_num_queries):
    machine = build.make_machine()
    build.make_tariff(machine)
    with django_assert_max_num_queries(9):
        assert client.get(f"/pesan/{machine.slug}/").status_code == 200
    told = {"lama": 120, "jam": "2026-11-23T08:00", "product": "baru", "product_name": "Keripik", "form": "keripik", "line": "halal",
            "format": "standing_pouch", "quantity": 300, "kunci": "k1"}  # fmt: skip
    with django_assert_max_num_queries(38):
        assert client.post(f"/pesan/{machine.slug}/periksa/", told).status_code == 303
