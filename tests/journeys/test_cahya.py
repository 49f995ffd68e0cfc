"""Cahya's Monday, through HTTP alone: from opening the day to the last signed sheet."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bookings.models import Booking
from facilities.models import MachinePhoto
from tests import build, clock
from tests.pages import seen

pytestmark = pytest.mark.django_db


class Desk:
    """The computer at the counter: opens pages, taps buttons, and looks at the house's clock."""

    def __init__(self, client, monkeypatch) -> None:
        self.client, self.monkeypatch = client, monkeypatch

    def at(self, hour: float, *, day: int = 0) -> None:
        clock.stop(self.monkeypatch, build.at(hour, day=day))

    def see(self, path: str, *words: str) -> str:
        answer = self.client.get(path)
        page = answer.content.decode().replace("\xa0", " ")
        assert answer.status_code == 200, path
        assert [word for word in words if word not in page] == [], path
        return page

    def tap(self, path: str, status: int = 302, **typed: object) -> str:
        answer = self.client.post(path, typed)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.content.decode().replace("\xa0", " ")

    def step(self, booking: Booking, name: str, status: int = 302, **typed: object) -> str:
        return self.tap(f"/pesanan/{booking.reference}/{name}/", status, **typed)

    def sign(self, booking: Booking, **typed: object) -> str:
        return self.step(booking, "pemakaian", **typed, **seen(self.client, f"/pesanan/{booking.reference}/pemakaian/"))


@pytest.fixture
def house():
    return build.make_facility("pontianak", approval="below_limit", approval_limit=120)


@pytest.fixture
def machines(house):
    names = ("Segel kontinu 1", "Segel kontinu 2")
    return [build.make_machine(house, slug=f"pontianak-band-{n}", name=name) for n, name in enumerate(names, 1)]


@pytest.fixture
def desk(client, monkeypatch, house):
    client.force_login(build.cahya(house))
    return Desk(client, monkeypatch)


def status_of(booking: Booking) -> str:
    booking.refresh_from_db()
    return booking.status


def sheet(start: str, stop: str, **typed: object) -> dict[str, object]:
    totals = {"henti-TOTAL_FORMS": 1, "henti-INITIAL_FORMS": 0, "henti-0-minutes": 10, "henti-0-reason": "power"}
    return {**totals, "started_at": start, "stopped_at": stop, "good": 580, "rejected": 7, **typed}


def test_the_morning_one_comes_one_is_late_one_never_comes(desk, machines):
    siti = build.make_booking(machines[0], 8, 10, by=build.siti())
    budi = build.make_booking(machines[1], 8, 10, by=build.budi())
    desk.at(8.1)
    desk.see("/hari-ini/", "2 orang terlambat", "Keripik Siti", "Abon Budi", "Jam dilepas 08.15")
    desk.see("/hari-ini/cetak/", siti.reference)
    desk.step(siti, "hadir")
    desk.step(siti, "mulai")
    desk.at(8.3)
    desk.see("/hari-ini/", "1 mesin jalan, 1 orang terlambat", "Lepas")
    desk.step(budi, "tidak-datang")
    desk.see("/papan/", "Tidak hadir", "Sedang dipakai", "Muat 2 jam")
    desk.at(9.75)
    desk.step(siti, "berhenti")
    desk.see("/hari-ini/", "Isi hasil")
    desk.sign(siti, **sheet("2026-11-23T08:06", "2026-11-23T09:45"))
    desk.see(f"/pesanan/{siti.reference}/pemakaian/", "580", "listrik padam")
    assert (status_of(siti), status_of(budi)) == ("completed", "no_show")


def test_requests_are_answered_once_whoever_asks_again(desk, machines):
    long_one = build.make_booking(machines[0], 9, 13, by=build.siti())
    no_documents = build.make_booking(machines[1], 9, 13, by=build.budi())
    desk.at(8)
    desk.see("/permintaan/", "2 permintaan menunggu Anda", "pertama kali datang")
    desk.see(f"/papan/?pilih={long_one.reference}", "Setujui", "Tolak", "Pindahkan")
    desk.step(long_one, "setujui")
    assert "sudah berubah" in desk.step(long_one, "setujui", status=409)
    desk.step(no_documents, "tolak", reason_code="documents", reason="Bawa izin P-IRT, lalu pesan lagi")
    desk.see("/permintaan/", "Semua permintaan sudah dijawab")
    assert (status_of(long_one), status_of(no_documents)) == ("approved", "declined")


def test_a_machine_breaks_and_whoever_it_hits_gets_a_place(desk, machines):
    booking = build.make_booking(machines[0], 13, 15)
    desk.at(9)
    typed = {"rusak-reason": "Elemen putus", "rusak-expected_until": "2026-11-23T16:00"}
    care = "/perawatan/pontianak-band-1/"
    typed |= seen(desk.client, care, f"{care}rusak/")
    assert "kabari 1 pesanan" in desk.tap(f"{care}rusak/", 409, **typed)
    desk.tap(f"{care}rusak/", **typed, lanjut="ya")
    desk.see("/hari-ini/", "1 mesin rusak", "Perlu jam baru", "Carikan")
    desk.see("/papan/", "Perlu tempat baru", "Usul: Segel kontinu 2", "Elemen putus")
    place = {"mesin": "pontianak-band-2", "mulai": "2026-11-23T13:00"}
    page = f"/papan/pindah/{booking.reference}/"
    desk.tap(page, **place, **seen(desk.client, f"{page}?{urlencode(place)}"))
    desk.tap(f"{care}siap/", **{"siap-repair": "Ganti elemen"}, **seen(desk.client, care, f"{care}siap/"))
    desk.see(care, "Ganti elemen")
    booking.refresh_from_db()
    assert (booking.status, booking.machines.get().machine) == ("approved", machines[1])


