"""All thirteen ways a new job can lie to one that is there, with setup, cleaning, and products that never meet.

there               ├setup┤────── run ──────┤cleaning┊
                  10.45 11.00            13.00
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.rules.decision import Request, Rules, Traits, reasons_against
from facilities.time.calendars import Blocked, Calendar
from facilities.time.changeover import REFUSED, Matrix
from facilities.time.spans import Span

WIB = ZoneInfo("Asia/Pontianak")
SETUP, FULL = 15, 30
THERE = (11, 13)
YES, TAKEN, CLEAN = [], ["taken"], ["not_enough_cleaning_time"]

WAYS = [
    # relation of the two jobs (setup and run), the new run, and what it hears of the same class and of another
    ("before", 8.5, 10, YES, YES),
    ("before", 8.5, 10.25, YES, YES),  # half an hour is left: exactly a full clean
    ("before", 8.5, 10.5, YES, CLEAN),
    ("meets", 9, 10.75, YES, CLEAN),
    ("overlaps", 10, 11, TAKEN, TAKEN),  # the runs only touch: it meets the other's setup
    ("overlaps", 10, 12, TAKEN, TAKEN),
    ("finished by", 9.25, 13, TAKEN, TAKEN),
    ("contains", 10, 14, TAKEN, TAKEN),
    ("starts", 11, 12, TAKEN, TAKEN),
    ("equals", 11, 13, TAKEN, TAKEN),
    ("started by", 11, 14, TAKEN, TAKEN),
    ("during", 11.5, 12.5, TAKEN, TAKEN),
    ("finishes", 12, 13, TAKEN, TAKEN),
    ("overlapped by", 12.5, 14, TAKEN, TAKEN),
    ("overlapped by", 13, 14, TAKEN, TAKEN),  # the runs only touch: its setup meets the other's run
    ("met by", 13.25, 14, YES, CLEAN),
    ("after", 13.5, 14.5, YES, CLEAN),
    ("after", 13.75, 14.5, YES, YES),  # half an hour is left for cleaning, then setup
    ("after", 15, 16, YES, YES),
]  # fmt: skip
MAINTENANCE = {
    # the new run beside maintenance from 10.45 to 13.00, which wants a clean machine and leaves one
    (8.5, 10.25): YES, (8.5, 10.5): CLEAN, (9, 10.75): CLEAN, (10, 11): ["maintenance"], (11, 13): ["maintenance"],
    (13, 14): ["maintenance"], (13.25, 14): YES, (15, 16): YES,
}  # fmt: skip
RULES = Rules(zone=WIB, grid=15, notice=60, horizon=60, shortest=30, longest=480)
TRAITS = Traits("Segel kontinu 1", "halal")
NEVER = Matrix({("udang", "susu"): REFUSED})


def at(hours: float) -> datetime:
    return datetime(2026, 11, 22, 17, tzinfo=UTC) + timedelta(hours=hours)  # Monday 23 November, 00.00 WIB


def relation(new: Span, old: Span) -> str:
    """Name Allen's relation of one span to another."""
    a, b, c, d = new.start, new.end, old.start, old.end
    if b <= c or d <= a:
        return {b < c: "before", b == c: "meets", a == d: "met by", a > d: "after"}[True]
    if a == c:
        return "equals" if b == d else "starts" if b < d else "started by"
    if b == d:
        return "finishes" if a > c else "finished by"
    if a < c:
        return "contains" if b > d else "overlaps"
    return "during" if b < d else "overlapped by"


def work(start: float, end: float) -> Span:
    return Span(at(start) - timedelta(minutes=SETUP), at(end))


def codes(start: float, end: float, cleaning_class: str, *, there: Blocked, matrix: Matrix = Matrix()) -> list[str]:  # noqa: B008
    """What the rules say of a run from one hour to another beside what is there."""
    calendar = Calendar([Span(at(6), at(20))], taken=[there], matrix=matrix, full=FULL, zone=WIB)
    request = Request(at(start), at(end), SETUP, cleaning_class)
    return [reason.code for reason in reasons_against(request, calendar, RULES, TRAITS, now=at(-72))]


def job(cleaning_class: str) -> Blocked:
    return Blocked(work(*THERE), "taken", work=work(*THERE), cleaning_class=cleaning_class)


def named(rows):
    return {"argvalues": rows, "ids": [f"{row[0]} {row[1]}-{row[2]}" for row in rows]}


def test_all_thirteen_are_tried_and_are_what_they_are_called():
    assert len({name for name, *_ in WAYS}) == 13
    assert [relation(work(start, end), work(*THERE)) for _, start, end, *_ in WAYS] == [name for name, *_ in WAYS]


@pytest.mark.parametrize(("name", "start", "end", "same", "other"), **named(WAYS))
def test_what_the_rules_say(name, start, end, same, other):
    assert codes(start, end, "kering", there=job("kering")) == same
    assert codes(start, end, "ikan", there=job("kering")) == other
    assert codes(start, end, "kering", there=job("ikan")) == other
    assert codes(start, end, "", there=job("kering")) == other


@pytest.mark.parametrize(("name", "start", "end", "same", "other"), **named(WAYS))
def test_products_that_never_meet_are_refused_whichever_way_they_lie(name, start, end, same, other):
    expected = [*(TAKEN if same == TAKEN else []), "products_never_mix"]
    assert codes(start, end, "susu", there=job("udang"), matrix=NEVER) == expected
    assert codes(start, end, "udang", there=job("susu"), matrix=NEVER) == expected


@pytest.mark.parametrize(("start", "end"), MAINTENANCE)
def test_maintenance_wants_a_clean_machine_and_leaves_one(start, end):
    there = Blocked(Span(at(10.75), at(13)), "maintenance")
    assert codes(start, end, "kering", there=there) == MAINTENANCE[start, end]
