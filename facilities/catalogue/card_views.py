"""A machine as a card: what `components/machine_card.html` shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage

from accounts import formats
from facilities.catalogue import wording
from facilities.catalogue.standing import Listed


def machine_card(item: Listed, *, now: datetime) -> dict[str, Any]:
    """Return the card of a machine in the catalogue; times are the house's own."""
    machine, standing = item.machine, item.standing
    house = machine.facility
    place = str(house.district)
    if item.distance is not None:
        place += f", ± {formats.number(item.distance)}\u00a0km"
    return {
        "href": f"/mesin/{machine.slug}/",
        "code": machine.type_id,
        "name": machine.name,
        "place": place,
        "products": wording.packs(machine),
        "rate": wording.rate(machine),
        "status": standing.status,
        "status_words": wording.standing_words(standing, now=now, zone=house.zone),
        "price": wording.price_tag(machine.tariff_unit, machine.tariff_amount, machine.tariff_is_example),
        "photo": default_storage.url(machine.photo_small) if machine.photo_small else "",
    }
