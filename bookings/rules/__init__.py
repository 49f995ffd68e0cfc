"""The rules of booking: one file each. A new rule is a file here that sets `RULE`, and a test.

    file          ──▶  RULE = Rule(name, order, check, settings)
    check         ──▶  one `Reason` against (or for a person to look, or a warning), or None
    settings      ──▶  sentences with a gap, for the house's page of rules and its `policy`

Every check is pure and looks at one `Question`. All of them are asked, always, so that a person
sees the whole list at once.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from bookings.rules.base import Rule, Setting

GROUPS = ("time", "fit", "people")
"""Rules about when, about what a machine packs, and about who asks: a folder each."""


def _all_rules() -> tuple[Rule, ...]:
    groups = (import_module(f"{__name__}.{group}") for group in GROUPS)
    files = (f"{group.__name__}.{file.name}" for group in groups for file in pkgutil.iter_modules(group.__path__))
    found = (getattr(import_module(name), "RULE", None) for name in files)
    return tuple(sorted((rule for rule in found if rule is not None), key=lambda rule: (rule.order, rule.name)))


RULES: tuple[Rule, ...] = _all_rules()
"""Every rule, the hardest first."""

SETTINGS: dict[str, Setting] = {setting.name: setting for rule in RULES for setting in rule.settings}
"""Every setting by its name."""
