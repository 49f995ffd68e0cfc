"""The database of the tests: migrated once and copied for every worker, and emptied without detours."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test import TransactionTestCase

KEPT = ("django_content_type", "auth_permission")
"""What migrating writes and emptying leaves: Django's own flush removes it and makes it again, each time."""

MARKS = "facilities_edition"
PATIENCE = 300
"""Seconds a worker waits for another that migrates."""

template = ""
"""The migrated database that workers copy, while there is one: nobody is connected to it, and nobody writes to it."""

_flush = TransactionTestCase._fixture_teardown
_kept: list[list[tuple[Any, ...]]] | None = None


def copy_a_template(worker: str, folder: Path) -> None:
    """Let this worker's database be a copy of one that the first of the session's workers migrates.

    The copy is made by the engine (PostgreSQL) or of the file (SQLite), with triggers, constraints and rows as
    migrations leave them. `folder` is the session's own; whoever leaves it last takes the template away.
    """
    global template
    creation = connection.creation
    create, destroy = creation.create_test_db, creation.destroy_test_db
    template = str(creation._get_test_db_name())

    def create_copy(verbosity: int = 1, **options: Any) -> str:
        with _one_at_a_time(folder):
            if not any(folder.glob("uses-*")):
                create(verbosity, **options)
            _point_at(template)
            (folder / f"uses-{worker}").touch()
            creation.clone_test_db(worker, verbosity, autoclobber=True)
        _point_at(creation.get_test_db_clone_settings(worker)["NAME"])
        connection.ensure_connection()
        return connection.settings_dict["NAME"]

    def destroy_copy(old_name: str, verbosity: int = 1, keepdb: bool = False) -> None:
        destroy(old_name, verbosity, keepdb)
        with _one_at_a_time(folder):
            (folder / f"uses-{worker}").unlink()
            if not any(folder.glob("uses-*")):
                creation._destroy_test_db(template, verbosity)

    creation.create_test_db, creation.destroy_test_db = create_copy, destroy_copy


def _point_at(name: Any) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    until, busy = time.monotonic() + PATIENCE, folder / "busy"
    while True:
        try:
            busy.mkdir()
            break
        except FileExistsError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
    try:
        yield
    finally:
        busy.rmdir()


def empty_quickly(self: TransactionTestCase) -> None:
    """Leave what Django's flush leaves: deletes only from tables that hold rows, in one transaction.

    TRUNCATE of forty tables costs PostgreSQL more than most tests. The first time in a process, and whenever
    content types or permissions are no longer the same, the flush itself runs.
    """
    global _kept
    if self.available_apps is not None or self.serialized_rollback or self._databases_names() != ["default"]:
        _flush(self)
    elif _kept is None or _kept != _read_kept():
        _flush(self)
        _kept = _read_kept()
    else:
        _delete_rows()


def _read_kept() -> list[list[tuple[Any, ...]]]:
    found = []
    with connection.cursor() as cursor:
        for table in KEPT:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            found.append(cursor.fetchall())
    return found


def _delete_rows() -> None:
    """Delete every row; the marks of editions first, because deleting what is watched begins a new edition."""
    quote, tables = connection.ops.quote_name, connection.introspection.django_table_names(only_existing=True)
    with transaction.atomic(), connection.cursor() as cursor:
        held = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quote(table)})" for table in tables if table not in KEPT)
        cursor.execute(" UNION ALL ".join(held))
        for table in sorted((row[0] for row in cursor.fetchall()), key=lambda name: (name != MARKS, name)):
            cursor.execute(f"DELETE FROM {quote(table)}")
