"""The ledger of needs: what was asked for, counted once, and closed when a booking serves it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from bookings.models import Booking, Need, Producer
from facilities.catalogue.common_products import common_products
from facilities.models import District
from facilities.time.hours import local_date
from facilities.transactions import in_one_transaction

MOST_A_DAY = 20
"""Different needs of one asker and day that are written down from the page."""


@dataclass(frozen=True, slots=True)
class TypedNeed:
    """Packs somebody asked for. `net_weight` is grams or millilitres in a pack; `product` a name as people write it."""

    pack_format: str
    quantity: int
    form: str = ""
    cleaning_class: str = ""
    line: str = ""
    net_weight: int | None = None
    district: District | None = None
    product: str = ""

    def columns(self) -> dict[str, object]:
        """Return what a need keeps of it, besides product, form and pack format that it is counted by."""
        return {
            "cleaning_class": self.cleaning_class,
            "line": self.line,
            "net_weight": self.net_weight,
            "quantity": self.quantity,
            "district": self.district,
        }


def asker_of(token: str) -> str:
    """Return what the ledger keeps of an asking device: a hash of its random token, never the token or an address."""
    return hashlib.sha256(f"rumah-need:{token}".encode()).hexdigest()


def product_key(name: str) -> str:
    """Return what one product is called however it is typed: blanks and capitals apart, a common one in Indonesian."""
    folded = " ".join(name.split()).casefold()
    return _indonesian().get(folded, folded)[:80]


@cache
def _indonesian() -> dict[str, str]:
    return {product.name_en.casefold(): product.name.casefold() for product in common_products().values()}


@in_one_transaction
def ask_for(
    *,
    asked: TypedNeed,
    found: int,
    reasons: Iterable[str],
    now: datetime,
    producer: Producer | None = None,
    asker: str = "",
) -> Need:
    """Write down what was asked for and how many machines could do it; asking again counts no second time.

    One row per producer, product, pack format and month; nobody signed in: one per device (`asker`, see
    `asker_of`), product and day, on the province's clock. The latest words and figures stay, `times` counts,
    and an asking that `found` nothing makes it an unmet need for good, until a later booking serves
    it. One that was served and then ends in nothing again is open again. `reasons` are the codes
    that stood against machines. Two at once make one row (`2-domain.md`, Asking for packs).
    """
    if producer is not None and asker:
        claim(asker=asker, producer=producer)
    day = local_date(now, ZoneInfo(settings.DISPLAY_ZONE))
    values = {
        **asked.columns(),
        "last_asked_at": now,
        "found": found,
        "reasons": sorted(set(reasons)),
        "ended_in_nothing": not found,
    }
    first = {"asked_on": day, "month": day.replace(day=1), "first_asked_at": now, **values}
    whose = _whose(producer, asker, asked, day)
    need, is_new = Need.objects.get_or_create(**whose, defaults=first)
    if not is_new:
        _again(need.pk, values)
        need.refresh_from_db()
    return need


@in_one_transaction
def claim(*, asker: str, producer: Producer) -> int:
    """Make a producer's what their device asked for before anybody signed in; return how many needs moved.

    Where the producer asked for the same product and format in the same month already, both become one.
    The device's hash is forgotten.
    """
    if not asker:
        return 0
    rows = list(Need.objects.select_for_update(no_key=True).filter(asker=asker, producer=None).order_by("pk"))
    for need in rows:
        _hand_over(need, producer)
    return len(rows)


@in_one_transaction
def close_served(*, booking: Booking, now: datetime) -> int:
    """Close the open needs a booking serves, asked before it; return how many.

    Those of its producer and pack format, and of its product: what either of them leaves unsaid is no difference.
    """
    if not booking.pack_format:
        return 0
    product, form = product_key(booking.product_name), booking.product.form if booking.product else ""
    alike = Q(product__in=["", product]) if product else Q()
    alike &= Q(form__in=["", form]) if form else Q()
    return Need.objects.filter(
        alike,
        producer=booking.producer_id,
        pack_format=booking.pack_format,
        served_at__isnull=True,
        first_asked_at__lte=booking.made_at,
    ).update(served_by=booking, served_at=now)


def has_asked_enough(*, producer: Producer | None, asker: str, now: datetime) -> bool:
    """Return whether one asker has so many needs of today on file that more of them are hardly needs.

    Else one device that keeps changing the product's name could write as many as it likes.
    """
    of_asker = {"producer": producer} if producer is not None else {"producer": None, "asker": asker}
    today = local_date(now, ZoneInfo(settings.DISPLAY_ZONE))
    return Need.objects.filter(**of_asker, asked_on=today).count() >= MOST_A_DAY


def _whose(producer: Producer | None, asker: str, asked: TypedNeed, day: date) -> dict[str, object]:
    """Return what makes a need one and the same."""
    what = {"product": product_key(asked.product), "form": asked.form, "pack_format": asked.pack_format}
    if producer is not None:
        return {"producer": producer, "month": day.replace(day=1), **what}
    return {"producer": None, "asker": asker, "asked_on": day, **what}


def _again(pk: int, values: dict[str, object]) -> None:
    """Write the latest asking over a need that is there; counted in the database, so that two at once count two."""
    latest = dict(values)
    reopened = {"served_by": None, "served_at": None} if latest.pop("ended_in_nothing") else {}
    unmet = {"ended_in_nothing": True} if reopened else {}
    Need.objects.filter(pk=pk).update(times=F("times") + 1, **latest, **unmet, **reopened)


def _hand_over(need: Need, producer: Producer) -> None:
    """Give one need to a producer; a like one of theirs, made meanwhile perhaps, takes it in."""
    try:
        with transaction.atomic():
            Need.objects.filter(pk=need.pk).update(producer=producer, asker="")
    except IntegrityError:
        what = {name: getattr(need, name) for name in ("product", "form", "pack_format", "month")}
        _take_in(Need.objects.get(producer=producer, **what), need)


def _take_in(kept: Need, other: Need) -> None:
    """Add one need to another of the same producer, product and month; the later words stay."""
    reopened: dict[str, object] = {}
    if other.ended_in_nothing:
        reopened = {"ended_in_nothing": True}
        if kept.served_at is not None and other.last_asked_at > kept.served_at:
            reopened |= {"served_by": None, "served_at": None}
    later = {}
    if other.last_asked_at > kept.last_asked_at:
        names = ("cleaning_class", "line", "net_weight", "quantity", "district_id", "found", "reasons")
        later = {name: getattr(other, name) for name in (*names, "last_asked_at")}
    Need.objects.filter(pk=kept.pk).update(
        times=F("times") + other.times,
        first_asked_at=min(kept.first_asked_at, other.first_asked_at),
        asked_on=min(kept.asked_on, other.asked_on),
        **later,
        **reopened,
    )
    Need.objects.filter(Q(pk=other.pk), producer=None).delete()
