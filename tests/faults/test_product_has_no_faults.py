"""Traps and switches live under tests; a house in use cannot be told to drop its guards."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.code import APPS, ROOT, modules

ASK = """
import sys, django
django.setup()
from django.conf import settings
print([name for name in sys.modules if name.split(".")[0] == "tests"], [a for a in settings.INSTALLED_APPS if "test" in a])
"""


@pytest.mark.engine
def test_production_settings_load_nothing_of_the_tests_whatever_the_environment_says(tmp_path):
    asked = {"RUMAH_UNGUARDED": "1", "RUMAH_FAULTS": "all", "RUMAH_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    loaded = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, env={**os.environ, **asked}, capture_output=True, text=True)
    assert loaded.stdout.strip() == "[] []", loaded.stderr


def test_no_module_of_the_product_imports_the_tests_or_reads_their_switches():
    product = [*modules(*APPS, "config")]
    assert [m.name for m in product for name in m.imports() if name.split(".")[0] in ("tests", "benchmarks")] == []
    assert [m.name for m in product if "UNGUARDED" in m.path.read_text()] == []
