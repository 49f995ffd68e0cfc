"""The edges of how long and how much."""

from __future__ import annotations

import pytest

from bookings.packs.estimate import LARGEST_PRICE, minutes_needed, packs_possible, price


@pytest.mark.parametrize("wrong", [{"quantity": 0}, {"rate": 0}, {"grid": 0}, {"quantity": -1}])
def test_nothing_is_made_of_nothing(wrong):
    with pytest.raises(ValueError):
        minutes_needed(**{"quantity": 1, "rate": 1, "grid": 1, **wrong})


@pytest.mark.parametrize(
    ("quantity", "rate", "grid", "shortest", "minutes"),
    [
        (1, 1, 1, 0, 60),
        (2, 1, 7, 0, 126),
        (1, 60, 1, 0, 1),
        (1, 61, 1, 0, 1),
        (61, 60, 1, 0, 61),
        (1, 60, 15, 30, 30),
        (45, 60, 15, 30, 45),
    ],
)
def test_minutes_round_up_to_the_minute_and_to_the_grid(quantity, rate, grid, shortest, minutes):
    assert minutes_needed(quantity, rate=rate, grid=grid, shortest=shortest) == minutes


def test_without_a_shortest_run_one_minute_is_enough():
    assert minutes_needed(1, rate=60, grid=1) == 1


def test_only_whole_packs_are_promised():
    assert [packs_possible(minutes, rate=90) for minutes in (0, 1, 59, 60, 61)] == [0, 1, 88, 90, 91]


@pytest.mark.parametrize(
    ("unit", "minutes", "quantity", "rupiah"),
    [
        ("free", 90, 5, 0), ("hour", 60, None, 10_000), ("hour", 61, None, 12_500), ("hour", 75, None, 12_500),
        ("hour", 76, None, 15_000), ("day", 600, None, 10_000), ("pack", 60, 3, 30_000), ("pack", 60, 0, 0),
        ("pack", 60, None, None), ("kg", 60, 3, None), ("batch", 60, 3, None),
    ],
)  # fmt: skip
def test_what_it_costs(unit, minutes, quantity, rupiah):
    assert price(unit, 10_000, minutes=minutes, quantity=quantity) == rupiah


def test_the_largest_price_is_the_largest_the_column_holds():
    assert LARGEST_PRICE == 2_147_483_647
    assert price("day", LARGEST_PRICE, minutes=1, quantity=None) == LARGEST_PRICE
    assert price("day", LARGEST_PRICE + 1, minutes=1, quantity=None) is None
