"""`up` as a newcomer runs it: a real process with a data folder of its own, web and worker under it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.settings import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.once]


def a_newcomers_environment(data: Path) -> dict[str, str]:
    ours = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    return {name: value for name, value in os.environ.items() if name not in ours} | {"RUMAH_DATA": str(data)}


class Running:
    """One `up` and what it says of itself."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = data / "up.log"
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--no-demo", "--port", str(self.port)],
                cwd=ROOT,
                env=a_newcomers_environment(data),
                stdout=log,
                stderr=log,
            )

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()

    def children(self) -> dict[str, int]:
        """Return the process ids of web and worker, as the log says them."""
        lines = [line for line in self.log.read_text().splitlines() if "started, process" in line]
        return {line.split("] ")[1].split()[0]: int(line.rsplit(" ", 1)[1]) for line in lines}

    def wait_until(self, holds, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end and self.process.poll() in (None, -9), self.log.read_text()[-2000:]
            time.sleep(0.2)

    def wait_until_ready(self) -> None:
        self.wait_until(lambda: "started, process" in self.log.read_text())
        self.wait_until(lambda: self.get("/readyz")[0] == 200)


@contextmanager
def started(data):
    running = Running(data)
    yield running
    running.process.terminate()
    running.process.wait(30)


@pytest.fixture
def first_up(tmp_path):
    """From nothing: it makes its database too."""
    with started(tmp_path) as running:
        yield running


@pytest.fixture
def up(tmp_path, migrated):
    """Where it was started before: only the first start is about making a database."""
    if migrated:
        shutil.copy(migrated, tmp_path / "rumah.sqlite3")
    with started(tmp_path) as running:
        yield running


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that ended but was not yet fetched by its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_up_brings_web_and_worker_and_takes_both_away(first_up):
    up = first_up
    up.wait_until_ready()
    assert json.loads(up.get("/readyz")[1])["checks"]["worker"] == "ok"
    assert up.get("/masuk/")[0] == 200
    pids = up.children().values()

    up.process.send_signal(signal.SIGINT)

    assert up.process.wait(30) == 0
    assert not any(is_alive(pid) for pid in pids)


def test_killed_parts_come_back_and_nobody_meets_a_closed_door(up):
    up.wait_until_ready()
    before = up.children()

    for pid in before.values():
        os.kill(pid, signal.SIGKILL)

    assert up.get("/healthz")[0] == 200
    up.wait_until(lambda: all(up.children()[name] != pid for name, pid in before.items()))


def test_when_up_itself_is_killed_its_parts_end_too(up):
    up.wait_until_ready()
    pids = list(up.children().values())

    up.process.kill()

    up.wait_until(lambda: not any(is_alive(pid) for pid in pids), seconds=30)


def test_a_port_in_use_is_said_before_anything_else(up, tmp_path):
    up.wait_until_ready()

    second = subprocess.run(
        [sys.executable, "manage.py", "up", "--no-demo", "--port", str(up.port)],
        cwd=ROOT,
        env=a_newcomers_environment(tmp_path / "second"),
        capture_output=True,
        text=True,
    )

    assert second.returncode == 1
    assert "Choose another with --port" in second.stderr
    assert not (tmp_path / "second/rumah.sqlite3").exists()
