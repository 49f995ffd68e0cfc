"""What the worker does for the reports; each may run twice, or after an outage, with the same result."""

from __future__ import annotations

from django.utils import timezone

from bookings.reports import services


def recompute_stale() -> int:
    """Sum again what changed. Every minute."""
    return services.recompute_stale(now=timezone.now())


def recompute_nightly() -> int:
    """Sum this month and the last of every machine and compare. After midnight everywhere: 17.15 UTC."""
    return services.recompute_recent(now=timezone.now())
