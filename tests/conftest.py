"""What every test shares: how hard properties are tried, a clean cache, its database, and on which engines it runs."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

from config.context import DEMO_KEY
from tests import databases, engines, turns

settings.register_profile("quick", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(autouse=True)
def steady_cache():
    """Start as a site that has run for a while: that no demo data is loaded is known, all else is not."""
    cache.clear()
    cache.set(DEMO_KEY, False)


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix() -> None:
    """Leave the name as it is: it is the template's, and the copies have names of their own."""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_keepdb: bool, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Migrate once for all workers, and empty tables quickly after tests that commit."""
    worker = getattr(request.config, "workerinput", None)
    if worker:
        databases.copy_a_template(worker["workerid"], Path(django_settings.DATA) / f"template-{worker['testrunuid']}")
    flush, TransactionTestCase._fixture_teardown = TransactionTestCase._fixture_teardown, databases.empty_quickly
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture(scope="session")
def migrated(django_db_setup: None) -> str:
    """A migrated database to copy, its name or file, for sites that a test starts; nothing where one process runs all."""
    return databases.template


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = engines.leave_out(config, items)
    items.sort(key=turns.turn)
    if hasattr(config, "workeroutput"):
        config.workeroutput["left_out"] = dict(left_out)
    else:
        config.stash[LEFT_OUT] = left_out


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    return turns.workers()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    return turns.OneByOne(config, log) if config.getoption("dist") == "load" else None


LEFT_OUT = pytest.StashKey[Counter[str]]()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    node.config.stash[LEFT_OUT] = Counter(getattr(node, "workeroutput", {}).get("left_out"))


def pytest_terminal_summary(terminalreporter: object, config: pytest.Config) -> None:
    """Say what the other engine is there for; also where `-q` keeps the header back."""
    if left_out := config.stash.get(LEFT_OUT, None):
        kinds = ", ".join(f"{often} {kind}" for kind, often in sorted(left_out.items()))
        terminalreporter.write_line(f"{left_out.total()} tests run on SQLite only: {kinds} (see tests/engines.py)")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    engines.begin_to_watch(item)
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    result = yield
    engines.assert_pure()
    return result
