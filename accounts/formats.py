"""How numbers, money, dates and times are written for people.

Indonesian unless the active language is English. Used by templates (`{% load ui %}`),
e-mails and messages, so that a date reads the same everywhere.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language

DAYS = {
    "id": "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}
MONTHS = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(),
    "en": "January February March April May June July August September October November December".split(),
}
SHORT_MONTHS = {
    "id": "Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des".split(),
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
}
ZONES = {"Asia/Pontianak": "WIB", "Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}

Zone = str | dt.tzinfo | None


def _language() -> str:
    return "en" if (get_language() or "id").startswith("en") else "id"


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
    day, words = day_of(value, zone), _language()
    return f"{DAYS[words][day.weekday()]}, {day.day} {MONTHS[words][day.month - 1]} {day.year}"


def short_date(value: dt.date | dt.datetime, zone: Zone = None) -> str:
    """Sel 24 Nov."""
    day, words = day_of(value, zone), _language()
    return f"{DAYS[words][day.weekday()][:3]} {day.day} {SHORT_MONTHS[words][day.month - 1]}"


def plain_date(value: dt.date | dt.datetime, zone: Zone = None) -> str:
    """24 November 2026."""
    day, words = day_of(value, zone), _language()
    return f"{day.day} {MONTHS[words][day.month - 1]} {day.year}"


def month_name(value: dt.date | dt.datetime, zone: Zone = None) -> str:
    """November 2026."""
    day = day_of(value, zone)
    return f"{MONTHS[_language()][day.month - 1]} {day.year}"


def weekday_name(value: dt.date | dt.datetime | int, zone: Zone = None) -> str:
    """Selasa; also for a weekday number, Monday = 0."""
    number = value if isinstance(value, int) else day_of(value, zone).weekday()
    return DAYS[_language()][number % 7]


def clock(value: dt.datetime | dt.time | int, zone: Zone = None) -> str:
    """08.00 (08:00 in English); minutes of the day are accepted, 1440 reads 24.00."""
    mark = "." if _language() == "id" else ":"
    if isinstance(value, int):
        return f"{value // 60:02d}{mark}{value % 60:02d}"
    time = local(value, zone) if isinstance(value, dt.datetime) else value
    return f"{time.hour:02d}{mark}{time.minute:02d}"


def clock_span(start: dt.datetime, end: dt.datetime, zone: Zone = None) -> str:
    """08.00–10.00; an end at local midnight reads 24.00, a later day is named."""
    first, last = local(start, zone), local(end, zone)
    midnight = last.hour == last.minute == 0 and last.date() == first.date() + dt.timedelta(days=1)
    if midnight:
        return f"{clock(start, zone)}–{clock(1440)}"
    if last.date() != first.date():
        return f"{clock(start, zone)}–{short_date(end, zone)} {clock(end, zone)}"
    return f"{clock(start, zone)}–{clock(end, zone)}"


def zone_name(zone: Zone = None, instant: dt.datetime | None = None) -> str:
    """WIB, WITA or WIT; elsewhere what the zone calls itself."""
    place = ZoneInfo(zone) if isinstance(zone, str) and zone else zone or timezone.get_current_timezone()
    known = ZONES.get(str(place))
    return known or (instant.astimezone(place).tzname() if instant else None) or str(place)


def number(value: float | int, decimals: int = 0) -> str:
    """1.250 (1,250 in English)."""
    text = f"{value:,.{decimals}f}"
    return text if _language() == "en" else text.translate(str.maketrans(",.", ".,"))


def rupiah(value: int) -> str:
    """Rp25.000; a negative amount keeps its sign in front."""
    return f"{'-' if value < 0 else ''}Rp{number(abs(value))}"


def percent(value: float, decimals: int = 0) -> str:
    """66 %, from a share between 0 and 1, with a space that never breaks."""
    return f"{number(value * 100, decimals)}\u00a0%"


def duration(minutes: int) -> str:
    """1 jam 30 menit, with spaces that never break between number and unit."""
    hours, rest = divmod(int(minutes), 60)
    hour_word, minute_word = ("jam", "menit") if _language() == "id" else ("h", "min")
    parts = [f"{number(hours)}\u00a0{hour_word}"] if hours else []
    if rest or not hours:
        parts.append(f"{rest}\u00a0{minute_word}")
    return " ".join(parts)


def phone(value: str) -> str:
    """0812-3456-7890, from +62…; anything else as it is."""
    digits = "0" + value[3:] if value.startswith("+62") else value
    if not digits.isdigit() or len(digits) < 9:
        return value
    return "-".join(part for part in (digits[:4], digits[4:8], digits[8:]) if part)
