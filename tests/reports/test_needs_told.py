"""What is told of needs holds whoever sends what: small figures stay small, and nobody moves those of others."""

from __future__ import annotations

import io
import itertools
import random

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from openpyxl import load_workbook

from bookings.models import Booking, Need
from bookings.reports.queries import needs as ledger
from bookings.reports.queries.needs import NeedFilter, NeedScope
from bookings.reports.queries.pace import packs_that_count
from tests import build, clock
from tests.api.calling import Caller
from tests.reports.history import past
from tests.reports.test_needs import NOVEMBER, NOW, PAGE, known, need, read_csv, unmet
from tests.reports.test_pages import client_of, text_of

pytestmark = pytest.mark.django_db
SOLD_IN = {"form": "cair", "format": "botol", "net_weight": 250, "quantity": 900_000, "quantity_pasti": 900_000, "product_name": "Sirup"}
_phones = itertools.count(1)


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """Tuesday 24 November 2026, noon."""
    clock.stop(monkeypatch, NOW)
    cache.clear()


def everything_told(client, caller) -> list[object]:
    """Return all a reader is told of needs: the page in every grouping, both files, and the API."""
    shown: list[object] = [text_of(client.get(f"{PAGE}?menurut={word}")) for word in ("kemasan", "produk", "asal", "bulan")]
    shown += [read_csv(client.get(f"{PAGE}unduh.csv?menurut={word}")) for word in ("kemasan", "asal")]
    book = load_workbook(io.BytesIO(client.get(f"{PAGE}unduh.xlsx").content))
    shown += [list(sheet.values) for sheet in book.worksheets if sheet.title != "Tentang"]
    return [*shown, caller.get("/reports/needs", {"group_by": "month,form,pack_format,producer_district"}).json()]


def register(number: int) -> Client:
    """A fresh account, made on the page as anybody can."""
    client = Client(REMOTE_ADDR=f"10.1.0.{number}")
    told = {"producer_name": f"Usaha {number}", "kind": "umkm", "district": build.make_district().pk, "name": "Anu"}
    told |= {"phone": f"0813-5555-{next(_phones):04}", "password": "keripik pisang enak", "consent": "on"}
    assert client.post("/daftar/", told).status_code == 302
    return client


@pytest.mark.parametrize("there", [0, 1, 4, 5, 7])
def test_what_passers_by_and_fresh_accounts_send_moves_no_figure_of_others(there):
    house = build.make_facility("pontianak")
    build.make_machine(house)
    for _ in range(there):
        unmet(form="cair", reasons=["no_such_machine"])
    cahya = build.cahya(house)
    before = everything_told(client_of(cahya), Caller(cahya))
    for number in range(6):
        for sender in (Client(REMOTE_ADDR=f"10.0.0.{number}"), register(number)):
            assert sender.post("/kemas/", {**SOLD_IN, "dari": house.district_id}).status_code == 303
    assert Need.objects.count() == there + 12
    assert everything_told(client_of(cahya), Caller(cahya)) == before


def test_one_producer_with_many_needs_is_still_a_small_figure():
    house, siti = build.make_facility("pontianak"), known()
    for number in range(9):
        unmet(producer=siti, product=f"produk {number}")
    shown = Caller(build.cahya(house)).get("/reports/needs").json()
    assert shown["total"]["unmet_needs"] is None and shown["reasons"][0]["needs"] is None


def test_five_producers_are_told_in_fives():
    house = build.make_facility("pontianak")
    for _ in range(7):
        unmet()
    shown = Caller(build.cahya(house)).get("/reports/needs").json()
    assert (shown["total"]["unmet_needs"], shown["reasons"][0]["needs"]) == (5, 5)
    assert {shown["total"][name] for name in ("unmet_packs", "unmet_unknown", "unknown_packs")} == {None}


