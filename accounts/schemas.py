"""Shapes of the API that every app shares: strict input, instants, pages, problem documents."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from ninja import Schema
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from accounts.writing.texts import UNSEEN, paragraph, visible

FIRST_YEAR, LAST_YEAR = 2020, 2099
LARGEST_ID = 2**63 - 1

Item = TypeVar("Item")


class In(BaseModel):
    """What comes in: nothing but what is named here, so that nobody sets a status or a price by guessing."""

    model_config = ConfigDict(extra="forbid")


RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
LOST_PLUS = re.compile(r"(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?) (\d\d:\d\d)$")


def read_instant(given: object) -> datetime:
    """Return the aware instant a text means; ISO 8601 with offset, in years a machine may know."""
    if isinstance(given, str) and RFC_3339.fullmatch(given):
        try:
            instant = datetime.fromisoformat(given.upper())
        except ValueError:
            pass
        else:
            if FIRST_YEAR <= instant.year <= LAST_YEAR:
                return instant
            raise PydanticCustomError("year_out_of_range", "The year lies between 2020 and 2099.")
    if isinstance(given, str) and re.fullmatch(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d[\d:.]*", given, re.ASCII):
        raise PydanticCustomError("offset_missing", "Say the offset, for example +07:00.")
    raise PydanticCustomError("not_an_instant", "An instant is ISO 8601 with offset: 2026-11-24T08:00:00+07:00.")


def read_minute(given: object) -> datetime:
    """Return an instant that falls on a whole minute: the unit in which time is booked."""
    instant = read_instant(given)
    if instant.second or instant.microsecond:
        raise PydanticCustomError("not_a_whole_minute", "Times are booked in whole minutes.")
    return instant


def read_query_minute(given: object) -> datetime:
    """Read a minute from an address, where an unescaped plus has become a blank."""
    return read_minute(LOST_PLUS.sub(r"\1+\2", given) if isinstance(given, str) else given)


def read_day(given: object) -> date:
    """Return the date that `2026-11-24` means, of years that a house may know."""
    if isinstance(given, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", given, re.ASCII):
        try:
            day = date.fromisoformat(given)
        except ValueError:
            pass
        else:
            if FIRST_YEAR <= day.year <= LAST_YEAR:
                return day
            raise PydanticCustomError("year_out_of_range", "The year lies between 2020 and 2099.")
    raise PydanticCustomError("not_a_date", "A date is written 2026-11-24.")


def read_number(given: object) -> object:
    """Let only plain decimal digits through from an address: not ` 1`, `1_000` or `1.0`."""
    if isinstance(given, str) and not re.fullmatch(r"-?(0|[1-9]\d{0,18})", given, re.ASCII):
        raise PydanticCustomError("not_a_number", "A whole number is expected.")
    return given


YEARS = r"^20[2-9][0-9]-"
WHOLE_MINUTES = r"^20[2-9][0-9]-[^.]*T[0-9]{2}:[0-9]{2}(:00)?(Z|[+-][0-9]{2}:[0-9]{2})$"


def _text(description: str, pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "format": "date-time", "pattern": pattern, "description": description})


Instant = Annotated[datetime, BeforeValidator(read_instant), _text("ISO 8601 with offset, 2020 to 2099", YEARS)]
_WHOLE = "ISO 8601 with offset, a whole minute, 2020 to 2099"
Minute = Annotated[datetime, BeforeValidator(read_minute), _text(_WHOLE, WHOLE_MINUTES)]
QueryMinute = Annotated[datetime, BeforeValidator(read_query_minute), _text(_WHOLE, WHOLE_MINUTES)]
Day = Annotated[
    date,
    BeforeValidator(read_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": YEARS, "description": "2026-11-24"}),
]
Id = Annotated[int, Field(ge=1, le=LARGEST_ID), BeforeValidator(read_number)]
"""An id in an address."""


def whole(given: object) -> object:
    """Take 300.0 for 300: JSON knows one kind of number, and JSON Schema calls both integers."""
    return int(given) if isinstance(given, float) and given.is_integer() else given


def integer(least: int, most: int) -> Any:
    """Return the type of a whole number in a body: no text, no truth value."""
    return Annotated[int, Field(strict=True, ge=least, le=most), BeforeValidator(whole)]


BodyId = integer(1, LARGEST_ID)
Count = integer(0, 10_000_000)
Flag = Annotated[bool, Field(strict=True)]

ONE_LINE = r"^[^\u0000-\u001f\u007f]*$"
SOME_WORDS = rf"^[^\u0000-\u001f\u007f]*[^\s\u0000-\u001f\u007f{UNSEEN}][^\u0000-\u001f\u007f]*$"
PARAGRAPHS = r"^[^\u0000]*$"
SLUG = r"^[A-Za-z0-9_-]+$"


def read_line(given: object) -> object:
    """Leave out the marks that nobody sees, as forms do (`accounts.voice.read_visible`)."""
    return visible(given) if isinstance(given, str) else given


def read_paragraph(given: object) -> object:
    """Leave out the marks that turn a longer text around."""
    return paragraph(given) if isinstance(given, str) else given


def one_line(most: int) -> Any:
    """Return the type of one line of text, empty or not."""
    return Annotated[str, Field(strict=True, max_length=most, pattern=ONE_LINE), BeforeValidator(read_line)]


def some_words(most: int) -> Any:
    """Return the type of one line that says something."""
    return Annotated[str, Field(strict=True, min_length=1, max_length=most, pattern=SOME_WORDS), BeforeValidator(read_line)]


def paragraphs(most: int) -> Any:
    """Return the type of a longer text."""
    return Annotated[str, Field(strict=True, max_length=most, pattern=PARAGRAPHS), BeforeValidator(read_paragraph)]


def slug_type(most: int) -> Any:
    """Return the type of a name used in addresses."""
    return Annotated[str, Field(strict=True, min_length=1, max_length=most, pattern=SLUG)]


class PageIn(In):
    """Which part of a list."""

    page: Annotated[int, Field(ge=1, le=1_000_000), BeforeValidator(read_number)] = 1
    page_size: Annotated[int, Field(ge=1, le=200), BeforeValidator(read_number)] = 50


class Page(Schema, Generic[Item]):
    """One page of a list; `count` is the length of the whole list."""

    items: list[Item]
    count: int
    page: int
    page_size: int


class FieldProblem(Schema):
    field: str
    code: str
    message: str


class ReasonOut(Schema):
    code: str
    detail: str
    way_out: str = Field(default="", description="what to do instead, where there is something")
    overridable: bool = Field(default=False, description="a manager of the house may go on, saying why")
    values: dict[str, Any] = {}


class AlternativeOut(Schema):
    kind: str | None = Field(
        default=None, description="same_day, next_day, shorter, split (its first visit), other_machine, other_house"
    )
    machine: str
    facility: str
    starts_at: datetime
    ends_at: datetime
    packs: int | None = Field(default=None, description="how many of the packs asked for it makes, where that is known")


class Problem(Schema):
    """An RFC 9457 problem document (`application/problem+json`)."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldProblem] = []
    reasons: list[ReasonOut] = Field(default=[], description="why not: every reason at once; only with 409")
    alternatives: list[AlternativeOut] = Field(default=[], description="what is still free; only with 409")
