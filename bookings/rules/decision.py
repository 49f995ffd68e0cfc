"""Whether a time may be booked, and every reason why not. Pure: no clock, no database.

The rules themselves are one file each in `bookings.rules`; here they are asked, all of them,
and their answers sorted into what refuses, what wants a person to look, and what only warns.
What nobody may override (time that is taken, the line, products that never mix) says `overridable=False`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bookings.rules import RULES, SETTINGS
from bookings.rules.base import Ability, Origin, Party, Question, Request, Rule, Rules, Traits
from facilities.errors import ASK, REFUSE, WARN, Reason
from facilities.time.calendars import Calendar

__all__ = [
    "Ability", "Origin", "Party", "Question", "Request", "Rule", "Rules", "Traits", "Verdict",
    "policy_of", "reasons_against", "verdict",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say together: an empty `refusals` means yes, `asks` that a person answers, `warnings` are only said."""

    refusals: list[Reason]
    asks: list[Reason]
    warnings: list[Reason]


def verdict(question: Question, *, checks: Iterable[Rule] = RULES) -> Verdict:
    """Ask every rule and return all that they say, the hardest first."""
    said = [reason for rule in checks if (reason := rule.check(question)) is not None]
    by = {effect: [reason for reason in said if reason.effect == effect] for effect in (REFUSE, ASK, WARN)}
    return Verdict(by[REFUSE], by[ASK], by[WARN])


def reasons_against(
    request: Request,
    calendar: Calendar,
    rules: Rules,
    traits: Traits,
    *,
    now: datetime,
    at_counter: bool = False,
    party: Party | None = None,
    checks: Iterable[Rule] = RULES,
) -> list[Reason]:
    """Return every reason against the request, the hardest first; an empty list means yes.

    Instants are aware UTC, durations minutes. Without a `party`, rules about people are silent.
    """
    return verdict(Question(request, calendar, rules, traits, now, at_counter, party), checks=checks).refusals


def policy_of(house: Mapping[str, object], machine: Mapping[str, object] | None = None) -> dict[str, object]:
    """Return every setting's value: the machine's own, else the house's, else the default. Unknown names are dropped."""
    own = machine or {}
    return {
        name: own[name] if setting.per_machine and name in own else house.get(name, setting.default)
        for name, setting in SETTINGS.items()
    }
