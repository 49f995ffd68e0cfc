"""The receipt as a picture: big time, place and code, for a phone's gallery or a WhatsApp status."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import Any

import segno
from django.utils.translation import gettext
from PIL import Image, ImageDraw, ImageFont

from accounts import formats
from accounts.templatetags.ui import status_word
from bookings.models import Booking

WIDTH, HEIGHT, EDGE, TOP, SMALLEST = 1080, 1200, 72, 150, 20
PAPER, SHEET, INK, SOFT = "#f7f3ea", "#ffffff", "#16202a", "#4a5763"
GREEN, GOLD, LINE = "#0a4a3d", "#e9b44c", "#e2d9c7"


def receipt_png(booking: Booking, *, code: str) -> bytes:
    """Return a PNG, 1080 points wide and 1200 high, higher where names are long.

    `code` is what the QR says; empty, there is none. Times are the house's own.
    """
    head, right = _head(booking), EDGE + 460 if code else EDGE
    foot = [
        (170, _fit(gettext("Nomor pesanan"), 34, SOFT, right)),
        (220, _fit(booking.reference, 64, INK, right, bold=True)),
        (320, _fit(gettext("Untuk %(name)s") % {"name": booking.producer.name}, 36, SOFT, right, most=4)),
    ]
    cut = TOP + sum(gap + text.height for gap, text in head)
    height = max(HEIGHT, math.ceil(cut) + max(560, *(gap + math.ceil(text.height) + EDGE for gap, text in foot)))
    image = Image.new("RGB", (WIDTH, height), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((36, 36, WIDTH - 36, height - 36), fill=SHEET, outline=LINE, width=2)
    _ribbon(draw)
    y: float = TOP
    for gap, text in head:
        y = _write(draw, y + gap, text)
    _cut(draw, y + 34)
    if code:
        _code(image, code, y + 80)
    for gap, text in foot:
        _write(draw, y + gap, text)
    found = io.BytesIO()
    image.save(found, "PNG", optimize=True)
    return found.getvalue()


def _head(booking: Booking) -> list[tuple[int, Text]]:
    """Return what stands above the cut, each with the space before it."""
    zone, part = booking.facility.zone, booking.machines.all()[0]
    return [
        (0, _fit(f"Rumah Produksi  ·  {status_word(booking.status)}", 36, SOFT)),
        (20, _fit(formats.long_date(booking.starts_at, zone), 52, INK, bold=True)),
        (6, _fit(_clock(booking), 124, INK, bold=True, most=1)),
        (26, _fit(part.machine.name, 46, INK, bold=True)),
        (0, _fit(booking.facility.name, 40, SOFT)),
        (0, _fit(booking.facility.address, 36, SOFT)),
    ]


def _clock(booking: Booking) -> str:
    zone = booking.facility.zone
    return f"{formats.clock_span(booking.starts_at, booking.ends_at, zone)} {formats.zone_name(zone)}"


@dataclass(frozen=True, slots=True)
class Text:
    """Lines that fit, in the size in which they do."""

    lines: tuple[str, ...]
    size: int
    colour: str
    x: int
    bold: bool

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * 1.3


def _fit(text: str, size: int, colour: str, x: int = EDGE, *, bold: bool = False, most: int = 2) -> Text:
    """Fit a text between `x` and the right edge: on one line while it stays readable, else on up to `most`, smaller still if need be."""
    readable = " ".join(text.split()).replace("–", "-")  # line ends and no-break spaces too
    for smaller in range(size, SMALLEST, -2):
        lines = _lines(readable, ImageFont.load_default(smaller), WIDTH - EDGE - x)
        if len(lines) <= (1 if smaller * 4 > size * 3 else most):
            return Text(lines, smaller, colour, x, bold)
    return Text(_lines(readable, ImageFont.load_default(SMALLEST), WIDTH - EDGE - x), SMALLEST, colour, x, bold)


def _lines(text: str, font: Any, width: int) -> tuple[str, ...]:
    """Break a text between words, and within one that is longer than the line."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        if line and font.getlength(f"{line} {word}") > width:
            lines, line = [*lines, line], ""
        line = f"{line} {word}".strip()
        while font.getlength(line) > width:
            whole = next(end for end in range(len(line) - 1, 0, -1) if end == 1 or font.getlength(line[:end]) <= width)
            lines, line = [*lines, line[:whole]], line[whole:]
    return (*lines, line)


def _write(draw: ImageDraw.ImageDraw, y: float, text: Text) -> float:
    """Write a text; return where the next one begins."""
    font, weight = ImageFont.load_default(text.size), max(1, text.size // 26) if text.bold else 0
    for line in text.lines:
        draw.text((text.x, y), line, font=font, fill=text.colour, stroke_width=weight, stroke_fill=text.colour)
        y += text.size * 1.3
    return y


def _ribbon(draw: ImageDraw.ImageDraw) -> None:
    """The woven edge: pucuk rebung between wajik."""
    draw.rectangle((36, 36, WIDTH - 36, 96), fill=GREEN)
    for number, x in enumerate(range(66, WIDTH - 60, 42)):
        if number % 2:
            draw.polygon([(x, 50), (x + 16, 66), (x, 82), (x - 16, 66)], outline=GOLD, width=4)
        else:
            draw.polygon([(x, 48), (x + 16, 84), (x - 16, 84)], fill=GOLD)


def _cut(draw: ImageDraw.ImageDraw, y: float) -> None:
    for x in range(48, WIDTH - 48, 26):
        draw.line((x, y, x + 13, y), fill=LINE, width=4)
    for x in (36, WIDTH - 36):
        draw.ellipse((x - 20, y - 20, x + 20, y + 20), fill=PAPER, outline=LINE, width=2)


def _code(image: Image.Image, text: str, y: float) -> None:
    """Draw the QR with whole pixels per module, so that any scanner reads it."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
    module = 400 // len(rows)
    code = Image.new("1", (len(rows), len(rows)), 1)
    code.putdata([0 if bit == 1 else 255 for row in rows for bit in row])
    image.paste(code.resize((module * len(rows),) * 2, Image.Resampling.NEAREST), (EDGE, int(y)))
