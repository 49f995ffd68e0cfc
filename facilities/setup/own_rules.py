"""The rules a machine has of its own, where it differs from its house."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F

from accounts.models import User
from facilities.audit import audit
from facilities.errors import BadInput, Stale
from facilities.models import Machine
from facilities.time.bounds import check_lengths, check_limits
from facilities.time.limits import Limits
from facilities.transactions import in_one_transaction


@in_one_transaction
def change_rules(
    *,
    machine: Machine,
    limits: Mapping[str, object],
    policy: Mapping[str, object],
    actor: User,
    now: datetime,
    version: int | None = None,
) -> Machine:
    """Replace the rules a machine has of its own: what is not in `limits` or `policy` is as its house says.

    Bookings made before stay. Raises `Stale`, and `BadInput` by the name of the rule.
    """
    check_machine_rules(machine, limits)
    fields: dict[str, object] = {**_like_the_house(), **limits, "policy": dict(policy)}
    before = {name: getattr(machine, name) for name in fields}
    seen = machine.version if version is None else version
    if not Machine.objects.filter(pk=machine.pk, version=seen).update(version=F("version") + 1, **fields):
        raise Stale
    audit(action="change_rules", target=machine, actor=actor, now=now, before=before, after=fields)
    machine.refresh_from_db()
    return machine


def check_machine_rules(machine: Machine, limits: Mapping[str, object]) -> None:
    """Raise `BadInput` where a machine's own rules of time cannot be, together with its house's."""
    unknown = sorted(set(limits) - set(Limits.NAMES))
    if unknown:
        raise BadInput(unknown[0], "unknown_field", "Isian ini tidak dikenal.", "This field is unknown.")
    check_limits(limits)
    house = machine.facility
    check_lengths(*(int(str(limits.get(name, getattr(house, name)))) for name in ("shortest", "longest")))


def _like_the_house() -> dict[str, object]:
    return {name: "" if name == "approval" else None for name in Limits.NAMES}
