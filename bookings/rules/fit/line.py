"""Halal and non-halal never share a machine."""

from __future__ import annotations

from bookings.rules.base import Question, Rule
from facilities.errors import Reason


def wrong_line(q: Question) -> Reason | None:
    """Halal and non-halal never share a machine (UU 33/2014 art. 21; PP 31/2019 art. 53). Nobody overrides this."""
    if q.request.line is None or q.request.line == q.traits.line:
        return None
    lines = {"halal": ("halal", "halal"), "non_halal": ("nonhalal", "non-halal")}
    machine, product = lines[q.traits.line], lines[q.request.line]
    return Reason(
        "wrong_line",
        id=f"Mesin ini hanya untuk produk {machine[0]}; produk Anda tercatat {product[0]}.",
        en=f"This machine is for {machine[1]} products only; yours is recorded as {product[1]}.",
        values={"machine": q.traits.line, "product": q.request.line},
    )


RULE = Rule("line", 110, wrong_line)
