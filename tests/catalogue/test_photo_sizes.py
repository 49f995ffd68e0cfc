"""Photos: turned upright, made small, stripped of where they were taken; strangers' files refused."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from facilities import tasks
from facilities.catalogue import photo_sizes
from facilities.models import MachinePhoto
from tests import build

pytestmark = pytest.mark.django_db
GPS, ORIENTATION = 0x8825, 0x0112


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(size=(1600, 900), form="JPEG", mode="RGB", **options):
    out = BytesIO()
    Image.new(mode, size, 0x335577 if mode == "RGB" else 0).save(out, form, **options)
    return out.getvalue()


def from_a_phone():
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # held upright: turn it by 90 degrees to look at it
    exif[GPS] = {1: "S", 2: (0.0, 1.0, 34.5)}
    return picture(exif=exif, comment=b"GPSINFO")


def upload(content, name="uploads/ab12.jpg"):
    stored = default_storage.save(name, ContentFile(content))
    machine = build.make_machine()
    return MachinePhoto.objects.create(machine=machine, original=stored, description="Depan", added_at=build.MONDAY_8)


def test_both_sizes_are_made_upright_and_the_upload_is_destroyed():
    photo = upload(from_a_phone())
    tasks.make_photo_sizes(photo.pk)
    photo.refresh_from_db()
    assert (photo.width, photo.height) == (675, 1200) and photo.original == ""
    with default_storage.open(photo.small) as file, Image.open(file) as small:
        assert small.format == "WEBP" and small.size == (270, 480)
    assert default_storage.listdir("uploads")[1] == []


def test_nothing_of_the_upload_but_its_pixels_remains():
    for content, _ in photo_sizes.sizes_of(from_a_phone()).values():
        with Image.open(BytesIO(content)) as kept:
            assert not kept.getexif() and {"exif", "xmp", "icc_profile", "comment"}.isdisjoint(kept.info)
        assert b"GPSINFO" not in content and b"Exif" not in content


def test_a_small_picture_is_not_blown_up():
    sizes = photo_sizes.sizes_of(picture((300, 200)))
    assert {side: size for side, (_, size) in sizes.items()} == {480: (300, 200), 1200: (300, 200)}


@pytest.mark.parametrize(("form", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "I;16"), ("PNG", "LA"), ("JPEG", "CMYK"), ("JPEG", "L"), ("WEBP", "RGBA")])  # fmt: skip
def test_every_kind_of_pixel_is_understood(form, mode):
    assert photo_sizes.sizes_of(picture((60, 40), form, mode))[480][1] == (60, 40)


def bomb():
    """A PNG whose header promises 30,000 by 30,000 pixels."""
    whole = bytearray(picture((1, 1), "PNG"))
    whole[16:24] = (30_000).to_bytes(4, "big") * 2
    import zlib

    whole[29:33] = zlib.crc32(bytes(whole[12:29])).to_bytes(4, "big")
    return bytes(whole)


REFUSED = {
    "bomb": bomb,
    "gif": lambda: picture((9, 9), "GIF"),
    "eps": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "svg": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "half": lambda: picture()[:900],
    "empty": lambda: b"",
}


@pytest.mark.parametrize("made", REFUSED.values(), ids=REFUSED)
def test_what_is_no_picture_leaves_neither_file_nor_row(made):
    photo = upload(made())
    tasks.make_photo_sizes(photo.pk)
    assert not MachinePhoto.objects.exists() and default_storage.listdir("uploads")[1] == []


@pytest.mark.parametrize("seam", ["before_row", "before_delete", "before_forget"])
def test_a_worker_that_dies_anywhere_is_made_good_by_the_next(seam, monkeypatch):
    photo = upload(from_a_phone())
    with monkeypatch.context() as dying:
        die_at(seam, dying)
        with pytest.raises(KeyboardInterrupt):
            tasks.make_photo_sizes(photo.pk)
    tasks.make_waiting_photos()
    tasks.make_photo_sizes(photo.pk)
    photo.refresh_from_db()
    assert photo.original == "" and photo.width == 675
    assert sorted(default_storage.listdir("machines")[1]) == ["ab12-1200.webp", "ab12-480.webp"]
    assert default_storage.listdir("uploads")[1] == []


def die_at(seam, monkeypatch):
    """Stop the task as a kill would: nothing after this line happens."""

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    if seam == "before_row":
        monkeypatch.setattr(type(MachinePhoto.objects.none()), "update", die)
    elif seam == "before_delete":
        whole = default_storage.delete
        monkeypatch.setattr(default_storage, "delete", lambda name: die() if "uploads" in name else whole(name))
    else:
        whole = type(MachinePhoto.objects.none()).update
        monkeypatch.setattr(
            type(MachinePhoto.objects.none()), "update", lambda rows, **v: die() if "original" in v else whole(rows, **v)
        )
