"""Cahya at the counter: a real browser, first without scripts, then everything on every screen."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from bookings.models import Booking, Producer
from bookings.runs import services as runs
from bookings.upkeep import services as upkeep
from facilities.models import Closure
from tests import build
from tests.browser.conftest import PICTURES

SCREENS = [(320, False), (1280, True)]
EVERY_SCREEN = [(width, dark) for width in (320, 360, 768, 1280) for dark in (False, True)]
"""The narrowest and the widest, once light and once dark; all of them when pictures are kept."""

PAGES = {
    "hari-ini": "/hari-ini/",
    "kode": "/hari-ini/kode/?kode=ZZZ",
    "lembar": "/hari-ini/cetak/",
    "hadir": "/hadir/{late}/",
    "permintaan": "/permintaan/",
    "tolak": "/pesanan/{waiting}/tolak/",
    "pemakaian": "/pesanan/{here}/pemakaian/",
    "papan": "/papan/",
    "papan-pilih": "/papan/?pilih={waiting}",
    "papan-daftar": "/papan/?tampil=daftar",
    "pindah": "/papan/pindah/{late}/?mesin=pontianak-band-2&mulai=2026-11-23T14:00",
    "tamu": "/tamu/?cari=keripik",
    "perawatan": "/perawatan/",
    "perawatan-mesin": "/perawatan/pontianak-band-3/",
    "pengaturan": "/pengaturan/",
    "jam": "/pengaturan/jam/",
    "tutup": "/pengaturan/tutup/",
    "aturan": "/pengaturan/aturan/",
    "rumah": "/pengaturan/rumah/",
    "mesin": "/pengaturan/mesin/",
    "mesin-baru": "/pengaturan/mesin/baru/?jenis=BAND",
    "mesin-ubah": "/pengaturan/mesin/pontianak-band-1/",
    "produsen": "/produsen/",
    "cari": "/cari/?q=keripik",
}


@pytest.fixture
def house(now, live_server):
    return build.make_facility("pontianak", name="Rumah Produksi Pontianak", approval="below_limit", approval_limit=120)


@pytest.fixture
def machines(house):
    names = ("Segel kontinu 1", "Segel kontinu 2", "Vakum dua ruang")
    return [
        build.make_machine(house, slug=f"pontianak-band-{n}", name=name, setup=10, cleaning=15)
        for n, name in enumerate(names, 1)
    ]


@pytest.fixture
def cahya(house):
    return build.cahya(house)


@pytest.fixture
def day(house, machines, cahya, now):
    """One late, one running, one waiting, one displaced by a breakdown, one closed afternoon; by their codes."""
    early = now - timedelta(hours=1)
    here = build.make_booking(machines[0], 8.25, 10, by=build.siti(), product_name="Keripik talas", quantity=300)
    runs.check_in(booking_id=here.pk, actor=cahya, now=now)
    runs.start_run(booking_id=here.pk, actor=cahya, now=now)
    late = build.make_booking(machines[1], 8.25, 9.25, by=build.budi())
    Booking.objects.filter(pk=late.pk).update(starts_at=now - timedelta(minutes=10))
    waiting = build.make_booking(machines[1], 10, 13, by=build.rosa(), producer=Producer.objects.get(kind="cooperative"))
    build.make_booking(machines[2], 13, 15, by=build.siti())
    upkeep.report_breakdown(
        machine_id=machines[2].pk, expected_until=build.at(15), reason="Pompa tidak menarik", actor=cahya, now=early, displace=True
    )
    Closure.objects.create(facility=house, first_on=now.date(), last_on=now.date(), from_minute=900, reason="Rapat")
    return {"here": here.reference, "late": late.reference, "waiting": waiting.reference}


@pytest.mark.parametrize("name", PAGES)
def test_the_counter_is_accessible_and_fits_every_screen(
    name, day, cahya, on_screens, assert_accessible, fits_the_screen, picture
):
    screens = EVERY_SCREEN if PICTURES in os.environ else SCREENS
    for page, width, dark in on_screens(PAGES[name].format(**day), screens, by=cahya):
        for summary in page.locator("main summary").all():
            summary.click()
        picture(page, f"cahya-{name}-{width}-{'gelap' if dark else 'terang'}")
        fits_the_screen(page)
        assert_accessible(page)


@pytest.mark.smoke
def test_cahya_runs_the_day_without_scripts(day, cahya, visit):
    page = visit("/hari-ini/", by=cahya, width=1280)
    assert page.locator("h1").inner_text() == "1 mesin jalan, 1 orang terlambat"
    page.get_by_role("button", name="Setujui").click()
    assert "Disetujui." in page.locator(".banner.good").inner_text()
    page.get_by_role("listitem").filter(has_text="belum datang").get_by_role("button", name="Hadir").click()
    page.get_by_role("listitem").filter(has_text="Abon Budi").get_by_role("button", name="Mulai").click()
    assert page.locator("h1").inner_text().startswith("2 mesin jalan")
    page.get_by_role("listitem").filter(has_text="Keripik talas").get_by_role("button", name="Selesai").click()
    page.get_by_label("Mulai", exact=True).fill("2026-11-23T07:20")
    page.get_by_label("Kemasan bagus").fill("295")
    page.get_by_role("button", name="Tandatangani dan selesai").click()
    assert "Hasil tercatat" in page.locator(".banner.good").inner_text()
    assert Booking.objects.get(reference=day["here"]).status == "completed"


def test_a_displaced_booking_finds_its_place_on_the_board_without_a_mouse(day, cahya, visit):
    page = visit("/papan/", by=cahya, width=1280, scripts=True)
    page.locator(".slot.down-edge").focus()
    page.keyboard.press("Enter")
    page.locator(".gap a").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.closest('.gap') !== null")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Pindahkan").click()
    assert "Dipindahkan" in page.locator(".banner.good").inner_text()
    assert not Booking.objects.filter(status="displaced").exists()


def test_a_walk_in_takes_few_steps(house, machines, cahya, visit):
    build.make_producer("Kue Bu Ani", phone="+6281355551234")
    page = visit("/hari-ini/", by=cahya, width=1280)
    page.get_by_role("link", name="Tamu langsung").click()
    page.get_by_label("Nama atau nomor HP").fill("0813-5555-1234")
    page.keyboard.press("Enter")
    page.get_by_label("Kue Bu Ani").check()
    page.get_by_role("button", name="Catat pesanan").click()
    assert "Tekan Mulai" in page.locator(".banner.good").inner_text()
    assert Booking.objects.get().status == "checked_in"
