"""Reads `judul.md`: what is known of a month, in words, and the title it should have."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from bookings.reports import findings
from bookings.reports.findings import Machines, Tense
from bookings.reports.indicators import Sums
from bookings.reports.queries import UsageRow, Week

TENSES = {"lewat": Tense.OVER, "berjalan": Tense.RUNNING, "belum mulai": Tense.COMING}
DAYS = "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split()
PARTS = {"pagi": (8, 11), "siang": (11, 14), "sore": (14, 16)}
UNREPORTED, UNCOUNTED = Sums(available=6000, booked=60, unreported=60, cells=1), Sums()


def number(text: str) -> float:
    return float(re.search(r"[\d,]+", text)[0].replace(",", "."))


def parts_of(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def row(text: str) -> UsageRow:
    """`Vakum 40 %`, `Sintang 12 jam`, `Sambas belum lapor`: of 100 available hours."""
    name, told = re.fullmatch(r"(\S+) (.+)", text).groups()
    known = {"belum lapor": UNREPORTED, "belum dihitung": UNCOUNTED}
    sums = known[told] if told in known else Sums(available=6000, run=round(number(told) * 60), cells=1)
    return UsageRow({"facility": name}, {"facility": name}, sums, None, 1)


def concentration(text: str, tense: Tense) -> str:
    of, rows = text.split(":")
    return findings.concentration([row(one) for one in parts_of(rows)], of=of, tense=tense)


def most_used(text: str, tense: Tense) -> str:
    return findings.most_used([row(one) for one in parts_of(text)], tense=tense)


def rhythm(text: str, tense: Tense) -> str:
    """A week of 100 hours in each open hour."""
    run, available = [0] * 168, [0] * 168
    for day in range(0 if text == "tutup" else 5):
        available[day * 24 + 8 : day * 24 + 16] = [6000] * 8
    for told in parts_of(text.replace("tutup", "")):
        for day, part in {(d, p) for d in DAYS for p in PARTS if told.startswith((f"{d} {p}", "semua"))}:
            for hour in range(*PARTS[part]):
                run[DAYS.index(day) * 24 + hour] = round(number(told) * 60)
    return findings.rhythm(Week(run, available), tense=tense)


def trend(text: str, tense: Tense) -> str:
    return findings.trend([None if one == "belum lapor" else number(one) / 100 for one in parts_of(text)])


def idle(text: str, tense: Tense) -> str:
    words = {"mesin": "all", "menganggur": "idle", "rusak": "broken", "baru": "fresh"}
    return findings.idle(Machines(**{words[one.split()[1]]: int(one.split()[0]) for one in parts_of(text)}), 30, tense=tense)


def stops(text: str, tense: Tense) -> str:
    count, broken = (int(number(one)) for one in parts_of(text))
    return findings.stops(count, broken, tense=tense)


def waste(text: str, tense: Tense) -> str:
    booked, run, unreported = (round(number(one) * 60) for one in parts_of(text))
    return findings.waste(Sums(available=6000, booked=booked, run=run, unreported=unreported, cells=1))


SECTIONS: dict[str, Callable[[str, Tense], str]] = {
    "Siapa memakai jam": concentration,
    "Yang paling terpakai": most_used,
    "Irama minggu": rhythm,
    "Dari bulan ke bulan": trend,
    "Mesin menganggur": idle,
    "Mesin rusak": stops,
    "Jam yang dipesan": waste,
}


def cases() -> list[tuple[str, str, str, str, str]]:
    """Return every row: its section, case, month, figures, and title. A row that cannot be read is an error."""
    found, section = [], ""
    for line in Path(__file__).with_name("judul.md").read_text().splitlines():
        if line.startswith("## "):
            section = line[3:]
        elif line.startswith("|") and not line.startswith(("| Kasus", "|---")):
            case, month, figures, title = (cell.strip() for cell in line.strip("|").split("|"))
            found.append((section, case, month, figures, title))
    return found
