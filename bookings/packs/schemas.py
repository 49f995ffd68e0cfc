"""Asking for packs in the API: what is wanted, which machines can do it, and why the others cannot.

Answers are written as plain values: there is a row for every machine of every house.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from ninja import Schema
from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from accounts import words
from accounts.schemas import (
    FIRST_YEAR,
    LAST_YEAR,
    WHOLE_MINUTES,
    YEARS,
    BodyId,
    Id,
    In,
    ReasonOut,
    integer,
    one_line,
    read_number,
    read_query_minute,
    slug_type,
)
from bookings.models import Need
from bookings.packs.near_misses import NearMiss
from bookings.packs.offers import Misfit, Option
from bookings.packs.ranking import ORDERS
from bookings.packs.search import LONGEST_WINDOW, Found
from bookings.packs.wanted import FORTNIGHT, Wanted
from facilities.api_problems import reasons_document
from facilities.catalogue.schemas import CleaningClass, TariffOut
from facilities.errors import BadInput
from facilities.region.places import Place
from facilities.time.hours import local_day
from facilities.vocabulary import FORMATS, FORMS

Form, PackFormat, Line = Literal[tuple(FORMS)], Literal[tuple(FORMATS)], Literal["halal", "non_halal"]  # type: ignore[valid-type]
MOST_WEIGHT, MOST_WIDTH = 1_000_000, 5_000
"""Grams or millilitres in a pack, a sack of a tonne; millimetres of its width."""

Quantity = integer(1, 1_000_000)

MOST_MINUTES = 14_400


def read_day_or_minute(given: object) -> date | datetime:
    """Return the day or the whole minute that a text means; a day alone is the province's."""
    if isinstance(given, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", given, re.ASCII):
        try:
            day = date.fromisoformat(given)
        except ValueError:
            raise PydanticCustomError("not_a_date", "A day is written as 2026-11-24.") from None
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            return day
        raise PydanticCustomError("year_out_of_range", "The year lies between 2020 and 2099.")
    return read_query_minute(given)


DayOrMinute = Annotated[
    date | datetime,
    PlainValidator(read_day_or_minute),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "date", "pattern": YEARS},
                {"type": "string", "format": "date-time", "pattern": WHOLE_MINUTES},
            ],
            "description": "a day (2026-11-24), or a whole minute as ISO 8601 with offset; 2020 to 2099",
        }
    ),
]
LineOrNot = Literal["", "halal", "non_halal"]
Order = Literal[ORDERS]
FormOrNot, FormatOrNot = Literal[("", *Form.__args__)], Literal[("", *PackFormat.__args__)]  # type: ignore[valid-type,attr-defined]


def _query(most: int) -> Any:
    return Annotated[int, Field(ge=1, le=most), BeforeValidator(read_number)]


class SearchIn(In):
    """What is to be packed, and when. What is not said is not checked."""

    form: FormOrNot = Field("", description="product form, for example keripik")  # type: ignore[valid-type]
    format: FormatOrNot = Field("", description="pack format, for example standing_pouch")  # type: ignore[valid-type]
    quantity: _query(1_000_000) | None = Field(None, description="packs")  # type: ignore[valid-type]
    class_: CleaningClass = Field("", alias="class", description="cleaning class; else what the form usually leaves")
    line: LineOrNot = ""
    net_weight: _query(MOST_WEIGHT) | None = Field(None, description="grams or millilitres in a pack")  # type: ignore[valid-type]
    width: _query(MOST_WIDTH) | None = Field(None, description="millimetres of the pack")  # type: ignore[valid-type]
    district: one_line(13) = Field("", description="where you come from: Kemendagri code, for example 61.71")  # type: ignore[valid-type]
    earliest: DayOrMinute | None = Field(None, description="default: now")
    latest: DayOrMinute | None = Field(
        None, description="a day counts whole; default: 14 days after `earliest`, at most 62"
    )
    minutes: _query(MOST_MINUTES) | None = Field(
        None, description="length of the run, where you know better than the rates"
    )  # type: ignore[valid-type]
    order: Order = Field("earliest", description="which option comes first")  # type: ignore[valid-type]
    product: Id | None = Field(
        None, description="id of a product of yours, for form, class, line and weight; needs sign-in"
    )


