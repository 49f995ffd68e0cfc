"""Rules and changeovers in a real browser: by keyboard alone, without scripts, and readable for everybody."""

from __future__ import annotations

import pytest

from facilities.catalogue import services
from facilities.occupancy.matrices import matrix_of
from facilities.setup import changeovers
from facilities.time.changeover import REFUSED
from tests import build

PAGES = {
    "aturan": "/pengaturan/aturan/",
    "aturan-mesin": "/pengaturan/mesin/pontianak-band-1/aturan/",
    "ganti-produk": "/pengaturan/ganti-produk/",
    "ganti-produk-ikan": "/pengaturan/ganti-produk/?sesudah=ikan",
}
SCREENS = [(360, False), (768, True), (1280, False)]


@pytest.fixture
def house(now, live_server):
    services.load_changeovers()
    house = build.make_facility("pontianak", name="Rumah Produksi Pontianak")
    build.make_machine(house, slug="pontianak-band-1", cleaning=30)
    return house


@pytest.fixture
def cahya(house, now):
    cahya = build.cahya(house)
    changeovers.set_house_changeovers(facility=house, cells={("ikan", "kering"): 25}, actor=cahya, now=now)
    return cahya


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_of_rules_are_accessible_and_fit_every_screen(
    name, cahya, on_screens, assert_accessible, fits_the_screen, picture
):
    for page, width, dark in on_screens(PAGES[name], SCREENS, by=cahya):
        picture(page, f"cahya-{name}-{width}-{'gelap' if dark else 'terang'}")
        fits_the_screen(page)
        assert_accessible(page)
        with page.expect_navigation():
            page.locator("button[value=pratinjau]:visible").first.click()
        fits_the_screen(page)
        assert_accessible(page)


def test_the_province_reads_its_default_on_every_screen(house, on_screens, assert_accessible, fits_the_screen):
    for page, _width, _dark in on_screens("/pengaturan/provinsi/ganti-produk/", SCREENS, by=build.fitri()):
        fits_the_screen(page)
        assert_accessible(page)


def test_a_cell_is_changed_and_put_back_without_a_mouse(house, cahya, visit):
    page = visit("/pengaturan/ganti-produk/", by=cahya, width=1280)
    page.get_by_label("Sesudah kering, lalu ikan", exact=True).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("tidak")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "tidak boleh sehari" in page.locator("main").inner_text()
    page.get_by_role("button", name="Simpan").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "tersimpan" in page.locator(".banner.good").inner_text()
    assert matrix_of(house.pk).house == {("ikan", "kering"): 25, ("kering", "ikan"): REFUSED}
    with page.expect_navigation():
        page.get_by_role("button", name="Kembalikan sesudah ikan, lalu kering").press("Enter")
    with page.expect_navigation():
        page.get_by_role("button", name="Simpan").press("Enter")
    assert matrix_of(house.pk).house == {("kering", "ikan"): REFUSED}


@pytest.mark.smoke
def test_a_quota_is_set_on_a_phone_without_scripts(house, cahya, visit):
    page = visit("/pengaturan/aturan/", by=cahya, width=360)
    page.get_by_label("Satu pelaku usaha memakai rumah ini paling lama").fill("8")
    page.get_by_role("button", name="Lihat akibatnya").click()
    assert "8 jam per minggu" in page.locator("main").inner_text().replace("\xa0", " ")
    page.get_by_role("button", name="Ubah lagi").click()
    assert page.get_by_label("Satu pelaku usaha memakai rumah ini paling lama").input_value() == "8"
    page.get_by_role("button", name="Lihat akibatnya").click()
    page.get_by_role("button", name="Simpan aturan").click()
    house.refresh_from_db()
    assert house.policy["weekly_quota"] == 480


def test_on_a_phone_the_matrix_asks_for_one_class_first(house, cahya, visit):
    page = visit("/pengaturan/ganti-produk/", by=cahya, width=360)
    page.get_by_role("link", name="Udang dan krustasea").click()
    page.get_by_label("lalu kering").select_option("bersih penuh")
    page.get_by_label("lalu ikan").select_option("20 menit")
    page.get_by_role("button", name="Lihat akibatnya").click()
    page.get_by_role("button", name="Simpan").click()
    assert matrix_of(house.pk).house[("udang", "ikan")] == 20
