"""Reports in the API."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from accounts.schemas import Page, PageIn, one_line, read_query_minute
from accounts.schemas import read_day as read_date
from bookings.reports.exports import USAGE
from bookings.reports.indicators import INDICATORS
from bookings.reports.needs import reason_words
from bookings.reports.needs_tables import NEED_FIGURES, figures_told
from bookings.reports.queries import DIMENSIONS, UsageRow
from bookings.reports.queries.needs import NEED_DIMENSIONS, NeedGroup

PROVINCE = ZoneInfo("Asia/Pontianak")


MONTH = len("2026-11")


def read_day(given: object) -> date:
    """Return a date: `2026-11-01`, a month (its first day), or the local day of an instant with offset."""
    if isinstance(given, str) and "T" in given:
        return read_query_minute(given).astimezone(PROVINCE).date()
    return read_date(f"{given}-01" if isinstance(given, str) and len(given) == MONTH else given)


def read_last_day(given: object) -> date:
    """Return a date like `read_day`; a month is its last day here."""
    day = read_day(given)
    is_month = isinstance(given, str) and len(given) == MONTH
    return day.replace(day=monthrange(day.year, day.month)[1]) if is_month else day


def groups_of(dimensions: Iterable[str]) -> Any:
    """Return the type of `month,machine`: each dimension once, in order."""
    known = tuple(dimensions)

    def read(given: str) -> str:
        names = tuple(dict.fromkeys(given.split(",")))
        if not set(names) <= set(known):
            raise PydanticCustomError("unknown_dimension", "Group by " + ", ".join(known) + ".")
        return ",".join(names)

    one = "|".join(known)
    described = {"type": "string", "pattern": f"^({one})(,({one}))*$", "description": ", ".join(known)}
    return Annotated[str, AfterValidator(read), WithJsonSchema(described)]


Day = Annotated[
    date,
    BeforeValidator(read_day),
    WithJsonSchema({"type": "string", "format": "date", "description": "2026-11-01 or 2026-11; figures are of whole months"}),
]


LastDay = Annotated[
    date,
    BeforeValidator(read_last_day),
    WithJsonSchema({"type": "string", "format": "date", "description": "2026-11-30, 2026-11, or today"}),
]


class UsageIn(PageIn):
    """Months from `from` to `to`, both included, at most ten years."""

    from_: Day | None = Field(None, alias="from", description="default: the first day of this month")
    to: LastDay | None = Field(None, description="default: today")
    group_by: groups_of(DIMENSIONS) = "facility"  # type: ignore[valid-type]
    facility: one_line(40) = Field("", description="slug")  # type: ignore[valid-type]
    house_district: one_line(8) = Field("", description="Kemendagri code of where the house is")  # type: ignore[valid-type]
    producer_district: one_line(8) = Field(  # type: ignore[valid-type]
        "", description="Kemendagri code of where producers are from; a district's own office reads every house then"
    )
    district: one_line(8) = Field("", description="as `house_district`, for scripts of earlier versions")  # type: ignore[valid-type]
    machine: one_line(60) = Field("", description="slug")  # type: ignore[valid-type]
    type: one_line(12) = Field("", description="slug")  # type: ignore[valid-type]
    format: Literal["", "json", "csv", "xlsx"] = Field("", description="default: what `Accept` asks for, else JSON")

    @property
    def dimensions(self) -> list[str]:
        return str(self.group_by).split(",")


class DefinitionOut(Schema):
    name: str
    unit: str = Field(description="minutes, share (0 to 1), or count")
    definition: str


class UsageOut(Schema):
    keys: dict[str, str] = Field(description="slug or code by dimension")
    labels: dict[str, str]
    machines: int
    figures: dict[str, float | int | None] = Field(description="null where nobody reported: never a false zero")
    missing: dict[str, str] = Field(
        description="why a figure is null, by figure: not_begun (its months are to come), not_counted (before the house "
        "opened or the system recorded, or not summed yet), not_reported (booked, and not one run signed), "
        "not_by_producer (a figure of machines), no_whole (a share of nothing)"
    )


class UsagePage(Page[UsageOut]):
    first: date
    last: date
    group_by: list[str]
    definitions: dict[str, DefinitionOut]


def usage_out(row: UsageRow, *, first: date, today: date) -> UsageOut:
    """Return a group's figures, with the reason of each that is null. `first` is the first month that was asked for."""
    month = row.keys.get("month", f"{first:%Y-%m}")
    reasons = {key: row.why_missing(key, has_begun=month <= f"{today:%Y-%m}") for key in USAGE}
    return UsageOut(
        keys=dict(row.keys),
        labels=dict(row.labels),
        machines=row.machines,
        figures={key: row.figure(key) for key in USAGE},
        missing={key: reason for key, reason in reasons.items() if reason},
    )


