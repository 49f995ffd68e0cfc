"""A holiday in the API: its days, whether a decree has set it, and which."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from ninja import Schema
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from accounts.schemas import FIRST_YEAR, LAST_YEAR, YEARS, Flag, In, slug_type, some_words
from facilities.models import Closure

MOST_SEEN = 5000


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


Day = Annotated[
    date,
    BeforeValidator(read_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": YEARS, "description": "2026-11-24"}),
]


class HolidayIn(In):
    reason: some_words(120) = Field(description="its name, which with the day says which holiday is meant")  # type: ignore[valid-type]
    kind: Literal["public", "joint_leave", "local"]
    first_on: Day | None = Field(None, description="where it moves to; default: the day in the address")
    last_on: Day | None = Field(None, description="default: one day")
    is_estimate: Flag = Field(False, description="no decree yet: bookings stay")
    source: some_words(120) = Field(description="the decree, or who estimates")  # type: ignore[valid-type]
    seen: list[slug_type(20)] = Field(  # type: ignore[valid-type]
        [], max_length=MOST_SEEN, description="references of the bookings that are to be displaced, each with a message"
    )


class HolidayNamed(In):
    reason: some_words(120) | None = Field(None, description="its name, where several begin that day")  # type: ignore[valid-type]


class HolidayOut(Schema):
    first_on: date
    last_on: date
    reason: str
    kind: str
    is_estimate: bool
    source: str
    version: int = Field(description="for `If-Match`")


def holiday_out(holiday: Closure) -> HolidayOut:
    return HolidayOut(**{name: getattr(holiday, name) for name in HolidayOut.model_fields})
