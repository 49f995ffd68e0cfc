"""May this date still be changed? What is past stays, and what would be rewritten is named by its months."""

from __future__ import annotations

from datetime import date

import pytest

from facilities.time.past import is_over, months_rewritten

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "over"), [(date(2026, 11, 22), True), (TODAY, False), (date(2026, 11, 24), False)], ids=str
)
def test_yesterday_is_over_and_today_is_not(day, over):
    assert is_over(day, today=TODAY) == over


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 9, 30), None, [9, 10, 11]),
        (date(2026, 10, 1), date(2026, 10, 31), [10]),
        (date(2026, 11, 22), date(2026, 12, 31), [11]),
        (TODAY, None, []),
        (date(2026, 12, 1), date(2026, 12, 2), []),
    ],
)
def test_the_months_with_a_past_day_between_two_dates_are_named(first, last, months):
    assert [month.month for month in months_rewritten(first, last, today=TODAY)] == months


def test_on_the_first_of_a_month_only_the_months_before_are_rewritten():
    assert months_rewritten(date(2026, 10, 15), today=date(2026, 11, 1)) == [date(2026, 10, 1)]


def test_a_year_before_anything_was_counted_names_no_endless_list():
    assert months_rewritten(date(1, 1, 1), today=date(2000, 3, 1)) == [date(2000, 1, 1), date(2000, 2, 1)]
