"""What a machine's own runs teach about its pace."""

from __future__ import annotations

from collections.abc import Iterable

from facilities.models import Capability
from facilities.transactions import in_one_transaction

ENOUGH = 5
"""Signed runs before a machine's own rate counts (2-domain.md, Asking for packs)."""


@in_one_transaction
def set_learned_rate(*, machine_id: int, formats: Iterable[str], rate: int | None, runs: int) -> None:
    """Keep the packs per hour that `runs` of a machine's own runs show for these formats; with fewer than five, none."""
    known = rate is not None and runs >= ENOUGH
    values = {"learned_rate": max(1, rate or 1) if known else None, "learned_from": runs if known else 0}
    rows = Capability.objects.filter(machine=machine_id, format__in=list(formats))
    rows.exclude(**values).update(**values) if known else rows.filter(learned_from__gt=0).update(**values)
