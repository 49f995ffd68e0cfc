"""What somebody saw of a setting before they changed it, in one word; and changing it only while that still stands.

Houses, machines and operators count their changes in a `version`. What is many rows (a week of hours, abilities, prices)
or a state (in service, the line) is known by a fingerprint of what is stored. So two people collide only where both
wrote the same thing, and whatever writes a row, a command or the province too, changes what is seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import models

from facilities.errors import Stale
from facilities.models import Closure, Facility, Machine, Maintenance
from facilities.transactions import in_one_transaction

M = TypeVar("M", bound=models.Model)
R = TypeVar("R")
Part = Callable[[M], Iterable[object]]
"""A part of a house or machine: what is stored of it, as plain values in a fixed order."""


def hours(facility: Facility) -> Iterable[object]:
    """Return all weeks of opening hours: a saved one may stand in the place of another."""
    rows = facility.opening_hours.order_by("valid_from", "weekday", "opens")
    return rows.values_list("valid_from", "valid_until", "weekday", "opens", "closes")


def closures(facility: Facility) -> Iterable[object]:
    """Return the closed days a house has set itself."""
    return Closure.objects.filter(facility=facility).order_by("pk").values_list(*CLOSED)


def closure(one: Closure) -> Iterable[object]:
    """Return one closure."""
    return [getattr(one, name) for name in CLOSED]


def abilities(machine: Machine) -> Iterable[object]:
    """Return what a machine packs into what; not what its runs have taught, which nobody types."""
    names = ("form", "format", "rate", "smallest", "largest", "widest")
    return sorted(repr([getattr(one, name) for name in names]) for one in machine.capabilities.all())


def tariffs(machine: Machine) -> Iterable[object]:
    """Return a machine's prices, each by its row: a corrected one is another."""
    names = ("pk", "unit", "amount", "legal_basis", "valid_from", "valid_until")
    return sorted([getattr(one, name) for name in names] for one in machine.tariffs.all())


def service(machine: Machine) -> Iterable[object]:
    """Return whether and since when a machine is out of service."""
    return [machine.retired_on]


def line(machine: Machine) -> Iterable[object]:
    """Return a machine's line, and the change of it that waits for a second person."""
    waiting = machine.line_changes.filter(confirmed_at__isnull=True, withdrawn_at__isnull=True)
    return [machine.line, *waiting.values_list("pk", flat=True)]


def stops(machine: Machine) -> Iterable[object]:
    """Return a machine's breakdowns, as they were reported, closed and corrected."""
    return machine.breakdowns.order_by("pk").values_list("pk", "version")


def planned(machine: Machine) -> Iterable[object]:
    """Return the work that is planned on a machine or was, ended and called off."""
    return Maintenance.objects.filter(machine=machine).order_by("pk").values_list("pk", "version")


CLOSED = ("pk", "first_on", "last_on", "from_minute", "until_minute", "reason")


def version_of(part: Part[M], row: M) -> str:
    """Return a short text that differs whenever that part of a row does: what a form carries."""
    return fingerprint(part(row))


def fingerprint(values: Iterable[object]) -> str:
    """Return a short text that differs whenever one of the plain values does, or their order."""
    return hashlib.sha256(repr(list(values)).encode()).hexdigest()[:16]


@in_one_transaction
def if_unchanged(part: Part[M], row: M, version: str, write: Callable[[], R]) -> R:
    """Write while a part of a row is what the writer saw (`version`), and return what the writing returns.

    The row is locked first, and everybody who writes that part comes through here: of two, the second one
    sees what the first has done. Raises `Stale`, also for a row that is gone, and whatever `write` raises.
    """
    kind: Any = type(row)
    locked = kind.objects.select_for_update(no_key=True).filter(pk=row.pk).first()
    if locked is None or version_of(part, locked) != version:
        raise Stale
    return write()
