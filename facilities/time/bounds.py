"""How far a house's rules of time may go, and a machine's own. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from facilities.errors import BadInput

GRIDS = (5, 10, 15, 20, 30, 60)
"""Minutes between offered starts: they divide an hour."""

APPROVALS = ("automatic", "manual", "below_limit", "verified")

BOUNDS: Mapping[str, tuple[int, int]] = {
    "notice": (0, 43_200),
    "horizon": (1, 366),
    "shortest": (1, 1440),
    "longest": (1, 20_160),
    "approval_limit": (0, 20_160),
    "answer_within": (15, 43_200),
    "grace": (0, 480),
    "cancel_deadline": (0, 43_200),
}
"""Least and most of each, both allowed: minutes, except `horizon` in days."""

FLAGS = ("closed_on_holidays", "closed_on_joint_leave")


def check_limits(values: Mapping[str, object]) -> None:
    """Raise `BadInput`, naming the field, for a rule of time that cannot be. What is no rule of time is not looked at."""
    for name, value in values.items():
        if name in BOUNDS:
            low, high = BOUNDS[name]
            if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
                raise BadInput(name, "out_of_bounds", f"Isi {low} sampai {high}.", f"Give {low} to {high}.")
        elif (
            (name == "grid" and value not in GRIDS)
            or (name == "approval" and value not in APPROVALS)
            or (name in FLAGS and not isinstance(value, bool))
        ):
            raise BadInput(name, "unknown_choice", "Pilih salah satu yang ada.", "Choose one of those offered.")


def check_lengths(shortest: int, longest: int) -> None:
    """Raise `BadInput` for a longest run below the shortest."""
    if longest < shortest:
        raise BadInput(
            "longest",
            "below_shortest",
            "Paling lama tidak boleh di bawah paling singkat.",
            "The longest must not be below the shortest.",
        )
