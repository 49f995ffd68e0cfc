"""Two browsers at one setting: the second one reads both writings, keeps its own, and may apply it all the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from facilities.models import Absence, Closure
from tests import build

WIDTHS = [(360, False), (1280, True)]


@pytest.fixture
def house(now, live_server):
    house = build.make_facility("pontianak", name="Rumah Produksi Pontianak")
    build.make_machine(house, slug="pontianak-band-1", name="Segel kontinu 1")
    return house


@pytest.mark.parametrize("width", [360, 1280])
def test_a_week_saved_by_another_is_shown_beside_ones_own(
    house, visit, assert_accessible, fits_the_screen, picture, width
):
    cahya = build.cahya(house)
    mine = visit("/pengaturan/jam/", by=cahya, width=width, scripts=True)
    theirs = visit("/pengaturan/jam/", by=cahya, width=width, scripts=True)
    theirs.get_by_label("Selasa buka").first.fill("09.00")
    with theirs.expect_navigation():
        theirs.get_by_role("button", name="Simpan jam buka").click()
    mine.get_by_label("Jumat tutup").first.fill("11.30")
    with mine.expect_navigation():
        mine.get_by_role("button", name="Simpan jam buka").click()
    words = mine.locator("main").inner_text()
    assert "Yang sekarang tersimpan" in words and "09.00" in words and "11.30" in words
    fits_the_screen(mine)
    assert_accessible(mine)
    picture(mine, f"cahya-jam-diubah-orang-lain-{width}")
    with mine.expect_navigation():
        mine.get_by_role("button", name="Simpan isian saya").click()
    week = house.opening_hours.filter(valid_from__gt="2020-01-01")  # what is past stays: the new one begins today
    assert dict(week.filter(weekday__in=(1, 4)).values_list("weekday", "opens")) == {1: 480, 4: 480}
    assert week.get(weekday=4).closes == 690


@pytest.mark.parametrize(("width", "scripts"), WIDTHS)
def test_forms_of_a_machine_and_an_operator_keep_what_was_typed(
    house, visit, assert_accessible, fits_the_screen, picture, width, scripts
):
    cahya, dewi = build.cahya(house), build.make_operator(house, "Dewi")
    page = visit("/pengaturan/mesin/pontianak-band-1/", by=cahya, width=width, scripts=scripts)
    house.machines.get().capabilities.update(rate=450, largest=500)
    page.get_by_label("Kemasan per jam, Keripik dan kerupuk → Standing pouch").fill("700")
    with page.expect_navigation():
        page.get_by_role("button", name="Simpan kemampuan").click()
    fits_the_screen(page)
    if scripts:
        assert_accessible(page)
    picture(page, f"cahya-kemampuan-diubah-orang-lain-{width}")
    page = visit(f"/pengaturan/giliran/{dewi.pk}/", by=cahya, width=width, scripts=scripts)
    dewi.__class__.objects.update(version=2)
    page.get_by_label("Dari", exact=True).fill("2026-12-01T08:00")
    page.get_by_label("Sampai", exact=True).first.fill("2026-12-01T12:00")
    with page.expect_navigation():
        page.get_by_role("button", name="Catat berhalangan").click()
    picture(page, f"cahya-berhalangan-diubah-orang-lain-{width}")
    with page.expect_navigation():
        page.get_by_role("button", name="Simpan isian saya").click()
    assert Absence.objects.get().operator == dewi


def test_a_cell_of_several_parts_stays_within_a_phone(house, visit, fits_the_screen, picture):
    """Stacked, a cell lays its parts in a row: the words, the tag and the kind of a holiday are one part of it."""
    words = {"reason": "Kebangkitan Yesus Kristus (Paskah)", "is_estimate": True, "kind": "public", "source": "Perkiraan"}
    Closure.objects.create(first_on=build.MONDAY_8.date() + timedelta(days=30), last_on=build.MONDAY_8.date() + timedelta(days=30), **words)
    page = visit("/pengaturan/tutup/", by=build.cahya(house), width=360)
    assert "perkiraan" in page.locator("main").inner_text()
    fits_the_screen(page)
    picture(page, "cahya-hari-tutup-360")
