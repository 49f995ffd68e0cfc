"""One month of some houses, or of one machine, put together: figures, comparisons, findings, charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from bookings.models import Downtime
from bookings.reports import charts, findings, queries
from bookings.reports.indicators import Sums, median
from bookings.reports.queries import IdleMachine, Stop, UsageRow, Week
from facilities.models import Facility
from facilities.time.hours import local_date, local_month

MONTHS_SHOWN = 12
IDLE_STEPS = (14, 30, 90)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A group with its bar."""

    row: UsageRow
    bar: charts.Bar


@dataclass
class Report:
    """What a report page shows. `rows` are houses, or the machines of one house, by their names."""

    month: date
    is_running: bool
    until: date
    of: str
    months: Sequence[UsageRow]
    rows: Sequence[UsageRow]
    waits: Mapping[date, list[int]]
    week: Week
    idle: Sequence[IdleMachine]
    lost: Mapping[str, int]
    stops: Sequence[Stop]
    first: date | None
    counted_at: datetime | None
    _by_month: dict[str, UsageRow] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._by_month = {row.keys["month"]: row for row in self.months}

    def _month(self, month: date) -> UsageRow:
        nothing = UsageRow({"month": f"{month:%Y-%m}"}, {}, Sums(), None, 0)
        return self._by_month.get(f"{month:%Y-%m}", nothing)

    @property
    def total(self) -> UsageRow:
        return self._month(self.month)

    @property
    def before(self) -> UsageRow:
        return self._month(earlier(self.month))

    @property
    def utilisation_change(self) -> int | None:
        return findings.points(self.total.sums.utilisation, self.before.sums.utilisation)

    @property
    def no_show_change(self) -> int | None:
        return findings.points(self.total.sums.no_show_share, self.before.sums.no_show_share)

    @property
    def services_change(self) -> int | None:
        now, then = self.total.sums.served, self.before.sums.served
        return None if now is None or then is None else now - then

    @property
    def waiting(self) -> float | None:
        """Minutes, the median; None when no request waited for a person."""
        return median(self.waits.get(self.month, []))

    @property
    def waiting_change(self) -> int | None:
        """Minutes more (or fewer) than the month before."""
        before = median(self.waits.get(earlier(self.month), []))
        return None if self.waiting is None or before is None else round(self.waiting - before)

    @property
    def wasted(self) -> int | None:
        """Percentage points booked and not run."""
        return findings.points(self.total.sums.occupancy, self.total.sums.utilisation)

    @property
    def unreported(self) -> list[UsageRow]:
        return [row for row in self.rows if not row.sums.is_reported]

    @cached_property
    def ranked(self) -> list[Ranked]:
        """Rows with their bars, the best used first, those that did not report last."""
        return ranking_of(self.rows, average=self.total.sums.utilisation)

    @property
    def average_x(self) -> str | None:
        return charts.bars(
            [row.sums.utilisation for row in self.rows], average=self.total.sums.utilisation, leading=()
        ).average

    @cached_property
    def heat(self) -> charts.Heat | None:
        return charts.heat(self.week.run, self.week.available)

    @cached_property
    def trend(self) -> list[tuple[date, UsageRow]]:
        """The months shown, from the first counted one, at most `MONTHS_SHOWN`."""
        shown = [back(self.month, number) for number in reversed(range(MONTHS_SHOWN))]
        first = self.first or self.month
        return [(month, self._month(month)) for month in shown if month >= min(first, self.month)]

    @cached_property
    def line(self) -> charts.Line:
        return charts.line([row.sums.utilisation for _, row in self.trend])

    @property
    def trend_finding(self) -> str:
        return findings.trend([row.sums.utilisation for _, row in self.trend])

    @property
    def concentration(self) -> str:
        return findings.concentration(by_run_time(self.rows), of=self.of)

    @property
    def rhythm(self) -> str:
        return findings.rhythm(self.week)

    @property
    def idle_30(self) -> list[IdleMachine]:
        return [one for one in self.idle if not one.is_broken and one.days >= 30]

    @property
    def broken(self) -> list[IdleMachine]:
        return [one for one in self.idle if one.is_broken]

    @property
    def idle_finding(self) -> str:
        return findings.idle(len(self.idle_30), 30)

    @property
    def idle_counts(self) -> list[tuple[int, int]]:
        """(days, machines idle for at least so long), broken ones and never used ones apart."""
        used = [one for one in self.idle if not one.is_broken and not one.never]
        return [(days, sum(one.days >= days for one in used)) for days in IDLE_STEPS]

    @property
    def never_used(self) -> int:
        return sum(one.never and not one.is_broken for one in self.idle)

    @property
    def stops_finding(self) -> str:
        return findings.stops(len(self.stops), len({stop.breakdown.machine_id for stop in self.stops if stop.is_open}))

    @property
    def lost_bars(self) -> list[tuple[str, int, str]]:
        """(reason in words, minutes, length of its bar) of time lost within runs."""
        drawn = charts.bars([float(minutes) for minutes in self.lost.values()], average=None, leading=())
        words = dict(Downtime.Reason.choices)
        return [
            (str(words.get(reason, reason)), minutes, bar.length or "0%")
            for (reason, minutes), bar in zip(self.lost.items(), drawn.bars, strict=True)
        ]


