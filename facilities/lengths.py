"""How long a run may be asked for, in minutes, by the rules of a house."""

from __future__ import annotations

from facilities.models import Facility

USUAL = 120
"""Two hours: what most people need, until they say otherwise."""


def allowed_length(house: Facility, asked: str = "") -> int:
    """Return the asked length in minutes, else two hours, on the grid and within what the house allows.

    `asked` is what a page's address says: anything that is not a short number is as if nothing had been asked.
    """
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else USUAL
    stepped = max(house.grid, round(wanted / house.grid) * house.grid)
    return min(max(stepped, house.shortest), house.longest)
