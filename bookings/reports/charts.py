"""Where bars, cells and lines of a chart lie, as values for SVG attributes. Pure.

Lengths across are percentages, so that a chart fits any screen while its words keep their
size; lengths down are pixels. Every scale begins at zero.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

WIDEST = 80
"""Percent of the width that the longest bar takes: the rest is for its label."""
HEAT_STEPS = (0.22, 0.42, 0.63, 0.8)
"""Shares of the fullest hour at which the next darker tone begins."""
DAYS = 7
NAMES_TAKE = 12
ROW, GAP, HEAD = 31, 3, 22


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its length and where its label begins. `length` is None where nobody reported."""

    length: str | None
    is_leading: bool


@dataclass(frozen=True, slots=True)
class Bars:
    bars: Sequence[Bar]
    average: str | None


def bars(values: Sequence[float | None], *, average: float | None, leading: Collection[int]) -> Bars:
    """Return the bars of a ranking; those at the places in `leading` are drawn full, the rest lighter."""
    longest = max([value for value in (*values, average) if value is not None], default=0) or 1
    drawn = [
        Bar(None if value is None else _percent(value / longest * WIDEST), place in leading)
        for place, value in enumerate(values)
    ]
    return Bars(drawn, None if average is None else _percent(average / longest * WIDEST))


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of one weekday. `tone` 0 to 4; `share` is None when no machine could run."""

    x: str
    middle: str
    width: str
    y: int
    baseline: int
    share: float | None
    tone: int
    weekday: int
    hour: int


@dataclass(frozen=True, slots=True)
class Heat:
    """A week of hours. `hours` are (hour, x) of the columns, `days` (weekday, baseline) of the rows."""

    height: int
    hours: Sequence[tuple[int, str]]
    days: Sequence[tuple[int, int]]
    cells: Sequence[Cell]
    row_height: int = ROW


def heat(run: Sequence[int], available: Sequence[int]) -> Heat | None:
    """Return a week's cells from 168 hours of run and available minutes; None when nothing was open."""
    open_hours = [hour for hour in range(len(available)) if available[hour]]
    if not open_hours:
        return None
    first, last = min(h % 24 for h in open_hours), max(h % 24 for h in open_hours)
    days = [day for day in range(DAYS) if any(available[day * 24 : day * 24 + 24])]
    shares = {hour: run[hour] / available[hour] for hour in open_hours}
    fullest = max(shares.values()) or 1
    width = (100 - NAMES_TAKE) / (last - first + 1)
    cells = [
        _cell(row, day, hour, shares.get(day * 24 + hour), fullest, NAMES_TAKE + (hour - first) * width, width)
        for row, day in enumerate(days)
        for hour in range(first, last + 1)
    ]
    return Heat(
        HEAD + len(days) * (ROW + GAP),
        [(hour, _percent(NAMES_TAKE + (hour - first) * width)) for hour in range(first, last + 1)],
        [(day, _baseline(row)) for row, day in enumerate(days)],
        cells,
    )


def _cell(row: int, day: int, hour: int, share: float | None, fullest: float, x: float, width: float) -> Cell:
    tone = sum(share / fullest >= step for step in HEAT_STEPS) if share is not None else 0
    y = HEAD + row * (ROW + GAP)
    return Cell(_percent(x), _percent(x + width / 2), _percent(width - 0.6), y, _baseline(row), share, tone, day, hour)


def _baseline(row: int) -> int:
    return HEAD + row * (ROW + GAP) + 21


LINE_HEIGHT, LINE_WIDTH = 84, 86


@dataclass(frozen=True, slots=True)
class Point:
    """A month on a line, in percent across and pixels down; `share` is None where nobody reported."""

    x: str
    y: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Line:
    """`parts` are polylines for a box of 100 × 100, one for each unbroken stretch of months."""

    parts: Sequence[str]
    points: Sequence[Point]
    height: int = LINE_HEIGHT
    width: str = f"{LINE_WIDTH}%"


def line(shares: Sequence[float | None]) -> Line:
    """Return a line through the months, broken where nobody reported."""
    highest = max([share for share in shares if share is not None], default=0) or 1
    step = 100 / max(len(shares) - 1, 1)
    parts: list[list[str]] = [[]]
    points = []
    for place, share in enumerate(shares):
        if share is None:
            parts.append([])
            points.append(Point(_percent(place * step * LINE_WIDTH / 100), LINE_HEIGHT, None))
            continue
        down = 100 - share / highest * 80
        parts[-1].append(f"{place * step:.2f},{down:.2f}")
        points.append(Point(_percent(place * step * LINE_WIDTH / 100), round(down * LINE_HEIGHT / 100), share))
    return Line([" ".join(part) for part in parts if len(part) > 1], points)


def _percent(value: float) -> str:
    return f"{value:.2f}%"
