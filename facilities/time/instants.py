"""Instants as whole minutes since 1970 in UTC. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

from facilities.time.spans import Span, as_utc


def minute_of(instant: datetime) -> int:
    """Return the minute that holds an instant, counted from 1970 in UTC."""
    return int(as_utc(instant).timestamp() // 60)


def minute_up(instant: datetime) -> int:
    """Return the first minute that begins at or after an instant."""
    return -int(-as_utc(instant).timestamp() // 60)


def whole_minutes(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Return the whole minutes of each span: a begun one is not open."""
    return [(minute_up(span.start), minute_of(span.end)) for span in spans]


@lru_cache(maxsize=100_000)
def instant_of(minute: int) -> datetime:
    """Return when a minute begins. Kept: a thousand machines offer the same few hundred."""
    return datetime.fromtimestamp(minute * 60, UTC)
