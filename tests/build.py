"""Plain functions that make what a test needs. No magic: pass what matters, the rest is ordinary.

The cast is fixed: Siti and Budi (producers), Koperasi Mandau with officer Rosa,
Cahya (manager), Dewi (operator), Eko (dinas kabupaten), Fitri (dinas provinsi),
Gunawan (inspector). Monday 23 November 2026, 08.00 WIB is `MONDAY_8`.
"""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

from accounts.models import User
from bookings.models import Booking, Membership, Producer, Product
from bookings.ordering import services as ordering
from facilities.models import (
    Capability,
    District,
    Duty,
    Facility,
    Machine,
    MachineType,
    OpeningHours,
    Operator,
    Shift,
    Tariff,
)

MONDAY_8 = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Monday 23 November 2026, 08.00 in Pontianak."""

EARLY = MONDAY_8 - timedelta(days=3)
"""The Friday morning before: when people book for Monday."""

_numbers = itertools.count(1)


def at(hours: float, *, day: int = 0) -> datetime:
    """Return an instant `hours` o'clock WIB, `day` days after that Monday."""
    return MONDAY_8 + timedelta(days=day, hours=hours - 8)


def make_user(name: str = "Orang", **fields: object) -> User:
    number = next(_numbers)
    values: dict[str, object] = {"phone": f"+62811{number:08d}", "name": name, "joined_at": EARLY, **fields}
    user = User(**values)
    user.set_unusable_password()
    user.save()
    return user


def make_district(code: str = "61.71", name: str = "Pontianak", kind: str = "kota", *, bps_code: str = "") -> District:
    defaults = {"bps_code": bps_code or code.replace(".", ""), "name": name, "kind": kind, "capital": name}
    defaults |= {"latitude": -0.03, "longitude": 109.34, "population": 687031}
    return District.objects.get_or_create(code=code, defaults=defaults)[0]


def make_facility(slug: str = "", *, hours: tuple[int, int] | None = (480, 960), **fields: object) -> Facility:
    """A house open Monday to Friday 08.00–16.00 in its zone, approving everything by itself."""
    slug = slug or f"rumah-{next(_numbers)}"
    values: dict[str, object] = {
        "slug": slug,
        "name": f"Rumah Produksi {slug.title()}",
        "district": fields.pop("district", None) or make_district(),
        "address": "Jalan Contoh 1",
        "latitude": -0.03,
        "longitude": 109.34,
        "phone": "+62561000000",
        "contact_name": "Cahya",
        "approval": "automatic",
        **fields,
    }
    facility = Facility.objects.create(**values)
    if hours:
        OpeningHours.objects.bulk_create(
            OpeningHours(facility=facility, weekday=day, opens=hours[0], closes=hours[1], valid_from=date(2020, 1, 1))
            for day in range(5)
        )
    return facility


def make_type(code: str = "BAND", **fields: object) -> MachineType:
    defaults: dict[str, object] = {
        "slug": code.lower(),
        "name": "Mesin segel kontinu",
        "name_en": "Continuous band sealer",
        "purpose": "Menyegel kantong berjalan",
        "forms": ["keripik", "padat"],
        "formats": ["standing_pouch", "kantong_plastik"],
        "rate_min": 500,
        "rate_max": 1500,
        "setup": 10,
        "cleaning": 10,
        "operator_level": "terlatih",
        "drawing": "segel-kontinu",
        **fields,
    }
    return MachineType.objects.get_or_create(code=code, defaults=defaults)[0]


def make_machine(facility: Facility | None = None, *, rate: int = 600, **fields: object) -> Machine:
    """A machine with no setup and no cleaning unless told, packing keripik into standing pouches."""
    values: dict[str, object] = {
        "facility": facility or make_facility(),
        "type": fields.pop("type", None) or make_type(),
        "slug": f"mesin-{next(_numbers)}",
        "name": "Segel kontinu 1",
        "setup": 0,
        "cleaning": 0,
        "operator_level": "terlatih",
        "in_service_from": date(2020, 1, 1),
        **fields,
    }
    machine = Machine.objects.create(**values)
    Capability.objects.create(machine=machine, form="keripik", format="standing_pouch", rate=rate)
    return machine


