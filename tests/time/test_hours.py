"""Opening hours: the week in force, the facility's own clock, and the edges of the calendar."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from facilities.time.hours import WeeklyRule, local_date, local_day, local_month, open_spans, rules_on
from facilities.time.spans import Span, total_minutes

WIB = ZoneInfo("Asia/Pontianak")
WITA = ZoneInfo("Asia/Makassar")
BERLIN = ZoneInfo("Europe/Berlin")
YEAR = date(2026, 1, 1)
TUESDAY = date(2026, 11, 24)
FRIDAY = date(2026, 11, 27)


def rule(weekday, opens, closes, valid_from=YEAR, valid_until=None) -> WeeklyRule:
    """A weekly rule, in hours."""
    return WeeklyRule(weekday, int(opens * 60), int(closes * 60), valid_from, valid_until)


def every_day(opens, closes, valid_from=YEAR, valid_until=None) -> list[WeeklyRule]:
    return [rule(weekday, opens, closes, valid_from, valid_until) for weekday in range(7)]


def opened(rules, first, last=None, *, closures=(), holidays=(), zone=WIB) -> list[Span]:
    return open_spans(rules, closures=closures, holidays=holidays, zone=zone, first=first, last=last or first)


def utc(day, hour, minute=0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def local(day, hour, zone=WIB) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=zone)


def test_eight_to_four_in_pontianak_is_one_to_nine_in_utc():
    assert opened(every_day(8, 16), TUESDAY) == [Span(utc(TUESDAY, 1), utc(TUESDAY, 9))]


def test_half_past_six_in_pontianak_is_still_yesterday_in_utc():
    early = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)

    assert local_date(early, WIB) == TUESDAY
    assert local_day(TUESDAY, WIB).contains(early)
    assert opened(every_day(6.5, 8), TUESDAY) == [Span(early, utc(TUESDAY, 1))]


def test_a_house_in_makassar_opens_an_hour_earlier():
    assert opened(every_day(8, 16), TUESDAY, zone=WITA) == [Span(utc(TUESDAY, 0), utc(TUESDAY, 8))]


def test_one_instant_can_be_two_dates_in_two_houses():
    late = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)

    assert local_date(late, WIB) == TUESDAY
    assert local_date(late, WITA) == TUESDAY + timedelta(days=1)


def test_friday_has_a_break():
    rules = [rule(4, 8, 11.5), rule(4, 13, 16)]

    assert opened(rules, FRIDAY) == [
        Span(utc(FRIDAY, 1), utc(FRIDAY, 4, 30)),
        Span(utc(FRIDAY, 6), utc(FRIDAY, 9)),
    ]


def test_a_day_without_a_rule_is_closed():
    assert opened([rule(4, 8, 16)], TUESDAY) == []


def test_midnight_joins_two_days():
    around_the_clock = opened(every_day(0, 24), TUESDAY, FRIDAY)

    assert around_the_clock == [Span(local(TUESDAY, 0), local(date(2026, 11, 28), 0))]


def test_a_closure_cuts_a_day_and_a_holiday_closes_it():
    closure = Span(local(TUESDAY, 10), local(TUESDAY, 12))
    wednesday = date(2026, 11, 25)
    found = opened(every_day(8, 16), TUESDAY, wednesday, closures=[closure], holidays=[wednesday])

    assert found == [
        Span(local(TUESDAY, 8), local(TUESDAY, 10)),
        Span(local(TUESDAY, 12), local(TUESDAY, 16)),
    ]


RAMADAN = (date(2027, 2, 8), date(2027, 3, 9))


@pytest.mark.parametrize(
    ("day", "closes"),
    [
        (date(2027, 2, 7), 16),
        (date(2027, 2, 8), 14),
        (date(2027, 3, 9), 14),
        (date(2027, 3, 10), 16),
    ],
)
def test_a_ramadan_week_replaces_the_ordinary_week_and_gives_it_back(day, closes):
    rules = every_day(8, 16) + every_day(8, 14, *RAMADAN)

    assert opened(rules, day) == [Span(local(day, 8), local(day, closes))]


def test_a_day_the_ramadan_week_leaves_out_is_closed():
    ramadan = [one for one in every_day(8, 14, *RAMADAN) if one.weekday != 4]

    assert opened(every_day(8, 16) + ramadan, date(2027, 2, 12)) == []


def test_rules_of_a_day_come_by_opening_time():
    assert rules_on([rule(4, 13, 16), rule(4, 8, 11)], FRIDAY)[0].opens == 480


def test_a_month_ends_at_the_facilitys_midnight():
    november = local_month(2026, 11, WIB)

    assert november == Span(local(date(2026, 11, 1), 0), local(date(2026, 12, 1), 0))
    assert november.start == datetime(2026, 10, 31, 17, tzinfo=UTC)
    assert local_month(2026, 12, WIB).end == local(date(2027, 1, 1), 0)


def test_february_is_as_long_as_its_year():
    assert local_month(2027, 2, WIB).minutes == 28 * 1440
    assert local_month(2028, 2, WIB).minutes == 29 * 1440
    assert opened(every_day(8, 16), date(2028, 2, 29))[0].minutes == 480


@pytest.mark.parametrize(("day", "length"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (TUESDAY, 24)])
def test_days_are_shorter_or_longer_where_clocks_change(day, length):
    assert local_day(day, BERLIN).minutes == length * 60
    assert total_minutes(opened(every_day(0, 24), day, zone=BERLIN)) == length * 60


def test_eight_o_clock_stays_eight_o_clock_where_clocks_change():
    spans = opened(every_day(8, 16), date(2026, 3, 28), date(2026, 3, 29), zone=BERLIN)

    assert [span.start.hour for span in spans] == [7, 6]


def test_hours_the_clock_skips_are_not_open():
    assert opened(every_day(2, 3), date(2026, 3, 29), zone=BERLIN) == []
    assert opened(every_day(2.5, 3), date(2026, 3, 29), zone=BERLIN) == []


def test_the_first_and_last_days_of_the_calendar_are_refused_plainly():
    for day in (date.min, date.max):
        with pytest.raises(ValueError, match="years 1 to 9999"):
            local_day(day, WIB)
    with pytest.raises(ValueError, match="years 1 to 9999"):
        opened(every_day(0, 24, date.min), date.max)


@pytest.mark.parametrize(("year", "month"), [(0, 1), (10000, 1), (9999, 12), (2026, 13), (1, 1)])
def test_a_month_that_cannot_be_is_refused(year, month):
    with pytest.raises(ValueError):
        local_month(year, month, WIB)


def test_an_instant_without_a_date_is_refused():
    with pytest.raises(ValueError, match="years 1 to 9999"):
        local_date(datetime.max.replace(tzinfo=UTC), WIB)
    with pytest.raises(ValueError, match="needs a time zone"):
        local_date(datetime(2026, 11, 24), WIB)


@pytest.mark.parametrize(
    "wrong",
    [(7, 480, 960), (-1, 480, 960), (0, 960, 480), (0, 480, 480), (0, -1, 60), (0, 480, 1441)],
)
def test_a_rule_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError):
        WeeklyRule(*wrong, valid_from=YEAR)


def test_a_rule_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="must last"):
        rule(0, 8, 16, YEAR, YEAR - timedelta(days=1))
