"""Write very many rows fast: executemany on SQLite, COPY on PostgreSQL.

Keys are given out here, so that rows can point at each other before any is written.
Foreign keys are checked at commit, all other constraints row by row as ever.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

from accounts.writing.names import keys_of

BATCH = 20_000


class Rows:
    """Rows of many models, kept until `flush` writes them.

    `add` takes column values by attribute name (`machine_id`, not `machine`); fields
    left out get their defaults.
    """

    def __init__(self) -> None:
        self._tables: dict[type[models.Model], _Table] = {}

    def add(self, model: type[models.Model], **values: Any) -> int:
        """Keep one row for later and return its key."""
        return self._table(model).add(values)

    def reserve_key(self, model: type[models.Model]) -> int:
        """Return a key for a row that will be added later with `id=`."""
        return self._table(model).next_key()

    def flush(self) -> None:
        """Write what was kept, in the order in which the models first came."""
        for table in self._tables.values():
            table.write()

    def finish(self) -> None:
        """Write the rest, let the database's own counters go on after the last key, and leave statistics.

        Without them SQLite takes the wrong one of two indexes for the day list (five times
        slower), and PostgreSQL reads whole tables until its own turn comes.
        """
        self.flush()
        statements = connection.ops.sequence_reset_sql(no_style(), list(self._tables))
        with connection.cursor() as cursor:
            for statement in [*statements, "ANALYZE"]:
                cursor.execute(statement)

    def _table(self, model: type[models.Model]) -> _Table:
        table = self._tables.get(model)
        if table is None:
            table = self._tables[model] = _Table(model)
        return table


class _Table:
    def __init__(self, model: type[models.Model]) -> None:
        fields = model._meta.concrete_fields
        self._model = model
        self._name = connection.ops.quote_name(model._meta.db_table)
        self._columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
        self._names = [field.attname for field in fields]
        self._known = frozenset(self._names)
        self._defaults = {field.attname: field.get_default() for field in fields}
        self._key = model._meta.pk.attname
        self._counter = int(model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0)
        self._converters = [(i, convert) for i, field in enumerate(fields) if (convert := _converter(field))]
        self._rows: list[list[Any]] = []

    def next_key(self) -> int:
        self._counter += 1
        return self._counter

    def add(self, values: dict[str, Any]) -> int:
        if not self._known >= values.keys():
            raise TypeError(f"{self._name} has no {set(values) - self._known}")
        row = self._defaults | values | keys_of(self._model, values)
        if row[self._key] is None:
            row[self._key] = self.next_key()
        self._rows.append([row[name] for name in self._names])
        return int(row[self._key])

    def write(self) -> None:
        for row in self._rows:
            for i, convert in self._converters:
                if row[i] is not None:
                    row[i] = convert(row[i])
        for start in range(0, len(self._rows), BATCH):
            self._insert(self._rows[start : start + BATCH])
        self._rows = []

    def _insert(self, rows: Iterable[list[Any]]) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {self._name} ({self._columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(self._names))
                cursor.executemany(f"INSERT INTO {self._name} ({self._columns}) VALUES ({marks})", rows)


def _converter(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    if isinstance(field, models.JSONField):
        return json.dumps
    if connection.vendor == "postgresql":
        return None
    if isinstance(field, models.DateTimeField):
        return _plain_utc
    return str if isinstance(field, models.DateField) else None


def _plain_utc(value: datetime) -> str:
    """Return an instant as Django stores it in SQLite."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
