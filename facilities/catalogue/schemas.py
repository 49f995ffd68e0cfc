"""Shapes of the public catalogue in the API."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import BeforeValidator, Field

from accounts.schemas import Id, In, PageIn, QueryMinute, ReasonOut, one_line, read_number
from facilities.models import Closure, District, Facility, Machine, MachineType, OpeningHours
from facilities.occupancy.matrices import Cell
from facilities.time.calendars import Blocked
from facilities.time.spans import Span
from facilities.vocabulary import CLASSES

Code = one_line(40)
CleaningClass = Literal[("", *CLASSES)]  # type: ignore[valid-type]


class FacilityFilter(PageIn):
    district: Code = ""


class MachineFilter(PageIn):
    """Empty filters match all; several narrow each other."""

    facility: Code = Field("", description="slug of a house")
    district: Code = Field("", description="Kemendagri code, for example 61.71")
    type: Code = Field("", description="slug of a machine type")
    form: Code = Field("", description="product form, for example keripik")
    format: Code = Field("", description="pack format, for example standing_pouch")
    line: Literal["", "halal", "non_halal"] = ""
    q: one_line(80) = Field("", description="words of the name")  # type: ignore[valid-type]


class DistrictOut(Schema):
    code: str
    name: str
    kind: str
    capital: str
    latitude: float
    longitude: float
    population: int
    facility_count: int


class RulesOut(Schema):
    """What a house sets: minutes, except `horizon` in days."""

    grid: int
    notice: int
    horizon: int
    shortest: int
    longest: int
    approval: str
    approval_limit: int
    answer_within: int
    grace: int
    cancel_deadline: int


class HoursOut(Schema):
    weekday: int = Field(description="0 is Monday")
    opens: str
    closes: str
    valid_from: date
    valid_until: date | None


class ClosureOut(Schema):
    first_on: date
    last_on: date
    from_time: str
    until_time: str
    reason: str
    kind: str
    is_estimate: bool


class FacilityOut(Schema):
    slug: str
    name: str
    district: str
    district_name: str
    address: str
    latitude: float
    longitude: float
    zone: str
    phone: str
    contact_name: str
    is_example: bool
    machine_count: int
    version: int


class FacilityPageOut(FacilityOut):
    about: str
    what_to_bring: str
    rules: RulesOut
    opening_hours: list[HoursOut]
    closures: list[ClosureOut]


class MachineTypeOut(Schema):
    code: str
    slug: str
    name: str
    name_en: str
    purpose: str
    forms: list[str]
    formats: list[str]
    rate_min: int
    rate_max: int
    setup: int
    cleaning: int
    operator_level: str


class CapabilityOut(Schema):
    form: str
    format: str
    rate: int = Field(description="packs per hour, as its maker or the house states them")
    learned_rate: int | None = Field(
        description="packs per hour, the median of its last signed runs; planned with where it is"
    )
    learned_from: int = Field(description="signed runs it was learned from, at least five")
    smallest: int | None = Field(description="grams or millilitres in a pack")
    largest: int | None = Field(description="grams or millilitres in a pack")
    widest: int | None = Field(description="millimetres of the pack")


class TariffOut(Schema):
    unit: str
    amount: int = Field(description="rupiah per unit")
    is_example: bool


class MachineOut(Schema):
    slug: str
    name: str
    facility: str
    facility_name: str
    district: str
    type: str
    type_name: str
    line: str
    operator_level: str
    setup: int
    cleaning: int
    capabilities: list[CapabilityOut]
    tariff: TariffOut | None
    status: str = Field(description="in_service or broken")
    broken_until: datetime | None
    is_example: bool
    version: int


class LimitsOut(Schema):
    """What holds for this machine, its house's rules or its own: minutes, except `horizon` in days."""

    grid: int
    notice: int
    horizon: int
    shortest: int
    longest: int
    approval: str
    approval_limit: int


class MachinePageOut(MachineOut):
    note: str
    limits: LimitsOut
    next_free_at: datetime | None = Field(description="earliest start of a run of one hour within two weeks")


class AvailabilityIn(In):
    from_: QueryMinute | None = Field(None, alias="from", description="default: now, or seven days before `to`")
    to: QueryMinute | None = Field(None, description="default: seven days after `from`; at most 62 days after it")
    minutes: Annotated[int, Field(ge=1, le=1440), BeforeValidator(read_number)] = Field(
        60, description="length of the run"
    )
    product: Id | None = Field(None, description="id of a product of yours; needs sign-in")
    class_: CleaningClass = Field(
        "", alias="class", description="cleaning class of what is packed; a product says its own"
    )


class SpanOut(Schema):
    starts_at: datetime
    ends_at: datetime


class BlockedOut(SpanOut):
    code: str


