"""Every figure of a small difficult world: recomputed by plain SQL, and added up from its own rows."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import pairwise, product

import pytest
from django.test import Client

from accounts import formats
from bookings.reports import queries
from bookings.reports.exports import USAGE
from bookings.reports.indicators import COLUMNS, INDICATORS, Sums, figure
from bookings.reports.models import ProducerMonth, UsageMonth
from tests import build, clock
from tests.reports import world as worlds
from tests.reports.plain_sql import Month
from tests.reports.world import DECEMBER, MONTHS, NOVEMBER, NOW, OCTOBER

pytestmark = pytest.mark.django_db
SPANS = [*((month, month) for month in MONTHS), *pairwise(MONTHS), (OCTOBER, DECEMBER)]
MADE_OF_OTHERS = {key for key, one in INDICATORS.items() if one.unit == "share"} | {"wasted"}


@pytest.fixture
def world():
    return worlds.make()


def recomputed(machine, month) -> dict[str, int]:
    house = machine.facility
    return Month(machine.pk, house.pk, house.zone_name, month, NOW).figures()


@pytest.mark.parametrize("month", MONTHS)
def test_every_figure_of_a_machines_month_is_what_plain_sql_says(world, month):
    for machine in world.machines:
        (row,) = queries.sums_by(world.houses, first=month, last=month, machine=machine.slug)
        assert {name: getattr(row.sums, name) for name in COLUMNS} == recomputed(machine, month)


def test_figures_of_houses_and_of_all_months_are_the_sums_of_plain_sql_and_shares_are_made_of_them(world):
    wanted = Counter()
    for machine in world.machines:
        for month in MONTHS:
            wanted.update(recomputed(machine, month))
    (row,) = queries.sums_by(world.houses, first=OCTOBER, last=DECEMBER)
    sums = Sums(**wanted, cells=9)
    assert row.sums == sums
    assert row.figure("utilisation") == sums.run / sums.available
    assert row.figure("wasted") == sums.booked - sums.unreported - sums.run
    assert row.figure("reject_share") == sums.rejected / (sums.good + sums.rejected)


def test_a_booking_moved_between_two_counted_months_left_the_one_and_is_in_the_other(world):
    machine = world.machines[1]
    part = machine.booked.get(starts_at=worlds.at(13, day=8))
    cells = {cell.month: cell for cell in UsageMonth.objects.filter(machine=machine)}
    moved = ProducerMonth.objects.filter(machine=machine, producer=part.booking.producer)
    assert [(cell.month, cell.booked, cell.approved) for cell in moved] == [(DECEMBER, 120, 1)]
    assert [cells[month].approved for month in (NOVEMBER, DECEMBER)] == [recomputed(machine, m)["approved"] for m in (NOVEMBER, DECEMBER)]


def test_shares_of_producers_are_cut_at_the_same_midnights(world):
    for name in ("run", "services", "good", "rejected", "approved", "signed"):
        parts = queries.sums_by(world.houses, first=OCTOBER, last=DECEMBER, group_by=["producer"])
        (whole,) = queries.sums_by(world.houses, first=OCTOBER, last=DECEMBER)
        assert sum(getattr(part.sums, name) for part in parts) == getattr(whole.sums, name)


def test_every_counted_figure_can_be_opened_or_is_made_of_those_that_can():
    opened = set(queries.ROWS_OF) | MADE_OF_OTHERS | {"available", "downtime"}
    assert set(USAGE) <= opened and set(COLUMNS) <= opened


@pytest.mark.parametrize(("first", "last"), SPANS)
def test_every_figure_is_the_sum_of_its_rows(world, first, last):
    for key, (houses, machine) in product(queries.ROWS_OF, asked_of(world)):
        kind, total = queries.ROWS_OF[key]
        asked = {"first": first, "last": last, "machine": machine}
        (row,) = queries.sums_by(houses, **asked)
        rows = queries.detail_rows(houses, kind, now=NOW, **asked)
        assert (key, getattr(rows.total(), total)) == (key, figure(key, row.sums, row.producers) or 0)
        assert added_up(list(rows)) == rows.total() and len(rows) == rows.total().rows


def asked_of(world) -> list:
    return [(world.houses, ""), *(([house], "") for house in world.houses), *((world.houses, one.slug) for one in world.machines)]


def added_up(rows) -> queries.Totals:
    begun = [row for row in rows if row.begins]
    return queries.Totals(
        len(rows), len(begun), sum(row.minutes or 0 for row in rows), sum(row.good or 0 for row in begun),
        sum(row.rejected or 0 for row in begun), len({row.producer_id for row in begun}),
    )  # fmt: skip


@pytest.mark.parametrize("month", MONTHS)
def test_breakdowns_add_up_to_downtime(world, month):
    (row,) = queries.sums_by(world.houses, first=month, last=month)
    stops = queries.breakdowns(world.houses, month=month, now=NOW)
    assert sum(stop.counted for stop in stops) == row.sums.downtime > 0


@pytest.mark.parametrize("month", MONTHS)
def test_the_hours_of_the_week_add_up_to_the_months_hours(world, month):
    (row,) = queries.sums_by(world.houses, first=month, last=month)
    week = queries.week_of(world.houses, month=month, now=NOW)
    assert (sum(week.run), sum(week.available)) == (row.sums.run, row.sums.available)


def test_a_run_over_the_months_end_is_in_both_lists_with_the_minutes_of_each(world):
    asked = {"now": NOW, "machine": "satu"}
    lists = [queries.detail_rows(world.houses, "pemakaian", first=m, last=m, **asked) for m in (OCTOBER, NOVEMBER)]
    over = [next(row for row in rows if row.whole == 420) for rows in lists]
    assert [(row.run, row.begins, row.good) for row in over] == [(240, True, 100), (180, False, None)]


@pytest.fixture
def fitri(world, monkeypatch):
    clock.stop(monkeypatch, NOW)
    client = Client()
    client.force_login(build.fitri())
    return client


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\xa0", " ").split())


def test_the_list_of_runs_says_what_it_adds_up_to_and_which_part_lies_in_another_month(world, fitri):
    said = words_of(fitri.get("/laporan/rincian/?isi=pemakaian&bulan=2026-11&mesin=satu").content.decode())
    (row,) = queries.sums_by(world.houses, first=NOVEMBER, last=NOVEMBER, machine="satu")
    assert f"Pemakaian yang tercatat: {row.sums.services} " in said and f"Jumlah {formats.duration(row.sums.run)}".replace("\xa0", " ") in said
    assert "3 jam dari 7 jam, lainnya bulan lain" in said and "1 baris lagi mulai bulan sebelumnya" in said


@pytest.mark.parametrize("page", ["/laporan/", "/laporan/rumah/pontianak/", "/laporan/mesin/dua/"])
def test_every_figure_of_a_page_that_opens_its_rows_opens_a_list(fitri, page):
    lists = set(re.findall(r'href="(/laporan/rincian/[^"]+)"', fitri.get(f"{page}?bulan=2026-11").content.decode()))
    assert len(lists) >= 6
    for address in lists:
        assert fitri.get(address.replace("&amp;", "&")).status_code == 200


def test_a_files_hours_add_up_to_the_figure_too(world, fitri):
    lines = b"".join(fitri.get("/laporan/unduh.csv?isi=pemakaian&bulan=2026-11").streaming_content).decode("utf-8-sig")
    (row,) = queries.sums_by(world.houses, first=NOVEMBER, last=NOVEMBER)
    runs = [one for one in csv.DictReader(io.StringIO(lines)) if one["Nomor"].startswith("LPR-")]
    hours = [float(one["Jam terpakai"]) for one in runs]
    assert round(sum(hours) * 60) == row.sums.run