def test_a_walk_in_and_a_later_time_for_a_stranger(desk, machines):
    desk.at(9)
    stranger = {"new_name": "Kue Bu Ani", "new_phone": "081355551234", "new_kind": "umkm"}
    asked = {"producer": "baru", "machine": "pontianak-band-1", "minutes": 60, "line": "halal", **stranger}
    desk.tap("/tamu/", when="sekarang", new_district=build.make_district().pk, **asked)
    walk_in = Booking.objects.get()
    desk.see("/hari-ini/", "Kue Bu Ani", "Mulai")
    found = desk.tap("/tamu/", 200, cari="0813-5555-1234", langkah="cari")
    assert "Kue Bu Ani" in found
    later = {"when": "nanti", "starts_at": "2026-11-24T10:00", "producer": walk_in.producer.slug}
    desk.tap("/tamu/", **{**asked, **later})
    desk.see("/produsen/", "Kue Bu Ani", "0813-••••-••34")
    assert status_of(walk_in) == "checked_in" and Booking.objects.count() == 2


def test_a_day_is_closed_and_hours_change_without_losing_anybody(desk, house, machines):
    booking = build.make_booking(machines[0], 10, 12, day=2)
    desk.at(9)
    closing = {"first_on": "2026-11-25", "reason": "Fumigasi"} | seen(desk.client, "/pengaturan/tutup/")
    assert "Keripik Siti" in desk.tap("/pengaturan/tutup/", 409, **closing)
    desk.tap("/pengaturan/tutup/", **closing, lanjut="ya", terlihat=booking.reference)
    assert status_of(booking) == "displaced"
    desk.see("/papan/?hari=2026-11-25", "Tutup", "Fumigasi", "Perlu tempat baru")
    days = {f"{edge}_{day}_0": hour for day in range(5) for edge, hour in (("opens", "08.00"), ("closes", "14.00"))}
    desk.tap("/pengaturan/jam/", valid_from="2027-02-08", valid_until="2027-03-09", **days,
             **seen(desk.client, "/pengaturan/jam/"))  # fmt: skip
    desk.see("/pengaturan/jam/", "8 Februari 2027", "berlaku")


def test_a_new_machine_with_a_photo_is_on_the_board_and_in_the_catalogue(desk, machines):
    desk.at(9)
    facts = {"name": "Segel baru", "operator_level": "terlatih", "setup": 10, "cleaning": 20, "line": "halal"}
    ability = {"bisa-use-keripik-standing_pouch": "on", "bisa-rate-keripik-standing_pouch": 500}
    desk.tap("/pengaturan/mesin/baru/", jenis="BAND", in_service_from="2026-11-23", **facts, **ability)
    price = {"tarif-unit": "hour", "tarif-amount": 10000, "tarif-legal_basis": "Perda 1", "tarif-valid_from": "2026-11-23"}
    made_page = "/pengaturan/mesin/pontianak-band-3/"
    desk.tap(f"{made_page}tarif/", **price, **seen(desk.client, made_page, f"{made_page}tarif/"))
    made = BytesIO()
    Image.new("RGB", (64, 48), "white").save(made, "JPEG")
    photo = SimpleUploadedFile("depan.jpg", made.getvalue())
    desk.tap("/pengaturan/mesin/pontianak-band-3/foto/", photo=photo, description="Dari depan")
    desk.see("/pengaturan/mesin/pontianak-band-3/", "Sedang disiapkan", "Perda 1")
    desk.see("/papan/", "Segel baru", "3 mesin")
    desk.see("/mesin/pontianak-band-3/", "Segel baru", "Rp10.000")
    default_storage.delete(MachinePhoto.objects.get().original)


def test_a_forgotten_stop_and_a_missing_sheet_are_found(desk, machines):
    booking = build.make_booking(machines[0], 8, 10)
    desk.at(8)
    desk.step(booking, "hadir")
    desk.step(booking, "mulai")
    desk.at(11)
    desk.see("/hari-ini/", "Lupa dihentikan?", "Lewat 1 jam")
    desk.step(booking, "berhenti")
    desk.at(9, day=1)
    desk.see("/hari-ini/", "Belum dicatat petugas", "Isi hasil")
    desk.sign(booking, **sheet("2026-11-23T08:00", "2026-11-23T10:10"))
    run = booking.machines.get().runs.get()
    correction = {"field": "stopped_at", "value": "23-11-2026 10.05", "reason": "Lihat jam dinding"}
    desk.tap(f"/pesanan/{booking.reference}/pemakaian/koreksi/", run=run.pk, version=run.version, **correction)
    run.refresh_from_db()
    assert run.stopped_at == build.at(10) + timedelta(minutes=5)


def test_a_house_in_wita_lives_by_its_own_clock(desk, client):
    house = build.make_facility("paser", zone_name="Asia/Makassar")
    machine = build.make_machine(house)
    client.force_login(build.cahya(house))
    booking = build.make_booking(machine, 8, 10)  # 08.00 WIB is 09.00 WITA
    desk.at(8)
    desk.see("/hari-ini/", "09.00")
    desk.see("/papan/", "09.00–11.00")
    desk.step(booking, "hadir")
    desk.at(9)
    desk.sign(booking, **sheet("2026-11-23T09:00", "2026-11-23T09:55"))
    assert booking.machines.get().runs.get().started_at == build.at(8)
