"""Start many contenders at the same instant and collect what each got."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

T = TypeVar("T")
PATIENCE = 30
"""Seconds a contender waits for the others before the race counts as broken."""


def race(contenders: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Run every contender in a thread and connection of its own; return results or errors, in order.

    All wait at one barrier, so that the last to be ready starts with the first. The
    database must be a file or a server: threads do not share an SQLite in memory.
    """
    start = threading.Barrier(len(contenders))

    def run(contender: Callable[[], T]) -> T | Exception:
        try:
            start.wait(PATIENCE)
            return contender()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(contenders)) as threads:
        return list(threads.map(run, contenders))