class NeedIn(In):
    """The same question, put down in the ledger of needs: once per producer, pack format and month."""

    producer: slug_type(60) | None = Field(None, description="slug; needed when you act for several")  # type: ignore[valid-type]
    format: PackFormat  # type: ignore[valid-type]
    quantity: Quantity  # type: ignore[valid-type]
    form: FormOrNot = ""  # type: ignore[valid-type]
    class_: CleaningClass = Field("", alias="class")
    line: LineOrNot = ""
    net_weight: integer(1, MOST_WEIGHT) | None = None  # type: ignore[valid-type]
    width: integer(1, MOST_WIDTH) | None = None  # type: ignore[valid-type]
    district: one_line(13) = Field("", description="default: the producer's own")  # type: ignore[valid-type]
    earliest: DayOrMinute | None = None
    latest: DayOrMinute | None = None
    minutes: integer(1, MOST_MINUTES) | None = None  # type: ignore[valid-type]
    order: Order = "earliest"  # type: ignore[valid-type]
    product: BodyId | None = Field(None, description="id of a product of yours, for form, class, line and weight")


class SessionOut(Schema):
    starts_at: datetime
    ends_at: datetime
    packs: int | None


class OptionOut(Schema):
    machine: str
    machine_name: str
    type: str
    line: str
    operator_level: str
    facility: str
    facility_name: str
    district: str
    minutes: int = Field(description="of run in all, without setup and cleaning")
    minutes_each: int = Field(description="of the run that begins at `starts_at`")
    setup: int = Field(description="minutes before each run")
    starts_at: datetime
    ends_at: datetime = Field(description="of the first start, or of the last session of a plan")
    starts: list[datetime] = Field(description="up to three that do not overlap")
    no_cleaning: list[datetime] = Field(
        description="those that follow a job of the same class: nothing is cleaned between"
    )
    plan: list[SessionOut] = Field(description="sessions over days, where one is not enough; else empty")
    rate: int | None = Field(
        description="packs per hour of what was asked; null where nothing was said of product, pack or quantity"
    )
    rate_source: Literal["runs", "nominal"] | None
    learned_from: int = Field(description="signed runs of this machine; 0 where the rate is nominal")
    distance_km: int | None = Field(description="as the crow flies; roads are longer")
    price: int | None = Field(description="rupiah, an estimate; null where it is known only after the run")
    tariff: TariffOut | None
    documents: list[str] = Field(description="kinds that the house asks for: nib, pirt, halal, md, health")
    what_to_bring: str
    why: str = Field(description="how the minutes were computed, and what speaks for it")


class MisfitOut(Schema):
    machine: str
    machine_name: str
    facility: str
    facility_name: str
    reasons: list[ReasonOut]


class NearOut(Schema):
    kind: str = Field(description="shorter (fewer packs), next_day (later than asked), split (over several days)")
    machine: str
    machine_name: str
    facility: str
    facility_name: str
    starts_at: datetime
    ends_at: datetime
    packs: int | None


class SearchOut(Schema):
    earliest: datetime
    latest: datetime
    cleaning_class: str = Field(description="for which the times hold")
    order: str
    options: list[OptionOut]
    misfits: list[MisfitOut] = Field(description="every other machine in service, with every reason")
    near: list[NearOut] = Field(description="where nothing fits: up to three that almost do")


class NeedOut(Schema):
    producer: str
    format: str
    month: date
    quantity: int
    times: int = Field(description="how often it was asked this month")
    found: int = Field(description="machines that could do it when last asked")
    ended_in_nothing: bool
    served_by: str | None = Field(description="reference of the booking that served it")


class AskedOut(SearchOut):
    need: NeedOut


def window_of(asked: SearchIn | NeedIn, now: datetime) -> tuple[datetime, datetime]:
    """Return from when until when is looked: never before now, at most 62 days; a last day counts whole."""
    start = max(_instant(asked.earliest, last=False), now) if asked.earliest else now
    end = _instant(asked.latest, last=True) if asked.latest else start + FORTNIGHT
    if asked.earliest and end <= _instant(asked.earliest, last=False):
        raise BadInput(
            "latest", "ends_before_it_starts", "Akhir harus sesudah awal.", "The end must be after the start."
        )
    return start, min(end, start + LONGEST_WINDOW)


def _instant(given: date | datetime, *, last: bool) -> datetime:
    if isinstance(given, datetime):
        return given
    day = local_day(given, ZoneInfo(settings.DISPLAY_ZONE))
    return day.end if last else day.start


def found_document(found: Found, wanted: Wanted, order: str, language: str) -> dict[str, Any]:
    """Return an answer as JSON holds it, every instant in the time of its house."""
    zone = ZoneInfo(settings.DISPLAY_ZONE)
    return {
        "earliest": _local(wanted.earliest.replace(second=0, microsecond=0), zone),
        "latest": _local(wanted.latest.replace(second=0, microsecond=0), zone),
        "cleaning_class": wanted.cleaning_class,
        "order": order,
        "options": [_option(option, wanted, language) for option in found.options],
        "misfits": [_misfit(misfit, language) for misfit in found.misfits],
        "near": [_near(near) for near in found.near],
    }


