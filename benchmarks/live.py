"""A real site to shoot at: a database of its own, real processes, people with tokens.

Engine as everywhere: SQLite, unless DATABASE_URL names a PostgreSQL server; then a
database is made beside the named one and dropped at the end. Call `own_database()`
before anything of Django is imported. RUMAH_MIGRATED names a database, or a file of SQLite, to begin
with a copy of: migrating takes seconds.
"""

from __future__ import annotations

import atexit
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60
"""Seconds within which a site must answer again."""


def own_database(settings: str = "config.settings") -> str:
    """Point this process and its children at a new, migrated database; return the engine's name."""
    sys.path.insert(0, str(ROOT))
    folder = tempfile.mkdtemp(prefix="rumah-live-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ |= {
        "RUMAH_DATA": folder,
        "DJANGO_SETTINGS_MODULE": settings,
        "EMAIL_URL": os.environ.get("EMAIL_URL", ""),
    }
    server, migrated = os.environ.get("DATABASE_URL", ""), os.environ.get("RUMAH_MIGRATED", "")
    if server.startswith("postgres"):
        os.environ["DATABASE_URL"] = _database_beside(server, migrated)
    elif migrated:
        shutil.copy(migrated, Path(folder, "rumah.sqlite3"))
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    connection.close()
    return connection.vendor


def _database_beside(server: str, template: str) -> str:
    import psycopg

    name = f"rumah_live_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}" + f' TEMPLATE "{template}"' * bool(template))

    def drop() -> None:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    atexit.register(drop)
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


class Program:
    """One process and all it starts, as a group of its own."""

    def __init__(self, command: list[str], **environment: str) -> None:
        self.command = [sys.executable, *command]
        self.environment = {**os.environ, "LOG_LEVEL": "ERROR", **environment}
        self.log = Path(os.environ["RUMAH_DATA"], f"{id(self)}.log").open("ab")  # noqa: SIM115 - as long as the process
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=self.environment, start_new_session=True, stdout=self.log, stderr=self.log
        )

    def end(self, number: int = signal.SIGTERM) -> None:
        """Send a signal to the whole group and wait; what will not go is killed."""
        try:
            os.killpg(self.process.pid, number)
            self.process.wait(30)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()

    def said(self) -> str:
        return Path(self.log.name).read_text(errors="replace")


def up(port: int, *options: str, **environment: str) -> Program:
    """The site as a newcomer starts it: waitress, one process, supervised."""
    return Program(["manage.py", "up", "--no-demo", "--port", str(port), *options], **environment)


def gunicorn(port: int, **environment: str) -> Program:
    """The site as docs/install.md runs it in production: two processes."""
    options = ["--workers", "2", "--worker-class", "gthread", "--threads", "4", "--log-level", "error"]
    return Program(["-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", *options], **environment)


def wait_until_it_answers(port: int, program: Program) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            if Caller(port, "").get("/healthz")[0] == 200:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        if program.process.poll() is not None:
            break
    raise SystemExit(f"the site did not start:\n{program.said()}")


class Caller:
    """One person's connection to the API, kept open as a browser keeps it."""

    def __init__(self, port: int, token: str, timeout: float = 30) -> None:
        self.port, self.token, self.timeout = port, token, timeout
        self.line: http.client.HTTPConnection | None = None

    def post(self, path: str, body: dict[str, Any], key: str = "") -> tuple[int, dict[str, Any], dict[str, str]]:
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        return self._ask("POST", path, json.dumps(body), headers)

    def get(self, path: str) -> tuple[int, dict[str, Any], dict[str, str]]:
        return self._ask("GET", path, None, {})

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Any:
        if self.line is None:
            self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        if self.token:
            headers |= {"Authorization": f"Bearer {self.token}"}
        try:
            self.line.request(method, path, body, headers)
            answer = self.line.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.hang_up()
            raise
        parsed = json.loads(content) if "json" in answer.headers.get("Content-Type", "") else {}
        return answer.status, parsed, dict(answer.headers)

    def hang_up(self) -> None:
        if self.line is not None:
            self.line.close()
        self.line = None


@dataclass(frozen=True)
class Scene:
    """A house that is always open, its machines' slugs, and people with tokens."""

    machines: list[str]
    tokens: list[str]
    first_day: datetime

    def asked(self, machine: int, number: int) -> dict[str, Any]:
        """Return the body of a booking of two hours, the `number`th of them: twelve fill a day."""
        starts = self.first_day + timedelta(hours=2 * number)
        return {
            "machine": self.machines[machine],
            "starts_at": starts.isoformat(),
            "ends_at": (starts + timedelta(hours=2)).isoformat(),
            "quantity": 300,
        }


def scene(*, machines: int, people: int, **of_people: Any) -> Scene:
    """Build the house through the same functions as the tests."""
    from django.utils import timezone

    from accounts.services import issue_token
    from facilities.models import OpeningHours
    from tests import build

    now = timezone.now()
    house = build.make_facility("pontianak", hours=None, horizon=366, longest=480, notice=0, what_to_bring="Produk")
    OpeningHours.objects.bulk_create(
        OpeningHours(facility=house, weekday=day, opens=0, closes=1440, valid_from=now.date() - timedelta(days=30))
        for day in range(7)
    )
    made = [build.make_machine(house) for _ in range(machines)]
    crowd = [build.make_user(f"Orang {n}", **of_people) for n in range(people)]
    for user in crowd:
        build.make_producer(f"Usaha {user.pk}", owner=user)
    tokens = [issue_token(user=user, scopes=["bookings:read", "bookings:write"], days=1, now=now) for user in crowd]
    midnight = now.replace(hour=17, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return Scene([machine.slug for machine in made], tokens, midnight)


def children(pid: int) -> list[int]:
    """Return the processes that a process started and that still run, the oldest first."""
    return sorted(int(child) for child, parent, state in _processes() if parent == str(pid) and state != "Z")


def runs(pid: int) -> bool:
    """Whether a process still does anything; one that only waits to be buried does not."""
    return any(child == str(pid) and state != "Z" for child, _, state in _processes())


def _processes() -> list[tuple[str, str, str]]:
    """Return (process, its parent, its state) of all there are."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            found.append((folder.name, parent, state))
    return found
