"""Making a booking: the service, and `POST /api/v1/bookings` with its key: `python benchmarks/booking.py [--times 200]`.

Really commits, on machines all over the database; what was booked is taken away again.
The peers' figures: NEMO 61 ms and 24 statements, Indico 48–83 ms and 29–32.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from time import perf_counter, process_time
from typing import Any

from measure import Figure, borrowed_people, counted, figure, show, start, visitor

PEER = "NEMO 61 ms, 24; Indico 48–83 ms, 29–32"


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200)
    times = parser.parse_args().times
    start("Making a booking")
    from django.utils import timezone

    with borrowed_people() as people:
        now, made = timezone.now(), []
        free = _free_times(now)
        try:
            figures = [
                _timed("reserve(), the service", _service(people, free, made), times),
                _timed("POST /api/v1/bookings", _http(people, free, made), times),
                _timed("POST, refused: taken", _refused(people, made), times),
            ]
        finally:
            _take_back(made)
        show(figures)


def _timed(name: str, act: Callable[[], Any], times: int) -> Figure:
    act()
    with counted() as statements:
        act()
    walls, processors = [], []
    for _ in range(times):
        wall, processor = perf_counter(), process_time()
        act()
        walls.append((perf_counter() - wall) * 1000)
        processors.append((process_time() - processor) * 1000)
    return figure(name, walls, processors, statements[0], peer=PEER)


def _free_times(now: datetime) -> Iterator[tuple[Any, datetime]]:
    """Yield (machine, start) of free hours in the weeks beyond what is booked, one machine after another."""
    from facilities.models import Machine
    from facilities.occupancy.reading import calendars, free_starts
    from facilities.occupancy.writing import with_breakdown
    from facilities.time.spans import Span

    chosen = list(with_breakdown(Machine.objects.select_related("facility").order_by("pk"))[:165])
    window = Span(now + timedelta(days=20), now + timedelta(days=55))
    known = calendars(chosen, window)
    starts = {
        machine.pk: free_starts(machine, known[machine.pk], now=now, minutes=60, window=window, count=400)[::16]
        for machine in chosen
    }
    for number in range(20):
        for machine in chosen:
            if number < len(starts[machine.pk]):
                yield machine, starts[machine.pk][number]


def _service(people: dict[str, Any], free: Iterator[tuple[Any, datetime]], made: list[str]) -> Callable[[], Any]:
    from django.utils import timezone

    from bookings.models import Producer
    from bookings.ordering.services import reserve

    user = people["producer"]
    producer = Producer.objects.filter(memberships__user=user)[0]

    def act() -> None:
        machine, begin = next(free)
        booking = reserve(
            machine_id=machine.pk, starts_at=begin, ends_at=begin + timedelta(hours=1), producer=producer,
            actor=user, now=timezone.now(), quantity=100,
        )  # fmt: skip
        made.append(booking.reference)

    return act


def _http(people: dict[str, Any], free: Iterator[tuple[Any, datetime]], made: list[str]) -> Callable[[], Any]:
    post = _poster(people)

    def act() -> None:
        machine, begin = next(free)
        answer = post(machine.slug, begin)
        if answer.status_code != 201:
            raise SystemExit(f"{answer.status_code} {answer.content.decode()[:500]}")
        made.append(answer.json()["reference"])

    return act


def _refused(people: dict[str, Any], made: list[str]) -> Callable[[], Any]:
    from bookings.models import BookedMachine

    part = BookedMachine.objects.select_related("machine").get(booking__reference=made[-1])
    post = _poster(people)

    def act() -> None:
        answer = post(part.machine.slug, part.starts_at)
        if answer.status_code != 409:
            raise SystemExit(f"{answer.status_code} {answer.content.decode()[:500]}")

    return act


def _poster(people: dict[str, Any]) -> Callable[[str, datetime], Any]:
    from django.utils import timezone

    from accounts.services import issue_token

    token = issue_token(user=people["producer"], scopes=["bookings:write"], days=1, now=timezone.now())
    client, number = visitor(), iter(range(10**9))

    def post(slug: str, begin: datetime) -> Any:
        body = {"machine": slug, "starts_at": begin.isoformat(), "ends_at": (begin + timedelta(hours=1)).isoformat(),
                "quantity": 100}  # fmt: skip
        return client.post(
            "/api/v1/bookings",
            json.dumps(body),
            content_type="application/json",
            headers={"authorization": f"Bearer {token}", "idempotency-key": f"bench-{token[:12]}-{next(number)}"},
        )

    return post


def _take_back(references: list[str]) -> None:
    """Leave the database as it was: bookings, what they held, and the tasks they queued."""
    from django_q.models import OrmQ

    from accounts.models import ApiToken
    from bookings.models import Booking, IdempotencyKey
    from facilities.models import Occupancy

    bookings = Booking.objects.filter(reference__in=references)
    held = list(Occupancy.objects.filter(booked_machine__booking__in=bookings).values_list("pk", flat=True))
    bookings.delete()
    Occupancy.objects.filter(pk__in=held).delete()
    OrmQ.objects.all().delete()
    IdempotencyKey.objects.filter(key__startswith="bench-").delete()
    ApiToken.objects.filter(scopes=["bookings:write"]).delete()


if __name__ == "__main__":
    main()
