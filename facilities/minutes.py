"""Instants as whole minutes since 1970, computed by the database: many are read in half the time."""

from __future__ import annotations

from typing import Any

from django.db.models import Func, IntegerField


class MinuteOf(Func):
    """The minute that holds an instant; with `up=True` the next one, unless the instant begins a minute.

    So `[MinuteOf(start), MinuteOf(end, up=True))` are the minutes that a span touches.
    """

    output_field = IntegerField()
    arity = 1

    def __init__(self, expression: Any, *, up: bool = False) -> None:
        super().__init__(expression)
        self.up = up

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        function = "CEIL" if self.up else "FLOOR"
        template = f"{function}(EXTRACT(EPOCH FROM %(expressions)s) / 60)::integer"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # Stored as text, `2026-11-23 01:00:00[.ffffff]`: cut at the minute, then look at the rest.
        template = "CAST(strftime('%%%%s', substr(%(expressions)s, 1, 16)) AS INTEGER) / 60"
        if self.up:
            template += " + (substr(%(expressions)s, 17) <> ':00')"
        return self.as_sql(compiler, connection, template=template, **context)

