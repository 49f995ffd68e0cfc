"""How numbers, money, dates and times are written for people.

Indonesian unless the active language is English. Used by templates (`{% load ui %}`),
e-mails and messages, so that a date reads the same everywhere.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language

from accounts import words

Zone = str | dt.tzinfo | None
ANY_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""Indonesia's zones know no summer time: any instant names them."""


def _language() -> str:
    return "en" if (get_language() or "id").startswith("en") else "id"


def _place(zone: Zone) -> dt.tzinfo:
    return ZoneInfo(zone) if isinstance(zone, str) and zone else zone or timezone.get_current_timezone()


def local(instant: dt.datetime, zone: Zone = None) -> dt.datetime:
    """Return the instant on the wall clock of `zone`, or of the active zone."""
    if timezone.is_naive(instant):
        return instant
    return timezone.localtime(instant, ZoneInfo(zone) if isinstance(zone, str) and zone else zone or None)


def day_of(value: dt.date | dt.datetime, zone: Zone = None) -> dt.date:
    """Return the local date of an instant; a date is returned as it is."""
    return local(value, zone).date() if isinstance(value, dt.datetime) else value


def long_date(value: dt.date | dt.datetime, zone: Zone = None) -> str:
    """Selasa, 24 November 2026."""
    return words.long_date(day_of(value, zone), _language())


def short_date(value: dt.date | dt.datetime, zone: Zone = None) -> str:
    """Sel 24 Nov."""
    return words.short_date(day_of(value, zone), _language())


def plain_date(value: dt.date | dt.datetime, zone: Zone = None) -> str:
    """24 November 2026."""
    return words.plain_date(day_of(value, zone), _language())


def month_name(value: dt.date | dt.datetime, zone: Zone = None) -> str:
    """November 2026."""
    return words.month_name(day_of(value, zone), _language())


def weekday_name(value: dt.date | dt.datetime | int, zone: Zone = None) -> str:
    """Selasa; also for a weekday number, Monday = 0."""
    return words.weekday(value if isinstance(value, int) else day_of(value, zone).weekday(), _language())


def clock(value: dt.datetime | dt.time | int, zone: Zone = None) -> str:
    """08.00 (08:00 in English); minutes of the day are accepted, 1440 reads 24.00."""
    if isinstance(value, int):
        return words.minute_of_day(value, _language())
    time = local(value, zone) if isinstance(value, dt.datetime) else value
    return words.minute_of_day(time.hour * 60 + time.minute, _language())


def clock_span(start: dt.datetime, end: dt.datetime, zone: Zone = None) -> str:
    """08.00–10.00; an end at local midnight reads 24.00, a later day is named."""
    return words.clock_span(start, end, _place(zone), _language())


def zone_name(zone: Zone = None, instant: dt.datetime | None = None) -> str:
    """WIB, WITA or WIT; elsewhere what the zone calls itself."""
    return words.zone_name(instant or ANY_DAY, _place(zone))


def number(value: float | int, decimals: int = 0) -> str:
    """1.250 (1,250 in English)."""
    return words.number(value, _language(), decimals=decimals)


def rupiah(value: int) -> str:
    """Rp25.000; a negative amount keeps its sign in front."""
    return words.rupiah(value, _language())


def percent(value: float, decimals: int = 0) -> str:
    """66 %, from a share between 0 and 1, with a space that never breaks."""
    return words.percent(value, _language(), decimals=decimals)


def duration(minutes: int) -> str:
    """1 jam 30 menit, with spaces that never break between number and unit."""
    return words.duration(int(minutes), _language())


def phone(value: str) -> str:
    """0812-3456-7890, from +62…; anything else as it is."""
    digits = "0" + value[3:] if value.startswith("+62") else value
    if not digits.isdigit() or len(digits) < 9:
        return value
    return "-".join(part for part in (digits[:4], digits[4:8], digits[8:]) if part)
