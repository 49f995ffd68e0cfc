"""Days, times, lengths and classes as people write them, read into values. What is not understood is an error."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.words import DAYS, MONTHS
from facilities.time.spans import Span
from facilities.vocabulary import CLASSES

WIB = ZoneInfo("Asia/Pontianak")
MONDAY = date(2026, 11, 23)
WEEK = dict(zip(DAYS["id"], (MONDAY + timedelta(days=n) for n in range(7)), strict=True))
NOT_SAID = "tanpa kelas"


class Unreadable(Exception):
    """A case that says something nobody taught the tests to understand."""


def pieces(text: str, *, nothing: str) -> list[str]:
    """Split at semicolons; the word `nothing` is no piece at all."""
    return [] if text == nothing else [piece.strip() for piece in text.split(";")]


def day_of(text: str) -> date:
    """Read `Selasa` (of the week of 23 November 2026) or `5 Desember`, `5 Januari 2027`."""
    if text in WEEK:
        return WEEK[text]
    match = re.fullmatch(r"(\d+) ([A-Z]\w+)(?: (\d{4}))?", text)
    if not match or match[2] not in MONTHS["id"]:
        raise Unreadable(f"not a day: {text!r}")
    return date(int(match[3] or 2026), MONTHS["id"].index(match[2]) + 1, int(match[1]))


def minute_of_day(text: str) -> int:
    match = re.fullmatch(r"(\d\d)\.(\d\d)", text)
    if not match or int(match[1]) > 24 or int(match[2]) > 59:
        raise Unreadable(f"not a time of day: {text!r}")
    return int(match[1]) * 60 + int(match[2])


def instant(day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=WIB).astimezone(UTC) + timedelta(minutes=minute)


def moment(text: str) -> datetime:
    """Read `Senin 07.30`, `10 November 08.00`."""
    day, _, clock = text.rpartition(" ")
    return instant(day_of(day), minute_of_day(clock))


def minutes(text: str) -> int:
    """Read `45 menit`, `2 jam`, `1 jam 30 menit`."""
    match = re.fullmatch(r"(?:(\d+) jam)? ?(?:(\d+) menit)?", text)
    if not match or not text:
        raise Unreadable(f"not a length: {text!r}")
    return int(match[1] or 0) * 60 + int(match[2] or 0)


def span_and_rest(text: str, day: date) -> tuple[Span, str]:
    """Read `Selasa 08.00–10.00 ikan` into a span and what follows it."""
    match = re.fullmatch(r"(?:(.+) )?(\d\d\.\d\d)–(\d\d\.\d\d)(?: (.+))?", text)
    if not match:
        raise Unreadable(f"no times: {text!r}")
    on = day_of(match[1]) if match[1] else day
    start, end = minute_of_day(match[2]), minute_of_day(match[3])
    return Span(instant(on, start), instant(on, end)), match[4] or ""


def class_of(text: str) -> str:
    """Read a cleaning class in words."""
    code = text.replace(" ", "_")
    if text == NOT_SAID:
        return ""
    if code not in CLASSES:
        raise Unreadable(f"not a cleaning class: {text!r}")
    return code
