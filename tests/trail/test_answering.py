"""Until when a house answers: before the job, while it is open, and honestly where it cannot."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bookings.trail.answering import answer_by, is_promised
from facilities.time.hours import WeeklyRule, local_day, open_spans

BEGIN = date(2026, 1, 1)
WEEKDAYS = [WeeklyRule(day, 480, 960, BEGIN) for day in range(5)]
WITH_SATURDAY = [*WEEKDAYS, WeeklyRule(5, 480, 720, BEGIN)]
WITH_BREAK = [rule for day in range(5) for rule in (WeeklyRule(day, 480, 690, BEGIN), WeeklyRule(day, 780, 960, BEGIN))]
NIGHTS = [rule for day in range(5) for rule in (WeeklyRule(day, 1200, 1440, BEGIN), WeeklyRule((day + 1) % 7, 0, 240, BEGIN))]
NEVER: list[WeeklyRule] = []

DAY = 1440
CASES = [
    # hours, asked (day of November 2026 and time), job, minutes allowed, answered by; None: not before the job. 23 is a Monday.
    ("inside the hours", WEEKDAYS, "23 09:00", "25 10:00", DAY, "24 09:00"),
    ("soon is soon", WEEKDAYS, "23 09:00", "25 10:00", 120, "23 11:00"),
    ("a quarter of an hour before the job", WEEKDAYS, "23 09:00", "23 11:00", DAY, "23 10:45"),
    ("at night, for the next afternoon", WEEKDAYS, "23 20:00", "24 14:00", DAY, "24 13:45"),
    ("at night, for an hour after opening", WEEKDAYS, "23 20:00", "24 09:00", DAY, "24 08:45"),
    ("at night, for the time of opening", WEEKDAYS, "23 20:00", "24 08:00", DAY, None),
    ("at night, for before it opens", WEEKDAYS, "23 20:00", "24 07:00", DAY, None),
    ("at night, for a moment after opening", WEEKDAYS, "23 20:00", "24 08:15", DAY, None),
    ("in the afternoon, for before it opens", WEEKDAYS, "23 15:00", "24 07:00", DAY, "23 16:00"),
    ("the night ends the day", WEEKDAYS, "23 14:00", "25 10:00", 480, "23 16:00"),
    ("shortly after closing", WEEKDAYS, "23 16:05", "26 10:00", DAY, "24 16:00"),
    ("at midnight", WEEKDAYS, "24 00:00", "26 10:00", DAY, "24 16:00"),
    ("a minute before midnight", WEEKDAYS, "23 23:59", "26 10:00", DAY, "24 16:00"),
    ("on Friday, for Tuesday", WEEKDAYS, "27 12:00", "1 10:00", DAY, "27 16:00"),
    ("late on Friday an hour is left", WEEKDAYS, "27 15:50", "1 10:00", DAY, "30 08:50"),
    ("on Saturday, closed until Monday", WEEKDAYS, "28 10:00", "1 10:00", DAY, "30 09:00"),
    ("on Saturday, for Monday at eight", WEEKDAYS, "28 10:00", "30 08:00", DAY, None),
    ("Saturday is open until noon", WITH_SATURDAY, "27 20:00", "1 10:00", DAY, "28 12:00"),
    ("in a break nobody answers", WITH_BREAK, "23 10:00", "25 10:00", 120, "23 11:30"),
    ("over a break", WITH_BREAK, "23 10:00", "25 10:00", 240, "23 14:00"),
    ("asked in the break, for just after it", WITH_BREAK, "23 12:00", "23 13:30", DAY, "23 13:15"),
    ("open over midnight", NIGHTS, "23 22:00", "24 03:00", 180, "24 01:00"),
    ("a few minutes are enough where they were promised", WEEKDAYS, "23 09:00", "25 10:00", 15, "23 09:15"),
    ("promised in minutes, asked at night", WEEKDAYS, "23 20:00", "25 10:00", 15, "24 08:15"),
    ("never open", NEVER, "23 09:00", "25 10:00", DAY, None),
    ("the job begins now", WEEKDAYS, "23 09:00", "23 09:00", DAY, None),
    ("the job has begun", WEEKDAYS, "23 09:00", "23 08:00", DAY, None),
]
PONTIANAK, MAKASSAR = ZoneInfo("Asia/Pontianak"), ZoneInfo("Asia/Makassar")


def at(text: str, zone: ZoneInfo) -> datetime:
    day, clock = text.split()
    month = 12 if int(day) < 20 else 11
    return datetime(2026, month, int(day), int(clock[:2]), int(clock[3:]), tzinfo=zone).astimezone(UTC)


def answered(rules, asked, job, within, *, zone=PONTIANAK, shut=()):
    opened = open_spans(rules, closures=[local_day(day, zone) for day in shut], holidays=(), zone=zone,
                        first=date(2026, 11, 22), last=date(2026, 12, 8))  # fmt: skip
    start = at(job, zone)
    found = answer_by(opened, asked_at=at(asked, zone), start=start, within=within)
    return f"{found.astimezone(zone):%-d %H:%M}" if is_promised(found, start) else None


@pytest.mark.parametrize("zone", [PONTIANAK, MAKASSAR], ids=["WIB", "WITA"])
@pytest.mark.parametrize(("rules", "asked", "job", "within", "by"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_an_answer_comes_before_the_job_and_while_the_house_is_open(rules, asked, job, within, by, zone):
    assert answered(rules, asked, job, within, zone=zone) == by


@pytest.mark.parametrize(
    ("shut", "by"),
    [([], "24 09:00"), ([24], "23 16:00"), ([23, 24], "25 09:00"), ([23, 24, 25, 26], None)],
    ids=["none", "tomorrow is a holiday", "shut today as well", "shut until the job"],
)
def test_closures_and_holidays_are_no_time_to_answer(shut, by):
    days = [date(2026, 11, day) for day in shut]
    assert answered(WEEKDAYS, "23 09:00", "26 10:00", DAY, shut=days) == by


def test_where_nothing_is_promised_the_request_lapses_as_its_job_would_begin():
    start = at("24 07:00", PONTIANAK)
    assert answer_by([], asked_at=at("23 20:00", PONTIANAK), start=start, within=DAY) == start
