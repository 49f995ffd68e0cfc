"""How long, and how much."""

from __future__ import annotations

import pytest

from bookings.packs import estimate


@pytest.mark.parametrize(
    ("quantity", "rate", "expected"), [(300, 200, 90), (310, 200, 105), (1, 1000, 15), (600, 600, 60), (601, 600, 75)]
)
def test_minutes_round_up_to_the_grid(quantity, rate, expected):
    assert estimate.minutes_needed(quantity, rate=rate, grid=15) == expected


def test_a_tiny_job_still_takes_the_shortest_booking():
    assert estimate.minutes_needed(1, rate=1000, grid=15, shortest=30) == 30


@pytest.mark.parametrize("bad", [{"quantity": 0, "rate": 1}, {"quantity": 1, "rate": 0}])
def test_nothing_takes_no_time(bad):
    with pytest.raises(ValueError, match="positive"):
        estimate.minutes_needed(**bad, grid=15)


@pytest.mark.parametrize(
    ("unit", "minutes", "quantity", "expected"),
    [
        ("free", 120, None, 0),
        ("hour", 90, None, 15_000),
        ("hour", 91, None, 17_500),
        ("day", 90, None, 10_000),
        ("pack", 90, 3, 30_000),
        ("pack", 90, None, None),
        ("batch", 90, 3, None),
        ("kg", 90, 3, None),
    ],
)
def test_price_by_unit(unit, minutes, quantity, expected):
    assert estimate.price(unit, 10_000, minutes=minutes, quantity=quantity) == expected


def test_packs_that_fit():
    assert estimate.packs_possible(90, rate=200) == 300
