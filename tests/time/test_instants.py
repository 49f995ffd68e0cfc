"""Instants and the minutes that hold them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from facilities.time.instants import instant_of, minute_of, minute_up

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = 29_923_920


@pytest.mark.parametrize(
    ("later", "down", "up"),
    [
        (timedelta(), 0, 0),
        (timedelta(microseconds=1), 0, 1),
        (timedelta(seconds=59, microseconds=999_999), 0, 1),
        (timedelta(minutes=1), 1, 1),
        (timedelta(microseconds=-1), -1, 0),
    ],
)
def test_an_instant_lies_in_a_minute_and_before_the_next(later, down, up):
    assert (minute_of(NOON + later), minute_up(NOON + later)) == (MINUTE + down, MINUTE + up)


@pytest.mark.parametrize("minute", [MINUTE, MINUTE + 1, MINUTE - 1, 0, -1, 60])
def test_a_minute_begins_at_an_instant_in_utc(minute):
    found = instant_of(minute)
    assert found == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute) and found.tzinfo is UTC
