"""How long a run may be asked for, in minutes, by the rules of a machine. Pure."""

from __future__ import annotations

from accounts.writing.numbers import Unclear, Unreadable, whole
from facilities.time.limits import Limits

USUAL = 120
"""Two hours: what most people need, until they say otherwise."""


def allowed_length(limits: Limits, asked: str = "") -> int:
    """Return the asked length in minutes, else two hours, on the grid and within what is allowed there.

    `asked` is what a page's address says: anything that is not a short number is as if nothing had been asked.
    """
    try:
        wanted = whole(asked)
    except (Unclear, Unreadable):
        wanted = USUAL
    wanted = wanted if 0 <= wanted < 10_000 else USUAL
    stepped = max(limits.grid, round(wanted / limits.grid) * limits.grid)
    return min(max(stepped, limits.shortest), limits.longest)
