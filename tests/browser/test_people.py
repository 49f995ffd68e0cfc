"""Operators, lines and documents in a real browser: on every screen, by keyboard, and without scripts."""

from __future__ import annotations

import os
from datetime import date

import pytest

from bookings.models import Document
from bookings.people import document_services as documents
from bookings.roster import services as roster
from facilities.models import Assignment
from facilities.setup import lines
from facilities.time.spans import Span
from tests import build
from tests.browser.conftest import PICTURES

SCREENS = [(320, True), (1280, False)]
EVERY_SCREEN = [(width, dark) for width in (360, 768, 1280) for dark in (False, True)]

FOR_CAHYA = {
    "hari-ini": "/hari-ini/",
    "pesanan": "/pesanan/{lost}/",
    "giliran": "/pengaturan/giliran/",
    "operator-baru": "/pengaturan/giliran/baru/",
    "operator": "/pengaturan/giliran/{hasan}/",
    "tunjuk": "/pesanan/{lost}/operator/",
    "lini": "/pengaturan/mesin/pontianak-band-2/lini/",
    "berkas": "/produsen/{siti}/berkas/",
    "produsen": "/produsen/{siti}/",
}


@pytest.fixture
def house(now, live_server):
    return build.make_facility("pontianak", name="Rumah Produksi Pontianak")


@pytest.fixture
def cahya(house):
    return build.cahya(house)


@pytest.fixture
def siti():
    return build.siti()


@pytest.fixture
def story(house, cahya, siti, now):
    """Dewi is away and left one job behind; Hasan and Intan are there; a line change waits; Siti has documents and a lesson."""
    machine = build.make_machine(
        house, slug="pontianak-band-1", name="Vakum dua ruang", operator_level="operator", setup=15
    )
    other = build.make_machine(house, slug="pontianak-band-2", name="Segel kontinu 2")
    dewi, hasan = build.make_operator(house, "Dewi Lestari"), build.make_operator(house, "Hasan", hours=(780, 960))
    lost = build.make_booking(machine, 9, 11, by=siti, product_name="Keripik talas")
    kept = build.make_booking(machine, 14, 16, day=1, by=build.budi())
    span = Span(build.at(8), build.at(12))
    roster.add_absence(
        operator=dewi, span=span, reason="Sakit", actor=cahya, now=now, replacements={lost.reference: None}
    )
    build.make_operator(house, "Intan Permatasari")
    lines.ask_line_change(
        machine=other, to_line="non_halal", evidence="Dibongkar dan dicuci, BA 12/2026", actor=build.fitri(), now=now
    )
    mine, by = build.producer_of(siti), {"actor": cahya, "now": now, "today": now.date()}
    pirt = documents.add_document(producer=mine, kind="pirt", number="206217101000129", expires_on=date(2027, 1, 10), **by)
    documents.check_document(document=pirt, actor=cahya, now=now)
    documents.add_document(producer=mine, kind="nib", number="0220101234567", expires_on=None, **by)
    documents.give_qualification(
        producer=mine, facility=house, type=None, person="Siti", given_on=now.date(), expires_on=None, **by
    )
    return {
        "lost": lost.reference,
        "kept": kept.reference,
        "hasan": hasan.pk,
        "dewi": dewi.pk,
        "siti": mine.slug,
        "pirt": pirt.pk,
    }


def look(page, name, width, dark, assert_accessible, fits_the_screen, picture):
    for summary in page.locator("main summary").all():
        summary.click()
    picture(page, f"orang-{name}-{width}-{'gelap' if dark else 'terang'}")
    fits_the_screen(page)
    assert_accessible(page)


@pytest.mark.parametrize("name", FOR_CAHYA)
def test_the_pages_about_people_are_accessible_and_fit_every_screen(
    name, story, cahya, on_screens, assert_accessible, fits_the_screen, picture
):
    screens = EVERY_SCREEN if PICTURES in os.environ else SCREENS
    for page, width, dark in on_screens(FOR_CAHYA[name].format(**story), screens, by=cahya):
        look(page, name, width, dark, assert_accessible, fits_the_screen, picture)


@pytest.mark.parametrize("path", ["/dokumen/", "/dokumen/{pirt}/", "/pesanan/{kept}/"])
def test_the_pages_of_producers_are_accessible_and_fit(
    path, story, siti, on_screens, assert_accessible, fits_the_screen, picture
):
    who = siti if "dokumen" in path else build.User.objects.get(name="Budi")
    screens = EVERY_SCREEN if PICTURES in os.environ else SCREENS
    for page, width, dark in on_screens(path.format(**story), screens, by=who):
        look(page, path.strip("/{}").replace("/", "-"), width, dark, assert_accessible, fits_the_screen, picture)


@pytest.mark.smoke
def test_an_absence_is_answered_for_by_keyboard_alone(story, cahya, visit, assert_accessible, picture):
    page = visit(f"/pengaturan/giliran/{story['dewi']}/", by=cahya, width=1280, scripts=True)
    page.get_by_label("Dari").fill("2026-11-24T08:00")
    page.get_by_label("Sampai", exact=True).first.fill("2026-11-24T16:00")
    page.get_by_role("button", name="Catat berhalangan").focus()
    page.keyboard.press("Enter")
    assert "1 pesanan kehilangan operatornya" in page.locator("[role=alert]").inner_text()
    assert_accessible(page)
    picture(page, "orang-terdampak-1280-terang")
    page.get_by_label("Pengganti").focus()
    page.keyboard.press("I")
    page.get_by_role("button", name="Simpan dan ganti operator").focus()
    page.keyboard.press("Enter")
    assert "Tercatat berhalangan" in page.locator(".banner.good").inner_text()
    assert (
        Assignment.objects.get(occupancy__booked_machine__booking__reference=story["kept"]).operator.name
        == "Intan Permatasari"
    )


def test_one_tap_without_scripts_gives_lost_work_to_somebody(story, cahya, visit):
    page = visit("/pengaturan/giliran/", by=cahya, width=360)
    page.get_by_role("button", name="Tugaskan Intan Permatasari").click()
    assert "Operator tercatat" in page.locator(".banner.good").inner_text()
    assert page.locator("#tanpa-operator").count() == 0


def test_siti_writes_a_document_down_without_scripts(story, siti, visit):
    page = visit("/dokumen/", by=siti, width=360)
    page.get_by_label("Sertifikat halal").check()
    page.get_by_label("Nomor").fill("id 3511 0000 1234 50920")
    page.get_by_role("button", name="Simpan dokumen").click()
    assert "ID 35110000123450920" in page.locator("main").inner_text()
    assert Document.objects.filter(kind="halal").get().number == "ID35110000123450920"
