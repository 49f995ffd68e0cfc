"""Since when the system knows of a machine, and of needs: before that nothing was recorded, which is not nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from accounts.models import AuditEntry
from bookings.models import Need
from bookings.reports.indicators import NOT_BEGUN, NOT_COUNTED
from facilities.models import Machine

OPENED, ADDED = "open_facility", "add_machine"


def recorded_since(machines: Sequence[Machine]) -> dict[int, datetime]:
    """Return when each machine, or else its house, was entered into the system, in one statement.

    Machines of which no trail tells are left out: what came with the data was always there.
    """
    targets = {f"facilities.machine:{one.pk}" for one in machines} | {f"facilities.facility:{one.facility_id}" for one in machines}
    rows = AuditEntry.objects.filter(action__in=[OPENED, ADDED], target__in=targets).values_list("target", "at")
    entered = dict(rows)
    found = {}
    for one in machines:
        at = entered.get(f"facilities.machine:{one.pk}") or entered.get(f"facilities.facility:{one.facility_id}")
        if at is not None:
            found[one.pk] = at
    return found


def needs_unrecorded(*, first: date, last: date, today: date) -> str:
    """Return why nobody can know what was asked for in some months, in one statement; nothing where somebody can.

    `not_begun`: they are to come. `not_counted`: they were over before the first need was ever written down.
    """
    if first > today:
        return NOT_BEGUN
    if last >= today.replace(day=1):
        return ""
    began = Need.objects.order_by("month").values_list("month", flat=True).first()
    return NOT_COUNTED if began is None or last < began else ""
