"""A small world with one of everything, for tests that try every address on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from bookings.messages import feed_services as feeds
from bookings.models import Booking, Membership, Producer
from bookings.ordering import services as ordering
from bookings.people import document_services as documents
from bookings.runs import services as runs
from bookings.upkeep import services as upkeep
from facilities.models import Closure, Facility, Machine, Occupancy
from facilities.roster import services as facility_roster
from facilities.time.spans import Span
from tests import build
from tests.api.calling import coming


@dataclass
class World:
    """Two houses, the whole cast, and bookings of Siti and Budi in several states."""

    house: Facility
    machine: Machine
    elsewhere: Facility
    people: dict[str, User]
    ids: dict[str, list[Any]] = field(default_factory=dict)

    def first(self, name: str) -> Any:
        return self.ids[name][0]

    def known(self, path: str, name: str) -> list[Any]:
        """Return what exists under a part of an address, the own one first."""
        if name == "slug" and "facilities" in path:
            return self.ids["facility"]
        if name == "reference":
            return [*self.ids["reference"], *self.ids["here"]]
        return self.ids.get(name, [])


def make_world() -> World:
    sintang = build.make_district("61.05", "Sintang", "kabupaten")
    house = build.make_facility("pontianak", approval="manual")
    elsewhere = build.make_facility("sintang", district=sintang)
    machine = build.make_machine(house, slug="pontianak-band-1")
    there = build.make_machine(elsewhere, slug="sintang-band-1")
    build.make_tariff(machine)
    world = World(house, machine, elsewhere, _cast(house, sintang))
    world.ids["slug"] = [machine.slug, there.slug]
    world.ids["facility"] = [house.slug, elsewhere.slug]
    day = coming(0, day=200).date()
    world.ids["holiday_id"] = [Closure.objects.create(first_on=day, last_on=day, kind="public", reason="Hari raya").pk]
    world.ids["day"] = [day.isoformat()]
    _fill(world, machine, there)
    return world


def _cast(house: Facility, sintang: Any) -> dict[str, User]:
    siti, budi, rosa, tono = build.siti(), build.budi(), build.rosa(), build.make_user("Tono")
    Membership.objects.create(user=tono, producer=build.producer_of(siti), kind=Membership.Kind.COMPANION)
    return {
        "siti": siti,
        "budi": budi,
        "rosa": rosa,
        "tono": tono,
        "dewi": build.dewi(house),
        "cahya": build.cahya(house),
        "eko": build.eko(sintang),
        "fitri": build.fitri(),
        "gunawan": build.gunawan(),
        "admin": build.make_user("Admin", is_superuser=True, is_staff=True),
    }


def _fill(world: World, machine: Machine, there: Machine) -> None:
    """Put one of everything into each house: the first of every pair is in pontianak and Siti's, the second is not."""
    siti, budi, cahya = (world.people[name] for name in ("siti", "budi", "cahya"))
    manager_there = build.cahya(world.elsewhere)
    mine = _busy(machine, siti, cahya)
    others = _busy(there, budi, manager_there)
    now = timezone.now()
    feeds_ = [feeds.open_feed(user=user, now=now, machine=machine) for user in (siti, budi)]
    for feed, _ in feeds_:
        feeds.remember_reading(feed=feed, now=now)  # a first reading writes
    producers = [build.producer_of(user) for user in (siti, budi)]
    world.ids |= {name: [mine[name], others[name]] for name in mine}
    world.ids |= {
        "feed_id": [feed.pk for feed, _ in feeds_],
        "token": [token for _, token in feeds_],
        "product": [build.make_product(producer).pk for producer in producers],
        "producer": [producer.slug for producer in producers],
    }


def _busy(machine: Machine, user: User, manager: User) -> dict[str, Any]:
    """Give a machine a request, a booking whose producer is here with a run, maintenance, and another a breakdown."""
    now = timezone.now()
    here = checked_in(book(machine, user, 10), manager)
    broken = build.make_machine(machine.facility, slug=f"{machine.facility.slug}-cup-1")
    return {
        "reference": book(machine, user, 8).reference,
        "here": here.reference,
        "run_id": runs.start_run(booking_id=here.pk, actor=manager, now=now).pk,
        "maintenance_id": upkeep.schedule_maintenance(
            machine_id=machine.pk, span=Span(coming(14), coming(15)), title="Oli", actor=manager, now=now
        ).pk,
        "breakdown_id": upkeep.report_breakdown(
            machine_id=broken.pk, expected_until=coming(6), reason="Motor", actor=manager, now=now
        ).pk,
        "broken": broken.slug,
        **_people(machine.facility, build.producer_of(user), manager),
    }


def _people(house: Facility, producer: Producer, manager: User) -> dict[str, int]:
    """Give a house an operator who will be away, and its producer a document and a lesson; by their ids."""
    now = timezone.now()
    operator = build.make_operator(house, "Hasan")
    by = {"actor": manager, "now": now}
    today, span = timezone.localdate(), Span(coming(8, day=9), coming(9, day=9))
    return {
        "operator_id": operator.pk,
        "absence_id": facility_roster.add_absence(operator=operator, span=span, reason="", **by).pk,
        "document_id": documents.add_document(
            producer=producer, kind="nib", number=f"{producer.pk:013}", expires_on=None, today=today, **by
        ).pk,
        "lesson_id": documents.give_qualification(
            producer=producer, facility=house, type=None, person="", given_on=today, expires_on=None, today=today, **by
        ).pk,
    }


def book(machine: Machine, user: User, hour: float) -> Booking:
    return ordering.reserve(
        machine_id=machine.pk, starts_at=coming(hour), ends_at=coming(hour + 1), producer=build.producer_of(user),
        actor=user, now=timezone.now(),
    )  # fmt: skip


def checked_in(booking: Booking, by: User) -> Booking:
    """Return the booking as if its hour were now and its producer here."""
    now = timezone.now()
    span = {"starts_at": now - timedelta(minutes=30), "ends_at": now + timedelta(minutes=30)}
    Booking.objects.filter(pk=booking.pk).update(status="approved", expires_at=None, decided_at=now, **span)
    booking.machines.update(**span)
    Occupancy.objects.filter(booked_machine__booking=booking).update(**span, cleaning_from=None)
    return runs.check_in(booking_id=booking.pk, actor=by, now=now)