@lru_cache(maxsize=10_000)
def _local(instant: datetime, zone: ZoneInfo) -> str:
    # A thousand machines share a few dozen instants, and writing one costs 5 µs.
    return instant.astimezone(zone).isoformat()


def _place(place: Place) -> dict[str, Any]:
    house = place.facility
    return {"machine": place.slug, "machine_name": place.name, "facility": house.slug, "facility_name": house.name}


def _option(option: Option, wanted: Wanted, language: str) -> dict[str, Any]:
    place, tariff = option.machine, option.tariff
    zone = place.facility.zone
    return {
        **_place(place),
        "type": place.type_id.lower(),
        "line": place.line,
        "operator_level": place.level,
        "district": place.facility.district_id,
        "minutes": option.minutes,
        "minutes_each": option.minutes_each,
        "setup": place.setup,
        "starts_at": _local(option.plan[0].start if option.plan else option.starts[0], zone),
        "ends_at": _local(option.ends_at, zone),
        "starts": [_local(start, zone) for start in option.starts],
        "no_cleaning": [_local(start, zone) for start in option.no_cleaning],
        "plan": [
            {"starts_at": _local(one.start, zone), "ends_at": _local(one.end, zone), "packs": one.packs}
            for one in option.plan
        ],
        "rate": option.rate,
        "rate_source": None if option.rate is None else "runs" if option.learned_from else "nominal",
        "learned_from": option.learned_from,
        "distance_km": option.distance,
        "price": option.price,
        "tariff": tariff and {"unit": tariff.unit, "amount": tariff.amount, "is_example": tariff.is_example},
        "documents": list(option.documents),
        "what_to_bring": place.facility.what_to_bring,
        "why": why(option, wanted, language),
    }


def _misfit(misfit: Misfit, language: str) -> dict[str, Any]:
    return {**_place(misfit.machine), "reasons": reasons_document(misfit.reasons, language)}


def _near(near: NearMiss) -> dict[str, Any]:
    zone = near.machine.facility.zone
    times = {"starts_at": _local(near.starts_at, zone), "ends_at": _local(near.ends_at, zone)}
    return {"kind": near.kind, **_place(near.machine), **times, "packs": near.packs}


def why(option: Option, wanted: Wanted, language: str) -> str:
    """Return in words how an option's minutes were computed, and what speaks for it."""
    english = language.startswith("en")
    quantity = None if wanted.minutes is not None else wanted.quantity
    parts = [
        _computed(option.minutes, quantity, option.rate, option.learned_from, wanted.minutes is not None, language)
    ]
    if option.plan:
        n = len(option.plan)
        parts.append(f"In {n} sessions over {n} days." if english else f"Dibagi {n} kali pada {n} hari.")
    if option.no_cleaning:
        clean = option.no_cleaning[0]
        when = "" if clean == option.starts[0] else f" ({words.moment(clean, option.machine.facility.zone, language)})"
        same = ("No cleaning needed{}: same class before it.", "Tanpa bersih-bersih{}: produk sebelumnya sekelas.")
        parts.append(same[0 if english else 1].format(when))
    return " ".join(parts)


@lru_cache(maxsize=1_000)
def _computed(minutes: int, quantity: int | None, rate: int | None, runs: int, is_asked: bool, language: str) -> str:
    """Return where the minutes come from: so many packs at such a rate, else what was asked, else a guess."""
    english = language.startswith("en")
    takes = words.duration(minutes, language)
    if quantity is None or rate is None:
        known = ("as asked", "seperti diminta") if is_asked else ("a first guess", "perkiraan awal")
        return f"{takes}, {known[0] if english else known[1]}."
    if english:
        source, unit, rounded = f"from {runs} runs" if runs else "maker's figure", "packs ÷ {} per hour", "rounded to"
    else:
        source, unit = f"dari {runs} pemakaian" if runs else "angka pabrik", "kemasan ÷ {} per jam"
        rounded = "dibulatkan menjadi"
    exact = -(-quantity * 60 // rate)
    end = "" if exact == minutes else f", {rounded} {takes}"
    unit = unit.format(words.number(rate, language))
    return f"{words.number(quantity, language)} {unit} ({source}) = {words.duration(exact, language)}{end}."


def need_document(need: Need, producer: str, served_by: str | None) -> dict[str, Any]:
    """Return what the ledger remembers of an asking."""
    return {
        "producer": producer,
        "format": need.pack_format,
        "month": need.month.isoformat(),
        "quantity": need.quantity,
        "times": need.times,
        "found": need.found,
        "ended_in_nothing": need.ended_in_nothing,
        "served_by": served_by,
    }