def definitions_out(language: str) -> dict[str, DefinitionOut]:
    """Return what each figure means: part of the answer, because the definitions are part of the product."""
    return _defined(USAGE, language)


def _defined(keys: Iterable[str], language: str) -> dict[str, DefinitionOut]:
    wanted = set(keys)
    return {
        key: DefinitionOut(
            name=one.name(language),
            unit="minutes" if one.unit == "hours" else one.unit,
            definition=one.definition(language),
        )
        for key, one in INDICATORS.items()
        if key in wanted
    }


def usages_out(rows: Sequence[UsageRow], *, first: date, today: date) -> list[UsageOut]:
    return [usage_out(row, first=first, today=today) for row in rows]


class NeedsIn(PageIn):
    """Months from `from` to `to`, both included, at most ten years."""

    from_: Day | None = Field(None, alias="from", description="default: the first day of this month")
    to: LastDay | None = Field(None, description="default: today")
    group_by: groups_of(NEED_DIMENSIONS) = "pack_format"  # type: ignore[valid-type]
    form: one_line(20) = Field("", description="product form")  # type: ignore[valid-type]
    pack_format: one_line(20) = ""  # type: ignore[valid-type]
    producer_district: one_line(8) = Field(  # type: ignore[valid-type]
        "", description="Kemendagri code of where whoever asks is from; `-` for needs that name none"
    )
    district: one_line(8) = Field("", description="as `producer_district`, for scripts of earlier versions")  # type: ignore[valid-type]
    format: Literal["", "json", "csv", "xlsx"] = Field("", description="default: what `Accept` asks for, else JSON")

    @property
    def dimensions(self) -> list[str]:
        return str(self.group_by).split(",")


class NeedsOut(Schema):
    keys: dict[str, str] = Field(description="code by dimension; `-` where no district was named")
    labels: dict[str, str]
    figures: dict[str, int | None] = Field(description="null where `is_exact` is false: of fewer than five known producers, or told only exactly")


class NeedReasonOut(Schema):
    code: str
    words: str
    needs: int | None = Field(description="needs it stood against; null: of fewer than five known producers")


class NeedsPage(Page[NeedsOut]):
    first: date
    last: date
    group_by: list[str]
    is_exact: bool = Field(description="false: what fewer than five known producers are behind is null, the rest is rounded to the nearest five")
    total: dict[str, int | None]
    missing: str = Field(description="why all of `total` is null: not_begun, or not_counted (before the first need was written down)")
    reasons: list[NeedReasonOut] = Field(description="why nothing fitted, most first; a need may have several")
    definitions: dict[str, DefinitionOut]


def needs_out(group: NeedGroup, labels: dict[str, str], *, exactly: bool) -> NeedsOut:
    return NeedsOut(keys=dict(group.keys), labels=labels, figures=figures_told(group.sums, exactly=exactly))


def need_reason_out(code: str, count: int | None) -> NeedReasonOut:
    return NeedReasonOut(code=code, words=reason_words(code), needs=count)


def need_definitions_out(language: str) -> dict[str, DefinitionOut]:
    """Return what each figure of needs means."""
    return _defined(NEED_FIGURES, language)
