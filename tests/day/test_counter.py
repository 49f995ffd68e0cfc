"""Somebody stands at the counter: found or enrolled, booked now or later, and never by mistake twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import AuditEntry
from bookings.models import Booking, Producer
from tests import build, clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """Monday 09.10 in Pontianak."""
    clock.stop(monkeypatch, build.at(9) + timedelta(minutes=10))
    return build.at(9) + timedelta(minutes=10)


@pytest.fixture
def house():
    return build.make_facility("pontianak")


@pytest.fixture
def cahya(client, house):
    user = build.cahya(house)
    client.force_login(user)
    return user


@pytest.fixture
def machine(house):
    return build.make_machine(house)


def text(answer) -> str:
    return answer.content.decode().replace("\xa0", " ")


def typed(machine, producer="", **more):
    return {"producer": producer, "machine": machine.slug, "minutes": "60", "when": "sekarang", "line": "halal", **more}


def newcomer(**more):
    base = {"new_name": "Kue Bu Ani", "new_contact": "Ani", "new_phone": "0813-5555-1234", "new_kind": "umkm"}
    return {**base, "new_district": build.make_district().pk, **more}


def test_a_known_person_is_found_and_starts_now(client, cahya, machine, now):
    siti = build.make_producer("Keripik Siti", phone="+628121234567")
    found = client.post("/tamu/", {"cari": "0812-1234-567", "langkah": "cari", "machine": machine.slug})
    assert "Keripik Siti" in text(found) and found.status_code == 200
    assert client.post("/tamu/", typed(machine, siti.slug)).url == "/hari-ini/"
    booking = Booking.objects.get()
    assert (booking.status, booking.is_walk_in, booking.starts_at) == ("checked_in", True, now)
    assert booking.events.first().on_behalf


def test_setup_comes_first_when_a_run_starts_now(client, cahya, house, now):
    machine = build.make_machine(house, setup=15)
    client.post("/tamu/", typed(machine, build.make_producer().slug))
    assert Booking.objects.get().starts_at == now + timedelta(minutes=15)


def test_a_newcomer_is_enrolled_in_the_same_step(client, cahya, machine):
    assert client.post("/tamu/", typed(machine, "baru", **newcomer())).status_code == 302
    made = Producer.objects.get()
    assert (made.name, made.phone, made.bookings.count()) == ("Kue Bu Ani", "+6281355551234", 1)


def test_a_newcomer_is_not_kept_when_the_booking_is_refused(client, cahya, machine):
    client.post("/tamu/", typed(machine, build.make_producer().slug))
    answer = client.post("/tamu/", typed(machine, "baru", **newcomer()))
    assert answer.status_code == 409 and "sudah diambil" in text(answer) and "Kue Bu Ani" in text(answer)
    assert Producer.objects.count() == 1


def test_a_number_on_file_is_not_enrolled_twice(client, cahya, machine):
    build.make_producer(phone="+6281355551234")
    answer = client.post("/tamu/", typed(machine, "baru", **newcomer()))
    assert answer.status_code == 422 and "sudah terdaftar" in text(answer) and Booking.objects.count() == 0


def test_a_refused_time_offers_alternatives_that_one_tap_takes(client, cahya, machine):
    build.make_booking(machine, 13, 15)
    producer = build.make_producer("Abon Budi").slug
    asked = typed(machine, producer, when="nanti", starts_at="2026-11-23T13:30", product_name="Abon")
    answer = client.post("/tamu/", asked)
    assert answer.status_code == 409 and "Jam terdekat" in text(answer) and 'value="Abon"' in text(answer)
    later = client.post("/tamu/", {**asked, "pakai": f"{machine.slug} 2026-11-23T15:00"})
    booking = Booking.objects.get(producer__slug=producer)
    assert later.url == f"/pesanan/{booking.reference}/" and booking.starts_at == build.at(15)


def test_a_rule_is_passed_only_with_a_reason_and_only_if_it_may_be(client, cahya, machine):
    producer = build.make_producer().slug
    soon = typed(machine, producer, when="nanti", starts_at="2026-11-23T09:30")
    refused = text(client.post("/tamu/", soon))
    assert "Alasan melanggar aturan" in refused and "boleh dikecualikan dengan alasan" in refused
    assert client.post("/tamu/", {**soon, "override_reason": "Sudah di sini"}).status_code == 302
    wrong_line = typed(machine, producer, when="nanti", starts_at="2026-11-23T14:00", line="non_halal",
                       override_reason="Mohon")  # fmt: skip
    answer = client.post("/tamu/", wrong_line)
    assert answer.status_code == 409 and "hanya untuk produk halal" in text(answer)


def test_a_line_refused_is_not_offered_for_override(client, cahya, machine):
    asked = typed(machine, build.make_producer().slug, line="non_halal")
    assert "Alasan melanggar aturan" not in text(client.post("/tamu/", asked))


@pytest.mark.parametrize(
    "more, words",
    [
        ({"producer": "", "cari": ""}, "Pilih orangnya"),
        ({"producer": "tak-ada"}, "tidak ditemukan"),
        ({"machine": "mesin-lain"}, "Mesin"),
        ({"minutes": "0"}, "Lama"),
        ({"minutes": "99999999999999999999"}, "Lama"),
        ({"when": "nanti", "starts_at": ""}, "Isi jam mulainya"),
        ({"when": "nanti", "starts_at": "0001-01-01T00:00"}, "Jam mulai"),
        ({"producer": "baru"}, "Isi dulu bagian ini"),
        ({"producer": "baru", "new_phone": "12"}, "nomor HP"),
        ({"quantity": "-3"}, "Jumlah"),
        ({"line": "x"}, "Halal atau nonhalal"),
    ],
)
def test_what_cannot_be_typed_is_named_and_nothing_is_written(client, cahya, machine, more, words):
    answer = client.post("/tamu/", {**typed(machine, build.make_producer().slug), **more})
    assert answer.status_code == 422 and words in text(answer)
    assert Booking.objects.count() == 0


def test_the_board_fills_the_form_in(client, cahya, machine):
    page = text(client.get(f"/tamu/?mesin={machine.slug}&mulai=2026-11-23T13:00&menit=105"))
    assert 'value="2026-11-23T13:00"' in page and '<option value="105" selected>' in page


def test_numbers_are_masked_until_somebody_asks_and_that_is_noted(client, cahya, house, machine):
    build.make_booking(machine, 10, 12)
    producer = Producer.objects.get()
    masked = text(client.get(f"/produsen/{producer.slug}/"))
    whole = "-".join(("0" + producer.phone[3:])[i : i + 4] for i in (0, 4, 8))
    assert whole not in masked and whole not in text(client.get("/produsen/"))
    assert whole in text(client.post(f"/produsen/{producer.slug}/telepon/"))
    assert AuditEntry.objects.get(action="reveal_phone").actor == cahya


def test_an_operator_may_not_see_whole_numbers_nor_strangers(client, house, machine):
    build.make_booking(machine, 10, 12)
    stranger = build.make_producer("Orang lain")
    client.force_login(build.dewi(house))
    assert client.post(f"/produsen/{Producer.objects.first().slug}/telepon/").status_code == 403
    assert client.get(f"/produsen/{stranger.slug}/").status_code == 404
    assert "Orang lain" not in text(client.get("/produsen/?q=orang"))


def test_search_finds_codes_names_numbers_and_machines_of_ones_own(client, cahya, machine):
    booking = build.make_booking(machine, 10, 12)
    foreign = build.make_booking(build.make_machine(name="Vakum"), 10, 12, by=build.budi())
    assert client.get("/cari/", {"q": booking.reference.lower()}).url == f"/pesanan/{booking.reference}/"
    assert booking.reference in text(client.get("/cari/?q=siti"))
    assert booking.reference in text(client.get("/cari/", {"q": booking.producer.phone}))
    assert machine.name in text(client.get("/cari/?q=segel"))
    assert "tidak ditemukan" in text(client.get("/cari/", {"q": foreign.reference}))
