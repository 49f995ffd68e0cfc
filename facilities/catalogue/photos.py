"""Photos of machines as people upload them. The worker makes what everybody sees.

An upload is looked at before it is decoded: format by content, not by name, and size
in pixels from the header. It waits under `private/`, which no address serves.
"""

from __future__ import annotations

import secrets
import warnings
from datetime import datetime
from typing import BinaryIO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django_q.tasks import async_task
from PIL import Image, UnidentifiedImageError

from accounts.models import User
from facilities.audit import audit
from facilities.errors import BadInput
from facilities.models import Machine, MachinePhoto
from facilities.transactions import in_one_transaction

FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
MOST_PHOTOS = 12
WAITING = "private"
MAKE_SIZES = "facilities.tasks.make_photo_sizes"


def add_photo(*, machine: Machine, upload: BinaryIO, description: str, actor: User, now: datetime) -> MachinePhoto:
    """Keep an upload until the worker has made its sizes.

    Raises `BadInput` on `photo`: `unsupported_format` for what is no JPEG, PNG or WebP,
    `too_large` beyond 10 MB or 50 megapixels, `unreadable` for a broken file, `too_many`.
    """
    kind = examined(upload)
    name = default_storage.save(f"{WAITING}/{secrets.token_hex(16)}.{FORMATS[kind]}", File(upload))
    try:
        return _kept(machine, name, description, actor=actor, now=now)
    except BaseException:
        default_storage.delete(name)
        raise


@in_one_transaction
def _kept(machine: Machine, name: str, description: str, *, actor: User, now: datetime) -> MachinePhoto:
    if machine.photos.count() >= MOST_PHOTOS:
        raise BadInput("photo", "too_many", f"Paling banyak {MOST_PHOTOS} foto per mesin.", f"At most {MOST_PHOTOS} photos a machine.")
    photo = MachinePhoto.objects.create(machine=machine, original=name, description=description, added_at=now)
    audit(action="add_photo", target=photo, actor=actor, now=now, after={"machine": machine.slug})
    async_task(MAKE_SIZES, photo.pk)
    return photo


@in_one_transaction
def remove_photo(*, photo: MachinePhoto, actor: User, now: datetime) -> None:
    """Remove a photo and, once that is certain, its files."""
    names = [name for name in (photo.original, photo.small, photo.large) if name]
    audit(action="remove_photo", target=photo, actor=actor, now=now, before={"description": photo.description})
    photo.delete()
    transaction.on_commit(lambda: _forget(names))


def _forget(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


def examined(upload: BinaryIO) -> str:
    """Return the format of an image that may be decoded later; raise `BadInput` otherwise."""
    upload.seek(0, 2)
    if upload.tell() > MOST_BYTES:
        raise _too_large()
    upload.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(upload, formats=list(FORMATS)) as image:
                kind, (width, height) = image.format or "", image.size
                if width * height > MOST_PIXELS:
                    raise _too_large()
                image.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except UnidentifiedImageError:
        raise BadInput(
            "photo", "unsupported_format", "Pilih foto JPEG, PNG, atau WebP.", "Choose a JPEG, PNG or WebP photo."
        ) from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise BadInput("photo", "unreadable", "Foto ini rusak. Pilih yang lain.", "This photo is broken. Choose another.") from None
    upload.seek(0)
    return kind


def _too_large() -> BadInput:
    return BadInput("photo", "too_large", "Foto paling besar 10 MB dan 50 megapiksel.", "A photo has at most 10 MB and 50 megapixels.")
