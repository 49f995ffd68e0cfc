"""The table of statuses, whole."""

from __future__ import annotations

import pytest

from bookings.models import Booking
from bookings.trail import lifecycle
from facilities.errors import WrongState

FINAL = {"declined", "expired", "cancelled", "no_show", "completed"}


def test_every_status_of_the_table_is_a_status_of_the_model():
    words = {status for status, _ in lifecycle.TRANSITIONS} | set(lifecycle.TRANSITIONS.values())
    assert words == set(Booking.Status.values)


@pytest.mark.parametrize("status", sorted(FINAL))
def test_nothing_follows_an_end(status):
    assert lifecycle.allowed_actions(status) == frozenset()


def test_what_the_table_does_not_know_is_a_wrong_state():
    with pytest.raises(WrongState) as wrong:
        lifecycle.next_status("completed", "cancel")
    assert wrong.value.reasons[0].values == {"action": "cancel", "status": "completed"}


def test_only_statuses_that_hold_time_lead_to_completion():
    for (before, action), after in lifecycle.TRANSITIONS.items():
        if after == "completed":
            assert before in lifecycle.HOLDING, action


def test_no_end_holds_time_but_completion():
    assert FINAL & lifecycle.HOLDING == {"completed"}
