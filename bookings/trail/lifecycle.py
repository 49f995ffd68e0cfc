"""Which status may follow which. Pure; nobody else compares statuses to decide.

    requested ──approve──▶ approved ──check_in──▶ checked_in ──complete──▶ completed
        │  decline ▶ declined   │  ▲      ◀─undo─┘
        │  expire  ▶ expired    │  └──move── displaced ──cancel──▶ cancelled
        └─ cancel ─▶ cancelled ◀┴─ mark_no_show ▶ no_show, displace ▶ displaced
"""

from __future__ import annotations

from datetime import timedelta

from facilities.errors import WrongState

EARLIEST_CHECK_IN = timedelta(hours=2)

REQUESTED, APPROVED, CHECKED_IN, COMPLETED = "requested", "approved", "checked_in", "completed"
DECLINED, EXPIRED, CANCELLED, NO_SHOW, DISPLACED = "declined", "expired", "cancelled", "no_show", "displaced"

TRANSITIONS: dict[tuple[str, str], str] = {
    (REQUESTED, "approve"): APPROVED,
    (REQUESTED, "decline"): DECLINED,
    (REQUESTED, "expire"): EXPIRED,
    (REQUESTED, "cancel"): CANCELLED,
    (REQUESTED, "move"): REQUESTED,
    (APPROVED, "cancel"): CANCELLED,
    (APPROVED, "check_in"): CHECKED_IN,
    (APPROVED, "mark_no_show"): NO_SHOW,
    (APPROVED, "displace"): DISPLACED,
    (APPROVED, "move"): APPROVED,
    (APPROVED, "ask_to_move"): REQUESTED,
    (DISPLACED, "move"): APPROVED,
    (DISPLACED, "cancel"): CANCELLED,
    (CHECKED_IN, "undo_check_in"): APPROVED,
    (CHECKED_IN, "complete"): COMPLETED,
}

HOLDING = frozenset({REQUESTED, APPROVED, CHECKED_IN, COMPLETED})
"""Statuses whose occupancy stands. Whatever leaves this set vacates its time at once."""

UPCOMING = frozenset({REQUESTED, APPROVED, CHECKED_IN, DISPLACED})
"""Statuses that still want something from somebody."""


def next_status(status: str, action: str) -> str:
    """Return the status after `action`; raise `WrongState` when the table has no such step."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise WrongState(action=action, status=status) from None


def allowed_actions(status: str) -> frozenset[str]:
    """Return the actions the table knows from `status`, for templates to offer."""
    return frozenset(action for (before, action) in TRANSITIONS if before == status)
