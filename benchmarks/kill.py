#!/usr/bin/env python3
"""`kill -9` in the middle of bookings and of tasks, again and again; then count.

    .venv/bin/python benchmarks/kill.py [--web 20] [--worker 20]            # SQLite
    DATABASE_URL=postgres://… .venv/bin/python benchmarks/kill.py           # PostgreSQL

Web: every acknowledged booking exists, the same key gets the same answer, nothing is
half there. Worker: everybody was told of everything, no message twice. Ends with 1 otherwise.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import kill_web, kill_worker, live
from tests.faults.mailbox import open_mailbox


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--web", type=int, default=20, help="how often the web process is killed")
    parser.add_argument("--worker", type=int, default=20, help="how often the worker is killed")
    parser.add_argument("--seed", type=int, default=20261123)
    asked = parser.parse_args()
    with open_mailbox() as mailbox:
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{mailbox.port}?tls=0"
        engine = live.own_database("tests.faults.settings")
        scene = live.scene(machines=4, people=8, email="orang@example.id")
        chance = random.Random(asked.seed)
        faults = []
        if asked.web:
            faults += kill_web.run(engine, scene, kills=asked.web, chance=chance)
        if asked.worker:
            faults += kill_worker.run(engine, scene, mailbox, kills=asked.worker, chance=chance)
    for fault in faults:
        print(f"  FAULT: {fault}")
    print(f"{engine}: {'nothing lost, nothing twice' if not faults else f'{len(faults)} faults'} (seed {asked.seed})")
    sys.stdout.flush()
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
