"""Reads for reports, scoped to the houses a person may read reports of. Sums come from the stored months."""

from bookings.reports.queries.idle import IdleMachine, idle_machines, machines_in_service
from bookings.reports.queries.lost import Stop, breakdowns, lost_minutes
from bookings.reports.queries.rows import (
    BY_THE_HOUR,
    KINDS,
    ROWS_OF,
    DetailRow,
    Totals,
    Waits,
    detail_rows,
    waiting_minutes,
)
from bookings.reports.queries.usage import (
    DIMENSIONS,
    OF_PRODUCERS,
    UsageRow,
    counted_at,
    first_month,
    is_there,
    readable_houses,
    reportable_houses,
    sums_by,
    total_of,
    usage,
)
from bookings.reports.queries.week import Week, week_of

__all__ = [
    "BY_THE_HOUR",
    "DIMENSIONS",
    "KINDS",
    "OF_PRODUCERS",
    "ROWS_OF",
    "DetailRow",
    "IdleMachine",
    "Stop",
    "Totals",
    "UsageRow",
    "Waits",
    "Week",
    "breakdowns",
    "counted_at",
    "detail_rows",
    "first_month",
    "idle_machines",
    "is_there",
    "lost_minutes",
    "machines_in_service",
    "readable_houses",
    "reportable_houses",
    "sums_by",
    "total_of",
    "usage",
    "waiting_minutes",
    "week_of",
]
