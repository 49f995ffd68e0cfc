"""What every test shares: how hard properties are tried, and a clean cache."""

from __future__ import annotations

import os

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, settings

from config.context import DEMO_KEY

settings.register_profile("quick", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(autouse=True)
def steady_cache():
    """Start as a site that has run for a while: that no demo data is loaded is known, all else is not."""
    cache.clear()
    cache.set(DEMO_KEY, False)
