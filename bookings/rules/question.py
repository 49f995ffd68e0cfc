"""What the rules are asked: a machine's rules and traits, what is wanted of it, and who wants it. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bookings.models import BookedMachine, Booking, BookingEvent, Producer, Product
from bookings.rules.decision import Ability, Origin, Party, Question, Request, Rules, Traits, policy_of, reasons_against
from bookings.rules.fit import fit, line
from bookings.rules.party import party_of
from bookings.rules.weights import grams
from facilities.errors import Reason
from facilities.models import Capability, Machine
from facilities.occupancy.reading import calendars
from facilities.region.places import Place
from facilities.time.calendars import Calendar
from facilities.time.hours import local_date
from facilities.time.spans import MINUTE, Span
from facilities.vocabulary import usual_class

NEVER = (line.RULE, fit.RULE)
"""What no other hour mends: whatever these say of a machine, they say all day."""


def rules_of(machine: Machine | Place) -> Rules:
    """Return what holds for a machine: its house's rules, and its own where it has some."""
    house = machine.facility
    return Rules.of(machine.limits, house.zone, policy_of(house.policy, machine.policy))


def traits_of(machine: Machine, request: Request) -> Traits:
    """Return what matters of a machine when deciding about a request: it is in service on all of its days, or not."""
    first, last = (local_date(instant, machine.facility.zone) for instant in (request.start, request.end - MINUTE))
    kept = machine.in_service_from <= first and (machine.retired_on is None or last < machine.retired_on)
    return Traits(
        machine.name,
        machine.line,
        abilities_of(machine.capabilities.all()),
        in_service=kept,
        type_code=machine.type_id,
        level=machine.operator_level,
        is_support=request.moved_from is not None and machine.type.is_support,
    )


def abilities_of(capabilities: Iterable[Capability]) -> frozenset[Ability]:
    """Return a machine's capabilities as values."""
    return frozenset(Ability(c.form, c.format, c.smallest, c.largest, c.widest) for c in capabilities)


def request_for(
    machine: Machine,
    starts_at: datetime,
    ends_at: datetime,
    *,
    product: Product | None = None,
    form: str | None = None,
    line: str | None = None,
    pack_format: str = "",
    cleaning_class: str = "",
    net_weight: int | None = None,
    width: int | None = None,
) -> Request:
    """Return what is wanted of a machine. A product on file says form, line, class and weight; else what was told.

    Whoever says that this time it is not halal is believed against the file: then no machine takes it.

    A form without a class is taken to leave behind what such products usually do.
    """
    if product is not None:
        form, line = product.form or None, _stricter(product, machine, line)
        cleaning_class = product.cleaning_class or cleaning_class
        net_weight = net_weight or grams(product.net_weight)
    return Request(
        start=starts_at,
        end=ends_at,
        setup=machine.setup,
        cleaning_class=cleaning_class or usual_class(form or ""),
        line=line,
        form=form,
        format=pack_format or None,
        net_weight=net_weight,
        width=width,
    )


def _stricter(product: Product, machine: Machine, told: str | None) -> str:
    """Return the line that counts when file and words differ: a halal machine never touches what is said not to be."""
    doubtful = product.line == Machine.Line.HALAL and told == Machine.Line.NON_HALAL
    return Machine.Line.NON_HALAL if doubtful and machine.line == Machine.Line.HALAL else product.line


def calendar_around(machine: Machine, request: Request, *, except_: int | None = None) -> Calendar:
    """Return the machine's calendar around a request, without the occupancy that is being moved."""
    around = Span(request.work.start, request.end + timedelta(minutes=machine.cleaning))
    return calendars([machine], around, except_=except_)[machine.pk]


def question_about(
    machine: Machine,
    request: Request,
    *,
    now: datetime,
    producer: Producer | None = None,
    at_counter: bool = False,
    moving: int | None = None,
    except_: int | None = None,
    thorough: bool = False,
) -> Question:
    """Return the whole question about a request: rules, calendar, and what is known of who asks.

    `moving` is the booking that moves, `except_` its occupancy: neither stands in its own way.
    `thorough` also reads what only warns.
    """
    rules = rules_of(machine)
    party: Party | None = None
    if producer is not None:
        party = party_of(producer, machine, request, rules, now=now, moving=moving, thorough=thorough)
    calendar = calendar_around(machine, request, except_=except_)
    return Question(request, calendar, rules, traits_of(machine, request), now, at_counter, party)


def misfits(machine: Machine, request: Request, *, now: datetime, any_day: bool = False) -> list[Reason]:
    """Return why a machine can never do what is wanted, whatever the hour; with `any_day`, in service that day or not."""
    traits = traits_of(machine, request)
    traits = replace(traits, in_service=True) if any_day else traits
    return reasons_against(request, Calendar(()), rules_of(machine), traits, now=now, checks=NEVER)


def request_to_move(
    booking: Booking, part: BookedMachine, machine: Machine, starts_at: datetime, ends_at: datetime
) -> Request:
    """Return what a booking asks of a machine elsewhere: as much of its product as is known.

    Of what is not on file we know the line that took it, and what it was held to leave behind: also when it
    was displaced since, and its machine changed its line. Form and size are those it was asked with.
    """
    told = _told_of(booking)
    line, held = part.machine.line, part.occupancy.cleaning_class if part.occupancy is not None else ""
    if part.occupancy is None:
        line, held = str(told.get("line") or line), str(told.get("cleaning_class") or "")
    request = request_for(machine, starts_at, ends_at, product=booking.product, line=None if booking.product else line,
                          pack_format=booking.pack_format, cleaning_class=held, form=told.get("form"),
                          net_weight=told.get("net_weight"), width=told.get("width"))  # fmt: skip
    return request if machine.pk == part.machine_id else replace(request, moved_from=origin_of(part.machine))


def _told_of(booking: Booking) -> dict[str, Any]:
    """Return what the trail keeps of what was asked, and of what the time said of it when it was taken away."""
    steps = BookingEvent.objects.filter(booking=booking.pk, action__in=("reserve", "displace")).order_by("at", "pk")
    told: dict[str, Any] = {}
    for details in steps.values_list("details", flat=True):
        told |= details
    return told


def origin_of(machine: Machine) -> Origin:
    """Return what matters of the machine that a booking leaves."""
    return Origin(machine.type_id, machine.type.is_support, abilities_of(machine.capabilities.all()))
