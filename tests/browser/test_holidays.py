"""The pages of holidays that ask before they act, on every screen."""

from __future__ import annotations

import pytest

from facilities.models import Closure
from tests import build

pytestmark = pytest.mark.django_db(transaction=True)


def test_removing_a_holiday_asks_first_and_fits_every_screen(now, on_screens, assert_accessible, fits_the_screen, picture):
    for number in range(3):
        build.make_facility(f"rumah-{number}", name=f"Rumah Produksi Kabupaten Kapuas Hulu {number}")
    one = Closure.objects.create(first_on="2026-12-24", last_on="2026-12-25", kind="public", reason="Natal", source="SKB")
    for page, width, _dark in on_screens(f"/libur/{one.pk}/", [(360, False), (1280, True)], by=build.fitri()):
        page.click("button:has-text('Hapus hari libur ini')")
        page.wait_for_selector("h1:has-text('Hapus Natal?')")
        assert "3 rumah buka lagi" in page.locator("h2").first.inner_text()
        picture(page, f"libur-hapus-{width}")
        fits_the_screen(page)
        assert_accessible(page)
    assert Closure.objects.filter(pk=one.pk).exists()


def test_keeping_a_worked_holiday_again_names_whom_it_touches(now, on_screens, assert_accessible, fits_the_screen, picture):
    machine = build.make_machine(build.make_facility("pontianak"), name="Segel kontinu 1")
    booking = build.make_booking(machine, 9, 10, day=1, by=build.siti())
    machine.facility.worked_holidays.create(on="2026-11-24")
    Closure.objects.create(first_on="2026-11-24", last_on="2026-11-24", kind="public", reason="Isra Mikraj")
    screens = [(360, False), (1280, True)]
    for page, width, _dark in on_screens("/pengaturan/tutup/libur/", screens, by=build.cahya(machine.facility)):
        page.click("button:has-text('Ikut libur')")
        page.wait_for_selector(f"text={booking.reference}")
        assert "Keripik Siti" in page.locator("main").inner_text()
        picture(page, f"libur-kerja-{width}")
        fits_the_screen(page)
        assert_accessible(page)
