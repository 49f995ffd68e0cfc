"""A small round of benchmarks/kill.py: real processes, killed in the middle, on the engine of the suite."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.code import ROOT

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("victim", [["--web", "3", "--worker", "0"], ["--web", "0", "--worker", "5"]], ids=["web", "worker"])
def test_nothing_acknowledged_is_lost_and_nothing_is_sent_twice(victim, migrated):
    environment = {name: value for name, value in os.environ.items() if name not in ("RUMAH_DATA", "DJANGO_SETTINGS_MODULE")}
    killed = subprocess.run(
        [sys.executable, "benchmarks/kill.py", *victim],
        cwd=ROOT, env=environment | {"RUMAH_MIGRATED": migrated}, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert killed.returncode == 0, killed.stdout + killed.stderr
