#!/usr/bin/env python3
"""Many people POST the same hours at the same instant, over HTTP, round after round.

    .venv/bin/python benchmarks/race_http.py                                # SQLite, the site as `up` runs it
    DATABASE_URL=postgres://… .venv/bin/python benchmarks/race_http.py      # PostgreSQL, two gunicorn processes

Ends with 1 unless every round made exactly one booking and everybody else heard `taken`;
with --unguarded, unless the same race double-books.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import live


def shoot(port: int, scene: live.Scene, rounds: int) -> tuple[Counter[str], list[float]]:
    """Return how often each answer came, and how long each took in milliseconds."""
    start, answers, times = threading.Barrier(len(scene.tokens)), Counter[str](), []

    def one_person(token: str) -> None:
        caller = live.Caller(port, token)
        for number in range(rounds):
            caller.hang_up()  # a phone comes anew; a line kept open may have been closed by the server meanwhile
            start.wait(live.PATIENCE)
            begun = time.perf_counter()
            try:
                status, body, _ = caller.post("/api/v1/bookings", scene.asked(0, number))
                said = str(status) if status == 201 else f"{status} {body.get('code', '')}"
            except OSError as error:
                said = f"no answer: {type(error).__name__}"
            times.append((time.perf_counter() - begun) * 1000)
            answers[said] += 1

    with ThreadPoolExecutor(len(scene.tokens)) as crowd:
        list(crowd.map(one_person, scene.tokens))
    return answers, sorted(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument(
        "--unguarded", action="store_true", help="the control: no lock, no constraint; overlaps must appear"
    )
    asked = parser.parse_args()
    engine = live.own_database("tests.faults.settings" if asked.unguarded else "config.settings")
    if asked.unguarded:
        take_the_guards_off()
    scene = live.scene(machines=1, people=asked.people)
    port = live.free_port()
    site = (
        live.up(port, "--no-worker")
        if engine == "sqlite"
        else live.gunicorn(port, PUBLIC_URL=f"http://127.0.0.1:{port}")
    )
    try:
        live.wait_until_it_answers(port, site)
        begun = time.monotonic()
        answers, times = shoot(port, scene, asked.rounds)
        took = time.monotonic() - begun
    finally:
        site.end()
    guarded = report(engine, asked.rounds, asked.people, answers, times, took)
    sys.exit(0 if guarded != asked.unguarded else 1)


def take_the_guards_off() -> None:
    from tests.faults.guards import drop_constraint

    os.environ["RUMAH_UNGUARDED"] = "1"
    drop_constraint()


def report(engine: str, rounds: int, people: int, answers: Counter[str], times: list[float], took: float) -> bool:
    """Print what happened; return whether every round had one winner and nothing overlaps."""
    from bookings.models import Booking
    from tests.races.oracle import halves, overlaps

    booked, refused = answers.pop("201", 0), answers.pop("409 taken", 0)
    errors, in_database, double = sum(answers.values()), Booking.objects.count(), overlaps()
    broken = halves()
    print(f"{engine}: {rounds} rounds × {people} people = {len(times)} requests in {took:.1f} s")
    print(
        f"  bookings {booked} (in the database {in_database}) · refused as taken {refused} · overlaps {double} · errors {errors}"
    )
    print(
        f"  answer: median {times[len(times) // 2]:.0f} ms, p95 {times[int(len(times) * 0.95)]:.0f} ms, worst {times[-1]:.0f} ms"
    )
    for said, often in answers.most_common():
        print(f"  {often} × {said}")
    for words in broken:
        print(f"  {words}")
    return (booked, in_database, refused, errors, double) == (
        rounds,
        rounds,
        rounds * (people - 1),
        0,
        0,
    ) and not broken


if __name__ == "__main__":
    main()
