"""How numbers, money and time are written for people, in Indonesian and English. Pure.

Indonesian wording follows facts §6: `Senin, 23 November 2026`, `08.00–10.00 WIB`,
`Rp1.250.000`, comma for decimals. Numbers and their units are held together by
a no-break space.
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo

NBSP = "\u00a0"

DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "id": (
        "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
    ),
    "en": (
        "January February March April May June July August September October November December".split()
    ),
}
SHORT_MONTHS = {
    "id": "Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des".split(),
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
}
ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}


def _known(language: str) -> str:
    return "en" if language.startswith("en") else "id"


def number(value: int | float, language: str = "id", *, decimals: int = 0) -> str:
    """Return 1.250 in Indonesian, 1,250 in English."""
    text = f"{value:,.{decimals}f}"
    if _known(language) == "en":
        return text
    return text.translate(str.maketrans(",.", ".,"))


def percent(share: float, language: str = "id", *, decimals: int = 0) -> str:
    """Return `66 %` from a share between 0 and 1, with a space that never breaks."""
    return f"{number(share * 100, language, decimals=decimals)}{NBSP}%"


def rupiah(amount: int, language: str = "id") -> str:
    """Return Rp25.000; whole rupiah only."""
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp{number(abs(amount), language)}"


def duration(minutes: int, language: str = "id") -> str:
    """Return `1 jam 30 menit`; 0 minutes reads `0 menit`."""
    hours, rest = divmod(minutes, 60)
    hour, minute = ("h", "min") if _known(language) == "en" else ("jam", "menit")
    parts = [f"{number(hours, language)}{NBSP}{hour}"] if hours else []
    if rest or not hours:
        parts.append(f"{rest}{NBSP}{minute}")
    return " ".join(parts)


def weekday(number: int, language: str = "id") -> str:
    """Return `Selasa` for 1; Monday is 0."""
    return DAYS[_known(language)][number % 7]


def plain_date(day: date, language: str = "id") -> str:
    """Return `24 November 2026`."""
    return f"{day.day} {MONTHS[_known(language)][day.month - 1]} {day.year}"


def long_date(day: date, language: str = "id", *, year: bool = True) -> str:
    """Return `Selasa, 24 November 2026`."""
    lang = _known(language)
    text = f"{DAYS[lang][day.weekday()]}, {day.day} {MONTHS[lang][day.month - 1]}"
    return f"{text} {day.year}" if year else text


def short_date(day: date, language: str = "id") -> str:
    """Return `Sel 24 Nov`."""
    lang = _known(language)
    return f"{DAYS[lang][day.weekday()][:3]} {day.day} {SHORT_MONTHS[lang][day.month - 1]}"


def month_name(day: date, language: str = "id") -> str:
    """Return `November 2026`."""
    return f"{MONTHS[_known(language)][day.month - 1]} {day.year}"


def clock(instant: datetime, zone: tzinfo, language: str = "id") -> str:
    """Return the wall clock of a place: `08.00` in Indonesian, `08:00` in English."""
    local = instant.astimezone(zone)
    return minute_of_day(local.hour * 60 + local.minute, language)


def minute_of_day(minute: int, language: str = "id") -> str:
    """Return `07.30` for 450; 1440, the midnight that ends a day, reads 24.00."""
    mark = ":" if _known(language) == "en" else "."
    return f"{minute // 60:02d}{mark}{minute % 60:02d}"


def clock_span(start: datetime, end: datetime, zone: tzinfo, language: str = "id") -> str:
    """Return `08.00–10.00`; an end at the next midnight reads 24.00, a later day is named."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    days = (last.date() - first.date()).days
    if days == 1 and last.hour == last.minute == 0:
        return f"{clock(start, zone, language)}–{minute_of_day(1440, language)}"
    day = f"{short_date(last.date(), language)} " if days else ""
    return f"{clock(start, zone, language)}–{day}{clock(end, zone, language)}"


def zone_name(instant: datetime, zone: tzinfo) -> str:
    """Return WIB, WITA or WIT for Indonesia's three zones, else the zone's own abbreviation."""
    local = instant.astimezone(zone)
    offset = local.utcoffset()
    hours = int(offset.total_seconds() // 3600) if offset is not None else 0
    name = local.tzname() or ""
    return name if name in ZONES.values() else ZONES.get(hours, name)


def moment(instant: datetime, zone: tzinfo, language: str = "id") -> str:
    """Return `Selasa, 24 November 2026, 08.00 WIB`."""
    local = instant.astimezone(zone)
    return f"{long_date(local.date(), language)}, {clock(instant, zone, language)}{NBSP}{zone_name(instant, zone)}"
