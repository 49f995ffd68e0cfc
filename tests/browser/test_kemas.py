"""Asking for packs on a phone without JavaScript, and its pages on every screen."""

from __future__ import annotations

import pytest

from bookings.models import Booking
from tests import build
from tests.browser.test_budgets import assert_light, weight
from tests.browser.test_siti import look

pytestmark = pytest.mark.django_db(transaction=True)
FOUND = "/kemas/?produk=P18&format=standing_pouch&quantity=300&dari=61.71"
PAGES = {
    "kemas": "/kemas/",
    "kemas-hasil": FOUND,
    "kemas-rencana": FOUND.replace("300", "9000"),
    "kemas-terdekat": f"{FOUND}&mulai=2026-11-28&sampai=2026-11-29",
    "kemas-kosong": FOUND.replace("standing_pouch", "kaleng"),
    "kemas-salah": "/kemas/?quantity=x",
}


@pytest.fixture
def machine(now):
    house = build.make_facility("pontianak", what_to_bring="Celemek bersih\nMasker")
    made = build.make_machine(house, name="Segel kontinu 1", setup=10, cleaning=20)
    build.make_tariff(made)
    for number in range(30):
        other = build.make_machine(house, name=f"Mesin lain {number}")
        other.capabilities.update(format="botol" if number % 3 else "standing_pouch")
    return made


@pytest.mark.smoke
def test_siti_asks_taps_a_time_and_sends_without_a_script(visit, machine, picture, fits_the_screen):
    siti = build.siti()
    build.make_product(build.producer_of(siti), cleaning_class="berminyak")
    page = visit("/", by=siti)
    page.click("text=Cari mesin untuk produk saya")
    page.select_option("[name=format]", "standing_pouch")
    page.click("text=Cari mesin yang cocok")
    assert "mesin cocok" in page.locator("h1").inner_text()
    page.click("a.time >> nth=0")
    fits_the_screen(page)
    page.click("text=Kirim pesanan")
    assert page.locator("h1").inner_text() == "Jadwal Anda tercatat"
    assert Booking.objects.get().quantity == 300


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_every_page_of_asking_is_accessible_and_fits(
    visit, machine, assert_accessible, fits_the_screen, picture, width, dark
):
    page = visit("/masuk/", width=width, scripts=True, dark=dark)
    for name, path in PAGES.items():
        look(page, path, f"{name}-{width}-{'gelap' if dark else 'terang'}", assert_accessible, fits_the_screen, picture)
    page.goto(FOUND)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    fits_the_screen(page)
    assert_accessible(page)


def test_the_pages_are_light(visit, machine):
    for path in PAGES.values():
        if path != PAGES["kemas-salah"]:
            assert_light(weight(visit("about:blank", scripts=True), path), path)


def test_targets_are_large_enough_for_a_thumb_and_nothing_scrolls_sideways(visit, machine, fits_the_screen):
    page = visit("/masuk/", width=320, scripts=True)
    for path in PAGES.values():
        page.goto(path)
        fits_the_screen(page)
        small = page.evaluate(
            """() => [...document.querySelectorAll('main .btn, main .time, main summary, main .input, main .seg a, main .offer-min')]
                .filter(e => e.offsetParent && e.getBoundingClientRect().height < 47.5).map(e => e.outerHTML.slice(0, 90))"""
        )
        assert small == [], path


def test_the_stepper_counts_by_fifty_and_only_its_buttons_do(visit, machine):
    page = visit("/kemas/", scripts=True)
    packs = page.get_by_label("Berapa kemasan?")
    for typed, taps, shown in (("300", "+", "350"), ("1.000", "+", "1050"), ("1 000", "−", "950"), ("30", "−", "1"), ("", "+", "50")):
        packs.fill(typed)
        packs.click()
        assert packs.input_value() == typed
        page.get_by_role("button", name="Tambah" if taps == "+" else "Kurangi").click()
        assert packs.input_value() == shown


def test_a_slip_is_asked_about_and_sent_again_as_it_is(visit, machine):
    page = visit(FOUND.replace("quantity=300", "quantity=1"))
    assert "1 kemasan? Maksud Anda 1.000?" in page.locator("main").inner_text().replace("\xa0", " ")
    with page.expect_navigation():
        page.click("text=Cari mesin yang cocok")
    assert "mesin cocok" in page.locator("h1").inner_text()
