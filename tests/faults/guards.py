"""Take the guards of a booking off, one by one: what a race must survive only because of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from bookings.ordering import services as ordering
from bookings.rules.decision import Verdict
from facilities.models import Machine, Occupancy
from facilities.occupancy.writing import with_breakdown

TABLE = Occupancy._meta.db_table


@contextmanager
def table_without_constraint() -> Iterator[None]:
    """Let the table of occupancies take anything, until the end of the block; then it must be empty."""
    put_back = _take_off()
    try:
        yield
    finally:
        Occupancy.objects.all().delete()
        _run(put_back)


def _take_off() -> list[str]:
    """Drop the guard and return the SQL that makes it again."""
    if connection.vendor == "sqlite":
        triggers = _run([f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{TABLE}'"])
        _run([f'DROP TRIGGER "{name}"' for name, _ in triggers])
        return [sql for _, sql in triggers]
    name = "one_job_at_a_time_per_machine"
    ((definition,),) = _run([f"SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = '{name}'"])
    _run([f"ALTER TABLE {TABLE} DROP CONSTRAINT {name}"])
    return [f"ALTER TABLE {TABLE} ADD CONSTRAINT {name} {definition}"]


def _run(statements: list[str]) -> list[tuple]:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def services_without_lock(check: Callable | None) -> Iterator[None]:
    """Let `reserve` read machines without locking them, and decide by `check`, or not at all."""
    lock, decide = ordering.lock, ordering.decide
    leave_open(check)
    try:
        yield
    finally:
        ordering.lock, ordering.decide = lock, decide


def leave_open(check: Callable | None) -> None:
    """The same for good: for a process that is thrown away.

    On SQLite the one writer at a time is a lock that cannot be left out, and looking
    under it is enough; there the check goes too.
    """
    ordering.lock = lambda ids: list(
        with_breakdown(Machine.objects.filter(pk__in=ids)).select_related("facility", "type")
    )
    ordering.decide = check if check and connection.vendor != "sqlite" else (lambda *args, **kwargs: (Verdict([], [], []), []))


def drop_constraint() -> None:
    """Let the table take anything, for good: for a database that is thrown away."""
    _take_off()