def ranking_of(rows: Sequence[UsageRow], *, average: float | None, ahead: int | None = None) -> list[Ranked]:
    """Return rows with their bars by utilisation, best first, unreported last.

    The first `ahead` stand out; without it, those that carry most of the hours do.
    """
    ordered = sorted(rows, key=lambda row: (not row.sums.is_reported, -(row.sums.utilisation or 0), row.label))
    by_hours = by_run_time(rows)
    first = ordered[:ahead] if ahead is not None else by_hours[: findings.leading(by_hours)]
    leading = {row.key for row in first}
    drawn = charts.bars(
        [row.sums.utilisation or 0 if row.sums.is_reported else None for row in ordered],
        average=average,
        leading={place for place, row in enumerate(ordered) if row.key in leading},
    )
    return [Ranked(row, bar) for row, bar in zip(ordered, drawn.bars, strict=True)]


def by_run_time(rows: Sequence[UsageRow]) -> list[UsageRow]:
    """Return rows by run time, most first: what a concentration is read from."""
    return sorted(rows, key=lambda row: -(row.sums.run_minutes or 0))


def compose(
    houses: Sequence[Facility],
    *,
    month: date,
    now: datetime,
    first: date | None,
    by: str = "facility",
    machine: str = "",
) -> Report:
    """Return the report of a month: a fixed number of statements, whatever the number of houses and machines.

    `first` is the first month that was counted; months before it are not shown.
    """
    before = earlier(month)
    zone = houses[0].zone
    end = local_month(month.year, month.month, zone).end
    return Report(
        month=month,
        is_running=end > now,
        until=min(local_date(now, zone), local_date(end - timedelta(minutes=1), zone)),
        of="rumah" if by == "facility" else "mesin",
        months=queries.sums_by(
            houses, first=back(month, MONTHS_SHOWN - 1), last=month, group_by=["month"], machine=machine
        ),
        rows=queries.sums_by(houses, first=month, last=month, group_by=[by], machine=machine),
        waits=queries.waiting_minutes(houses, first=before, last=month, now=now, machine=machine),
        week=queries.week_of(houses, month=month, now=now, machine=machine),
        idle=queries.idle_machines(houses, at=min(end, now), machine=machine),
        lost=queries.lost_minutes(houses, first=month, last=month, now=now, machine=machine),
        stops=queries.breakdowns(houses, month=month, now=now, machine=machine),
        first=first,
        counted_at=queries.counted_at(houses, month),
    )


def back(month: date, count: int) -> date:
    """Return the first day of the month `count` months before."""
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def earlier(month: date) -> date:
    return back(month, 1)
