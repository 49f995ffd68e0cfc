"""Sets the traps when a process starts under `tests.faults.settings`."""

from __future__ import annotations

import os

from django.apps import AppConfig


class Faults(AppConfig):
    name = "tests.faults"
    label = "faults"

    def ready(self) -> None:
        from tests.faults import traps

        traps.set_all()
        if os.environ.get("RUMAH_UNGUARDED") == "1":
            from tests.faults.guards import leave_open

            leave_open(check=traps.look_and_linger)
