"""How a producer joins: a person who signs in, the producer, and the tie between them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from accounts import services as accounts
from accounts.models import User
from bookings.models import Membership, Producer
from facilities.audit import audit
from facilities.errors import BadInput
from facilities.models import District
from facilities.transactions import in_one_transaction


@in_one_transaction
def register_producer(
    *,
    phone: str,
    password: str,
    name: str,
    producer_name: str,
    kind: str,
    district: District,
    now: datetime,
    language: str = "id",
) -> User:
    """Make a person and the producer they act for: its owner, or a cooperative's officer.

    `phone` is normalised. Raises accounts.services.PhoneTaken, or Django's
    ValidationError for a weak password; then nothing is kept.
    """
    user = accounts.register(phone=phone, name=name, password=password, now=now, language=language)
    producer = Producer.objects.create(
        slug=secrets.token_hex(8),
        kind=kind,
        name=producer_name,
        contact_name=name,
        phone=phone,
        district=district,
        registered_at=now,
    )
    role = Membership.Kind.OFFICER if kind == Producer.Kind.COOPERATIVE else Membership.Kind.OWNER
    Membership.objects.create(user=user, producer=producer, kind=role)
    return user


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A producer seen for the first time. `phone` is normalised; it opens no account."""

    name: str
    contact_name: str
    phone: str
    district: District
    kind: str


@in_one_transaction
def enrol(newcomer: Newcomer, *, actor: User, now: datetime) -> Producer:
    """Put a new producer on file. Raises `BadInput` on `new_phone` when that number is known already."""
    if Producer.objects.filter(phone=newcomer.phone).exists():
        raise BadInput(
            "new_phone",
            "known_phone",
            "Nomor ini sudah terdaftar. Cari dengan nomor itu, lalu pilih.",
            "This number is on file. Search for it, then choose.",
        )
    producer = Producer.objects.create(
        slug=secrets.token_hex(8),
        kind=newcomer.kind,
        name=newcomer.name,
        contact_name=newcomer.contact_name or newcomer.name,
        phone=newcomer.phone,
        district=newcomer.district,
        registered_at=now,
    )
    audit(action="enrol", target=producer, actor=actor, now=now)
    return producer
