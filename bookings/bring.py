"""What to bring to a run. Pure."""

from __future__ import annotations

SPARE = 0.03
"""Packs to bring beyond what shall be filled: a start-up and a few bad seals (mockup: 620 for 600)."""

ARRIVE_EARLY = 15
"""Minutes before the start: unload, wash hands, show the receipt."""


def packs_to_bring(quantity: int) -> int:
    """Return how many empty packs to bring for `quantity` full ones, rounded up to tens.

    600 → 620; 45 → 50.
    """
    if quantity < 1:
        raise ValueError("quantity is positive")
    wanted = quantity + max(1, round(quantity * SPARE))
    return -(-wanted // 10) * 10