def test_who_sends_a_thousand_needs_is_no_headline():
    for _ in range(40):
        unmet(producer=None, quantity=900_000), unmet("jar", producer=build.make_producer())
    unmet("kaleng", quantity=100)
    said = text_of(client_of(build.fitri()).get(PAGE))
    assert "1 kebutuhan belum terlayani November 2026" in said and "terbanyak: kaleng" in said
    assert "80 kebutuhan lain dicari tanpa akun" in said
    assert "yang belum dikenal: 80" in text_of(client_of(build.fitri()).get(f"{PAGE}rincian/?isi=belum-dikenal"))


@pytest.mark.parametrize("sender", [lambda: Client(), lambda: register(1)])
def test_one_asker_who_changes_the_product_writes_no_more_than_twenty_a_day(sender):
    client = sender()
    build.make_machine()
    for number in range(25):
        assert client.post("/kemas/", {**SOLD_IN, "product_name": f"Sirup {number}"}).status_code == 303
    assert Need.objects.count() == 20


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_of_needs_is_what_plain_sql_counts(seed):
    """Known, unknown, served or not: recounted without a line of ours. No machine is there: 600 packs an hour count."""
    chance = random.Random(seed)
    machine = build.make_machine(build.make_facility("pontianak"))
    for _ in range(40):
        producer = chance.choice([None, build.make_producer(), known(), build.make_producer()])
        if producer and chance.random() < 0.5:
            past(machine, build.at(8), build.at(9), producer=producer, status=chance.choice(Booking.Status.values))
        need(
            producer=producer, ago=chance.randrange(45), served=chance.choice([None, None, 1]) if producer else None,
            quantity=chance.choice([10, 300, 900_000]), ended_in_nothing=chance.random() < 0.5, month=NOVEMBER,
        )  # fmt: skip
    scope, wanted = NeedScope(build.fitri()), NeedFilter(NOVEMBER, NOVEMBER)
    (group,) = ledger.need_sums(scope, wanted, group_by=[], now=NOW, packs=packs_that_count())
    old = connection.ops.adapt_datetimefield_value(NOW - ledger.QUIET_AFTER)
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, [old])
        recounted = dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))
    assert {name: getattr(group.sums, name) for name in recounted} == {name: n or 0 for name, n in recounted.items()}


RECOUNT = """
SELECT SUM(met) AS needs, SUM(met * unmet) AS unmet_needs, SUM(met * served) AS needs_served,
       SUM(met * (1 - unmet) * (1 - served)) AS needs_open, SUM(met * unfit * (1 - served)) AS needs_nothing_fits,
       SUM(met * quiet * (1 - served)) AS needs_without_booking, SUM(met * unmet * packs) AS unmet_packs,
       SUM(1 - met) AS needs_unknown, SUM((1 - met) * unmet) AS unmet_unknown, SUM((1 - met) * unmet * packs) AS unknown_packs
FROM (SELECT met, served, unfit, quiet, packs,
             CASE WHEN served = 0 AND (unfit = 1 OR quiet = 1) THEN 1 ELSE 0 END AS unmet
      FROM (SELECT CASE WHEN p.is_verified OR EXISTS (SELECT 1 FROM bookings_booking b WHERE b.producer_id = p.id
                             AND b.status IN ('checked_in', 'completed')) THEN 1 ELSE 0 END AS met,
                   CASE WHEN n.served_at IS NULL THEN 0 ELSE 1 END AS served,
                   CASE WHEN n.ended_in_nothing THEN 1 ELSE 0 END AS unfit,
                   CASE WHEN n.producer_id IS NOT NULL AND n.first_asked_at <= %s THEN 1 ELSE 0 END AS quiet,
                   CASE WHEN n.quantity > 600 * 173 THEN 600 * 173 ELSE n.quantity END AS packs
            FROM bookings_need n LEFT JOIN bookings_producer p ON p.id = n.producer_id
            WHERE n.month = '2026-11-01') AS facts) AS needs
"""
