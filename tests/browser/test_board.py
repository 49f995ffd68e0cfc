"""The board as it is drawn and as it is printed: one scale for hours and bars; on paper nothing but the day."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from bookings.models import Booking
from tests import build

pytestmark = pytest.mark.django_db(transaction=True)

DAYS = {6: (9 * 60, 13 * 60), 9: (8 * 60, 15 * 60), 16: (8 * 60, 22 * 60), 24: (0, 24 * 60)}
"""How many hours a board shows, and the opening hours that make it show them."""

MARKS = """() => {
  const lane = document.querySelector(".lane").getBoundingClientRect();
  const hours = [...document.querySelectorAll(".hours li")];
  const first = parseInt(hours[0].textContent);
  const at = (clock) => lane.left + (clock - first) * lane.width / hours.length;
  const clock = (words) => { const [h, m] = words.split("."); return +h + m / 60; };
  const place = (element, words) => [words, element.getBoundingClientRect().left - at(clock(words))];
  return {
    hours: hours.map((hour) => place(hour, hour.querySelector("b").textContent)),
    bars: [...document.querySelectorAll(".lane .bar")].map((bar) => place(bar, bar.querySelector("time").textContent.slice(0, 5))),
    now: [...document.querySelectorAll(".over .now")].map((now) => place(now, "08.00")),
    cut: hours.filter((hour) => hour.scrollWidth > hour.clientWidth + 1).map((hour) => hour.textContent),
  };
}"""


@pytest.fixture
def cahya_of(now):
    """Return `cahya_of(open, machines)`: the manager of a house with such hours, two bookings on every machine."""

    def make(open_: tuple[int, int], machines: int = 1):
        house = build.make_facility("pontianak", hours=open_)
        for number in range(machines):
            machine = build.make_machine(house, name=f"Segel kontinu {number + 1:02}")
            build.make_booking(machine, 9.5, 10.25, by=build.siti())
            build.make_booking(machine, 12.25, 13, by=build.budi())
        return build.cahya(house)

    return make


@pytest.mark.parametrize("hours", DAYS)
def test_the_hours_of_the_board_and_its_bars_share_one_scale(cahya_of, on_screens, fits_the_screen, picture, hours):
    screens = [(360, False), (768, False), (1280, False)]
    for page, width, _dark in on_screens("/papan/?tampil=papan", screens, by=cahya_of(DAYS[hours])):
        picture(page, f"papan-{hours}-{width}")
        found = page.evaluate(MARKS)
        assert [len(found[kind]) for kind in ("hours", "bars", "now")] == [hours, 2, 1]
        off = [mark for kind in ("hours", "bars", "now") for mark in found[kind] if abs(mark[1]) > 2]
        assert (off, found["cut"]) == ([], []), width
        fits_the_screen(page)


def printed(page) -> list[str]:
    """Return the words of each sheet that the printer gets."""
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    return [" ".join(sheet.extract_text().split()) for sheet in sheets]


@pytest.mark.parametrize(("hours", "machines", "sheets"), [(9, 1, 1), (9, 14, 2), (16, 30, 3), (24, 14, 2)])
def test_a_printed_board_begins_on_the_first_sheet_and_every_sheet_has_its_hours(
    cahya_of, visit, hours, machines, sheets
):
    page = visit("/papan/?tampil=papan", by=cahya_of(DAYS[hours], machines), width=1280)
    found = printed(page)
    assert len(found) == sheets and "Senin, 23 November 2026" in found[0] and "Rumah Produksi Pontianak" in found[0]
    for sheet in found:
        assert "09.00" in sheet and "12.00" in sheet and "Segel kontinu" in sheet
    assert sum(sheet.count("Segel kontinu") for sheet in found) == machines


CONTROLS = "button, input, select, textarea, summary, nav, form, .btn, .tray, .gap, .seg"
ON_PAPER = ["/papan/", "/papan/?tampil=daftar", "/papan/?pilih={waiting}", "/hari-ini/cetak/"]


@pytest.mark.parametrize("path", ON_PAPER)
def test_what_is_printed_carries_nothing_to_press_and_no_empty_sheet(cahya_of, visit, path):
    cahya = cahya_of(DAYS[9])
    page = visit(path.format(waiting=Booking.objects.latest("pk").reference), by=cahya, width=1280)
    sheets = printed(page)
    assert len(sheets) == 1 and "Segel kontinu 01" in sheets[0] and "dicetak" in sheets[0]
    page.emulate_media(media="print")
    assert [one.evaluate("e => e.outerHTML") for one in page.locator(CONTROLS).all() if one.is_visible()] == []
