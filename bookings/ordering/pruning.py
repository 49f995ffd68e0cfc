"""Throwing away what has served."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django_q.models import Failure, Success

from bookings.models import IdempotencyKey

ANSWERS_KEPT = timedelta(hours=48)
SUCCESSES_KEPT = timedelta(days=2)
FAILURES_KEPT = timedelta(days=30)


def prune(*, now: datetime) -> int:
    """Delete stored answers older than 48 hours and the queue's old records; return how many rows went.

    The contract keeps an answer for 24 hours; the second day is for a phone without signal.
    """
    old = [
        IdempotencyKey.objects.filter(made_at__lt=now - ANSWERS_KEPT),
        Success.objects.filter(stopped__lt=now - SUCCESSES_KEPT),
        Failure.objects.filter(stopped__lt=now - FAILURES_KEPT),
    ]
    return sum(rows.delete()[0] for rows in old)


def keep_statistics() -> None:
    """Let SQLite look at its tables again where they have grown, so that it picks the right index.

    PostgreSQL's autovacuum does this by itself.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize")
