"""Fitri opens *Laporan*: on any screen, in light and dark, without scripts, to her workbook."""

from __future__ import annotations

import io
import itertools
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from facilities.models import Breakdown
from tests import build
from tests.reports.history import count, past, served
from tests.reports.test_needs import unmet

WIDTHS = [320, 360, 768, 1280]
PAGES = {
    "laporan": "/laporan/",
    "laporan-rumah": "/laporan/rumah/pontianak/",
    "laporan-mesin": "/laporan/mesin/pontianak-band-1/",
    "laporan-rincian": "/laporan/rincian/?isi=pemakaian",
    "laporan-kebutuhan": "/laporan/kebutuhan/?bulan=2026-11",
    "laporan-asal": "/laporan/asal/?bulan=2026-11",
    "laporan-kebutuhan-rincian": "/laporan/kebutuhan/rincian/?bulan=2026-11",
    "laporan-tidak-terbaca": "/laporan/?bulan=abc",
}


@pytest.fixture
def fitri(now, live_server):
    """Fitri, and two months of two houses: one busy, one that signed nothing, one machine broken, one idle."""
    pontianak = build.make_facility("pontianak", name="Rumah Produksi Pontianak", is_example=True)
    melawi = build.make_facility(
        "melawi", name="Rumah Produksi Melawi", district=build.make_district("61.10", "Melawi", "kabupaten")
    )
    names = ["Segel kontinu 1", "Vakum dua ruang 1", "Retort uji coba"]
    machines = [build.make_machine(pontianak, slug=f"pontianak-band-{n}", name=name) for n, name in enumerate(names, 1)]
    other = build.make_machine(melawi, name="Kemas vertikal granul")
    producers = [build.make_producer("Keripik Siti"), build.make_producer("Abon Budi")]
    for day in range(-48, -1):
        start = build.at(8 + day % 5, day=day)
        served(machines[0], start, start + timedelta(hours=3), producer=producers[day % 2], answered=timedelta(hours=5))
        status = "no_show" if day % 6 == 0 else "approved"
        past(machines[1], start, start + timedelta(hours=2), status=status, producer=producers[0])
    past(other, build.at(8, day=-30), build.at(10, day=-30))
    Breakdown.objects.create(
        machine=machines[1], started_at=build.at(8, day=-26), expected_until=now, reason="Elemen pemanas putus"
    )
    unmet(producer=producers[0]), unmet(), unmet("jar", producer=None), unmet("standing_pouch", reasons=["no_operator", "document_missing"])
    for month in (10, 11):
        count(*machines, other, month=(2026, month), now=now)
    return build.fitri()


@pytest.mark.parametrize("name", PAGES)
def test_reports_are_accessible_and_fit_every_screen(name, fitri, on_screens, assert_accessible, fits_the_screen, picture):
    for page, width, dark in on_screens(PAGES[name], itertools.product(WIDTHS, (False, True)), by=fitri):
        picture(page, f"{name}-{width}-{'gelap' if dark else 'terang'}")
        for summary in page.locator("main summary").all():
            summary.click()
        fits_the_screen(page)
        assert_accessible(page)


@pytest.mark.smoke
def test_fitri_finds_why_a_house_stands_still_and_takes_her_workbook(fitri, visit):
    page = visit("/laporan/", by=fitri, width=1280)
    assert "mesin terpakai dari" in page.locator("h1").inner_text()
    assert "Melawi belum lapor." in page.locator(".say").inner_text()
    page.locator(".bars a", has_text="Pontianak").click()
    assert "1 mesin masih rusak" in page.locator("#rusak").inner_text()
    page.locator("#tabel a", has_text="Segel kontinu 1").click()
    page.locator("h1 a").first.click()
    assert page.locator("h1").inner_text().startswith("Pemakaian yang tercatat:")
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh Excel").click()
    book = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    head, first, *_ = book.worksheets[0].iter_rows(values_only=True)
    assert book.sheetnames[0] == "Pemakaian yang tercatat"
    assert first[head.index("Pelaku usaha")] in ("Keripik Siti", "Abon Budi")


def test_a_month_and_an_area_are_chosen_without_scripts(fitri, visit):
    page = visit("/laporan/", by=fitri, width=360)
    page.select_option("select[name=bulan]", "2026-11")
    page.select_option("select[name=wilayah]", "61.71")
    page.get_by_role("button", name="Tampilkan").click()
    page.wait_for_url("**bulan=2026-11&wilayah=61.71")
    assert page.locator("h1").inner_text().startswith("Sampai 23 November 2026:")
    page.locator(".four summary").first.click()
    page.get_by_text("Jam terpakai dibagi jam tersedia.").wait_for()
