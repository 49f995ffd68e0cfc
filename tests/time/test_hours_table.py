"""Every minute of a day is where the wall clock shows it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from facilities.time.hours import WeeklyRule, open_spans
from facilities.time.spans import Span

WIB = ZoneInfo("Asia/Pontianak")
MONDAY = date(2026, 11, 23)
MIDNIGHT = datetime(2026, 11, 22, 17, tzinfo=UTC)


def test_a_rule_may_open_at_any_minute_of_the_day():
    for minute in range(1440):
        rules = [WeeklyRule(0, minute, minute + 1, MONDAY)]
        (found,) = open_spans(rules, closures=(), holidays=(), zone=WIB, first=MONDAY, last=MONDAY)
        start = MIDNIGHT + timedelta(minutes=minute)
        assert found == Span(start, start + timedelta(minutes=1))


def test_a_rule_may_hold_on_one_day_only():
    rule = WeeklyRule(0, 480, 960, MONDAY, MONDAY)
    assert [rule.is_valid_on(MONDAY + timedelta(days=n)) for n in (-1, 0, 1)] == [False, True, False]
