"""The visits of a plan that are still to be booked, as they travel in the address: `2026-11-24T08:00/240/1200` and on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import QueryDict

from bookings.forms.order import MOST, kept, local_instant, local_text
from bookings.sessions import MOST_SESSIONS, Session

BETWEEN = "_"
MOST_MINUTES = 1440


def written(sessions: Iterable[Session], zone: ZoneInfo) -> str:
    """Return visits as `visits_in` reads them."""
    return BETWEEN.join(f"{local_text(one.start, zone)}/{one.minutes}/{one.packs}" for one in sessions)


def visits_in(text: str, zone: ZoneInfo, *, after: datetime) -> Sequence[Session]:
    """Return the visits of an address that begin after an instant; nothing of what nobody can read."""
    found = (_visit(one, zone) for one in text.split(BETWEEN)[:MOST_SESSIONS])
    return [visit for visit in found if visit is not None and visit.start >= after]


def _visit(text: str, zone: ZoneInfo) -> Session | None:
    when, _, rest = text.partition("/")
    minutes, _, packs = rest.partition("/")
    start, length, quantity = local_instant(when, zone), _number(minutes), _number(packs)
    if start is None or not 0 < length <= MOST_MINUTES or not 0 < quantity <= MOST:
        return None
    return Session(start, start + timedelta(minutes=length), quantity)


def _number(text: str) -> int:
    """Return a number of some digits, 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def visit_asked(data: QueryDict, zone: ZoneInfo) -> Session | None:
    """Return the visit that an order's query is for, or None where it does not say."""
    return _visit("/".join(data.get(name, "") for name in ("jam", "lama", "quantity")), zone)


def next_order(data: QueryDict, zone: ZoneInfo, *, after: datetime) -> str:
    """Return the query of the order for the next visit of a plan, with those behind it; empty when there is none."""
    visits = visits_in(data.get("lanjut", ""), zone, after=after)
    if not visits:
        return ""
    first, *others = visits
    return kept(
        data,
        jam=local_text(first.start, zone),
        lama=first.minutes,
        quantity=first.packs,
        lanjut=written(others, zone),
        hari=None,
    )
