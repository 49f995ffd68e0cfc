"""Reports through the API: scoped, with definitions, missing never zero."""

from __future__ import annotations

import csv
import io
from datetime import date

import openpyxl
import pytest

from bookings.reports.models import ProducerMonth, UsageMonth
from tests import build, clock
from tests.api.calling import Caller, fields

pytestmark = pytest.mark.django_db

NOVEMBER = date(2026, 11, 1)
WINDOW = {"from": "2026-11-01", "to": "2026-11-30"}


def counted(house, **sums: int):
    machine = build.make_machine(house)
    values = {"available": 6000, "booked": 3000, "run": 1500, "approved": 4, "completed": 4, "signed": 4, "services": 4}
    UsageMonth.objects.create(machine=machine, month=NOVEMBER, **{**values, **sums})
    ProducerMonth.objects.create(machine=machine, month=NOVEMBER, producer=build.make_producer(), services=4)
    return machine


def test_figures_come_with_their_definitions():
    machine = counted(build.make_facility("pontianak"))
    shown = Caller(build.fitri()).get("/reports/usage", {**WINDOW, "group_by": "machine"}).json()
    (row,) = shown["items"]
    assert row["keys"] == {"machine": machine.slug} and row["figures"]["utilisation"] == 0.25
    assert (row["figures"]["run"], row["figures"]["producers"]) == (1500, 1)
    assert shown["definitions"]["utilisation"]["definition"] == "Jam terpakai dibagi jam tersedia."
    english = Caller(build.fitri()).get("/reports/usage", WINDOW, **{"Accept-Language": "en"}).json()
    assert english["definitions"]["utilisation"]["name"] == "Utilisation"


def test_what_nobody_reported_is_null_and_never_zero():
    counted(build.make_facility("sintang"), signed=0, services=0, run=0)
    (row,) = Caller(build.fitri()).get("/reports/usage", WINDOW).json()["items"]
    assert row["figures"]["run"] is None and row["figures"]["utilisation"] is None
    assert row["figures"]["completeness"] == 0


def missing(rows, key):
    return {"/".join(row["keys"].values()): (row["figures"][key], row["missing"].get(key)) for row in rows}


def test_months_without_figures_are_null_with_a_reason_and_never_left_out(monkeypatch):
    clock.stop(monkeypatch, build.at(8))
    counted(build.make_facility("pontianak"))
    asked = {"from": "2026-10", "to": "2026-12", "group_by": "month"}
    rows = Caller(build.fitri()).get("/reports/usage", asked).json()["items"]
    assert missing(rows, "booked") == {
        "2026-10": (None, "not_counted"), "2026-11": (3000, None), "2026-12": (None, "not_begun"),
    }  # fmt: skip


def test_a_house_that_counted_nothing_yet_is_null_in_its_month():
    counted(build.make_facility("pontianak"))
    build.make_facility("sintang")
    rows = Caller(build.fitri()).get("/reports/usage", {**WINDOW, "group_by": "month,facility"}).json()["items"]
    assert missing(rows, "available")["2026-11/sintang"] == (None, "not_counted")


def test_figures_of_machines_are_null_by_producer_and_never_zero():
    counted(build.make_facility("pontianak"))
    rows = Caller(build.fitri()).get("/reports/usage", {**WINDOW, "group_by": "producer"}).json()["items"]
    for key in ("available", "utilisation", "occupancy", "downtime"):
        assert [row["figures"][key] for row in rows] == [None] and rows[0]["missing"][key] == "not_by_producer"


@pytest.mark.parametrize("asked", [{"machine": "nirgends"}, {"machine": "theirs"}, {"type": "tidak-ada"}])
@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_a_machine_one_may_not_see_is_404_and_never_zeros(asked, kind):
    sintang = build.make_district("61.05", "Sintang", "kabupaten")
    counted(build.make_facility("sintang", district=sintang))
    build.make_machine(build.make_facility("pontianak"), slug="theirs")
    answer = Caller(build.eko(sintang)).get("/reports/usage", {**WINDOW, **asked, "format": kind})
    assert answer.status_code == 404


