"""Kill the web process while people book, and let them ask again with the same key until they are answered."""

from __future__ import annotations

import http.client
import itertools
import os
import random
import signal
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field

from benchmarks import live

PEOPLE = 4
ANSWERS_BETWEEN = 25
"""Bookings acknowledged before the next kill: else a slow machine is killed while nobody books."""
STEADY = 10.5
"""Seconds between kills under `up`, which takes a process that falls sooner for a broken one and waits."""


@dataclass
class Ledger:
    """What the people were told: by key, the reference they hold; and how often nobody answered."""

    held: dict[str, tuple[str, dict]] = field(default_factory=dict)
    said: Counter = field(default_factory=Counter)
    numbers: itertools.count = field(default_factory=itertools.count)
    over: threading.Event = field(default_factory=threading.Event)


def run(engine: str, scene: live.Scene, *, kills: int, chance: random.Random) -> list[str]:
    """Kill `kills` times, half at named places, half at random; return what is wrong afterwards."""
    port = live.free_port()
    address = f"http://127.0.0.1:{port}"
    site = live.up(port, "--no-worker") if engine == "sqlite" else live.gunicorn(port, PUBLIC_URL=address)
    ledger = Ledger()
    crowd = [threading.Thread(target=_book_on, args=(port, scene, n, ledger)) for n in range(PEOPLE)]
    try:
        live.wait_until_it_answers(port, site)
        for person in crowd:
            person.start()
        killed = _kill_often(engine, site, ledger, kills, chance)
        ledger.over.set()
        for person in crowd:
            person.join(live.PATIENCE)
        faults = _faults(port, scene, ledger)
    finally:
        ledger.over.set()
        site.end()
    how = ", ".join(f"{often} {where}" for where, often in sorted(killed.items()))
    print(f"{engine}: web killed {sum(killed.values())} times ({how})")
    print(f"  acknowledged {len(ledger.held)} bookings; answers {dict(ledger.said)}")
    return faults


def _book_on(port: int, scene: live.Scene, person: int, ledger: Ledger) -> None:
    """Book one free time after the other; each until there is an answer, always with its own key."""
    caller = live.Caller(port, scene.tokens[person], timeout=10)
    while not ledger.over.is_set():
        number = next(ledger.numbers)
        body, key = scene.asked(number % len(scene.machines), number // len(scene.machines)), uuid.uuid4().hex
        while True:
            try:
                status, answer, headers = caller.post("/api/v1/bookings", body, key)
            except (OSError, http.client.HTTPException):
                ledger.said["no answer"] += 1
                time.sleep(0.2)
                continue
            again = " replayed" if headers.get("Idempotency-Replayed") else ""
            ledger.said[f"{status}{again}"] += 1
            if status < 500:
                ledger.held[key] = (
                    answer.get("reference", f"refused: {answer.get('code')}"),
                    {"body": body, "person": person},
                )
                break
            time.sleep(0.2)


def _kill_often(engine: str, site: live.Program, ledger: Ledger, kills: int, chance: random.Random) -> Counter:
    from tests.faults import traps

    killed: Counter = Counter()
    for number in range(kills):
        enough = len(ledger.held) + ANSWERS_BETWEEN
        time.sleep(STEADY if engine == "sqlite" else chance.uniform(0.5, 1.5))
        _wait(lambda enough=enough: len(ledger.held) >= enough)
        if number % 2 == 0:
            where = traps.WEB[number // 2 % len(traps.WEB)]
            traps.arm(where)
            _wait(lambda where=where: not traps.is_armed(where))
        else:
            where = "at random"
            victims = _web_processes(site)
            os.kill(chance.choice(victims), signal.SIGKILL)
        killed[where] += 1
    time.sleep(2)
    return killed


def _web_processes(site: live.Program) -> list[int]:
    _wait(lambda: bool(live.children(site.process.pid)))
    return live.children(site.process.pid)


def _wait(for_what) -> None:
    until = time.monotonic() + live.PATIENCE
    while not for_what():
        if time.monotonic() > until:
            raise SystemExit("the trap was never sprung, or the site never came back")
        time.sleep(0.02)


def _faults(port: int, scene: live.Scene, ledger: Ledger) -> list[str]:
    """Ask for everything once more, then ask the tables."""
    from django_q.models import OrmQ

    from bookings.models import Booking, BookingEvent
    from bookings.trail.events import FOLLOW_UP
    from tests.races.oracle import halves, overlaps

    faults = []
    for key, (reference, asked) in ledger.held.items():
        caller = live.Caller(port, scene.tokens[asked["person"]])
        status, answer, headers = caller.post("/api/v1/bookings", asked["body"], key)
        if (status, answer.get("reference"), headers.get("Idempotency-Replayed")) != (201, reference, "true"):
            faults.append(f"{reference} asked for again: {status} {answer.get('reference') or answer.get('code')}")
        caller.hang_up()
    held, there = (
        {reference for reference, _ in ledger.held.values()},
        set(Booking.objects.values_list("reference", flat=True)),
    )
    faults += [f"{reference} was acknowledged and is gone" for reference in held - there]
    faults += [f"{reference} exists and nobody was told" for reference in there - held]
    faults += halves()
    if overlaps():
        faults.append(f"{overlaps()} overlaps")
    waiting = BookingEvent.objects.filter(awaits_follow_up=True).count()
    queued = sum(task.func() == FOLLOW_UP for task in OrmQ.objects.all())
    if waiting != queued or waiting != len(there):
        faults.append(f"{waiting} events wait to be told, {queued} tasks are queued for {len(there)} bookings")
    return faults
