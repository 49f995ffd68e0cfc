"""One month of some houses, or of one machine, put together: figures, comparisons, findings, charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from bookings.models import Downtime
from bookings.reports import charts, findings, queries
from bookings.reports.findings import Tense
from bookings.reports.indicators import Sums, median
from bookings.reports.queries import IdleMachine, Stop, UsageRow, Waits, Week
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
    tense: Tense
    until: date
    of: str
    months: Sequence[UsageRow]
    rows: Sequence[UsageRow]
    waits: Mapping[date, Waits]
    week: Week
    fleet: Sequence[IdleMachine]
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
    def is_running(self) -> bool:
        return self.tense is Tense.RUNNING

    @property
    def has_begun(self) -> bool:
        return self.tense is not Tense.COMING

    @property
    def silence(self) -> str:
        """Why nothing can be said of the month's runs; nothing where something can."""
        sums = self.total.sums
        return findings.silence(self.tense, is_counted=sums.is_counted, is_reported=sums.is_reported)

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
        """Minutes, the median, of those that nobody answered too; None when no request waited for a person."""
        return median(self._waits(self.month).minutes)

    @property
    def unanswered(self) -> int:
        """Requests that nobody answered."""
        return self._waits(self.month).unanswered

    def _waits(self, month: date) -> Waits:
        return self.waits.get(month, Waits())

    @property
    def waiting_change(self) -> int | None:
        """Minutes more (or fewer) than the month before."""
        before = median(self._waits(earlier(self.month)).minutes)
        return None if self.waiting is None or before is None else round(self.waiting - before)

    @property
    def booked_share(self) -> str:
        """The share of hours that was booked, in words; nothing where it is unknown or nothing was booked."""
        sums = self.total.sums
        return findings.part_of(sums.occupancy) if sums.booked and sums.occupancy is not None else ""

    @property
    def waste(self) -> str:
        return findings.waste(self.total.sums)

    @property
    def unreported(self) -> list[UsageRow]:
        return [row for row in self.rows if self.has_begun and not row.sums.is_reported]

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
        return None if self.silence else charts.heat(self.week.run, self.week.available)

    @cached_property
    def trend(self) -> list[tuple[date, UsageRow]]:
        """The months shown, from the first one that was counted here, at most `MONTHS_SHOWN`."""
        shown = [back(self.month, number) for number in reversed(range(MONTHS_SHOWN))]
        first = next((month for month in shown if self._month(month).sums.is_counted), self.month)
        return [(month, self._month(month)) for month in shown if month >= first]

    @cached_property
    def line(self) -> charts.Line:
        return charts.line([row.sums.utilisation for _, row in self.trend])

    @property
    def trend_finding(self) -> str:
        if not self.has_begun:
            return self.silence
        return findings.trend([row.sums.utilisation for _, row in self.trend])

    @property
    def concentration(self) -> str:
        return findings.concentration(by_run_time(self.rows), of=self.of, tense=self.tense)

    @property
    def rhythm(self) -> str:
        return self.silence or findings.rhythm(self.week, tense=self.tense)

    @property
    def idle(self) -> list[IdleMachine]:
        """Machines idle or broken when the month ended, or now; none where nobody counted the month."""
        known = self.fleet if self.total.sums.is_counted else []
        return [one for one in known if one.is_idle or one.is_broken]

    @property
    def idle_30(self) -> list[IdleMachine]:
        return [one for one in self.idle if not one.is_broken and one.days >= 30]

    @property
    def broken(self) -> list[IdleMachine]:
        return [one for one in self.idle if one.is_broken]

    @property
    def idle_finding(self) -> str:
        fresh = sum(one.never and one.days < 30 and not one.is_broken for one in self.fleet)
        counts = findings.Machines(len(self.fleet), len(self.idle_30), len(self.broken), fresh)
        if self.fleet and not self.total.sums.is_counted:
            return findings.silence(self.tense, is_counted=False, is_reported=False)
        return findings.idle(counts, 30, tense=self.tense)

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
        broken = {stop.breakdown.machine_id for stop in self.stops if stop.is_open}
        if not self.stops and not self.total.sums.is_counted:
            return findings.silence(self.tense, is_counted=False, is_reported=False)
        return findings.stops(len(self.stops), len(broken), tense=self.tense)

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
    by_hours = by_run_time([row for row in rows if row.sums.is_reported])
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
    whole = local_month(month.year, month.month, zone)
    start, end = whole.start, whole.end
    return Report(
        month=month,
        tense=Tense.COMING if start > now else Tense.RUNNING if end > now else Tense.OVER,
        until=min(local_date(now, zone), local_date(end - timedelta(minutes=1), zone)),
        of="rumah" if by == "facility" else "mesin",
        months=queries.sums_by(
            houses, first=back(month, MONTHS_SHOWN - 1), last=month, group_by=["month"], machine=machine
        ),
        rows=queries.sums_by(houses, first=month, last=month, group_by=[by], machine=machine),
        waits=queries.waiting_minutes(houses, first=before, last=month, now=now, machine=machine),
        week=queries.week_of(houses, month=month, now=now, machine=machine),
        fleet=queries.machines_in_service(houses, at=min(end, now), machine=machine) if start <= now else [],
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