def test_everybody_sees_their_own_part():
    sintang = build.make_district("61.05", "Sintang", "kabupaten")
    here, there = build.make_facility("pontianak"), build.make_facility("sintang", district=sintang)
    counted(here), counted(there)
    seen = {}
    for user in (build.cahya(here), build.eko(sintang), build.fitri(), build.gunawan()):
        rows = Caller(user).get("/reports/usage", WINDOW).json()["items"]
        seen[user.name] = [row["keys"]["facility"] for row in rows]
    assert seen["Cahya"] == ["pontianak"] and seen["Eko"] == ["sintang"]
    assert sorted(seen["Fitri"]) == sorted(seen["Gunawan"]) == ["pontianak", "sintang"]
    eko = Caller(build.eko(sintang))
    assert eko.get("/reports/usage", {**WINDOW, "facility": "pontianak"}).status_code == 404
    assert eko.get("/reports/usage", {**WINDOW, "district": "61.71"}).status_code == 404


def test_producers_and_operators_read_no_reports():
    house = build.make_facility()
    for user in (build.siti(), build.rosa(), build.dewi(house)):
        assert Caller(user).get("/reports/usage").status_code == 404
    assert Caller(build.fitri(), "bookings:read").get("/reports/usage").status_code == 403


@pytest.mark.parametrize("asked", [{"query": {"format": "csv"}}, {"headers": {"Accept": "text/csv"}}])
def test_the_same_as_csv(asked):
    counted(build.make_facility("pontianak", name="=1+1"))
    answer = Caller(build.fitri()).get("/reports/usage", {**WINDOW, **asked.get("query", {})}, **asked.get("headers", {}))
    assert answer["Content-Type"] == "text/csv; charset=utf-8" and "attachment" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[1][0] == "'=1+1"


def test_the_same_as_a_workbook():
    counted(build.make_facility("pontianak"))
    answer = Caller(build.fitri()).get("/reports/usage", {**WINDOW, "format": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.worksheets[0].max_row == 2 and "Definisi" in book.sheetnames


@pytest.mark.parametrize(
    ("query", "field"),
    [({"group_by": "weekday"}, "group_by"), ({"from": "2026-02-30"}, "from"), ({"from": "2026-12-01", "to": "2026-11-01"}, "to"),
     ({"from": "2020-01-01", "to": "2099-01-01"}, "to"), ({"format": "pdf"}, "format"), ({"from": "0001-01-01"}, "from")],
)  # fmt: skip
def test_a_question_that_means_nothing_is_422(query, field):
    build.make_facility()
    answer = Caller(build.fitri()).get("/reports/usage", query)
    assert answer.status_code == 422 and fields(answer) == [field]


@pytest.mark.parametrize("path", ["/reports/usage", "/reports/needs"])
@pytest.mark.parametrize(
    ("first", "last", "field"),
    [("2026-10-15", "2026-10-16", "from"), ("2026-10-01", "2026-10-16", "to"), ("2026-10-02", "2026-10-31", "from")],
)
@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_days_within_a_month_are_refused_and_never_answered_with_the_whole_month(path, first, last, field, kind):
    counted(build.make_facility())
    answer = Caller(build.fitri()).get(path, {"from": first, "to": last, "format": kind})
    assert answer.status_code == 422 and fields(answer) == [field]


@pytest.mark.parametrize(("first", "last"), [("2026-11", "2026-11"), ("2026-11-01", "2026-11-30"), ("2026-02", "2026-11")])
def test_whole_months_are_answered_under_the_days_they_are_of(first, last):
    counted(build.make_facility())
    shown = Caller(build.fitri()).get("/reports/usage", {"from": first, "to": last}).json()
    assert (shown["first"][-2:], shown["last"]) == ("01", "2026-11-30")


def test_months_and_instants_are_dates_too():
    counted(build.make_facility())
    for first in ("2026-11", "2026-11-01T00:00:00+07:00"):
        shown = Caller(build.fitri()).get("/reports/usage", {"from": first, "to": "2026-11-30", "group_by": "month,facility"}).json()
        assert shown["items"][0]["keys"]["month"] == "2026-11"
