"""From an upload to the two pictures people see: turned upright, small, and silent about where it was taken."""

from __future__ import annotations

import logging
import warnings
from io import BytesIO
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from facilities.models import MachinePhoto

logger = logging.getLogger("rumah.photos")

FORMATS = ("JPEG", "PNG", "WEBP")
"""Nothing else is even looked at: rarer decoders are where the holes are (EPS, CVE-2026-59203)."""

MOST_PIXELS = 50_000_000
"""What a large phone camera makes; more is refused by its header, before a pixel is decoded."""

SMALL, LARGE = 480, 1200
"""Longest side in pixels: a card at double density, and a page."""

FOLDER = "machines"


class Unreadable(Exception):
    """This is no picture we show."""


def make_sizes(*, photo_id: int) -> bool:
    """Make both sizes of an uploaded photo and destroy the upload; return whether there was anything to do.

    May be killed anywhere and run again: the sizes are named after the upload, the row
    forgets the upload only after its file is gone. An upload that is no picture loses
    its row too.
    """
    photo = MachinePhoto.objects.filter(pk=photo_id).exclude(original="").first()
    if photo is None:
        return False
    if default_storage.exists(photo.original) and not photo.small:
        try:
            _keep(photo)
        except Unreadable as problem:
            logger.warning("photo %d is no picture: %s", photo.pk, problem)
    default_storage.delete(photo.original)
    if photo.small:
        MachinePhoto.objects.filter(pk=photo.pk).update(original="")
    else:
        photo.delete()
    return True


def waiting_photos(*, limit: int = 20) -> list[int]:
    """Return photos whose sizes are still to be made."""
    return list(MachinePhoto.objects.exclude(original="").order_by("pk").values_list("pk", flat=True)[:limit])


def sizes_of(upload: bytes) -> dict[int, tuple[bytes, tuple[int, int]]]:
    """Return WebP bytes and (width, height) by longest side, without metadata. Raises `Unreadable`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Pillow only warns of some broken files
            with Image.open(BytesIO(upload), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Unreadable(f"{picture.width} by {picture.height} pixels")
                picture.draft("RGB", (LARGE, LARGE))  # a JPEG is decoded no larger than needed
                painted = _painted(ImageOps.exif_transpose(picture))
    except Unreadable:
        raise
    except Exception as problem:  # whatever a decoder meets in a file that strangers made
        raise Unreadable(type(problem).__name__) from problem
    return {side: _encoded(painted, side) for side in (SMALL, LARGE)}


def _painted(upright: Image.Image) -> Image.Image:
    """Return the same pixels in a new picture that knows nothing else; white shows where the old one had holes."""
    fresh = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        solid = upright.convert("RGBA")
        fresh.paste(solid, mask=solid.getchannel("A"))
    else:
        fresh.paste(upright.convert("RGB"))
    return fresh


def _encoded(picture: Image.Image, side: int) -> tuple[bytes, tuple[int, int]]:
    fitted = picture.copy()
    fitted.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = BytesIO()
    fitted.save(out, "WEBP", quality=80, method=4)
    return out.getvalue(), fitted.size


def _keep(photo: MachinePhoto) -> None:
    """Write both files, then the row that names them. A file half written by a killed worker is replaced."""
    with default_storage.open(photo.original) as file:
        made = sizes_of(file.read())
    stem = PurePosixPath(photo.original).stem
    names = {side: f"{FOLDER}/{stem}-{side}.webp" for side in made}
    for side, (content, _) in made.items():
        default_storage.delete(names[side])
        default_storage.save(names[side], ContentFile(content))
    width, height = made[LARGE][1]
    photo.small, photo.large = names[SMALL], names[LARGE]
    MachinePhoto.objects.filter(pk=photo.pk).update(small=photo.small, large=photo.large, width=width, height=height)
