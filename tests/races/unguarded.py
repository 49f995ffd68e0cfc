"""Take one guard of the planner off, so that a race can show what it is there for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import F

from bookings.day import request_services as requests
from bookings.models import Booking
from bookings.ordering import services as ordering
from bookings.rules.decision import Verdict
from bookings.trail.lifecycle import HOLDING, REQUESTED, TRANSITIONS
from facilities.models import Machine
from facilities.occupancy.writing import vacate, with_breakdown
from tests.races.race import PATIENCE

ONE_PER_OPERATOR = ("facilities_assignment", "one_machine_at_a_time_per_operator")


@contextmanager
def replaced(module: Any, **names: Callable) -> Iterator[None]:
    """Let a module find other functions under these names, until the end of the block."""
    real = {name: getattr(module, name) for name in names}
    for name, stand_in in names.items():
        setattr(module, name, stand_in)
    try:
        yield
    finally:
        for name, function in real.items():
            setattr(module, name, function)


def reading_only(ids: Any) -> list[Machine]:
    """Read machines as `lock` does, without locking them."""
    return list(with_breakdown(Machine.objects.filter(pk__in=ids)).select_related("facility", "type"))


@contextmanager
def without_locks(*locks: str, contenders: int) -> Iterator[None]:
    """Let `reserve` go on without these locks, and let all contenders decide before any of them writes.

    On SQLite its one writer at a time is a lock that cannot be left out; there the decision is left out instead.
    """
    stand_ins: dict[str, Callable] = {name: reading_only if name == "lock" else lambda _: None for name in locks}
    decide, all_have_decided = ordering.decide, threading.Barrier(contenders)

    def decide_and_wait(*args: Any, **kwargs: Any) -> Any:
        said = decide(*args, **kwargs)
        all_have_decided.wait(PATIENCE)
        return said

    def not_decide(*args: Any, **kwargs: Any) -> Any:
        return Verdict([], [], []), []

    with replaced(ordering, decide=not_decide if connection.vendor == "sqlite" else decide_and_wait, **stand_ins):
        yield


def careless(booking: Booking, action: str, **changes: object) -> str:
    """Do what `transition` does without looking whether the booking is still what it was."""
    before, after = booking.status, next(to for (_, name), to in TRANSITIONS.items() if name == action)
    Booking.objects.filter(pk=booking.pk).update(status=after, version=F("version") + 1, **changes)
    if before in HOLDING and after not in HOLDING:
        vacate(booking.machines.values_list("occupancy_id", flat=True))
    booking.status = after
    return before


@contextmanager
def without_compare_and_set() -> Iterator[None]:
    """Let answers and cancellations count whatever happened meanwhile."""
    stand_ins = {"transition": careless, "next_status": lambda status, action: REQUESTED}
    with replaced(requests, transition=careless), replaced(ordering, **stand_ins):
        yield


@contextmanager
def without_constraint(table: str, name: str) -> Iterator[None]:
    """Let a table take anything until the end of the block; then it must be clean again."""
    put_back = _take_off(table, name)
    try:
        yield
    finally:
        _run(put_back)


def _take_off(table: str, name: str) -> list[str]:
    if connection.vendor == "sqlite":
        triggers = _run([f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'"])
        _run([f'DROP TRIGGER "{trigger}"' for trigger, _ in triggers])
        return [sql for _, sql in triggers]
    ((definition,),) = _run([f"SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = '{name}'"])
    _run([f"ALTER TABLE {table} DROP CONSTRAINT {name}"])
    return [f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"]


def _run(statements: list[str]) -> list[tuple]:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []
