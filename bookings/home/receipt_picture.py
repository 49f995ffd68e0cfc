"""The receipt as a picture: big time, place and code, for a phone's gallery or a WhatsApp status."""

from __future__ import annotations

import io

import segno
from django.utils.translation import gettext
from PIL import Image, ImageDraw, ImageFont

from accounts import formats
from accounts.templatetags.ui import status_word
from bookings.models import Booking

WIDTH, HEIGHT, EDGE = 1080, 1200, 72
PAPER, SHEET, INK, SOFT = "#f7f3ea", "#ffffff", "#16202a", "#4a5763"
GREEN, GOLD, LINE = "#0a4a3d", "#e9b44c", "#e2d9c7"


def receipt_png(booking: Booking, *, code: str) -> bytes:
    """Return a PNG of 1080 × 1200 points; `code` is what the QR says; empty, there is none. Times are the house's own."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((36, 36, WIDTH - 36, HEIGHT - 36), fill=SHEET, outline=LINE, width=2)
    _ribbon(draw)
    zone = booking.facility.zone
    part = booking.machines.all()[0]
    y = 150
    y = _line(draw, y, f"Rumah Produksi  ·  {status_word(booking.status)}", 36, SOFT)
    y = _line(draw, y + 20, formats.long_date(booking.starts_at, zone), 52, INK, bold=True)
    y = _line(draw, y + 6, _clock(booking), 124, INK, bold=True)
    y = _line(draw, y + 26, part.machine.name, 46, INK, bold=True)
    y = _line(draw, y, booking.facility.name, 40, SOFT)
    y = _line(draw, y, booking.facility.address, 36, SOFT)
    _cut(draw, y + 34)
    if code:
        _code(image, code, y + 80)
    right = EDGE + 460 if code else EDGE
    _line(draw, y + 170, gettext("Nomor pesanan"), 34, SOFT, x=right)
    _line(draw, y + 220, booking.reference, 64, INK, bold=True, x=right)
    _line(draw, y + 320, booking.producer.name, 36, SOFT, x=right)
    found = io.BytesIO()
    image.save(found, "PNG", optimize=True)
    return found.getvalue()


def _clock(booking: Booking) -> str:
    zone = booking.facility.zone
    return f"{formats.clock_span(booking.starts_at, booking.ends_at, zone)} {formats.zone_name(zone)}"


def _line(
    draw: ImageDraw.ImageDraw, y: float, text: str, size: int, colour: str, *, bold: bool = False, x: int = EDGE
) -> float:
    """Write one line, smaller if it would leave the sheet; return where the next one begins."""
    readable = " ".join(text.split()).replace("–", "-")  # line ends and no-break spaces too
    while size > 20 and draw.textlength(readable, font=ImageFont.load_default(size)) > WIDTH - EDGE - x:
        size -= 2
    weight = max(1, size // 26) if bold else 0
    font = ImageFont.load_default(size)
    draw.text((x, y), readable, font=font, fill=colour, stroke_width=weight, stroke_fill=colour)
    return y + size * 1.3


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
