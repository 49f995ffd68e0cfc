"""When the demo's operators are away: some time ago, soon, and once after somebody was promised them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import User
from bookings.demo.crew import Hand
from bookings.demo.rows import Rows
from facilities.models import Absence, Assignment, Facility, Operator
from facilities.time.hours import local_date, local_day
from facilities.time.spans import Span

AWAY: Mapping[str, tuple[int, int, str]] = {
    "Yusuf": (-19, 2, "Sakit"),
    "Mei": (8, 2, "Pelatihan BPOM"),
}
"""By name: days from today, how many days, and why; known before anybody booked."""


def go_away(rows: Rows, hand: Hand, name: str, *, zone: ZoneInfo, staff: User, now: datetime) -> None:
    """Write an operator's known absence, if they have one, and let nobody give them work then."""
    if name not in AWAY:
        return
    after, days, reason = AWAY[name]
    first = local_date(now, zone) + timedelta(days=after)
    span = Span(local_day(first, zone).start, local_day(first + timedelta(days=days - 1), zone).end)
    hand.away.append(span)
    rows.add(
        Absence, operator_id=hand.key, starts_at=span.start, ends_at=span.end, reason=reason,
        made_by_id=staff.pk, made_at=min(now, span.start) - timedelta(days=2),
    )  # fmt: skip


def leave_without(house: Facility, name: str, *, staff: User, now: datetime) -> None:
    """Let an operator fall out on the first day after tomorrow on which they have work: somebody must take it over."""
    operator = Operator.objects.get(facility=house, name=name)
    later = local_day(local_date(now, house.zone) + timedelta(days=2), house.zone).start
    work = Assignment.objects.filter(operator=operator, starts_at__gte=later).order_by("starts_at").first()
    if work is not None:
        day = local_day(local_date(work.starts_at, house.zone), house.zone)
        Absence.objects.create(
            operator=operator, starts_at=day.start, ends_at=day.end, reason="Keluarga sakit",
            made_by=staff, made_at=now - timedelta(minutes=50),
        )  # fmt: skip
