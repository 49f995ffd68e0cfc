"""What all benchmark scripts share: start Django, say what is measured on, time it, print a table."""

from __future__ import annotations

import gc
import gzip
import os
import platform
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table: milliseconds of the wall clock and of the processor, statements, bytes."""

    name: str
    median: float
    p95: float
    processor: float
    statements: int
    plain: int = 0
    packed: int = 0
    peer: str = ""


def start(title: str) -> None:
    """Start Django and say what stands in the database."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bookings.models import Booking, Producer
    from facilities.models import Facility, Machine, Occupancy

    call_command("collectstatic", verbosity=0, interactive=False)
    connection.ensure_connection()
    gc.collect()
    gc.freeze()  # as the web process does
    print(f"\n## {title}")
    print(f"{engine()} · Python {platform.python_version()} · Django {django.__version__} · {os.cpu_count()} processors"
          f" · a million additions take {yardstick():.0f} ms")  # fmt: skip
    sizes = [(model._meta.verbose_name_plural, model.objects.count()) for model in
             (Facility, Machine, Producer, Booking, Occupancy)]  # fmt: skip
    print(" · ".join(f"{count:,} {name}" for name, count in sizes), "\n", flush=True)


def yardstick() -> float:
    """Return the milliseconds that adding up a million numbers takes here and now: what two tables are compared by.

    Rented processors are shared: the same machine may be half as fast an hour later.
    """
    took = []
    for _ in range(5):
        began, total = process_time(), 0
        for number in range(1_000_000):
            total += number
        took.append((process_time() - began) * 1000)
    return statistics.median(took)


def engine() -> str:
    """Return the database and its version."""
    from django.db import connection

    if connection.vendor == "sqlite":
        import sqlite3

        return f"SQLite {sqlite3.sqlite_version}"
    version = connection.pg_version  # type: ignore[attr-defined]
    return f"PostgreSQL {version // 10000}.{version % 10000}"


def measure(name: str, act: Callable[[], Any], *, times: int, peer: str = "") -> Figure:
    """Run `act` once to warm up, once to count statements, then `times` times by the clock."""
    act()
    with counted() as statements:
        answer = act()
    body: bytes = getattr(answer, "content", b"")
    walls, processors = [], []
    for _ in range(times):
        wall, processor = perf_counter(), process_time()
        act()
        walls.append((perf_counter() - wall) * 1000)
        processors.append((process_time() - processor) * 1000)
    return figure(name, walls, processors, statements[0], body, peer)


def figure(
    name: str, walls: Sequence[float], processors: Sequence[float], statements: int, body: bytes = b"", peer: str = ""
) -> Figure:
    """Return the summary of what was measured."""
    ordered = sorted(walls)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    packed = len(gzip.compress(body, 6)) if body else 0
    return Figure(
        name, statistics.median(walls), p95, statistics.median(processors), statements, len(body), packed, peer
    )


@contextmanager
def counted() -> Iterator[list[int]]:
    """Count the statements sent to the database, but for those that begin and end transactions."""
    from django.db import connection

    total = [0]

    def count(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        total[0] += not sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT"))
        return execute(sql, *arguments)

    with connection.execute_wrapper(count):
        yield total


def show(figures: Sequence[Figure]) -> None:
    """Print a Markdown table."""
    print("| | median ms | p95 ms | processor ms | statements | kB | kB gzip | peers |\n|---|--:|--:|--:|--:|--:|--:|---|")
    for f in figures:
        sizes = f"{f.plain / 1000:.1f} | {f.packed / 1000:.1f}" if f.plain else "– | –"
        print(f"| {f.name} | {f.median:.1f} | {f.p95:.1f} | {f.processor:.1f} | {f.statements} | {sizes} | {f.peer} |")
    print(flush=True)


@contextmanager
def borrowed_people() -> Iterator[dict[str, Any]]:
    """Lend a producer, the manager of the busiest house and a provincial officer; take what was made back."""
    from django.db.models import Count
    from django.utils import timezone

    from accounts.models import User
    from bookings.models import Membership
    from facilities.models import Duty, Facility

    house = Facility.objects.annotate(n=Count("bookings")).order_by("-n")[0]
    officer = User.objects.create(phone="+62800000000001", name="Fitri", joined_at=timezone.now())
    Duty.objects.create(user=officer, kind=Duty.Kind.PROVINCE)
    owner = Membership.objects.filter(kind="owner", producer__bookings__facility=house).select_related("user")[0]
    manager = Duty.objects.filter(facility=house, kind=Duty.Kind.MANAGER).select_related("user")[0]
    try:
        yield {"house": house, "producer": owner.user, "manager": manager.user, "province": officer}
    finally:
        officer.delete()


def visitor(user: Any = None) -> Any:
    """Return a browser without a network, signed in or not."""
    from django.conf import settings
    from django.test import Client

    host = settings.PUBLIC.netloc or "localhost"
    client = Client(headers={"host": host}, SERVER_NAME=settings.PUBLIC.hostname or "localhost")
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Any, address: str) -> Callable[[], Any]:
    """Return what fetches an address and insists on success."""

    def fetch() -> Any:
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")
        return answer

    return fetch
