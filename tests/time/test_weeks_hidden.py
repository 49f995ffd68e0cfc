"""No week does away with another unseen: of two that begin on one day only one is kept, and the later one replaces."""

from __future__ import annotations

from datetime import date

import pytest

from facilities.time.hours import hidden_by

ORDINARY, RAMADAN = (date(2026, 1, 1), None), (date(2027, 2, 8), date(2027, 3, 9))
WEEKS = [ORDINARY, RAMADAN]


@pytest.mark.parametrize(
    ("first", "last", "hidden"),
    [
        (date(2027, 2, 8), None, RAMADAN), (date(2027, 2, 20), None, RAMADAN), (date(2027, 3, 9), None, RAMADAN),
        (date(2027, 3, 10), None, None), (date(2027, 2, 7), None, None), (date(2026, 1, 1), None, None),
        (date(2026, 1, 1), date(2026, 2, 1), ORDINARY), (date(2026, 1, 2), date(2026, 2, 1), None),
        (date(2027, 2, 8), date(2027, 3, 12), None), (date(2027, 2, 10), date(2027, 2, 12), None),
    ],
)  # fmt: skip
def test_what_a_new_week_would_hide(first, last, hidden):
    assert hidden_by(WEEKS, first, last) == hidden
