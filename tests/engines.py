"""Which tests run on which engine, and a watch that none is left out by mistake.

On SQLite all of them run. On PostgreSQL three kinds are left out, and the summary counts them: pure tests, which
no engine can touch; browser journeys that are no `smoke`; and what is marked `once`, because it makes an SQLite of
its own, or no database, wherever the suite runs.

A test is pure when it has no database by fixture or mark, and is not marked `engine`. The watch makes that certain:
a pure test that asks for a connection, or starts a process, fails, on either engine.
"""

from __future__ import annotations

import subprocess
import threading
from collections import Counter
from typing import Any

import pytest
from django.db import connections
from django.db.utils import ConnectionHandler

IS_SQLITE = connections.settings["default"]["ENGINE"].endswith("sqlite3")
DATABASE = {"django_db_setup", "live_server"}
"""Fixtures behind every way to a database; what asks for one by another name has these in its closure."""

_asked: list[str] | None = None


def is_pure(item: Any) -> bool:
    marks = {mark.name for mark in item.iter_markers()}
    fixtures = set(getattr(item, "fixturenames", DATABASE))
    return not marks & {"browser", "django_db", "engine", "once"} and not fixtures & DATABASE


def why_not(item: Any) -> str:
    """Return why PostgreSQL does not see this test, or nothing."""
    marks = {mark.name for mark in item.iter_markers()}
    if "once" in marks or ("browser" in marks and "smoke" not in marks):
        return "once" if "once" in marks else "browser"
    return "pure" if is_pure(item) else ""


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> Counter[str]:
    """Take out of `items` what does not run on this engine; return how many of each kind."""
    reasons = ["" if IS_SQLITE else why_not(item) for item in items]
    config.hook.pytest_deselected(items=[item for item, why in zip(items, reasons, strict=True) if why])
    items[:] = [item for item, why in zip(items, reasons, strict=True) if not why]
    return Counter(filter(None, reasons))


def begin_to_watch(item: Any) -> None:
    global _asked
    _asked = [] if is_pure(item) else None


def assert_pure() -> None:
    """Fail the test that was watched when it did what no pure test does."""
    global _asked
    asked, _asked = _asked, None
    assert not asked, f"this test {asked[0]}: mark it `engine` if the engine matters to it, else `once`"


def _note(what: str) -> None:
    if _asked is not None and threading.current_thread() is threading.main_thread():
        _asked.append(what)


def _ask_for_a_connection(self: ConnectionHandler, alias: str, ask: Any = ConnectionHandler.__getitem__) -> Any:
    _note("asks for a connection")
    return ask(self, alias)


def _start_a_process(self: Any, *args: Any, start: Any = subprocess.Popen.__init__, **kwargs: Any) -> None:
    _note("starts a process")
    start(self, *args, **kwargs)


ConnectionHandler.__getitem__ = _ask_for_a_connection
subprocess.Popen.__init__ = _start_a_process
