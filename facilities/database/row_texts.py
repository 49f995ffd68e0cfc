"""Rows of a group as one text: where many groups are alike, each is read once."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Aggregate, QuerySet, TextField

from facilities.time.hours import WeeklyRule


class RowsOf(Aggregate):
    """Some columns of every row of a group, as a JSON list of lists; in no particular order."""

    output_field = TextField()
    default_alias = "rows"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="JSON_GROUP_ARRAY(JSON_ARRAY(%(expressions)s))", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="JSON_AGG(JSON_BUILD_ARRAY(%(expressions)s))::text", **context
        )


NAMED = 300
"""More of them than these are not named in a query: that takes longer than reading what the others have too."""


def named(rows: QuerySet[Any], **ids: Collection[int]) -> QuerySet[Any]:
    """Return the rows that belong to one of these, `machine=` ids; where there are many, all rows."""
    ((name, some),) = ids.items()
    return rows.filter(**{f"{name}__in": list(some)}) if len(some) < NAMED else rows


def parsed(texts: Iterable[str]) -> list[Any]:
    """Return what `RowsOf` wrote for each group. At once: one by one takes half as long again."""
    return list(json.loads(f"[{','.join(texts)}]"))


def instant(written: str) -> datetime:
    """Return a point in time that `RowsOf` wrote: SQLite leaves the zone out, for it is UTC."""
    found = datetime.fromisoformat(written)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@lru_cache(maxsize=4096)
def weekly_rules(written: str) -> tuple[WeeklyRule, ...]:
    """Return the rules in `RowsOf` weekday, opening and closing minute, first and last day.

    Kept: a region's houses and their operators share a handful of weeks.
    """
    return tuple(sorted((_rule(*row) for row in json.loads(written)), key=_in_order))


def _rule(weekday: int, opens: int, closes: int, valid_from: str, valid_until: str | None) -> WeeklyRule:
    until = date.fromisoformat(valid_until) if valid_until else None
    return WeeklyRule(weekday, opens, closes, date.fromisoformat(valid_from), until)


def _in_order(rule: WeeklyRule) -> tuple[object, ...]:
    return rule.valid_from, rule.weekday, rule.opens, rule.closes, rule.valid_until or date.max
