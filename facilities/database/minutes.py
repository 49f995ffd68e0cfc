"""Instants as whole minutes since 1970, computed by the database: many are read in half the time."""

from __future__ import annotations

from sqlite3 import sqlite_version_info
from typing import Any

from django.db.models import Func, IntegerField

JULIANDAY = "CAST(round((julianday(substr(%(expressions)s, 1, 16)) - 2440587.5) * 1440) AS INTEGER)"
"""In days since long ago: rounding makes the fraction a whole minute again."""
UNIXEPOCH = "(unixepoch(substr(%(expressions)s, 1, 16)) / 60)"
SQLITE = UNIXEPOCH if sqlite_version_info >= (3, 38) else JULIANDAY
"""Of an instant stored as text, `2026-11-23 01:00:00[.ffffff]`, cut at the minute. The new function takes half the time."""


class MinuteOf(Func):
    """The minute that holds an instant; with `up=True` the next one, unless the instant begins a minute.

    So `[MinuteOf(start), MinuteOf(end, up=True))` are the minutes that a span touches.
    """

    output_field = IntegerField()
    arity = 1

    def __init__(self, expression: Any, *, up: bool = False) -> None:
        super().__init__(expression)
        self.up = up

    def get_db_converters(self, connection: Any) -> list[Any]:
        """Return none: both databases answer with an integer, and asking ten thousand times whether it is one takes time."""
        return []

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        function = "CEIL" if self.up else "FLOOR"
        template = f"{function}(DATE_PART('epoch', %(expressions)s) / 60)::integer"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = SQLITE
        if self.up:  # look at the rest
            template += " + (substr(%(expressions)s, 17) <> ':00')"
        return self.as_sql(compiler, connection, template=template, **context)
