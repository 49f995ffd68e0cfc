"""A holiday in the API: its days, whether a decree has set it, and which."""

from __future__ import annotations

from datetime import date
from typing import Literal

from ninja import Schema
from pydantic import Field

from accounts.schemas import Day, Flag, In, slug_type, some_words
from facilities.models import Closure

MOST_SEEN = 5000


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
