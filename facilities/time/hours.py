"""Opening hours: weekly rules in a facility's own zone, resolved to spans in UTC. Pure.

Rules speak of weekdays and minutes of the local day, spans of instants. This is
the only place where one becomes the other.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from facilities.time.spans import Span, as_utc, merged, subtracted

MINUTES_A_DAY = 1440


@dataclass(frozen=True, slots=True, order=True)
class WeeklyRule:
    """Open on one weekday (0 = Monday) between two minutes of the local day.

    `closes` may be 1440, the midnight that ends the day; hours past midnight are
    two rules, one per day. Both dates are inclusive; `valid_until=None` never ends.
    """

    weekday: int
    opens: int
    closes: int
    valid_from: date
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"a weekday is 0 (Monday) to 6 (Sunday): {self.weekday}")
        if not 0 <= self.opens < self.closes <= MINUTES_A_DAY:
            raise ValueError(f"a rule must close after it opens: {self.opens} to {self.closes}")
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError(f"a rule must last: {self.valid_from} to {self.valid_until}")

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


def rules_on(rules: Iterable[WeeklyRule], day: date) -> list[WeeklyRule]:
    """Return the rules that open a day, by opening time.

    The week that began last replaces the others entirely, even on weekdays it does
    not mention: a Ramadan week without a Friday rule is closed on Fridays. When it
    ends, the week before it is back.

    ordinary   ├──────────────────────────────────▶
    Ramadan            ├────────┤
    in force   ordinary│ Ramadan│ordinary
    """
    valid = [rule for rule in rules if rule.is_valid_on(day)]
    latest = max((rule.valid_from for rule in valid), default=day)
    week = (rule for rule in valid if rule.valid_from == latest)
    return sorted(rule for rule in week if rule.weekday == day.weekday())


def hidden_by(weeks: Iterable[tuple[date, date | None]], first: date, last: date | None) -> tuple[date, date | None] | None:
    """Return the week, of (first, last) days, that one from `first` to `last` would do away with unseen; None if none.

    Of two weeks that begin on one day only one can be kept, so an ordinary week (without a last day) and a special one
    must not; and an ordinary week that begins within a special one would replace what is left of it.
    """
    for begins, ends in weeks:
        is_other_kind = (ends is None) != (last is None)
        within = ends is not None and begins <= first <= ends
        if is_other_kind and (begins == first or (last is None and within)):
            return begins, ends
    return None


def open_spans(
    rules: Iterable[WeeklyRule],
    *,
    closures: Iterable[Span],
    holidays: Collection[date],
    zone: ZoneInfo,
    first: date,
    last: date,
) -> list[Span]:
    """Return when a facility is open, in UTC, on the local days `first` to `last`, both included.

    Two rules on a weekday leave a break between them; a day open to 24.00 and the
    next from 00.00 are one span. A holiday closes its whole local day, a closure
    its own span. A day outside years 1 to 9999 is a ValueError.

    rules      ├──────┤  ├──────┤      ├──────┤  ├──────┤
    closures         ├────┤               (holiday)
    open       ├─────┤    ├─────┤
    """
    regular = _regular(tuple(rules), frozenset(holidays), zone, first, last)
    cut = list(closures)
    return subtracted(regular, cut) if cut else list(regular)


@lru_cache(maxsize=1024)
def _regular(
    rules: tuple[WeeklyRule, ...], holidays: frozenset[date], zone: ZoneInfo, first: date, last: date
) -> list[Span]:
    """Return what the rules open, closures aside. Kept: many houses and operators share a week, and a day asks for one fortnight."""
    by_rule = (
        span
        for day in _days(first, last)
        if day not in holidays
        for rule in rules_on(rules, day)
        if (span := _on(rule, day, zone)) is not None
    )
    return merged(by_rule)


def local_day(day: date, zone: ZoneInfo) -> Span:
    """Return a local day from its midnight to the next, in UTC: 23 or 25 hours when clocks change.

    A day outside years 1 to 9999 is a ValueError.
    """
    return Span(_instant(day, 0, zone), _instant(day, MINUTES_A_DAY, zone))


def local_month(year: int, month: int, zone: ZoneInfo) -> Span:
    """Return a local month from its first midnight to that of the next, in UTC.

    A month outside 1 to 12, or years 1 to 9999, is a ValueError.
    """
    first = date(year, month, 1)
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return Span(_instant(first, 0, zone), _instant(date(*following, 1), 0, zone))


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """Return the date on the facility's calendar: 06.30 in Pontianak is still yesterday in UTC.

    A naive instant, or a date outside years 1 to 9999, is a ValueError.
    """
    try:
        return as_utc(instant).astimezone(zone).date()
    except OverflowError as error:
        raise ValueError(f"a date outside years 1 to 9999: {instant}") from error


def _days(first: date, last: date) -> Iterator[date]:
    for number in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(number)


def _on(rule: WeeklyRule, day: date, zone: ZoneInfo) -> Span | None:
    """Return one day's span of a rule, or None if the clock change in spring swallows it."""
    start, end = _instant(day, rule.opens, zone), _instant(day, rule.closes, zone)
    return Span(start, end) if start < end else None


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the instant at which the wall clock shows a minute of a day.

    Where clocks change (nowhere in Indonesia), a time that comes twice is its first
    coming, and one that is skipped counts on from before the change.
    """
    try:
        if minute == MINUTES_A_DAY:
            day, minute = day + timedelta(days=1), 0
        wall = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=zone)
        return wall.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"a day outside years 1 to 9999: {day}") from error
