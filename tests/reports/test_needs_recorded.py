"""Months of which nobody can know what was asked for: to come, or before the first need was ever written down."""

from __future__ import annotations

from datetime import date

import pytest

from bookings.models import Need
from bookings.reports.queries.recorded import needs_unrecorded
from tests import build, clock
from tests.api.calling import Caller
from tests.reports.test_pages import client_of, text_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def november(monkeypatch):
    """A ledger whose first need is of October, read in November."""
    clock.stop(monkeypatch, build.at(12, day=1))
    asked = build.at(9, day=-30)
    Need.objects.create(
        asker="a", form="cair", pack_format="botol", quantity=300, net_weight=250, asked_on=asked.date(),
        month=date(2026, 10, 1), first_asked_at=asked, last_asked_at=asked,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [("2026-09", "2026-09", "not_counted"), ("2026-09", "2026-10", ""), ("2026-11", "2026-11", ""), ("2026-12", "2026-12", "not_begun")],
)
def test_a_month_is_recorded_from_the_first_need_on_until_now(november, first, last, why):
    days = [date.fromisoformat(f"{month}-01") for month in (first, last)]
    assert needs_unrecorded(first=days[0], last=days[1], today=TODAY) == why


@pytest.mark.parametrize("month", ["2026-09", "2026-12"])
def test_a_page_of_an_unrecorded_month_shows_no_zero_and_claims_nothing(november, month):
    said = text_of(client_of(build.fitri()).get(f"/laporan/kebutuhan/?bulan={month}"))
    assert said.count("belum dicatat") >= 4 and "belum ada kebutuhan yang dicatat" in said
    for claim in (" 0 ", "Tidak ada yang belum terlayani", "Tidak ada pencarian"):
        assert claim not in said.split("Unduh Excel")[1]


def test_the_month_before_the_first_need_is_no_zero_to_compare_with(november):
    october = text_of(client_of(build.fitri()).get("/laporan/kebutuhan/?bulan=2026-10"))
    november_ = text_of(client_of(build.fitri()).get("/laporan/kebutuhan/?bulan=2026-11"))
    assert "bulan lalu belum dicatat" in october and "bulan lalu belum dicatat" not in november_


@pytest.mark.parametrize(("month", "why"), [("2026-09", "not_counted"), ("2026-11", ""), ("2026-12", "not_begun")])
def test_scripts_are_told_null_with_a_reason_for_months_nobody_could_write_down(november, month, why):
    shown = Caller(build.fitri()).get("/reports/needs", {"from": month, "to": month}).json()
    assert shown["missing"] == why and (shown["total"]["needs"] is None) is bool(why)
