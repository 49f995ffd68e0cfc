"""The table of statuses, copied by hand: whoever changes it says so twice."""

from __future__ import annotations

import pytest

from bookings.trail.lifecycle import HOLDING, TRANSITIONS, UPCOMING, allowed_actions, next_status
from facilities.errors import WrongState

TABLE = """
requested:  approve > approved, decline > declined, expire > expired, cancel > cancelled, move > requested
approved:   cancel > cancelled, check_in > checked_in, mark_no_show > no_show, displace > displaced, move > approved,
            ask_to_move > requested
displaced:  move > approved, cancel > cancelled
checked_in: undo_check_in > approved, complete > completed
"""
ROWS = {
    status.strip(): dict(step.strip().split(" > ") for step in steps.split(","))
    for status, steps in (row.split(":") for row in TABLE.strip().replace(",\n", ",").splitlines())
}
STEPS = {(status, action): after for status, steps in ROWS.items() for action, after in steps.items()}
STATUSES = [*ROWS, "completed", "declined", "expired", "cancelled", "no_show"]


def test_the_table_is_this_one():
    assert STEPS == TRANSITIONS


@pytest.mark.parametrize("status", STATUSES)
def test_what_is_not_in_the_table_is_refused(status):
    assert allowed_actions(status) == set(ROWS.get(status, ()))
    for action in {action for _, action in STEPS}:
        if (status, action) in STEPS:
            assert next_status(status, action) == STEPS[status, action]
        else:
            with pytest.raises(WrongState) as refused:
                next_status(status, action)
            assert refused.value.reasons[0].values == {"action": action, "status": status}


def test_which_hold_time_and_which_still_want_something():
    assert {"requested", "approved", "checked_in", "completed"} == HOLDING
    assert {"requested", "approved", "checked_in", "displaced"} == UPCOMING
