"""What the figures say, in a sentence: titles of reports and charts state a finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import get_language, gettext, ngettext

from accounts import formats
from bookings.reports.charts import DAYS
from bookings.reports.indicators import Sums
from bookings.reports.naming import short_name
from bookings.reports.queries import UsageRow, Week

WORDS = "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh".split()
EVEN = 1.5
"""Hours are spread evenly while the busiest has at most so many times the mean, and the quietest no less of it than that."""
PARTS = ((0, 11), (11, 14), (14, 24))
"""Pagi, siang, sore: from hour, to hour."""


class Tense(Enum):
    """Whether a month is to come, is running, or is over: what is true of each is said differently."""

    COMING = "coming"
    RUNNING = "running"
    OVER = "over"


def silence(tense: Tense, *, is_counted: bool, is_reported: bool) -> str:
    """Return why there is nothing to say of a month; nothing where there is."""
    if tense is Tense.COMING:
        return gettext("Bulan ini belum mulai")
    if not is_counted:
        return gettext("Belum ada yang dihitung")
    return "" if is_reported else gettext("Belum ada yang melapor")


def unused(tense: Tense, *, is_complete: bool = True) -> str:
    """Return that no hour was used: of those who reported, where not all did."""
    if not is_complete:
        return gettext("Belum ada jam terpakai yang dilaporkan")
    return gettext("Tidak ada jam terpakai") if tense is Tense.OVER else gettext("Belum ada jam terpakai")


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


def concentration(rows: Sequence[UsageRow], *, of: str, tense: Tense = Tense.OVER) -> str:
    """Return who uses most of the hours (`of`: rumah or mesin), from rows ranked by run time.

    Rows that did not report carry an unknown share: then it is said that the hours are those reported.
    """
    told = [row for row in rows if row.sums.is_reported]
    said = silence(tense, is_counted=any(row.sums.is_counted for row in rows), is_reported=bool(told))
    if said:
        return said
    minutes = [row.sums.run for row in told]
    things = gettext("rumah") if of == "rumah" else gettext("mesin")
    if not sum(minutes):
        return unused(tense, is_complete=len(told) == len(rows))
    if len(rows) == 1:
        return gettext("Hanya satu %(things)s yang dihitung") % {"things": things}
    if len(told) == 1:
        return gettext("Baru 1 dari %(all)s %(things)s melapor") % {"all": len(rows), "things": things}
    hours = gettext("jam") if len(told) == len(rows) else gettext("jam yang dilaporkan")
    return _concentration(told, minutes, things=things, hours=hours)


def _concentration(rows: Sequence[UsageRow], minutes: Sequence[int], *, things: str, hours: str) -> str:
    total, count = sum(minutes), leading(rows)
    if not count and EVEN * total >= len(rows) * minutes[0] and EVEN * minutes[-1] * len(rows) >= total:
        return gettext("%(hours)s terbagi cukup merata") % {"hours": hours[:1].upper() + hours[1:]}
    most = count or next(n for n in range(1, len(rows) + 1) if sum(minutes[:n]) * 2 > total)
    share = {"share": _fraction(sum(minutes[:most]), total), "hours": hours}
    if most == 1:
        return gettext("%(name)s memakai %(share)s %(hours)s") % {"name": short_name(rows[0].label), **share}
    if not count:
        names = {"number": most, "all": len(rows), "things": things}
        return gettext("%(number)s dari %(all)s %(things)s memakai %(share)s %(hours)s") % {**names, **share}
    number = WORDS[most].capitalize() if most < len(WORDS) and get_language() == "id" else str(most)
    return gettext("%(number)s %(things)s memakai %(share)s %(hours)s") % {"number": number, "things": things, **share}


def most_used(rows: Sequence[UsageRow], *, tense: Tense = Tense.OVER) -> str:
    """Return which group is used best, from a ranking; those that stand beside it as shown are named with it."""
    told = [row for row in rows if row.sums.utilisation is not None]
    said = silence(tense, is_counted=any(row.sums.is_counted for row in rows), is_reported=bool(told))
    if said:
        return said
    best = told[0].sums.utilisation or 0
    if not best:
        return unused(tense, is_complete=len(told) == len(rows))
    share = part_of(best)
    beside = sum(part_of(row.sums.utilisation or 0) == share for row in told[1:])
    if not beside:
        return gettext("%(name)s paling terpakai, %(share)s") % {"name": told[0].label, "share": share}
    if beside + 1 == len(told):
        return gettext("Semua sama terpakai, %(share)s") % {"share": share}
    return ngettext(
        "%(name)s dan %(n)s jenis lain paling terpakai, %(share)s", "%(name)s dan %(n)s jenis lain paling terpakai, %(share)s",
        beside,
    ) % {"name": told[0].label, "n": beside, "share": share}  # fmt: skip


def part_of(share: float) -> str:
    """Return a share in whole percent; what is more than nothing and rounds to nothing is *kurang dari 1 %*."""
    if share > 0 and round(share * 100) == 0:
        return gettext("kurang dari %(share)s") % {"share": formats.percent(0.01)}
    return formats.percent(share)


def _fraction(part: int, whole: int) -> str:
    if part == whole:
        return gettext("semua")
    if part * 10 >= whole * 9:
        return gettext("hampir semua")
    if part * 4 > whole * 3:
        return gettext("lebih dari tiga perempat")
    if part * 3 > whole * 2:
        return gettext("lebih dari dua pertiga")
    return gettext("lebih dari separuh")


def rhythm(week: Week, *, tense: Tense = Tense.OVER) -> str:
    """Return when in the week it is busiest and when quietest: `Kamis pagi paling ramai, sore paling lengang`.

    Shares are of open hours, compared in whole percent, as they are shown; what is alike is not told apart.
    """
    run = [ran if open_ else 0 for ran, open_ in zip(week.run, week.available, strict=True)]
    if not any(week.available):
        return gettext("Tidak ada jam buka")
    if not any(run):
        return gettext("Hanya terpakai di luar jam buka") if any(week.run) else unused(tense)
    slots = {(day, part): [day] for day in range(DAYS) for part in range(len(PARTS))}
    shares = _shares(slots, run, week.available)
    most = max(shares.values())
    if not most:
        return gettext("Terpakai kurang dari %(share)s di setiap waktu") % {"share": formats.percent(0.01)}
    busiest = [slot for slot, share in shares.items() if share == most]
    if len(busiest) == len(shares) > 1:
        return gettext("Sama ramai sepanjang minggu")
    parts = _shares({(0, part): range(DAYS) for part in range(len(PARTS))}, run, week.available)
    quietest = [part for (_, part), share in parts.items() if share == min(parts.values())]
    names = (gettext("pagi"), gettext("siang"), gettext("sore"))
    said = gettext("%(when)s paling ramai") % {"when": _when(busiest, names)}
    if len(quietest) == 1 and len(parts) > 1 and all(part != quietest[0] for _, part in busiest):
        return gettext("%(busy)s, %(part)s paling lengang") % {"busy": said, "part": names[quietest[0]]}
    return said


def _when(slots: Sequence[tuple[int, int]], names: Sequence[str]) -> str:
    """Return a name that is true of all the slots: `Kamis pagi`, `Kamis`, `Pagi`, or how many they are."""
    days, parts = {day for day, _ in slots}, {part for _, part in slots}
    if len(slots) == 1:
        day, part = slots[0]
        return gettext("%(day)s %(part)s") % {"day": formats.weekday_name(day), "part": names[part]}
    if len(days) == 1:
        return formats.weekday_name(slots[0][0])
    if len(parts) == 1:
        name = names[slots[0][1]]
        return name[:1].upper() + name[1:]
    return ngettext("%(n)s waktu", "%(n)s waktu", len(slots)) % {"n": len(slots)}


def _shares(
    slots: Mapping[tuple[int, int], Sequence[int]], run: Sequence[int], available: Sequence[int]
) -> dict[tuple[int, int], int]:
    """Return whole percents by (day, part of the day), over the days of each; parts that are never open are left out."""
    found = {}
    for (first, part), days in slots.items():
        hours = [day * 24 + hour for day in days for hour in range(*PARTS[part])]
        if whole := sum(available[hour] for hour in hours):
            found[first, part] = round(sum(run[hour] for hour in hours) / whole * 100)
    return found


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


@dataclass(frozen=True, slots=True)
class Machines:
    """How the machines in service stood at the end of a month, or stand now: counts that do not overlap but for `all`."""

    all: int
    idle: int = 0
    broken: int = 0
    fresh: int = 0
    """Never used, and not here long enough to be called idle."""


def idle(machines: Machines, days: int, *, tense: Tense = Tense.OVER) -> str:
    """Return how many machines stood idle for at least so many days, broken ones apart."""
    if tense is Tense.COMING:
        return gettext("Bulan ini belum mulai")
    if not machines.all:
        return gettext("Belum ada mesin yang bertugas")
    if machines.broken == machines.all:
        return gettext("Semua mesin rusak") if machines.all > 1 else gettext("Mesinnya rusak")
    if machines.idle:
        return ngettext(
            "%(n)s mesin belum dipakai %(days)s hari", "%(n)s mesin belum dipakai %(days)s hari", machines.idle
        ) % {"n": formats.number(machines.idle), "days": days}  # fmt: skip
    if machines.fresh:
        return gettext("Tidak ada mesin yang menganggur %(days)s hari") % {"days": days}
    if machines.broken:
        return gettext("Semua mesin yang tidak rusak dipakai dalam %(days)s hari") % {"days": days}
    return gettext("Semua mesin dipakai dalam %(days)s hari") % {"days": days}


def stops(count: int, broken: int, *, tense: Tense = Tense.RUNNING) -> str:
    """Return how many breakdowns touched a month, and how many machines were still broken when it ended, or are now."""
    if tense is Tense.COMING:
        return gettext("Bulan ini belum mulai")
    is_over = tense is Tense.OVER
    if not count:
        return gettext("Tidak ada mesin rusak bulan itu") if is_over else gettext("Tidak ada mesin rusak bulan ini")
    said = ngettext("%(n)s kerusakan", "%(n)s kerusakan", count) % {"n": count}
    if broken:
        rest = ngettext("%(n)s mesin masih rusak", "%(n)s mesin masih rusak", broken) % {"n": broken}
    else:
        rest = gettext("sudah diperbaiki") if count == 1 else gettext("semua sudah diperbaiki")
    said = gettext("%(stops)s, %(rest)s") % {"stops": said, "rest": rest}
    return gettext("%(said)s pada akhir bulan") % {"said": said} if is_over else said


def waste(sums: Sums) -> str:
    """Return what became of the booked hours, as the end of a sentence that began with their share; nothing if unknown.

    What nobody reported yet is neither used nor wasted. Sums of hours do not know whether each booking used its own.
    """
    if not sums.is_counted or not sums.booked or sums.unreported_share is None:
        return ""
    if not sums.is_reported:
        return gettext("belum lapor")
    untold = round(sums.unreported_share * 100)
    words = [_wasted(sums) if not sums.unreported else gettext("dari yang sudah lapor %(said)s") % {"said": _wasted(sums)}]
    if sums.unreported:
        some = ngettext("%(n)s poin belum lapor", "%(n)s poin belum lapor", untold) % {"n": untold}
        words.append(some if untold else gettext("sebagian kecil belum lapor"))
    return ", ".join(words)


def _wasted(sums: Sums) -> str:
    lost = round((sums.wasted_share or 0) * 100)
    if lost > 0:
        return ngettext("%(n)s poin terbuang", "%(n)s poin terbuang", lost) % {"n": lost}
    if (sums.wasted or 0) > 0:
        return gettext("kurang dari 1 poin terbuang")
    return gettext("jam terpakai lebih banyak") if (sums.wasted or 0) < 0 else gettext("jam terpakai sama banyak")
