"""The rules of time that a house sets and a machine may override. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Limits:
    """Minutes, except `horizon` in days and `approval`, a code. `approval_limit`: minutes approved without a person."""

    NAMES: ClassVar[tuple[str, ...]] = (
        "grid", "notice", "horizon", "shortest", "longest", "approval", "approval_limit"
    )  # fmt: skip

    grid: int
    notice: int
    horizon: int
    shortest: int
    longest: int
    approval: str
    approval_limit: int

    @classmethod
    def of(cls, house: Mapping[str, Any], machine: Mapping[str, Any]) -> Limits:
        """Return the house's limits, each replaced by the machine's own where it has one (not None, not empty)."""
        own = {name: value for name in cls.NAMES if (value := machine.get(name)) not in (None, "")}
        return cls(**{name: own.get(name, house[name]) for name in cls.NAMES})

    def allow(self, minutes: int) -> bool:
        """Return whether a run may take so many minutes: whole steps of the grid, neither too short nor too long."""
        return minutes % self.grid == 0 and self.shortest <= minutes <= self.longest
