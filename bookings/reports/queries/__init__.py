"""Reads for reports, scoped to the houses a person may read reports of. Sums come from the stored months."""

from bookings.reports.queries.idle import IdleMachine, idle_machines
from bookings.reports.queries.lost import Stop, breakdowns, lost_minutes
from bookings.reports.queries.rows import KINDS, DetailRow, detail_rows, waiting_minutes
from bookings.reports.queries.usage import (
    DIMENSIONS,
    Known,
    UsageRow,
    known_months,
    reportable_houses,
    sums_by,
    usage,
)
from bookings.reports.queries.week import Week, week_of

__all__ = [
    "DIMENSIONS",
    "KINDS",
    "DetailRow",
    "IdleMachine",
    "Known",
    "Stop",
    "UsageRow",
    "Week",
    "breakdowns",
    "detail_rows",
    "idle_machines",
    "known_months",
    "lost_minutes",
    "reportable_houses",
    "sums_by",
    "usage",
    "waiting_minutes",
    "week_of",
]