class AvailabilityOut(Schema):
    machine: str
    grid_minutes: int
    minutes: int
    cleaning_class: str = Field(description="for which the times hold; empty: for any product, cleaned after fully")
    starts: list[datetime] = Field(description="every start of a run of `minutes` that fits")
    free: list[SpanOut] = Field(description="where setup and run have room")
    blocked: list[BlockedOut] = Field(description="what is closed or taken, and why; never by whom")
    reasons: list[ReasonOut] = Field(default=[], description="why this machine never fits the product")


class CleaningClassOut(Schema):
    code: str
    name: str
    name_en: str


class ChangeoverOut(Schema):
    """Between a job of class `before` and one of class `after` on the same machine."""

    before: str
    after: str
    minutes: int | None = Field(description="of cleaning; null: the machine's full clean, which no changeover exceeds")
    is_refused: bool = Field(description="the two never meet on one machine on one day")
    source: Literal["facility", "province", "default"]
    is_example: bool = Field(description="a figure nobody has verified")


class ChangeoversOut(Schema):
    facility: str
    classes: list[CleaningClassOut]
    cells: list[ChangeoverOut]


def district_out(district: District) -> DistrictOut:
    return DistrictOut.from_orm(district)


def machine_type_out(type_: MachineType) -> MachineTypeOut:
    return MachineTypeOut.from_orm(type_)


def facility_out(house: Facility) -> FacilityOut:
    return FacilityOut(**_facility(house))


def _facility(house: Facility) -> dict[str, Any]:
    same = ("slug", "name", "address", "latitude", "longitude", "phone", "contact_name", "is_example", "version")
    return {name: getattr(house, name) for name in same} | {
        "district": house.district.code,
        "district_name": str(house.district),
        "zone": house.zone_name,
        "machine_count": house.machine_count,  # type: ignore[attr-defined]
    }


def facility_page_out(
    house: Facility, *, hours: Iterable[OpeningHours], closures: Iterable[Closure]
) -> FacilityPageOut:
    return FacilityPageOut(
        **_facility(house),
        about=house.about,
        what_to_bring=house.what_to_bring,
        rules=RulesOut.from_orm(house),
        opening_hours=[
            HoursOut(
                weekday=rule.weekday,
                opens=clock_of(rule.opens),
                closes=clock_of(rule.closes),
                valid_from=rule.valid_from,
                valid_until=rule.valid_until,
            )
            for rule in hours
        ],
        closures=[_closure_out(closure) for closure in closures],
    )


def _closure_out(closure: Closure) -> ClosureOut:
    return ClosureOut(
        first_on=closure.first_on,
        last_on=closure.last_on,
        from_time=clock_of(closure.from_minute),
        until_time=clock_of(closure.until_minute),
        reason=closure.reason,
        kind=closure.kind,
        is_estimate=closure.is_estimate,
    )


def clock_of(minute: int) -> str:
    """Return `08:00` for a minute of the day; the end of the day is `24:00`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def machine_out(machine: Machine) -> MachineOut:
    return MachineOut(**_machine(machine))


def machine_page_out(machine: Machine, *, next_free_at: datetime | None) -> MachinePageOut:
    zone = machine.facility.zone
    return MachinePageOut(
        **_machine(machine),
        note=machine.note,
        limits=LimitsOut.from_orm(machine.limits),
        next_free_at=next_free_at.astimezone(zone) if next_free_at else None,
    )


def _machine(machine: Any) -> dict[str, Any]:
    house = machine.facility
    same = ("slug", "name", "line", "operator_level", "setup", "cleaning", "is_example", "version")
    tariff = machine.tariff_unit and TariffOut(
        unit=machine.tariff_unit, amount=machine.tariff_amount, is_example=machine.tariff_is_example
    )
    return {name: getattr(machine, name) for name in same} | {
        "facility": house.slug,
        "facility_name": house.name,
        "district": house.district_id,
        "type": machine.type.slug,
        "type_name": machine.type.name,
        "capabilities": [CapabilityOut.from_orm(pair) for pair in machine.capabilities.all()],
        "tariff": tariff or None,
        "status": "broken" if machine.broken_since else "in_service",
        "broken_until": machine.broken_until.astimezone(house.zone) if machine.broken_until else None,
    }


def spans_out(spans: Iterable[Span], zone: Any) -> list[SpanOut]:
    return [SpanOut(starts_at=s.start.astimezone(zone), ends_at=s.end.astimezone(zone)) for s in spans]


def blocked_out(blocks: Iterable[Blocked], zone: Any) -> list[BlockedOut]:
    return [
        BlockedOut(starts_at=b.span.start.astimezone(zone), ends_at=b.span.end.astimezone(zone), code=b.code)
        for b in blocks
    ]


def changeovers_out(house: Facility, cells: Iterable[Cell]) -> ChangeoversOut:
    return ChangeoversOut(
        facility=house.slug,
        classes=[CleaningClassOut(code=code, name=id_, name_en=en) for code, (id_, en) in CLASSES.items()],
        cells=[ChangeoverOut.from_orm(cell) for cell in cells],
    )
