"""The audit trail of settings and stale sums: written by every service of this app."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from accounts.models import AuditEntry, User
from facilities.models import Machine, StaleMonth

MOST_MONTHS = 120


def audit(
    *,
    action: str,
    target: object,
    actor: User | None,
    now: datetime,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    """Append who changed what from what to what. `target` is a saved model instance."""
    meta, pk = target._meta, target.pk  # type: ignore[attr-defined]
    AuditEntry.objects.create(
        at=now,
        actor=actor,
        action=action,
        target=f"{meta.label_lower}:{pk}",
        before=dict(before or {}),
        after=dict(after or {}),
        reason=reason,
    )


def mark_months(machines: Iterable[Machine], first: date, last: date) -> None:
    """Mark every month between two local dates, both included, to be summed again; of very many the last ten years."""
    start, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    months = [date(number // 12, number % 12 + 1, 1) for number in range(max(start, end - MOST_MONTHS + 1), end + 1)]
    StaleMonth.objects.bulk_create(StaleMonth(machine=m, month=month) for m in machines for month in months)
