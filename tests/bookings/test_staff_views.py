"""The counter's pages: the day, arrivals, requests, runs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.models import Booking
from bookings.services import running
from tests import build, clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """Monday 09.10 in Pontianak."""
    clock.stop(monkeypatch, build.at(9) + timedelta(minutes=10))


@pytest.fixture
def house():
    return build.make_facility("pontianak")


@pytest.fixture
def cahya(client, house):
    user = build.cahya(house)
    client.force_login(user)
    return user


def book(house, start=9.0, end=None, **asked) -> Booking:
    return build.make_booking(asked.pop("machine", None) or build.make_machine(house), start, end or start + 1, **asked)


def test_the_day_names_who_is_late_and_offers_to_check_in(client, cahya, house):
    book(house, 9)
    page = client.get("/hari-ini/").content.decode()
    assert "1 orang terlambat" in page and "Keripik Siti" in page and "/hadir/" in page


def test_smoke_all(client, cahya, house):
    machine = build.make_machine(house)
    b = book(house, 10, machine=machine)
    r = build.make_facility  # noqa
    for path in ["/hari-ini/", "/hari-ini/cetak/", "/hari-ini/kode/", f"/hadir/{b.reference}/", f"/pesanan/{b.reference}/pemakaian/", "/permintaan/", "/papan/", f"/papan/?pilih={b.reference}", "/papan/?tampil=daftar", f"/papan/pindah/{b.reference}/?mesin={machine.slug}&mulai=2026-11-23T13:00", "/tamu/", f"/tamu/?mesin={machine.slug}&mulai=2026-11-23T13:00&menit=120", "/perawatan/", f"/perawatan/{machine.slug}/", "/pengaturan/", "/pengaturan/aturan/", "/pengaturan/rumah/", "/pengaturan/jam/", "/pengaturan/jam/?baru=1", "/pengaturan/tutup/", "/pengaturan/mesin/", "/pengaturan/mesin/baru/", "/pengaturan/mesin/baru/?jenis=BAND", f"/pengaturan/mesin/{machine.slug}/", "/produsen/", f"/produsen/{b.producer.slug}/", "/cari/?q=siti", "/cari/"]:
        answer = client.get(path)
        assert answer.status_code == 200, path
