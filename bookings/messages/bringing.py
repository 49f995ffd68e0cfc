"""What is to be brought to a booking: the same on the receipt, on the front door and in every message."""

from __future__ import annotations

from django.utils import translation

from bookings.models import Booking
from facilities.catalogue.bringing import Brought, bring_list
from facilities.models import Machine


def brought_to(booking: Booking, machine: Machine) -> list[Brought]:
    """Return what to bring to a booking on a machine, in the language of the page."""
    return bring_list(
        type_code=machine.type_id,
        form=booking.product.form if booking.product else "",
        pack_format=booking.pack_format,
        quantity=booking.quantity or 0,
        product=booking.product_name,
        house=booking.facility.what_to_bring,
    )


def bring_lines(booking: Booking, machine: Machine, language: str) -> tuple[str, ...]:
    """Return the same as lines of a letter, in the reader's language."""
    with translation.override(language):
        return tuple(", ".join(filter(None, (strong, rest))) for _icon, strong, rest in brought_to(booking, machine))
