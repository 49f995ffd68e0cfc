"""The board of a house with 200 machines, a day and a whole week: `python benchmarks/board.py [--times 10]`.

The house is made inside a transaction and taken back: the rest of the database stays as it is.
"""

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from measure import counted, figure, measure, page, show, start, visitor

PEER = "NEMO 11.3 s, 11,724; Indico 439 ms, 11"


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--machines", type=int, default=200)
    options = parser.parse_args()
    start(f"Board of {options.machines} machines")
    from django.db import transaction

    with transaction.atomic():
        manager, monday = _big_house(options.machines)
        client = visitor(manager)
        days = [f"/papan/?hari={monday + timedelta(days=number)}" for number in range(6)]
        show(
            [
                measure("Board of a day", page(client, days[1]), times=options.times),
                measure("Today", page(client, "/hari-ini/"), times=options.times),
                _week([page(client, day) for day in days], options.times),
            ]
        )
        transaction.set_rollback(True)


def _week(days: list[Callable[[], Any]], times: int) -> Any:
    """Measure six boards, one after another, as one figure."""
    from time import perf_counter, process_time

    with counted() as statements:
        body = b"".join(day().content for day in days)
    walls, processors = [], []
    for _ in range(times):
        wall, processor = perf_counter(), process_time()
        for day in days:
            day()
        walls.append((perf_counter() - wall) * 1000)
        processors.append((process_time() - processor) * 1000)
    return figure("Boards of a week, Monday to Saturday", walls, processors, statements[0], body, PEER)


def _big_house(machines: int) -> tuple[Any, date]:
    """Make a house with its people, and this week's bookings on every machine."""
    from django.utils import timezone

    from bookings.demo.crowd import Crowd
    from bookings.demo.rows import Rows
    from bookings.demo.scale import WEEK, History
    from bookings.demo.world import open_week
    from facilities.models import District, Duty, Facility

    now, random = timezone.now(), Random(20260101)
    house = Facility.objects.create(
        slug="papan-besar", name="Rumah Besar", district=District.objects.get(code="61.71"), address="Jalan Contoh 1",
        latitude=0, longitude=109, phone="+6281200000000", contact_name="Cahya",
    )  # fmt: skip
    open_week(house, WEEK, since=date(2020, 1, 1))
    rows = Rows()
    crowd = Crowd(rows, [house], now=now, years=1, random=random, first_phone=90_000_000)
    crowd.gather(producers=300, cooperatives=0)
    rows.flush()
    history = History(rows, now=now, first=now - timedelta(days=10), random=random)
    history.of_house(house, machines, machines * 34, crowd.offers[house.pk])
    rows.finish()
    manager = Duty.objects.get(facility=house, kind=Duty.Kind.MANAGER).user
    return manager, now.date() - timedelta(days=now.weekday())


if __name__ == "__main__":
    main()
