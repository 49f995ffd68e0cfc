"""One machine's month, added up from spans."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.models import Booking
from bookings.reports.indicators import Sums
from bookings.reports.rollup import BookedPart, Facts, SignedRun, machine_month
from facilities.time.hours import local_month
from facilities.time.spans import Span
from tests.build import at

NOVEMBER = local_month(2026, 11, ZoneInfo("Asia/Pontianak"))
OPEN = [Span(at(8), at(16))]


def part(status="completed", start=9, end=11, *, late=False, signed=False, producer=1):
    return BookedPart(producer, at(start), at(end), status, late, signed)


def month(**facts) -> Sums:
    return machine_month(NOVEMBER, Facts(**{"open": OPEN, **facts}))[0]


def test_available_time_is_open_time_less_planned_maintenance():
    assert month().available == 480
    assert month(maintenance=[Span(at(15), at(20))]).available == 420


def test_a_breakdown_takes_nothing_from_available_time_and_counts_only_within_it():
    sums = month(breakdowns=[Span(at(14), at(20))], maintenance=[Span(at(15), at(16))])
    assert (sums.available, sums.downtime) == (420, 60)


@pytest.mark.parametrize(
    ("status", "booked", "approved", "no_shows", "completed"),
    [
        ("requested", 0, 0, 0, 0),
        ("approved", 120, 1, 0, 0),
        ("checked_in", 120, 1, 0, 0),
        ("completed", 120, 1, 0, 1),
        ("no_show", 120, 1, 1, 0),
        ("declined", 0, 0, 0, 0),
        ("expired", 0, 0, 0, 0),
        ("cancelled", 0, 0, 0, 0),
        ("displaced", 0, 0, 0, 0),
    ],
)
def test_every_status_counts_in_its_own_figures_and_in_no_others(status, booked, approved, no_shows, completed):
    sums = month(booked=[part(status)])
    assert (sums.booked, sums.approved, sums.no_shows, sums.completed) == (booked, approved, no_shows, completed)
    assert (sums.run, sums.services, sums.late_cancels, sums.signed) == (0, 0, 0, 0)


def test_the_table_of_statuses_is_complete():
    assert len(Booking.Status.values) == 9


@pytest.mark.parametrize(
    ("status", "signed", "unreported"),
    [("approved", False, 120), ("checked_in", False, 120), ("completed", False, 120), ("completed", True, 0),
     ("checked_in", True, 0), ("no_show", False, 0), ("cancelled", False, 0), ("requested", False, 0)],
)  # fmt: skip
def test_booked_hours_are_unreported_until_a_run_is_signed_or_nobody_came(status, signed, unreported):
    sums, shares = machine_month(NOVEMBER, Facts(OPEN, booked=[part(status, signed=signed)]))
    assert sums.unreported == unreported and sum(one.unreported for one in shares.values()) == unreported


def test_a_late_cancel_is_a_broken_promise_but_takes_no_time():
    sums = month(booked=[part("cancelled", late=True)])
    assert (sums.late_cancels, sums.approved, sums.booked) == (1, 1, 0)


def test_hours_given_again_after_a_no_show_count_once_for_the_machine():
    sums, shares = machine_month(NOVEMBER, Facts(OPEN, booked=[part("no_show"), part("approved", producer=2)]))
    assert sums.booked == 120 and shares[1].booked == shares[2].booked == 120


def test_a_run_over_midnight_and_the_month_is_cut_at_the_facilitys_midnight():
    run = SignedRun(1, at(23, day=7), at(25, day=7), good=10, rejected=1)
    december = local_month(2026, 12, ZoneInfo("Asia/Pontianak"))
    before, after = (machine_month(m, Facts(OPEN, runs=[run]))[0] for m in (NOVEMBER, december))
    assert (before.run, before.services, before.good) == (60, 1, 10)
    assert (after.run, after.services, after.good) == (60, 0, 0)


def test_half_past_six_on_the_first_belongs_to_the_new_month_though_it_is_still_yesterday_in_utc():
    run = SignedRun(1, at(6.5, day=8), at(7, day=8), good=10, rejected=0)
    assert month(runs=[run]) == month()


def test_seconds_are_neither_lost_nor_won_at_a_cut():
    start, end = at(23, day=7) + timedelta(seconds=30), at(25, day=7) + timedelta(seconds=30)
    run = SignedRun(1, start, end, good=1, rejected=0)
    december = local_month(2026, 12, ZoneInfo("Asia/Pontianak"))
    assert sum(machine_month(m, Facts(OPEN, runs=[run]))[0].run for m in (NOVEMBER, december)) == 120


def test_shares_of_producers_add_up_to_the_machine():
    runs = [SignedRun(p, at(8 + p), at(9 + p), good=p, rejected=1) for p in (1, 2, 3)]
    sums, shares = machine_month(NOVEMBER, Facts(OPEN, runs=runs))
    assert sum(s.run for s in shares.values()) == sums.run == 180
    assert {p: s.good for p, s in shares.items()} == {1: 1, 2: 2, 3: 3}


def test_who_only_asked_has_no_share():
    assert machine_month(NOVEMBER, Facts(OPEN, booked=[part("declined")]))[1] == {}


@pytest.mark.parametrize(
    ("second", "first_share", "second_share"),
    [((9, 11), 120, 60), ((8, 10), 120, 0), ((8.5, 9), 120, 0), ((10, 12), 120, 120), ((7, 9), 60, 120), ((7, 12), 0, 300)],
)
def test_a_minute_that_two_runs_claim_counts_once_and_shares_add_up(second, first_share, second_share):
    runs = [SignedRun(1, at(8), at(10), 10, 0), SignedRun(2, at(second[0]), at(second[1]), 10, 0)]
    for order in (runs, runs[::-1]):
        sums, shares = machine_month(NOVEMBER, Facts(OPEN, runs=order))
        assert (shares[1].run, shares[2].run) == (first_share, second_share)
        assert sums.run == first_share + second_share and (sums.services, sums.good) == (2, 20)


def test_more_than_was_available_can_only_have_run_outside_opening_hours():
    whole_day = [SignedRun(1, at(8), at(16), 1, 0), SignedRun(2, at(8), at(16), 1, 0), SignedRun(3, at(9), at(12), 1, 0)]
    inside = month(runs=whole_day)
    outside = month(runs=[*whole_day, SignedRun(1, at(18), at(20), 1, 0)])
    assert (inside.utilisation, inside.beyond_hours) == (1, 0)
    assert (outside.utilisation, outside.beyond_hours) == (1.25, 120)
