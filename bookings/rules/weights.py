"""Net weights as people write them. Pure."""

from __future__ import annotations

import re

from accounts.writing.numbers import Unclear, Unreadable, decimal, tidy

_WEIGHT = re.compile(r"(\d[\d., ]*?) ?(kg|g|gr|gram|ml|l|liter)\b", re.IGNORECASE)
_TIMES = {"kg": 1000, "l": 1000, "liter": 1000}
_HEAVIEST = 1_000_000
"""Nobody packs a ton: `1.500 kg` says less than it seems to."""


def grams(text: str) -> int | None:
    """Return what a net weight says in grams or millilitres: `1,5 kg` is 1500, `220 ml` 220; None where it is not clear."""
    found = _WEIGHT.match(tidy(text))
    if found is None:
        return None
    try:
        amount = decimal(found[1]) * _TIMES.get(found[2].lower(), 1)
    except (Unclear, Unreadable):
        return None
    return round(amount) or None if amount <= _HEAVIEST else None


def weight_unit(form: str) -> str:
    """Return what a pack of this form is measured in: ml of what flows, else g."""
    return "ml" if form == "cair" else "g"


def weight_words(amount: int, form: str) -> str:
    """Return a net weight as `grams` reads it: 100 g, or 220 ml of what flows."""
    return f"{amount} {weight_unit(form)}"
