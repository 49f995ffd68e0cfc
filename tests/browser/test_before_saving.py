"""Before a setting strands somebody: the list on every screen, and both ways on from it, in a real browser."""

from __future__ import annotations

import pytest

from tests import build

SCREENS = [(320, False), (360, False), (768, True), (1280, False)]


@pytest.fixture
def house(now, live_server):
    return build.make_facility("pontianak", name="Rumah Produksi Pontianak")


@pytest.fixture
def booked(house, now):
    """Two bookings of a Tuesday on which the house will be shut: one of somebody without an account."""
    machine = build.make_machine(house, slug="pontianak-band-1", name="Segel kontinu 1")
    guest = build.make_producer("Warung Ani dengan nama yang cukup panjang untuk satu baris")
    return [build.make_booking(machine, hour, hour + 1, day=8, **whose)
            for hour, whose in ((8, {"by": build.siti()}), (10, {"producer": guest}))]  # fmt: skip


def close_tuesdays(page):
    for edge in ("opens", "closes"):
        page.locator(f"[name={edge}_1_0]").fill("")
    page.get_by_role("button", name="Simpan jam buka").click()


def test_the_list_is_readable_on_every_screen(
    house, booked, on_screens, assert_accessible, fits_the_screen, picture
):
    for page, width, dark in on_screens("/pengaturan/jam/", SCREENS, by=build.cahya(house)):
        close_tuesdays(page)
        page.get_by_role("heading", name="Belum disimpan").wait_for()
        picture(page, f"cahya-belum-disimpan-{width}-{'gelap' if dark else 'terang'}")
        fits_the_screen(page)
        assert_accessible(page)


@pytest.mark.parametrize(("button", "status"), [("pesanan ini tetap", "approved"), ("kabari 2 pesanan", "displaced")])
def test_the_way_on_that_was_tapped_is_the_one_taken(house, booked, visit, button, status):
    page = visit("/pengaturan/jam/", by=build.cahya(house), width=1280)
    close_tuesdays(page)
    page.get_by_role("button", name=button).click()
    page.get_by_text("Jam buka tersimpan.").wait_for()
    for booking in booked:
        booking.refresh_from_db()
    assert {booking.status for booking in booked} == {status}


def test_going_back_finds_what_was_typed_and_saves_it_then(house, booked, visit):
    page = visit("/pengaturan/jam/", by=build.cahya(house), width=360)
    close_tuesdays(page)
    page.get_by_role("button", name="Ubah lagi").click()
    assert page.locator("[name=opens_1_0]").input_value() == ""
    page.locator("[name=opens_1_0]").fill("08.00")
    page.locator("[name=closes_1_0]").fill("16.00")
    page.get_by_role("button", name="Simpan jam buka").click()
    page.get_by_text("Jam buka tersimpan.").wait_for()
