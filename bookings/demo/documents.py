"""The documents and lessons of the demo's producers: most in order, some expired, missing, or not checked yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from random import Random

from accounts.models import User
from bookings.demo.cast import HOUSES, MAKERS, Maker
from bookings.models import Document, Producer, Qualification
from facilities.models import Facility

EXPIRED_DAYS_AGO = 5
YEAR = timedelta(days=365)

TRAINED: Mapping[str, tuple[str, ...]] = {
    "Keripik Siti": ("BAND", "BANDGAS"),
    "Abon Budi": ("BAND", "FWGH"),
    "Koperasi Mandau": ("FLIQ",),
    "Sambal Bu Yanti": ("FPIS",),
    "Keripik Bu Rosmiati": ("BAND", "VAC1"),
    "Kecap Sinar Singkawang": ("FLIQ",),
}
"""Who was taught which types of machine."""

LAPSED = frozenset({"Keripik Bu Rosmiati"})
"""Whose lessons no longer count."""


def expired_on(now: datetime) -> date:
    """Return the last day of a permit that the demo shows as expired."""
    return (now - timedelta(days=EXPIRED_DAYS_AGO)).date()


def file_documents(people: Mapping[str, User], *, now: datetime, random: Random) -> None:
    """Write what every producer of the cast has on file."""
    producers = {producer.name: producer for producer in Producer.objects.filter(is_example=True)}
    managers = {house.slug: people[house.manager] for house in HOUSES}
    found = []
    for maker in MAKERS:
        producer, checker = producers[maker.name], managers[_first_house(maker)]
        made = producer.registered_at + timedelta(days=1)
        for kind, number, until in _documents(maker, made, now, random):
            checked = kind == "nib" or maker.documents != "unchecked"
            found.append(
                Document(
                    producer=producer,
                    kind=kind,
                    number=number,
                    expires_on=until,
                    made_by=None,
                    made_at=made,
                    verified_by=checker if checked else None,
                    verified_at=made + timedelta(days=2) if checked else None,
                )  # fmt: skip
            )
    Document.objects.bulk_create(found)


def _documents(maker: Maker, made: datetime, now: datetime, random: Random) -> list[tuple[str, str, date | None]]:
    """Return (kind, number, last day) of each document. A P-IRT number begins with its pack type: plastic, here."""
    documents: list[tuple[str, str, date | None]] = [("nib", _digits(13, random), None)]
    permit = f"2{_digits(14, random)}"
    if maker.documents == "expired":
        documents.append(("pirt", permit, expired_on(now)))
    elif maker.documents != "none":
        documents.append(("pirt", permit, (made + random.randrange(2, 5) * YEAR).date()))
    is_big = maker.scale in ("small", "medium") or maker.kind == "cooperative"
    if is_big and all(ware.line == "halal" for ware in maker.wares):
        documents.append(("halal", f"ID6111{_digits(11, random)}", None))
    return documents


def _digits(count: int, random: Random) -> str:
    return "".join(random.choices("0123456789", k=count))


def give_lessons(people: Mapping[str, User], houses: Mapping[str, Facility], *, now: datetime) -> None:
    """Write who had a house's induction, and who was taught a type of machine."""
    producers = {producer.name: producer for producer in Producer.objects.filter(is_example=True)}
    managers = {house.slug: people[house.manager] for house in HOUSES}
    found = []
    for maker in MAKERS:
        slug, producer = _first_house(maker), producers[maker.name]
        given = (producer.registered_at + timedelta(days=7)).date()
        until = expired_on(now) if maker.name in LAPSED else given + YEAR
        for code in (None, *TRAINED.get(maker.name, ())):
            found.append(
                Qualification(
                    producer=producer,
                    facility=houses[slug],
                    type_id=code,
                    person=maker.contact,
                    given_on=given,
                    expires_on=until,
                    given_by=managers[slug],
                )  # fmt: skip
            )
    Qualification.objects.bulk_create(found)


def _first_house(maker: Maker) -> str:
    return maker.house.split("|")[0]
