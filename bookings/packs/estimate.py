"""How long a quantity takes, and what it costs. Pure: minutes and whole rupiah."""

from __future__ import annotations

ARRIVE_EARLY = 15
"""Minutes before the start: unload, wash hands, show the receipt."""


def minutes_needed(quantity: int, *, rate: int, grid: int, shortest: int = 0) -> int:
    """Return the run minutes for `quantity` packs at `rate` packs per hour, rounded up to the grid.

    Setup and cleaning are not included: the machine adds them around the run.

        300 packs ÷ 200 per hour = 90 min, grid 15 → 90;  310 packs → 93 → 105
    """
    if quantity < 1 or rate < 1 or grid < 1:
        raise ValueError("quantity, rate and grid are positive")
    exact = -(-quantity * 60 // rate)
    return max(-(-exact // grid) * grid, shortest)


def packs_possible(minutes: int, *, rate: int) -> int:
    """Return how many packs fit into `minutes` of run at `rate` packs per hour."""
    return minutes * rate // 60


LARGEST_PRICE = 2**31 - 1
"""What the column holds, in rupiah. More is a mistyped tariff or quantity, not a price."""


def price(unit: str, amount: int, *, minutes: int, quantity: int | None) -> int | None:
    """Return the whole-rupiah estimate for a run, or None when the tariff needs what is not known yet.

    Hours and days are charged as begun (a begun quarter for hours), packs by the
    quantity asked for. Batches and kilograms are known only after the run. None, too,
    beyond `LARGEST_PRICE`.
    """
    if unit == "free":
        found = 0
    elif unit == "hour":
        found = -(-minutes // 15) * 15 * amount // 60
    elif unit == "day":
        found = amount
    elif unit == "pack" and quantity is not None:
        found = quantity * amount
    else:
        return None
    return None if found > LARGEST_PRICE else found
