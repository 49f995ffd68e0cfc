"""An order as its address carries it from page to page, so that going back loses nothing.

The visits of a plan that are still to be booked travel behind it: `2026-11-24T08:00/240/1200` and on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import QueryDict

from accounts.writing.numbers import Unclear, Unreadable, whole
from bookings.packs.sessions import MOST_SESSIONS, Session
from bookings.packs.slips import sure

BETWEEN = "_"
MOST_MINUTES = 1440
WHEN = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)", re.ASCII)
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
NEW = "baru"
MOST = 1_000_000
KEPT = (
    "lama", "hari", "jam", "producer", "product", "product_name", "form", "line", "kelas", "berat", "format",
    "quantity", "quantity_pasti", "note", "lanjut",
)  # fmt: skip
"""What is carried from page to page. `quantity_pasti`: the quantity that was asked about already; `lanjut`: the visits of a plan that come after this one."""


def local_instant(text: str, zone: ZoneInfo) -> datetime | None:
    """Return the instant of `2026-11-24T08:00` on the house's clock, or None for anything else."""
    match = WHEN.fullmatch(text)
    try:
        wall = datetime(*map(int, match.groups()), tzinfo=zone) if match else None  # type: ignore[misc]
    except ValueError:
        return None
    return wall.astimezone(UTC) if wall and EARLIEST < wall.date() < LATEST else None


def local_text(instant: datetime, zone: ZoneInfo) -> str:
    """Return an instant as `local_instant` reads it."""
    return f"{instant.astimezone(zone):%Y-%m-%dT%H:%M}"


def read_day(text: str) -> date | None:
    """Return a day typed as 2026-11-24, or None."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST < day < LATEST else None


def kept(data: QueryDict, **changes: object) -> str:
    """Return the query that carries an order on, some of it changed; None drops a value."""
    return kept_values(**{name: changes.get(name, data.get(name)) for name in KEPT})


def kept_values(**values: object) -> str:
    """Return the query of an order of which this is known; empty values are left out."""
    carried = QueryDict(mutable=True)
    for name in KEPT:
        if values.get(name) not in (None, ""):
            carried[name] = str(values[name])[:500]
    return carried.urlencode()


def kept_pairs(data: QueryDict, *but: str) -> list[tuple[str, str]]:
    """Return the carried values as hidden fields, those named left out."""
    return [(name, data[name]) for name in KEPT if data.get(name) and name not in but]


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
    """Return a whole number however it was written, 0 for anything else."""
    try:
        return whole(text)
    except (Unclear, Unreadable):
        return 0


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
        quantity_pasti=sure(first.packs),
        lanjut=written(others, zone),
        hari=None,
    )
