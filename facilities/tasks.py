"""What the worker does for houses and machines. Each task may run twice or be killed anywhere."""

from __future__ import annotations

from django.utils import timezone

from facilities.catalogue import photo_sizes
from facilities.setup import changeovers


def make_photo_sizes(photo_id: int) -> None:
    """Make the two sizes of an uploaded photo and destroy the upload. Queued with the upload."""
    photo_sizes.make_sizes(photo_id=photo_id)


def make_waiting_photos() -> None:
    """Make the sizes that a lost task left undone. Every ten minutes."""
    for photo_id in photo_sizes.waiting_photos():
        photo_sizes.make_sizes(photo_id=photo_id)


def retail_house(facility_id: int) -> None:
    """Give a house's coming jobs the cleaning that the matrix now asks for. Queued when the province changes its default."""
    changeovers.retail_house(facility_id=facility_id, now=timezone.now())
