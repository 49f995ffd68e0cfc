"""The worker as a real process: told to stop, hurt, or stuck."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ, Task
from django_q.tasks import async_task

from benchmarks.live import children, runs
from config import cluster
from tests.code import ROOT

PATIENCE = 30


MANAGE = [sys.executable, str(ROOT / "manage.py")]


@pytest.fixture(scope="module")
def house(tmp_path_factory, migrated):
    """An SQLite of their own, wherever the suite runs: what the workers do with each other is no matter of engines."""
    folder = str(tmp_path_factory.mktemp("house"))
    environment = {**os.environ, "RUMAH_DATA": folder, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "tests.faults.settings"}
    if migrated:
        shutil.copy(migrated, f"{folder}/rumah.sqlite3")
    else:
        subprocess.run([*MANAGE, "migrate", "--verbosity", "0"], env=environment, check=True)
    return environment


@pytest.fixture
def worker(house):
    process = subprocess.Popen([*MANAGE, "worker"], env=house, start_new_session=True, stderr=subprocess.DEVNULL)
    yield process
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def whole(worker) -> list[int]:
    """Wait for worker, monitor and pusher under their sentinel; return their process ids."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for sentinel in children(worker.pid):
            if len(found := children(sentinel)) == 3:
                return found
        time.sleep(0.1)
    raise AssertionError("the worker did not start")


@pytest.mark.once
@pytest.mark.slow
@pytest.mark.parametrize("victim", [0, 1, 2], ids=["worker", "monitor", "pusher"])
def test_a_sudden_death_ends_the_whole_worker_at_once(worker, victim):
    """Otherwise: killed while waiting for a task, it keeps the queue's lock, and no later child gets any."""
    those = whole(worker)
    os.kill(those[victim], signal.SIGKILL)
    assert worker.wait(PATIENCE) == cluster.HURT
    until = time.monotonic() + PATIENCE
    while any(map(runs, those)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(map(runs, those))


@pytest.mark.once
@pytest.mark.slow
def test_a_worker_told_to_stop_finishes_in_peace(worker):
    whole(worker)
    worker.terminate()
    assert worker.wait(PATIENCE) == 0


@pytest.mark.django_db
def test_stuck_is_when_tasks_wait_and_none_was_finished_for_five_minutes(monkeypatch):
    monkeypatch.setattr(cluster.connection, "close", lambda: None)
    now, long_ago = timezone.now(), timezone.now() - timedelta(minutes=6)
    assert not cluster.is_stuck(since=long_ago, now=now)
    async_task("accounts.tasks.beat")
    assert cluster.is_stuck(since=long_ago, now=now) and not cluster.is_stuck(since=now, now=now)
    Task.objects.create(id="a", name="a", func="f", started=now, stopped=now - timedelta(minutes=1), success=False)
    assert not cluster.is_stuck(since=long_ago, now=now) and OrmQ.objects.exists()
