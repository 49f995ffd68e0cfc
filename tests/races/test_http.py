"""The race over HTTP against real processes: a small round of benchmarks/race_http.py, and its control."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.code import ROOT

pytestmark = [pytest.mark.race, pytest.mark.slow]


@pytest.mark.parametrize("guards", ["on", "off"])
def test_twenty_people_post_the_same_hours_and_one_gets_them_only_because_of_the_guards(guards, migrated):
    options = ["--rounds", "5"] + ["--unguarded"] * (guards == "off")
    environment = {name: value for name, value in os.environ.items() if name not in ("RUMAH_DATA", "DJANGO_SETTINGS_MODULE")}
    shot = subprocess.run(
        [sys.executable, "benchmarks/race_http.py", *options],
        cwd=ROOT, env=environment | {"RUMAH_MIGRATED": migrated}, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert shot.returncode == 0, shot.stdout + shot.stderr
