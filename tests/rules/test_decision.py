"""Every rule says yes at its edge and no just beyond it, in words with the numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.rules.decision import Ability, Question, Request, Rules, Traits, reasons_against, verdict
from facilities.time.calendars import Blocked, Calendar
from facilities.time.spans import Span

WIB = ZoneInfo("Asia/Pontianak")
MONDAY = datetime(2026, 11, 23, tzinfo=WIB).astimezone(UTC)
NOW = MONDAY - timedelta(days=3)
RULES = Rules(zone=WIB, grid=15, notice=60, horizon=60, shortest=30, longest=480)
TRAITS = Traits("Segel kontinu 1", "halal", frozenset({Ability("keripik", "standing_pouch")}))


def clock(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def span(start: float, end: float) -> Span:
    return Span(clock(start), clock(end))


OPEN = Calendar(open=[span(8, 12), span(13, 16)])


def ask(start: float, end: float, calendar: Calendar = OPEN, *, now: datetime = NOW, rules: Rules = RULES, **request):
    values = {"setup": 0, **request}
    counter = values.pop("at_counter", False)
    calendar = replace(calendar, full=values.pop("cleaning", 0), zone=WIB)
    asked = Request(start=clock(start), end=clock(end), **values)
    return reasons_against(asked, calendar, rules, TRAITS, now=now, at_counter=counter)


def codes(*args, **kwargs) -> list[str]:
    return [reason.code for reason in ask(*args, **kwargs)]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (8, 12, []),
        (13, 16, []),
        (7.75, 9, ["closed"]),
        (15, 16.25, ["closed"]),
        (11, 14, ["closed"]),
        (8, 8.25, ["too_short"]),
        (8.1, 9.1, ["off_grid"]),
        (8, 8.9, ["off_grid"]),
    ],
)
def test_a_run_lies_within_opening_hours_on_the_grid(start, end, expected):
    assert codes(start, end) == expected


def test_setup_must_lie_within_opening_hours_but_cleaning_may_outlast_them():
    assert codes(8, 10, setup=15) == ["closed"]
    assert codes(8.25, 10, setup=15) == []
    assert codes(15, 16, cleaning=45) == []


def test_a_closed_reason_names_the_hours_and_the_setup():
    (reason,) = ask(8, 10, setup=15)
    assert "08.00–12.00, 13.00–16.00" in reason.id and "15\u00a0menit" in reason.id
    assert "08:00–12:00" in reason.en


def test_a_holiday_is_told_apart_from_a_closure():
    shut = Blocked(span(0, 24), "holiday", "Hari Natal")
    (reason,) = ask(8, 10, Calendar(open=[], shut=[shut]))
    assert (reason.code, reason.id) == ("holiday", "Rumah produksi tutup: Hari Natal.")
    shut = replace(shut, code="closed", words="pindahan")
    assert codes(8, 10, Calendar(open=[], shut=[shut])) == ["closed"]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (8, 9, []),
        (8, 9.25, ["taken"]),
        (9, 10, ["taken"]),
        (9.25, 9.75, ["taken"]),
        (8, 11, ["taken"]),
        (9.75, 11, ["taken"]),
        (10, 11, []),
    ],
)
def test_touching_a_neighbour_is_no_clash(start, end, expected):
    calendar = replace(OPEN, taken=[Blocked(span(9, 10), "taken")])
    assert codes(start, end, calendar) == expected


def test_cleaning_needs_room_before_the_next_job():
    calendar = replace(OPEN, taken=[Blocked(span(10, 11), "taken")])
    assert codes(8, 10, calendar, cleaning=15) == ["not_enough_cleaning_time"]
    assert codes(8, 9.75, calendar, cleaning=15) == []


def test_maintenance_and_breakdown_have_their_own_codes():
    assert codes(9, 10, replace(OPEN, taken=[Blocked(span(9, 10), "maintenance")])) == ["maintenance"]
    assert codes(9, 10, replace(OPEN, taken=[Blocked(span(9, 10), "broken")])) == ["broken"]


def test_an_open_breakdown_refuses_until_the_expected_repair():
    calendar = replace(OPEN, broken_since=clock(-30), broken_until=clock(10))
    assert codes(9, 10, calendar) == ["broken"]
    assert codes(10, 11, calendar) == []


def test_an_overdue_repair_refuses_every_later_time():
    calendar = replace(OPEN, broken_since=NOW - timedelta(days=2), broken_until=NOW - timedelta(days=1))
    assert codes(10, 11, calendar) == ["broken"]


def test_time_that_has_passed_is_not_also_too_soon():
    assert codes(8, 9, now=clock(8.5)) == ["in_the_past"]


def test_notice_counts_to_the_minute_and_not_at_the_counter():
    assert codes(9, 10, now=clock(8)) == []
    assert codes(9, 10, now=clock(8) + timedelta(minutes=1)) == ["too_soon"]
    assert codes(9, 10, now=clock(8.5), at_counter=True) == []


def test_the_horizon_opens_at_local_midnight():
    rules = replace(RULES, horizon=3)
    assert codes(8, 9, rules=rules, now=MONDAY - timedelta(days=3)) == []
    assert codes(8, 9, rules=rules, now=MONDAY - timedelta(days=3, minutes=1)) == ["too_far"]


def test_0630_in_the_morning_is_today_not_yesterday():
    early = MONDAY + timedelta(hours=6, minutes=30)
    assert early.date() == MONDAY.date()
    assert codes(8, 9, rules=replace(RULES, horizon=1), now=early - timedelta(days=1)) == []


def test_the_longest_run_is_in_the_words():
    (reason,) = ask(8, 12, rules=replace(RULES, longest=120))
    assert reason.code == "too_long" and "2\u00a0jam" in reason.id and "4\u00a0jam" in reason.id


def test_lines_are_never_crossed_and_never_overridable():
    (reason,) = ask(8, 10, line="non_halal")
    assert (reason.code, reason.overridable) == ("wrong_line", False)
    assert codes(8, 10, line="halal") == []


def test_what_the_machine_cannot_pack_does_not_fit():
    assert codes(8, 10, form="keripik", format="standing_pouch") == []
    assert codes(8, 10, form="cair") == ["does_not_fit_machine"]
    assert codes(8, 10, form="keripik", format="botol") == ["does_not_fit_machine"]


def test_taken_is_never_overridable():
    calendar = replace(OPEN, taken=[Blocked(span(9, 10), "taken")])
    assert not any(reason.overridable for reason in ask(9, 10, calendar))


@pytest.mark.parametrize(
    ("approval", "minutes", "expected"),
    [("automatic", 999, False), ("manual", 30, True), ("below_limit", 120, False), ("below_limit", 121, True)],
)
def test_who_approves_follows_the_house(approval, minutes, expected):
    request = Request(start=clock(8), end=clock(8) + timedelta(minutes=minutes), setup=0)
    rules = replace(RULES, approval=approval, approval_limit=120, longest=1440)
    said = verdict(Question(request, OPEN, rules, TRAITS, NOW))
    assert bool(said.asks) is expected
