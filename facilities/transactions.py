"""One transaction per service, tried once more where the database asks for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

P = ParamSpec("P")
R = TypeVar("R")

RETRIABLE = {"40001", "40P01"}
"""Serialisation failure and deadlock: PostgreSQL advises to try again."""


def in_one_transaction(service: Callable[P, R]) -> Callable[P, R]:
    """Run a service in one transaction; on a deadlock or serialisation failure, once more.

    Inside an outer transaction it joins that one and never retries: only the
    outermost may, because only it can start afresh.
    """

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            with transaction.atomic():
                return service(*args, **kwargs)
        try:
            with transaction.atomic():
                return service(*args, **kwargs)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) not in RETRIABLE:
                raise
        with transaction.atomic():
            return service(*args, **kwargs)

    return run
