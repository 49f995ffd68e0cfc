"""What the figures say, in a sentence: titles of reports and charts state a finding."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language, gettext, ngettext

from accounts import formats
from bookings.reports.charts import DAYS
from bookings.reports.naming import short_name
from bookings.reports.queries import UsageRow, Week

WORDS = "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh".split()
PARTS = ((0, 11), (11, 14), (14, 24))
"""Pagi, siang, sore: from hour, to hour."""


def points(now: float | None, before: float | None) -> int | None:
    """Return the difference of two shares in whole percentage points, as they are shown; None when one is missing."""
    if now is None or before is None:
        return None
    return round(now * 100) - round(before * 100)


def change(difference: int | None) -> str:
    """Return `naik 3 poin`, `turun 2 poin`, `tetap`, or nothing."""
    if difference is None:
        return ""
    if difference == 0:
        return gettext("tetap")
    size = abs(difference)
    if difference > 0:
        return ngettext("naik %(n)s poin", "naik %(n)s poin", size) % {"n": size}
    return ngettext("turun %(n)s poin", "turun %(n)s poin", size) % {"n": size}


def leading(rows: Sequence[UsageRow]) -> int:
    """Return how many of the ranked rows carry more than half of all run time: at most a third of them, at least one."""
    minutes = [row.sums.run_minutes or 0 for row in rows]
    total, most = sum(minutes), max(1, len(minutes) // 3)
    if not total or len(minutes) < 2:
        return 0
    for count in range(1, most + 1):
        if sum(minutes[:count]) * 2 > total:
            return count
    return 0


def concentration(rows: Sequence[UsageRow], *, of: str) -> str:
    """Return who uses most of the hours (`of`: rumah or mesin), from rows ranked by run time."""
    count = leading(rows)
    minutes = [row.sums.run_minutes or 0 for row in rows]
    if not sum(minutes):
        return gettext("Belum ada jam terpakai")
    if not count:
        return gettext("Jam terbagi cukup merata")
    share = _fraction(sum(minutes[:count]) / sum(minutes))
    if count == 1:
        return gettext("%(name)s memakai %(share)s jam") % {"name": short_name(rows[0].label), "share": share}
    number = WORDS[count].capitalize() if count < len(WORDS) and get_language() == "id" else str(count)
    things = gettext("rumah") if of == "rumah" else gettext("mesin")
    return gettext("%(number)s %(things)s memakai %(share)s jam") % {"number": number, "things": things, "share": share}


def most_used(row: UsageRow | None) -> str:
    """Return which group is used best, from the first of a ranking."""
    if row is None or not row.sums.utilisation:
        return gettext("Belum ada jam terpakai")
    share = formats.percent(row.sums.utilisation)
    return gettext("%(name)s paling terpakai, %(share)s") % {"name": row.label, "share": share}


def _fraction(share: float) -> str:
    if share >= 0.9:
        return gettext("hampir semua")
    if share >= 0.75:
        return gettext("lebih dari tiga perempat")
    if share >= 2 / 3:
        return gettext("lebih dari dua pertiga")
    return gettext("lebih dari separuh")


def rhythm(week: Week) -> str:
    """Return when in the week it is busy and when quiet: `Kamis pagi ramai, sore lengang`."""
    parts = {(day, part): _share(week, day, *PARTS[part]) for day in range(DAYS) for part in range(len(PARTS))}
    known = {key: share for key, share in parts.items() if share is not None}
    if not known or not any(known.values()):
        return gettext("Belum ada jam terpakai")
    day, part = max(known, key=lambda key: known[key])
    quiet = min(range(len(PARTS)), key=lambda one: _mean([known[k] for k in known if k[1] == one]))
    names = (gettext("pagi"), gettext("siang"), gettext("sore"))
    if quiet == part:
        return gettext("%(day)s %(part)s paling ramai") % {"day": formats.weekday_name(day), "part": names[part]}
    return gettext("%(day)s %(part)s ramai, %(quiet)s lengang") % {
        "day": formats.weekday_name(day), "part": names[part], "quiet": names[quiet],
    }  # fmt: skip


def _share(week: Week, day: int, first: int, last: int) -> float | None:
    hours = range(day * 24 + first, day * 24 + last)
    available = sum(week.available[hour] for hour in hours)
    return sum(week.run[hour] for hour in hours) / available if available else None


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 1.0


def trend(shares: Sequence[float | None]) -> str:
    """Return how the months went from the first reported one to the last.

    The two ends only stand for what lies between where no month was more than a point outside of them.
    """
    known = [share for share in shares if share is not None]
    if len(known) < 2:
        return gettext("Baru satu bulan tercatat") if known else gettext("Belum ada bulan yang tercatat")
    difference = points(known[-1], known[0]) or 0
    places = [place for place, share in enumerate(shares) if share is not None]
    months = places[-1] - places[0]
    lowest, highest = min(known), max(known)
    if (points(highest, max(known[0], known[-1])) or 0) > 1 or (points(min(known[0], known[-1]), lowest) or 0) > 1:
        return gettext("Naik turun antara %(lowest)s dan %(highest)s") % {
            "lowest": formats.percent(lowest), "highest": formats.percent(highest),
        }  # fmt: skip
    if difference == 0:
        return ngettext("Tetap selama %(months)s bulan", "Tetap selama %(months)s bulan", months) % {"months": months}
    words = change(difference)
    said = ngettext("%(change)s dalam %(months)s bulan", "%(change)s dalam %(months)s bulan", months)
    return said % {"change": words[:1].upper() + words[1:], "months": months}


def idle(count: int, days: int) -> str:
    """Return how many machines stood idle for at least so many days."""
    if not count:
        return gettext("Semua mesin dipakai dalam %(days)s hari") % {"days": days}
    return ngettext(
        "%(n)s mesin belum dipakai %(days)s hari", "%(n)s mesin belum dipakai %(days)s hari", count
    ) % {"n": formats.number(count), "days": days}  # fmt: skip


def stops(count: int, broken_now: int) -> str:
    """Return how many breakdowns there were, and how many machines are still broken."""
    if not count:
        return gettext("Tidak ada mesin rusak bulan ini")
    said = ngettext("%(n)s kerusakan", "%(n)s kerusakan", count) % {"n": count}
    if not broken_now:
        return gettext("%(stops)s, semua sudah diperbaiki") % {"stops": said}
    still = ngettext("%(n)s mesin masih rusak", "%(n)s mesin masih rusak", broken_now) % {"n": broken_now}
    return gettext("%(stops)s, %(still)s") % {"stops": said, "still": still}
