"""The receipt as a picture: nothing leaves the sheet, however long a name is."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageFont

from bookings.home.receipt_picture import EDGE, WIDTH, _fit, _lines, receipt_png
from tests import build

LONG = "Kelompok Usaha Bersama Keripik Pisang, Ubi, dan Talas Mekar Jaya Desa Sungai Raya Dalam"
NAMES = {"usual": "Keripik Siti", "eighty letters": LONG, "one word": "Kerupuk" * 12, "short words": "a b " * 30}


def ink(picture: Image.Image, box: tuple[int, int, int, int]) -> int:
    """Return how many dark points lie in a box."""
    return sum(picture.convert("L").crop(box).histogram()[:120])


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("code", ["https://contoh.id/p/1", ""])
def test_a_long_name_is_wrapped_and_nothing_leaves_the_sheet(db, name, code):
    house = build.make_facility("pontianak", name=f"Rumah Produksi {name}"[:80], address=name[:120])
    machine = build.make_machine(house, name=name[:80])
    booking = build.make_booking(machine, 10.5, 12.25, by=build.make_owner(name[:100]))
    picture = Image.open(io.BytesIO(receipt_png(booking, code=code)))
    assert picture.width == WIDTH and picture.height >= 1200
    assert ink(picture, (WIDTH - EDGE + 4, 110, WIDTH - 40, picture.height - 40)) == 0
    assert ink(picture, (40, picture.height - 60, WIDTH - 40, picture.height - 40)) == 0


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_every_letter_of_a_name_is_on_the_picture(name):
    fitted = _fit(name, 46, "#000000")
    assert "".join(fitted.lines).replace(" ", "") == name.replace(" ", "") and fitted.size >= 30
    font = ImageFont.load_default(fitted.size)
    assert all(font.getlength(line) <= WIDTH - 2 * EDGE for line in fitted.lines)


def test_a_word_longer_than_the_line_is_broken_and_others_are_not():
    font = ImageFont.load_default(40)
    assert _lines("Abon Ikan", font, 1000) == ("Abon Ikan",)
    assert _lines("Abon Ikan Gabus", font, 200) == ("Abon Ikan", "Gabus")
    assert "".join(_lines("W" * 60, font, 200)) == "W" * 60
