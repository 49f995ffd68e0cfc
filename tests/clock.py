"""Stop the clock of the edges, so that a page tells the same story whenever the test runs."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import timezone


def stop(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """Let Django's own clock stand at `now`: views, sessions and the live server's threads read it there."""
    monkeypatch.setattr(timezone, "now", lambda: now)
