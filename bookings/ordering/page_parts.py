"""Between the pages of an order: the machine, who orders for whom, and the sentences of a no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import formats
from accounts.models import User
from accounts.writing.numbers import plain
from bookings.models import Product
from bookings.ordering.forms import Chosen, DetailsForm
from bookings.ordering.times import rate_of
from bookings.packs import estimate
from bookings.packs.card_views import NEAR_WORDS, enough_words
from bookings.packs.near_misses import NearMiss
from bookings.packs.order_address import kept, local_text
from bookings.trail.access import own_producer_ids
from facilities.catalogue.queries import in_service
from facilities.models import District, Facility, Machine, Tariff
from facilities.region.distances import kilometres_from
from facilities.vocabulary import CLASSES, FORMS, usual_class

FAR = 50
"""Kilometres, as the crow flies, from which on the way is a good part of the day."""


def machine_of(slug: str, now: datetime) -> Machine:
    """Return a machine in service today, or 404."""
    return get_object_or_404(in_service(formats.day_of(now)), slug=slug)


def class_told(request: HttpRequest, data: QueryDict) -> str:
    """Return the cleaning class of what an address says is packed: of an own product, as told, or the usual of its form.

    Somebody else's product says nothing here; empty means that nobody said.
    """
    chosen = plain(data.get("product", ""))
    if chosen is not None and isinstance(request.user, User):
        mine = Product.objects.filter(pk=chosen, producer__in=own_producer_ids(request.user)).first()
        if mine is not None:
            return mine.cleaning_class or usual_class(mine.form)
    told, form = data.get("kelas", ""), data.get("form", "")
    return told if told in CLASSES else usual_class(form if form in FORMS else "")


@dataclass(frozen=True, slots=True)
class Sum:
    """What an order comes to: minutes its quantity needs (None: unknown), whether they fit, rupiah (None: unknown)."""

    needed: int | None
    fits: bool
    price: int | None
    enough_for: int | None


def worked_out(machine: Machine, tariff: Tariff | None, chosen: Chosen, form: DetailsForm) -> Sum:
    """Estimate an order from the rate of the machine and the tariff of the day."""
    read = form.cleaned_data
    product = form.chosen_product()
    rate = rate_of(machine, product.form if product else read["form"], read["format"])
    quantity = read["quantity"]
    needed = estimate.minutes_needed(quantity, rate=rate, grid=machine.limits.grid) if rate else None
    asked = estimate.price(tariff.unit, tariff.amount, minutes=chosen.minutes, quantity=quantity) if tariff else None
    packs = estimate.packs_possible(chosen.minutes, rate=rate) if rate else None
    return Sum(needed, needed is None or needed <= chosen.minutes, asked, packs)


def far_words(district: District, house: Facility) -> str:
    """Rumah produksi ini ± 142 km dari Kabupaten Sintang; nothing of a house that is not far."""
    kilometres = kilometres_from(district.code, house)
    if kilometres is None or kilometres <= FAR:
        return ""
    told = {"km": formats.number(kilometres), "district": district}
    return _("Rumah produksi ini ± %(km)s km dari %(district)s. Jalannya lebih jauh.") % told


def near_as_links(
    near: Sequence[NearMiss], machine: Machine, data: QueryDict, *, quantity: int
) -> list[dict[str, Any]]:
    """Return near misses as one-tap links that keep everything else; another machine is named, and its house.

    One that is too short for all packs says how many it makes.
    """
    links = []
    for one in near:
        zone, minutes = one.machine.facility.zone, int((one.ends_at - one.starts_at).total_seconds() // 60)
        query = kept(
            data, jam=local_text(one.starts_at, zone), hari=f"{one.starts_at.astimezone(zone):%Y-%m-%d}", lama=minutes
        )
        elsewhere = one.machine.facility_id != machine.facility_id
        links.append(
            {
                "word": NEAR_WORDS[one.kind],
                "enough_for": enough_words(one.packs, quantity),
                "start": one.starts_at,
                "end": one.ends_at,
                "zone": zone,
                "name": one.machine.name if one.machine.pk != machine.pk else "",
                "house": one.machine.facility.name if elsewhere else "",
                "href": f"{reverse('order_check', args=[one.machine.slug])}?{query}",
            }
        )
    return links
