"""What a PostgreSQL is not asked is asked of SQLite, and nothing is left out by mistake."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.db import connection

from tests import engines


def item_of(*marks: str, **closure: list[str]) -> SimpleNamespace:
    """A test with these marks, and with the fixtures of `fixturenames`."""
    return SimpleNamespace(iter_markers=lambda: [getattr(pytest.mark, name).mark for name in marks], **closure)


@pytest.mark.parametrize(
    ("marks", "fixtures", "why"),
    [
        ([], [], "pure"),
        (["race", "slow"], ["monkeypatch"], "pure"),
        ([], ["db", "_django_db_helper", "django_db_setup"], ""),
        ([], ["live_server"], ""),
        (["django_db"], [], ""),
        (["engine"], [], ""),
        (["once"], ["django_db_setup"], "once"),
        (["browser", "django_db"], ["live_server"], "browser"),
        (["browser", "django_db", "smoke"], ["live_server"], ""),
    ],
)
def test_postgresql_sees_all_but_what_it_cannot_touch(marks, fixtures, why):
    assert engines.why_not(item_of(*marks, fixturenames=fixtures)) == why


def test_of_what_is_not_known_every_engine_hears():
    assert engines.why_not(item_of()) == ""


@pytest.mark.engine
@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda: connection.vendor, "asks for a connection"),
        (lambda: subprocess.run([sys.executable, "-c", ""], check=True), "starts a process"),
    ],
)
def test_a_test_that_only_seems_pure_fails(act, said):
    engines.begin_to_watch(item_of(fixturenames=[]))
    act()
    with pytest.raises(AssertionError, match=said):
        engines.assert_pure()


@pytest.mark.engine
def test_others_may_do_as_they_like():
    engines.begin_to_watch(item_of("once", fixturenames=[]))
    assert connection.vendor
    engines.assert_pure()
