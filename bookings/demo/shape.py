"""The shape of real use, as numbers: who comes when, for how long, and how it ends. Pure.

From facts §8: 60–70 % of use on a third of the machines; 10–20 % no-show, about 10 %
cancelled; two to three times as much in the five weeks before Lebaran, in December and
before Imlek; Fridays −25 %; runs of two to four hours; a third of the houses nearly idle.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from random import Random

from facilities.time.spans import Span

GRID = 15
"""Minutes between the starts that are made up."""

WEEKDAYS = (1.0, 1.0, 1.05, 1.0, 0.75, 0.6, 0.4)
"""Demand by weekday, Monday first."""

LENGTHS = (60, 90, 90, 120, 120, 120, 150, 150, 180, 180, 240)
"""Run minutes as people ask for them: mostly two to four hours with setup and cleaning."""

FATES = (
    ("completed", 72),
    ("unsigned", 3),
    ("no_show", 12),
    ("cancelled", 7),
    ("late_cancelled", 3),
    ("declined", 2),
    ("expired", 1),
)
"""How bookings of the past ended, in percent. `unsigned`: completed, no run sheet yet."""


def machine_weights(count: int, random: Random) -> list[float]:
    """Return how much of a house's use each of its `count` machines gets; a third gets about half.

    With a third of the houses nearly idle, a third of all machines then has two thirds.
    """
    busy = max(1, round(count / 3))
    weights = [random.uniform(1.3, 2.1) if i < busy else random.uniform(0.4, 0.9) for i in range(count)]
    random.shuffle(weights)
    return weights


def house_weights(count: int, random: Random) -> list[float]:
    """Return how busy each of `count` houses is; a third is nearly idle, the first never is."""
    idle = count // 3
    weights = [random.uniform(0.02, 0.1) if i < idle else random.uniform(0.7, 1.3) for i in range(count)]
    random.shuffle(weights)
    if count:
        weights[0] = max(weights[0], 1.1)
    return weights


def season(day: date, *, lebaran: Iterable[date], imlek: Iterable[date]) -> float:
    """Return the demand of a day against an ordinary Monday."""
    factor = WEEKDAYS[day.weekday()]
    if any(timedelta(0) < feast - day <= timedelta(weeks=5) for feast in lebaran):
        return factor * 2.6
    if day.month == 12 and day.day <= 23:
        return factor * 2.2
    if any(timedelta(0) < feast - day <= timedelta(weeks=3) for feast in imlek):
        return factor * 2.0
    return factor


def spread(total: int, days: Sequence[float], *, most: int, random: Random) -> list[int]:
    """Share `total` bookings over days by their weights, at most `most` a day.

    What does not fit anywhere is left out: the sum is then less than `total`.
    """
    counts = [0] * len(days)
    if not days:
        return counts
    sums, running = [], 0.0
    for weight in days:
        running += weight
        sums.append(running)
    left, tries = min(total, most * len(days)), 0
    while left and tries < 50 * total + 1000:
        day = min(bisect_right(sums, random.random() * running), len(days) - 1)
        tries += 1
        if counts[day] < most:
            counts[day] += 1
            left -= 1
    return counts


def jobs(spans: Sequence[Span], count: int, *, setup: int, cleaning: int, random: Random) -> list[Span]:
    """Return up to `count` runs, in order, that fit into a day's open spans without meeting.

    Each gets an equal share of an open span: setup, a run of a usual length, cleaning;
    starts lie on the grid. Longer spans get more.

        open  ├───────────────────────────────┤
        share │s├──run──┤c  ·│ · s├───run───┤c│
    """
    found: list[Span] = []
    chosen = random.choices(range(len(spans)), weights=[span.minutes for span in spans], k=count) if spans else []
    for number, span in enumerate(spans):
        share = chosen.count(number)
        step = span.minutes // max(share, 1) // GRID * GRID
        for nth in range(share):
            job = _job(span.start + timedelta(minutes=nth * step), step, setup, cleaning, random)
            if job:
                found.append(job)
    return found


def _job(start: datetime, minutes: int, setup: int, cleaning: int, random: Random) -> Span | None:
    lead = -(-setup // GRID) * GRID
    room = (minutes - lead - cleaning) // GRID * GRID
    if room < 30:
        return None
    run = min(random.choice(LENGTHS), room)
    late = random.randrange(0, (room - run) // GRID + 1) * GRID if room > run else 0
    begin = start + timedelta(minutes=lead + late)
    return Span(begin, begin + timedelta(minutes=run))


def fate(random: Random) -> str:
    """Draw how one booking ended."""
    return random.choices(_FATE_NAMES, cum_weights=_FATE_SUMS)[0]


_FATE_NAMES = [name for name, _ in FATES]
_FATE_SUMS = [sum(weight for _, weight in FATES[: i + 1]) for i in range(len(FATES))]