def make_tariff(machine: Machine, unit: str = "hour", amount: int = 10_000) -> Tariff:
    return Tariff.objects.create(
        machine=machine, unit=unit, amount=amount, legal_basis="contoh", valid_from=date(2020, 1, 1)
    )


def make_producer(name: str = "Keripik Siti", *, owner: User | None = None, **fields: object) -> Producer:
    number = next(_numbers)
    values: dict[str, object] = {
        "slug": f"p{number}",
        "name": name,
        "contact_name": owner.name if owner else "Siti",
        "phone": owner.phone if owner else f"+62812{number:08d}",
        "district": fields.pop("district", None) or make_district(),
        "registered_at": EARLY,
        **fields,
    }
    producer = Producer.objects.create(**values)
    if owner:
        Membership.objects.create(user=owner, producer=producer, kind=Membership.Kind.OWNER)
    return producer


def make_product(producer: Producer, name: str = "Keripik talas", **fields: object) -> Product:
    return Product.objects.create(producer=producer, name=name, **{"form": "keripik", **fields})


def siti() -> User:
    """Siti, with her own producer `Keripik Siti`."""
    user = make_user("Siti")
    make_producer("Keripik Siti", owner=user)
    return user


def budi() -> User:
    """Budi, who competes."""
    user = make_user("Budi")
    make_producer("Abon Budi", owner=user)
    return user


def rosa() -> User:
    """Rosa, officer of Koperasi Mandau, which has one member."""
    user = make_user("Rosa")
    cooperative = make_producer("Koperasi Mandau", kind="cooperative")
    Membership.objects.create(user=user, producer=cooperative, kind=Membership.Kind.OFFICER)
    make_producer("Anggota Mandau", cooperative=cooperative)
    return user


def cahya(facility: Facility) -> User:
    """Cahya, who manages the house."""
    return _on_duty("Cahya", "manager", facility=facility)


def dewi(facility: Facility) -> User:
    """Dewi, who operates machines in the house."""
    return _on_duty("Dewi", "operator", facility=facility)


def eko(district: District) -> User:
    """Eko of the district's dinas."""
    return _on_duty("Eko", "district", district=district)


def fitri() -> User:
    """Fitri of the provincial dinas."""
    return _on_duty("Fitri", "province")


def gunawan() -> User:
    """Gunawan, who inspects and only reads."""
    return _on_duty("Gunawan", "inspector")


def _on_duty(name: str, kind: str, **scope: object) -> User:
    user = make_user(name)
    Duty.objects.create(user=user, kind=kind, **scope)
    return user


def producer_of(user: User) -> Producer:
    return Producer.objects.get(memberships__user=user)


def make_booking(
    machine: Machine,
    start: float = 8,
    end: float = 10,
    *,
    day: int = 0,
    by: User | None = None,
    now: datetime = EARLY,
    **asked: object,
) -> Booking:
    """Book `machine` from `start` to `end` o'clock WIB through the real service."""
    actor = by or siti()
    producer = asked.pop("producer", None) or producer_of(actor)
    return ordering.reserve(
        machine_id=machine.pk,
        starts_at=at(start, day=day),
        ends_at=at(end, day=day),
        producer=producer,
        actor=actor,
        now=now,
        **asked,
    )


def make_owner(name: str) -> User:
    """A person with one producer of their own."""
    user = make_user(name)
    make_producer(f"Usaha {name}", owner=user)
    return user


def make_operator(
    facility: Facility,
    name: str = "Dewi",
    *,
    types: tuple[str, ...] = ("BAND",),
    hours: tuple[int, int] | None = (480, 960),
    **fields: object,
) -> Operator:
    """An operator on shift Monday to Friday 08.00–16.00, who runs band sealers."""
    operator = Operator.objects.create(facility=facility, name=name, types=list(types), **fields)
    if hours:
        Shift.objects.bulk_create(
            Shift(operator=operator, weekday=day, starts=hours[0], ends=hours[1], valid_from=date(2020, 1, 1))
            for day in range(5)
        )
    return operator
