"""A calendar for the phone, made and taken back without a script, on every screen."""

from __future__ import annotations

import pytest

from bookings.models import CalendarFeed
from tests import build

pytestmark = pytest.mark.django_db(transaction=True)


def test_siti_makes_a_calendar_and_takes_it_back_without_a_script(now, visit, fits_the_screen, picture):
    build.make_booking(build.make_machine(build.make_facility("pontianak")), 10, 12, day=1, by=build.siti())
    page = visit("/akun/", by=build.User.objects.get(name="Siti"))
    page.click("text=Kalender HP")
    page.click("button:has-text('Buat alamat kalender')")
    address = page.input_value("#alamat")
    fits_the_screen(page)
    picture(page, "kalender-siap-360")
    assert "BEGIN:VEVENT" in page.request.get(address).text()
    assert page.get_attribute("text=Tambah ke kalender", "href").replace("webcal:", "http:") == address
    page.click("text=Sudah saya simpan")
    picture(page, "kalender-360")
    page.click("text=Cabut alamat")
    page.wait_for_selector(".banner.good")
    assert page.request.get(address).status == 404 and CalendarFeed.objects.get().revoked_at


@pytest.mark.parametrize("houses", [1, 7])
def test_the_page_of_calendars_is_accessible_and_fits_every_screen(
    now, on_screens, assert_accessible, fits_the_screen, picture, houses
):
    for number in range(houses):
        build.make_facility(f"rumah-{number}")
    boss = build.make_user("Admin", is_superuser=True)
    for page, width, _dark in on_screens("/akun/kalender/", [(320, False), (1280, True)], by=boss):
        picture(page, f"kalender-{houses}-{width}")
        fits_the_screen(page)
        assert_accessible(page)
        if houses > 1:
            page.select_option("select", index=1)
        page.click("button:has-text('Buat alamat kalender')")
        page.wait_for_selector("#alamat")
        assert_accessible(page)
