"""In which turn tests are handed to workers: long before quick, and one by one, so that all end together."""

from __future__ import annotations

import os
from typing import Any

import pytest
from xdist.scheduler.load import LoadScheduling

from tests.engines import is_pure

AHEAD = 2
"""Tests that a worker knows of: the one it runs, and the one whose fixtures tell it what to keep."""


def workers() -> int:
    """Return one more than there are cores: while a site starts or a page falls silent, somebody else computes."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (available or 1) + 1


def turn(item: Any) -> tuple[int, bool]:
    """Return when a test has its turn.

    What starts sites of its own comes first, for it mostly waits. Then, as pytest-django wants it, what is rolled
    back before what commits; and what needs no database last.
    """
    marks = {mark.name: mark for mark in item.iter_markers()}
    fixtures = set(getattr(item, "fixturenames", ()))
    commits = "live_server" in fixtures or "transactional_db" in fixtures
    if "django_db" in marks:
        commits = commits or bool(marks["django_db"].kwargs.get("transaction"))
    elif "slow" in marks and not commits:
        return 0, False
    return (3 if is_pure(item) else 2 if commits else 1), "slow" not in marks


class OneByOne(LoadScheduling):
    """Hands tests out in their order. xdist's own gives each worker hundreds of quick ones ahead, with long ones among
    them; then one core still works on its heap when the others have gone home."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        self.maxschedchunk = AHEAD

    def check_schedule(self, node: Any, duration: float = 0) -> None:
        if node.shutting_down:
            return
        if self.pending:
            self._send_tests(node, max(0, AHEAD - len(self.node2pending[node])))
        else:
            node.shutdown()
