"""Setting what a house, or one of its machines, asks of those who book: rules of time and every declared setting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from accounts.models import User
from bookings.rules import SETTINGS
from bookings.rules.time_settings import TIMES
from bookings.rules.values import checked
from facilities.errors import BadInput
from facilities.models import Facility, Machine
from facilities.setup import houses, own_rules
from facilities.time.limits import Limits
from facilities.transactions import in_one_transaction


@in_one_transaction
def set_house_rules(
    *, facility: Facility, values: Mapping[str, object], actor: User, now: datetime, version: int | None = None
) -> Facility:
    """Change a house's rules by their names; what is not named stays. Bookings made before stay.

    None turns a setting off. Raises `Stale` when somebody was faster, `BadInput` by the name of the rule.
    """
    changes = house_changes(facility, values)
    return houses.change_facility(facility=facility, changes=changes, actor=actor, now=now, version=version)


@in_one_transaction
def set_machine_rules(
    *, machine: Machine, values: Mapping[str, object], actor: User, now: datetime, version: int | None = None
) -> Machine:
    """Give a machine exactly these rules of its own; all others are as its house says. None turns a setting off.

    Raises `Stale`, and `BadInput` by the name of the rule.
    """
    limits, policy = machine_changes(machine, values)
    return own_rules.change_rules(machine=machine, limits=limits, policy=policy, actor=actor, now=now, version=version)


def house_changes(facility: Facility, values: Mapping[str, object]) -> dict[str, object]:
    """Return the columns that new rules of a house come to. Raises `BadInput` by the name of the rule."""
    times, settings = _sorted_out(values)
    policy = dict(facility.policy)
    for name, value in settings.items():
        policy[name] = value
        if value == SETTINGS[name].default or (not value and SETTINGS[name].kind == "flag"):
            del policy[name]
    changes = {**times, houses.POLICY: policy}
    houses.check_house_rules(facility, changes)
    return changes


def machine_changes(machine: Machine, values: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """Return a machine's own limits and own policy. Raises `BadInput` by the name of the rule."""
    times, settings = _sorted_out(values)
    shared = sorted(
        {name for name in times if name not in Limits.NAMES} | {n for n in settings if not SETTINGS[n].per_machine}
    )
    if shared:
        raise BadInput(
            shared[0], "for_the_house_only", "Aturan ini berlaku serumah.", "This rule is for the whole house."
        )
    own_rules.check_machine_rules(machine, times)
    return times, settings


def _sorted_out(values: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """Return rules of time and settings apart, the settings as they are kept."""
    unknown = sorted(set(values) - set(TIMES) - set(SETTINGS))
    if unknown:
        raise BadInput(unknown[0], "unknown_rule", "Aturan ini tidak dikenal.", "This rule is unknown.")
    times = {name: value for name, value in values.items() if name in TIMES}
    settings = {name: checked(SETTINGS[name], value) for name, value in values.items() if name in SETTINGS}
    return times, settings
