"""Two who sum at once: whoever read last writes last, and no change is forgotten."""

from __future__ import annotations

import threading
import time
from datetime import date

import pytest
from django.db import connection

from bookings.models import Run
from bookings.reports import services
from bookings.reports.models import UsageMonth
from facilities.models import StaleMonth
from tests import build
from tests.reports.history import OVER, count, served

NOVEMBER = date(2026, 11, 1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_an_old_reading_never_overwrites_a_newer_sum(monkeypatch):
    machine = build.make_machine()
    run = served(machine, build.at(8), build.at(10))
    sum_up, has_read = services.machine_month, threading.Event()

    def slowly(*args):
        if threading.current_thread().name == "slow":
            has_read.set()
            time.sleep(0.7)
        return sum_up(*args)

    monkeypatch.setattr(services, "machine_month", slowly)
    slow = threading.Thread(name="slow", target=closing(lambda: count(machine)))
    slow.start()
    assert has_read.wait(10)
    quick = threading.Thread(name="quick", target=closing(lambda: correct(run)))
    quick.start()
    for thread in (slow, quick):
        thread.join(30)
    services.recompute_stale(now=OVER)
    assert UsageMonth.objects.get().good == 555 and not StaleMonth.objects.exists()


def correct(run: Run) -> None:
    """Change the log, mark its month, and sum it at once, as the worker would."""
    Run.objects.filter(pk=run.pk).update(good=555)
    StaleMonth.objects.create(machine_id=run.machine_id, month=NOVEMBER)
    services.recompute_stale(now=OVER)


def closing(work):
    """Return `work` so that its thread gives its database connection back."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    return run
