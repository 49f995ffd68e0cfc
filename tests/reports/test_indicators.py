"""Shares are made of sums, and what is missing is never zero."""

from __future__ import annotations

import pytest

from bookings.reports.indicators import INDICATORS, Sums, figure, is_missing, median, why_missing


def test_sums_add_up_before_they_are_divided():
    both = Sums(available=600, run=60, cells=1) + Sums(available=200, run=140, cells=1)
    assert both.utilisation == 0.25 and both.cells == 2


def test_utilisation_and_occupancy_are_of_available_time():
    sums = Sums(available=1000, run=250, booked=400, cells=1)
    assert (sums.utilisation, sums.occupancy) == (0.25, 0.4)


def test_shares_of_nothing_are_none():
    sums = Sums(cells=1)
    assert (sums.utilisation, sums.no_show_share, sums.reject_share, sums.completeness) == (None,) * 4


def test_nobody_counted_reads_as_missing():
    assert all(is_missing(key, Sums()) for key in INDICATORS)


def test_completed_without_one_signed_run_is_missing_not_zero():
    sums = Sums(available=600, booked=120, approved=1, completed=1, cells=1)
    assert sums.utilisation is None and figure("services", sums, 0) is None and is_missing("producers", sums)
    assert (sums.occupancy, sums.completeness) == (0.2, 0.0)


def test_a_house_that_nobody_booked_really_stands_at_zero():
    sums = Sums(available=600, cells=1)
    assert sums.utilisation == 0.0 and not is_missing("run", sums)


def test_what_nobody_reported_yet_is_not_wasted():
    sums = Sums(available=1000, booked=400, unreported=150, run=200, completed=4, signed=2, services=2, cells=1)
    assert (sums.wasted, sums.wasted_share, sums.unreported_share) == (50, 0.05, 0.15)


def test_a_machine_that_was_only_checked_in_has_not_reported_and_does_not_stand_at_zero():
    sums = Sums(available=600, booked=120, unreported=120, approved=1, cells=1)
    assert sums.run_minutes is None and sums.utilisation is None and sums.wasted is None and sums.occupancy == 0.2


def test_a_run_that_reaches_into_a_month_is_reported_there_whatever_is_still_owed():
    sums = Sums(available=600, run=60, completed=1, unreported=120, cells=1)
    assert sums.run_minutes == 60 and sums.utilisation == 0.1


@pytest.mark.parametrize(
    ("sums", "key", "more", "reason"),
    [
        (Sums(), "run", {"has_begun": False}, "not_begun"),
        (Sums(), "booked", {}, "not_counted"),
        (Sums(booked=60, unreported=60, cells=1), "wasted", {}, "not_reported"),
        (Sums(booked=60, unreported=60, cells=1), "booked", {}, None),
        (Sums(cells=1), "no_show_share", {}, "no_whole"),
        (Sums(cells=1), "available", {"of_producer": True}, "not_by_producer"),
        (Sums(cells=1), "utilisation", {"of_producer": True}, "not_by_producer"),
        (Sums(cells=1), "run", {"of_producer": True}, None),
    ],
)
def test_every_missing_figure_has_its_reason(sums, key, more, reason):
    assert why_missing(key, sums, **more) == reason


@pytest.mark.parametrize(("values", "middle"), [([], None), ([5], 5), ([9, 1, 5], 5), ([1, 2, 4, 9], 3)])
def test_the_median(values, middle):
    assert median(values) == middle


def test_every_indicator_is_defined_in_both_languages():
    for indicator in INDICATORS.values():
        assert indicator.definition("id").endswith(".") and indicator.definition("en").endswith(".")
        assert indicator.name("id") != "" != indicator.name("en")
