"""The counter's pages: the day, arrivals, requests, runs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.models import Booking
from bookings.services import running
from tests import build, clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """Monday 09.10 in Pontianak."""
    clock.stop(monkeypatch, build.at(9) + timedelta(minutes=10))


@pytest.fixture
def house():
    return build.make_facility("pontianak")


@pytest.fixture
def cahya(client, house):
    user = build.cahya(house)
    client.force_login(user)
    return user


def book(house, start=9.0, end=10.0, **asked) -> Booking:
    return build.make_booking(asked.pop("machine", None) or build.make_machine(house), start, end, **asked)


def test_the_day_names_who_is_late_and_offers_to_check_in(client, cahya, house):
    book(house, 9)
    page = client.get("/hari-ini/").content.decode()
    assert "1 orang terlambat" in page and "Keripik Siti" in page and "/hadir/" in page
