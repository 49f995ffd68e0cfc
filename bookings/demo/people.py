"""Make the demo's people, producers and products. Names from `cast.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random

from django.contrib.auth.hashers import make_password

from accounts.demo import DEMO_PASSWORD
from accounts.models import User
from bookings.demo.cast import COLLEAGUES, MAKERS, PEOPLE, Maker, Person, Ware
from bookings.models import Membership, Producer, Product
from bookings.rules.weights import grams
from facilities.facts import facts
from facilities.models import Duty, Facility
from facilities.vocabulary import usual_class

SLUG_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Offer:
    """A product somebody could bring, with all that choosing a machine for it needs."""

    producer_id: int
    product_id: int
    name: str
    form: str
    line: str
    formats: frozenset[str]
    house: str
    weight: float
    booked_by_id: int | None
    on_behalf: bool
    producer: str
    cleaning_class: str = ""
    documents: str = ""
    is_verified: bool = True
    district: str = ""
    grams: int | None = None


def make_people(now: datetime) -> dict[str, User]:
    """Make the ten demo sign-ins and the houses' other staff; return them by name."""
    password, joined = make_password(DEMO_PASSWORD), now - timedelta(days=200)
    people = [_user(person, joined, password=password, is_demo=True) for person in PEOPLE]
    people += [_user(person, joined, password=make_password(None)) for person in COLLEAGUES]
    User.objects.bulk_create(people)
    return {user.name: user for user in people}


def give_duties(people: Mapping[str, User], houses: Mapping[str, Facility]) -> None:
    """Say who works where and who oversees what."""
    Duty.objects.bulk_create(
        Duty(
            user=people[person.name],
            kind=person.duty,
            facility=houses.get(person.facility),
            district_id=person.district or None,
        )
        for person in (*PEOPLE, *COLLEAGUES)
        if person.duty and person.duty != "admin"
    )


def make_producers(
    people: dict[str, User], formats: Mapping[str, frozenset[str]], *, now: datetime, random: Random
) -> list[Offer]:
    """Make producers, their owners, memberships and products; `formats` are the pack formats by product code."""
    producers: dict[str, Producer] = {}
    for number, maker in enumerate(MAKERS, start=1):
        owner = people.get(maker.owner) or _owner(maker, number, now)
        people.setdefault(owner.name, owner)
        producers[maker.name] = _producer(maker, owner, producers, now=now, random=random)
    memberships = [m for maker in MAKERS for m in _memberships(maker, producers[maker.name], people)]
    Membership.objects.bulk_create(memberships)
    offers = []
    for maker in MAKERS:
        offers += _offers(maker, producers[maker.name], people, formats)
    return offers


def class_of(ware: Ware) -> str:
    """Return what a product leaves behind: as the cast says, else as such products usually do."""
    return ware.cleaning_class or usual_class(ware.form, _allergens().get(ware.code, ()))


@cache
def _allergens() -> Mapping[str, Sequence[str]]:
    return {row["code"]: row["allergens"].split("|") for row in facts("products")}


def _user(person: Person, joined: datetime, *, password: str, is_demo: bool = False) -> User:
    is_admin = person.duty == "admin"
    return User(
        phone=f"+62812{person.number:08}",
        name=person.name,
        password=password,
        is_demo=is_demo,
        is_staff=is_admin,
        is_superuser=is_admin,
        joined_at=joined,
    )


def _owner(maker: Maker, number: int, now: datetime) -> User:
    user = _user(Person(100 + number, maker.contact), now - timedelta(days=190), password=make_password(None))
    user.save()
    return user


def _producer(maker: Maker, owner: User, known: Mapping[str, Producer], *, now: datetime, random: Random) -> Producer:
    return Producer.objects.create(
        slug="".join(random.choices(SLUG_LETTERS, k=12)),
        kind=maker.kind,
        name=maker.name,
        contact_name=maker.contact,
        phone=owner.phone,
        district_id=maker.district,
        village=maker.village,
        scale=maker.scale,
        cooperative=known.get(maker.cooperative),
        is_verified=maker.is_verified,
        is_example=True,
        registered_at=now - timedelta(days=random.randrange(100, 180)),
    )


def _memberships(maker: Maker, producer: Producer, people: Mapping[str, User]) -> list[Membership]:
    kind = Membership.Kind.OFFICER if maker.kind == "cooperative" else Membership.Kind.OWNER
    found = [Membership(user=people[maker.owner or maker.contact], producer=producer, kind=kind)]
    if maker.companion:
        companion = people[maker.companion]
        found.append(Membership(user=companion, producer=producer, kind=Membership.Kind.COMPANION))
    return found


def _offers(
    maker: Maker, producer: Producer, people: Mapping[str, User], formats: Mapping[str, frozenset[str]]
) -> Sequence[Offer]:
    by_other = maker.companion or ("Rosa" if maker.cooperative else "")
    booked_by = people[by_other or maker.owner or maker.contact]
    found = []
    for ware in maker.wares:
        leaves = class_of(ware)
        product = Product.objects.create(
            producer=producer,
            name=ware.name,
            form=ware.form,
            line=ware.line,
            cleaning_class=leaves,
            net_weight=ware.net_weight,
            catalogue_code=ware.code,
        )
        found.append(
            Offer(
                producer.pk,
                product.pk,
                ware.name,
                ware.form,
                ware.line,
                formats[ware.code],
                maker.house,
                maker.weight,
                booked_by.pk,
                bool(by_other),
                maker.name,
                leaves,
                maker.documents,
                maker.is_verified,
                maker.district,
                grams(ware.net_weight),
            )  # fmt: skip
        )
    return found
