"""For whom, and what: the producer and product a request names, found and authorised in one statement."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from accounts.writing.texts import folded
from bookings.models import Booking, Document, Membership, Producer, Product
from bookings.trail.access import own_producer_ids
from facilities.access import Person
from facilities.models import Duty, Machine

MOST_PRODUCTS = 60


@dataclass(frozen=True, slots=True)
class ActingFor:
    """Who books what where. `machine_id` is None where no machine has that slug.

    `on_behalf`: the asker is the house, not the producer. `manages`: the asker manages the machine's house.
    `has_permit`: a P-IRT number is on file, which the pack that is asked for may not match.
    """

    producer: Producer
    product: Product | None
    machine_id: int | None
    on_behalf: bool
    manages: bool
    has_permit: bool = False


def own_producers(user: User) -> QuerySet[Producer]:
    """Return the producers a person acts for, members of an own cooperative included. `access.own_producer_ids`, lazily."""
    current = Q(memberships__user=user, memberships__ended_at__isnull=True)
    as_officer = Q(
        cooperative__memberships__user=user,
        cooperative__memberships__ended_at__isnull=True,
        cooperative__memberships__kind=Membership.Kind.OFFICER,
    )
    return Producer.objects.filter(current | as_officer)


def party_with_product(user: User, *, machine: str, product: int, producer: str | None) -> ActingFor | None:
    """Return who a product is booked for on a machine; None when it is not theirs to book. One statement."""
    found = _annotated(Product.objects.select_related("producer__district"), user, machine, producer_field="producer")
    found = found.filter(pk=product)
    if producer:
        found = found.filter(producer__slug=producer)
    row = next((row for row in found[:1] if _may_book(user, row)), None)
    return _party(user, row, row.producer, row) if row else None


def parties(user: User, *, machine: str, producer: str | None) -> list[ActingFor]:
    """Return whom the asker may mean, at most two: by slug, or else the producers with an own membership."""
    found = _annotated(Producer.objects.select_related("district"), user, machine, producer_field="pk")
    if producer:
        found = found.filter(slug=producer)
    else:
        found = found.filter(Exists(_memberships(user).filter(producer=OuterRef("pk"))))
    return [_party(user, row, row, None) for row in found[:2] if _may_book(user, row)]


def product_by_name(producer: Producer, name: str) -> Product | None:
    """Return the producer's product of that name, blanks and case aside."""
    return Product.objects.filter(producer=producer, name_key=folded(name)).first()


def bookable_products(user: User) -> QuerySet[Product]:
    """Return the products of the producers a person acts for."""
    return Product.objects.filter(producer__in=own_producers(user)).select_related("producer").order_by("name_key", "pk")


def _memberships(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user, ended_at__isnull=True)


def _annotated(rows: QuerySet[Any], user: User, machine: str, *, producer_field: str) -> QuerySet[Any]:
    duty = Duty.objects.filter(
        user=user, kind=Duty.Kind.MANAGER, ended_at__isnull=True, facility__machines__slug=machine
    )
    permits = Document.objects.filter(kind=Document.Kind.PIRT, withdrawn_at__isnull=True)
    return rows.annotate(
        machine_pk=Subquery(Machine.objects.filter(slug=machine).values("pk")[:1]),
        is_own=Exists(own_producers(user).filter(pk=OuterRef(producer_field))),
        manages=Exists(duty),
        has_permit=Exists(permits.filter(producer=OuterRef(producer_field))),
    )


def _may_book(user: User, row: Any) -> bool:
    """Own producers, and whoever stands at the counter of a house the asker manages."""
    return bool(row.is_own or row.manages or user.is_superuser)


def _party(user: User, row: Any, producer: Producer, product: Product | None) -> ActingFor:
    manages = bool(row.manages or user.is_superuser)
    on_behalf, permit = not row.is_own, bool(row.has_permit)
    return ActingFor(producer, product, row.machine_pk, on_behalf=on_behalf, manages=manages, has_permit=permit)


def products_to_pack(user: Person) -> list[Product]:
    """Return the products a person may pack, the last used first, each with the `last_format` it was packed in."""
    latest = Booking.objects.filter(product=OuterRef("pk")).exclude(pack_format="").order_by("-starts_at")
    mine = Product.objects.filter(producer__in=own_producer_ids(user)).select_related("producer")
    mine = mine.annotate(last_format=Subquery(latest.values("pack_format")[:1]))
    return list(mine.order_by(F("used_at").desc(nulls_last=True), "name_key")[:MOST_PRODUCTS])


def producers_of(user: User) -> list[Producer]:
    """Return the producers a person may order for, own ones first."""
    found = Producer.objects.filter(pk__in=own_producer_ids(user)).select_related("cooperative", "district")
    direct = set(Membership.objects.filter(user=user, ended_at__isnull=True).values_list("producer_id", flat=True))
    return sorted(found, key=lambda producer: (producer.pk not in direct, producer.name_key))


def acts_for_another(user: User, producer: Producer) -> bool:
    """Return whether this person is neither the owner nor an officer of the producer itself."""
    own = Membership.objects.filter(user=user, producer=producer, ended_at__isnull=True)
    return not own.exclude(kind=Membership.Kind.COMPANION).exists()


def capacities(producer: Producer, people: Collection[int]) -> dict[int, str]:
    """Return as what each of these people acts for a producer: `Membership.Kind`. Who is not in it acts for the house.

    Officers of the producer's cooperative are officers here too. Who left still acted as what they were then.
    """
    theirs = Membership.objects.filter(user__in=people)
    theirs = theirs.filter(
        Q(producer=producer.pk) | Q(producer=producer.cooperative_id, kind=Membership.Kind.OFFICER)
    )
    rows = theirs.order_by("-ended_at").values_list("user_id", "producer_id", "kind")
    return {user: kind for user, _producer, kind in sorted(rows, key=lambda row: row[1] == producer.pk)}


def products_of(producer: Producer) -> list[Product]:
    """Return a producer's products, the last used first."""
    return list(Product.objects.filter(producer=producer).order_by(F("used_at").desc(nulls_last=True), "name_key")[:30])
