"""Shares are made of sums, and what is missing is never zero."""

from __future__ import annotations

import pytest

from bookings.reports.indicators import INDICATORS, Sums, figure, is_missing, median


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


@pytest.mark.parametrize(("values", "middle"), [([], None), ([5], 5), ([9, 1, 5], 5), ([1, 2, 4, 9], 3)])
def test_the_median(values, middle):
    assert median(values) == middle


def test_every_indicator_is_defined_in_both_languages():
    for indicator in INDICATORS.values():
        assert indicator.definition("id").endswith(".") and indicator.definition("en").endswith(".")
        assert indicator.name("id") != "" != indicator.name("en")
