"""A booking in the API: asked for, changed, shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from accounts.schemas import (
    BodyId,
    Flag,
    In,
    Minute,
    PageIn,
    QueryMinute,
    ReasonOut,
    integer,
    one_line,
    paragraphs,
    slug_type,
    some_words,
)
from bookings.models import BookedMachine, Booking
from bookings.packs.schemas import MOST_WEIGHT, MOST_WIDTH, Form, Line, PackFormat, Quantity
from bookings.rules.decision import Verdict
from facilities.api_problems import reasons_document
from facilities.catalogue.schemas import CleaningClass

MachineSlug, HouseSlug, ProducerSlug = slug_type(60), slug_type(40), slug_type(60)
Status = Literal[
    "requested", "approved", "checked_in", "completed", "declined", "expired", "cancelled", "no_show", "displaced"
]


CancelReason = Literal[
    "changed_plans", "material_missing", "ill", "machine_unsuitable", "weather", "broken", "no_operator", "documents",
    "at_request", "closed", "maintenance", "does_not_fit", "other",
]  # fmt: skip
DeclineReason = Literal["does_not_fit", "documents", "quota", "no_operator", "closed", "other"]


class BookingIn(In):
    """What is asked for. Setup and cleaning are added around the run by the machine."""

    machine: MachineSlug  # type: ignore[valid-type]
    starts_at: Minute
    ends_at: Minute
    product: BodyId | some_words(80) | None = Field(  # type: ignore[valid-type]
        None, description="id of a product on file, or its name; an unknown name is written down as it is"
    )
    form: Form | None = Field(None, description="product form, where the product is not on file")
    line: Line | None = Field(None, description="halal or non_halal, where the product is not on file")
    class_: CleaningClass = Field(
        "",
        alias="class",
        description="cleaning class, where the product is not on file; else what its form usually leaves",
    )
    quantity: Quantity | None = Field(None, description="packs")
    pack_format: PackFormat | None = None
    net_weight: integer(1, MOST_WEIGHT) | None = Field(  # type: ignore[valid-type]
        None, description="grams or millilitres in a pack; else what the product on file says"
    )
    width: integer(1, MOST_WIDTH) | None = Field(None, description="millimetres of the pack")  # type: ignore[valid-type]
    producer: ProducerSlug | None = Field(  # type: ignore[valid-type]
        None, description="slug; needed when you act for several"
    )
    note: paragraphs(500) = ""  # type: ignore[valid-type]
    walk_in: Flag = Field(False, description="starts now, at the counter; managers only")
    override_reason: one_line(300) = Field(  # type: ignore[valid-type]
        "", description="why a manager goes against a rule; managers only"
    )


class BookingFilter(PageIn):
    """Which bookings: those that touch `[from, to)`, in one status, of one machine, house or producer."""

    status: Status | Literal[""] = ""
    machine: one_line(60) = ""  # type: ignore[valid-type]
    facility: one_line(40) = ""  # type: ignore[valid-type]
    producer: one_line(60) = ""  # type: ignore[valid-type]
    from_: QueryMinute | None = Field(None, alias="from")
    to: QueryMinute | None = None


class CancelIn(In):
    reason_code: CancelReason = Field(
        description="of the producer: changed_plans to weather; of the house: broken to does_not_fit; other of both"
    )
    reason: one_line(300) = ""  # type: ignore[valid-type]


class DeclineIn(In):
    reason_code: DeclineReason
    reason: one_line(300) = Field("", description="words the producer reads")  # type: ignore[valid-type]


class MoveIn(In):
    machine: MachineSlug | None = None  # type: ignore[valid-type]
    starts_at: Minute
    ends_at: Minute
    override_reason: one_line(300) = Field("", description="managers only")  # type: ignore[valid-type]


class BookedMachineOut(Schema):
    machine: str
    name: str
    starts_at: datetime
    ends_at: datetime
    setup: int = Field(description="minutes before the run")
    cleaning: int = Field(description="minutes after the run")


class BookingOut(Schema):
    reference: str
    status: str
    version: int
    facility: str
    zone: str
    machine: str
    machines: list[BookedMachineOut]
    producer: str
    producer_name: str
    product: str = Field(description="name of the product")
    product_id: int | None
    pack_format: str
    quantity: int | None
    note: str
    starts_at: datetime
    ends_at: datetime
    is_walk_in: bool
    is_late_cancel: bool
    made_at: datetime
    expires_at: datetime | None
    decided_at: datetime | None
    checked_in_at: datetime | None
    ended_at: datetime | None
    reason_code: str
    reason: str
    price: int | None = Field(description="rupiah, an estimate")


class DecidedOut(BookingOut):
    """A booking as it was just made or moved, with what the rules said besides yes."""

    asks: list[ReasonOut] = Field(default=[], description="why a person answers first, unless a manager books")
    warnings: list[ReasonOut] = Field(default=[], description="good to know; nothing stands against it")
    overridden: list[ReasonOut] = Field(
        default=[], description="what a manager went on against, with `override_reason`"
    )


SAME = (
    "reference", "status", "version", "pack_format", "quantity", "note", "is_walk_in", "is_late_cancel",
    "reason_code", "reason", "price", "product_id",
)  # fmt: skip
INSTANTS = ("starts_at", "ends_at", "made_at", "expires_at", "decided_at", "checked_in_at", "ended_at")


def booking_out(booking: Booking, parts: Iterable[BookedMachine] | None = None) -> BookingOut:
    """Return a booking's shape, in the time of its house. `parts` saves reading its machines back."""
    return BookingOut(**_values(booking, parts))


def decided_out(
    booking: Booking, said: Verdict, language: str, parts: Iterable[BookedMachine] | None = None
) -> DecidedOut:
    """Return a booking that was just made or moved, with what the rules said of it."""
    reasons = {"asks": said.asks, "warnings": said.warnings, "overridden": said.refusals}
    told = {name: reasons_document(found, language) for name, found in reasons.items()}
    return DecidedOut(**_values(booking, parts), **told)  # type: ignore[arg-type]


def _values(booking: Booking, parts: Iterable[BookedMachine] | None) -> dict[str, Any]:
    zone = booking.facility.zone
    machines = [_part_out(part, zone) for part in (booking.machines.all() if parts is None else parts)]
    instants = {name: getattr(booking, name) for name in INSTANTS}
    return {
        **{name: getattr(booking, name) for name in SAME},
        **{name: instant.astimezone(zone) if instant else None for name, instant in instants.items()},
        "facility": booking.facility.slug,
        "zone": booking.facility.zone_name,
        "machine": machines[0].machine if machines else "",
        "machines": machines,
        "producer": booking.producer.slug,
        "producer_name": booking.producer.name,
        "product": booking.product_name,
    }


def _part_out(part: BookedMachine, zone: object) -> BookedMachineOut:
    return BookedMachineOut(
        machine=part.machine.slug,
        name=part.machine.name,
        starts_at=part.starts_at.astimezone(zone),  # type: ignore[arg-type]
        ends_at=part.ends_at.astimezone(zone),  # type: ignore[arg-type]
        setup=part.setup,
        cleaning=part.cleaning,
    )


def bookings_out(bookings: Iterable[Booking]) -> list[BookingOut]:
    return [booking_out(booking) for booking in bookings]
