"""Net weights as people write them. Pure."""

from __future__ import annotations

import re

_WEIGHT = re.compile(r"^\s*(\d+(?:[.,]\d+)?)\s*(kg|g|gr|gram|ml|l|liter)\b", re.IGNORECASE)
_TIMES = {"kg": 1000, "l": 1000, "liter": 1000}


def grams(text: str) -> int | None:
    """Return what a net weight says in grams or millilitres: `1,5 kg` is 1500, `220 ml` 220; None where it says neither."""
    found = _WEIGHT.match(text)
    if found is None:
        return None
    amount = float(found[1].replace(",", "."))
    whole = round(amount * _TIMES.get(found[2].lower(), 1))
    return whole or None


def weight_unit(form: str) -> str:
    """Return what a pack of this form is measured in: ml of what flows, else g."""
    return "ml" if form == "cair" else "g"


def weight_words(amount: int, form: str) -> str:
    """Return a net weight as `grams` reads it: 100 g, or 220 ml of what flows."""
    return f"{amount} {weight_unit(form)}"
