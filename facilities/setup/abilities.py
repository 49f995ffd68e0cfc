"""What a machine packs into what: pairs of form and format, how fast, and in which sizes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from accounts.models import User
from facilities.audit import audit
from facilities.errors import BadInput
from facilities.models import Capability, Machine
from facilities.transactions import in_one_transaction


class Ability(NamedTuple):
    """A product form into a pack format, at nominal packs per hour.

    Pack sizes in grams or millilitres, and its width in millimetres; None is no limit.
    """

    form: str
    format: str
    rate: int
    smallest: int | None = None
    largest: int | None = None
    widest: int | None = None


@in_one_transaction
def set_abilities(*, machine: Machine, abilities: Iterable[Ability], actor: User, now: datetime) -> None:
    """Replace what a machine packs into what. What a pair that stays has learned from its runs stays too.

    Raises `BadInput` when nothing is left, or a smallest pack is larger than the largest.
    """
    before = [[c.form, c.format, c.rate, c.smallest, c.largest, c.widest] for c in machine.capabilities.all()]
    after = write_abilities(machine, abilities)
    audit(action="set_abilities", target=machine, actor=actor, now=now,
          before={"abilities": before}, after={"abilities": after})  # fmt: skip


def write_abilities(machine: Machine, abilities: Iterable[Ability]) -> list[list[object]]:
    """Make a machine's capabilities be these, inside a service's transaction; return them as plain values."""
    rows = {(one.form, one.format): one for one in abilities}
    if not rows:
        raise BadInput("abilities", "no_ability", "Pilih sedikitnya satu kemampuan.", "Choose at least one ability.")
    for one in rows.values():
        _check_sizes(one)
    gone = [c.pk for c in machine.capabilities.all() if (c.form, c.format) not in rows]
    Capability.objects.filter(pk__in=gone).delete()
    Capability.objects.bulk_create(
        (Capability(machine=machine, **one._asdict()) for one in rows.values()),
        update_conflicts=True,
        unique_fields=["machine", "form", "format"],
        update_fields=["rate", "smallest", "largest", "widest"],
    )
    return [list(one) for _, one in sorted(rows.items())]


def _check_sizes(one: Ability) -> None:
    if one.smallest is not None and one.largest is not None and one.smallest > one.largest:
        raise BadInput(
            "abilities",
            "sizes_crossed",
            "Kemasan paling kecil lebih besar dari yang paling besar.",
            "The smallest pack is larger than the largest.",
        )
