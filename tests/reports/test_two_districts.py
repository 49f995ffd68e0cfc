"""Two districts: where a house is, and where its producers are from. An office follows its own producers into every house."""

from __future__ import annotations

import csv
import io
import itertools
import random
from datetime import timedelta

import pytest
from django.db import connection
from openpyxl import load_workbook

from tests import build, clock
from tests.api.calling import Caller
from tests.reports.history import count, past, ran, served
from tests.reports.test_needs import known, unmet
from tests.reports.test_pages import client_of, text_of

pytestmark = pytest.mark.django_db
NOVEMBER = {"from": "2026-11-01", "to": "2026-11-30"}
PAGE = "/laporan/asal/?bulan=2026-11"


@pytest.fixture
def world(monkeypatch):
    """Two districts with a house each, and a third, Melawi, without; producers of all three use both houses."""
    clock.stop(monkeypatch, build.at(8, day=10))
    pontianak = build.make_district("61.71", "Pontianak")
    sintang, melawi = build.make_district("61.05", "Sintang", "kabupaten"), build.make_district("61.10", "Melawi", "kabupaten")
    machines = [
        build.make_machine(build.make_facility(place, district=district), slug=f"{place}-band-1")
        for place, district in (("pontianak", pontianak), ("sintang", sintang))
    ]
    people = {one.name: build.make_producer(f"Usaha {one.name}", district=one) for one in (pontianak, sintang, melawi)}
    hours = itertools.count(8)
    for machine, name, length in ((0, "Pontianak", 1), (0, "Sintang", 2), (0, "Melawi", 1), (1, "Sintang", 3), (1, "Melawi", 2)):
        start = build.at(8, day=next(hours) - 8)
        served(machines[machine], start, start + timedelta(hours=length), producer=people[name])
    count(*machines, now=build.at(8, day=10))
    return {"pontianak": pontianak, "sintang": sintang, "melawi": melawi}


def by(user, group_by: str, **asked: str) -> dict[str, int]:
    shown = Caller(user).get("/reports/usage", {**NOVEMBER, "group_by": group_by, **asked}).json()
    return {"/".join(one["keys"].values()): one["figures"]["run"] // 60 for one in shown["items"]}


def test_a_house_lies_in_one_district_and_its_producers_come_from_others(world):
    fitri = build.fitri()
    assert by(fitri, "house_district") == {"61.71": 4, "61.05": 5} == by(fitri, "district")
    assert by(fitri, "producer_district") == {"61.71": 1, "61.05": 5, "61.10": 3}
    assert by(fitri, "house_district,producer_district", house_district="61.71") == {"61.71/61.05": 2, "61.71/61.10": 1, "61.71/61.71": 1}
    assert by(fitri, "facility", producer_district="61.10") == {"pontianak": 1, "sintang": 2}


def test_an_office_reads_what_its_producers_do_in_every_house_and_nothing_of_others(world):
    eko = build.eko(world["sintang"])
    assert by(eko, "facility", producer_district="61.05") == {"pontianak": 2, "sintang": 3}
    assert list(by(eko, "producer", producer_district="61.05").values()) == [5]
    assert by(eko, "facility") == {"sintang": 5}, "without it, as before: the houses of the district"
    assert by(eko, "facility", producer_district="61.10") == {"sintang": 2}, "of others, what they do in the own house"
    assert Caller(eko).get("/reports/usage", {**NOVEMBER, "facility": "pontianak"}).status_code == 404
    assert Caller(eko).get("/reports/usage", {**NOVEMBER, "facility": "pontianak", "producer_district": "61.10"}).status_code == 404


def test_needs_are_by_where_whoever_asks_is_from_under_either_name(world):
    unmet(producer=known(district=world["melawi"])), unmet(producer=known(district=world["sintang"]), district=world["melawi"])
    for name in ("producer_district", "district"):
        shown = Caller(build.fitri()).get("/reports/needs", {**NOVEMBER, "group_by": name, name: "61.10"}).json()
        assert [(one["keys"], one["labels"], one["figures"]["needs"]) for one in shown["items"]] == [({name: "61.10"}, {name: "Kabupaten Melawi"}, 2)]


def test_a_figure_that_no_producer_has_a_part_of_is_null_and_never_zero(world):
    for asked in ({"group_by": "producer"}, {"group_by": "producer_district"}, {"group_by": "facility", "producer_district": "61.05"}):
        for row in Caller(build.fitri()).get("/reports/usage", {**NOVEMBER, **asked}).json()["items"]:
            assert {row["figures"][name] for name in ("available", "utilisation", "occupancy", "downtime")} == {None}


def test_the_page_of_an_office_says_where_its_producers_go(world):
    eko = client_of(build.eko(world["sintang"]))
    said = text_of(eko.get(PAGE))
    assert "1 pelaku usaha dari Kabupaten Sintang memakai 2 rumah produksi, November 2026." in said
    assert "Pontianak" in said and "Melawi" not in said and "Usaha Pontianak" not in text_of(eko.get(f"{PAGE}&menurut=pelaku"))
    assert eko.get(f"{PAGE}&asal=61.10").status_code == eko.get(f"{PAGE}&asal=zz").status_code == 404


def test_an_office_without_a_house_follows_its_producers_too(world):
    said = text_of(client_of(build.eko(world["melawi"])).get(PAGE))
    assert "1 pelaku usaha dari Kabupaten Melawi memakai 2 rumah produksi" in said


def test_a_manager_reads_from_where_those_come_who_use_the_own_house(world):
    house = build.Facility.objects.get(slug="pontianak")
    said = text_of(client_of(build.cahya(house)).get(PAGE))
    assert "3 pelaku usaha dari semua kabupaten/kota memakai 1 rumah produksi" in said and "Kabupaten Melawi" in said
    rows = client_of(build.cahya(house)).get(f"{PAGE}&asal=61.05&menurut=rumah")
    assert "Sintang" not in text_of(rows).split("Semua angka")[1]


@pytest.mark.parametrize("path", ["/laporan/rincian/?isi=pemakaian&asal=61.05", "/laporan/unduh.csv?isi=pemakaian&asal=61.05"])
def test_rows_of_other_houses_stay_closed_to_an_office(world, path):
    shown = b"".join(client_of(build.eko(world["sintang"])).get(f"{path}&bulan=2026-11")).decode()
    assert "Usaha Sintang" in shown and "Usaha Pontianak" not in shown and "Rumah Produksi Pontianak" not in shown


def test_the_file_of_an_office_says_whose_use_it_is(world):
    eko = client_of(build.eko(world["sintang"]))
    answer = eko.get("/laporan/asal/unduh.csv?bulan=2026-11&menurut=rumah,kabupaten-pelaku")
    assert answer["Content-Disposition"] == 'attachment; filename="asal-kabupaten-sintang-2026-11-per-rumah-kabupaten-pelaku.csv"'
    *rows, total = csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig")))
    assert {row["Kabupaten/kota pelaku usaha"] for row in rows} == {"Kabupaten Sintang"}
    assert ([row["Jam terpakai"] for row in rows], total["Jam terpakai"], total["Pelaku usaha"]) == (["2.00", "3.00"], "5.00", "1")
    book = load_workbook(io.BytesIO(eko.get("/laporan/asal/unduh.xlsx?bulan=2026-11").content))
    about = dict(book["Tentang"].iter_rows(min_row=2, values_only=True))
    assert (about["Asal pelaku usaha"], about["Wilayah"]) == ("Kabupaten Sintang", "Kalimantan Barat")


def test_more_districts_and_houses_ask_the_database_no_more(world, django_assert_max_num_queries):
    for number in range(6):
        district = build.make_district(f"62.{number:02}", f"Kabupaten {number}")
        machine = build.make_machine(build.make_facility(f"rumah-{number}", district=district))
        served(machine, build.at(8), build.at(9), producer=build.make_producer(district=district))
        count(machine)
    for user in (build.fitri(), build.eko(world["sintang"])):
        reader = client_of(user)
        for path, most in {PAGE: 17, f"{PAGE}&menurut=kabupaten-pelaku": 19, "/laporan/asal/unduh.csv?menurut=rumah": 12}.items():
            with django_assert_max_num_queries(most):
                assert b"".join(reader.get(path)) is not None


@pytest.mark.parametrize("seed", range(3))
def test_sums_of_both_districts_are_what_plain_sql_counts(world, seed):
    chance = random.Random(seed)
    machines, people = list(build.Machine.objects.order_by("pk")), list(build.Producer.objects.order_by("pk"))
    for _ in range(40):
        start = build.at(0, day=-30) + timedelta(minutes=chance.randrange(60 * 24 * 45))
        part = past(chance.choice(machines), start, start + timedelta(hours=5), producer=chance.choice(people))
        ran(part, good=chance.randrange(900))
    count(*machines, now=build.at(8, day=10))
    first, last = (connection.ops.adapt_datetimefield_value(at) for at in (build.at(0, day=-22), build.at(24, day=7)))
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, [first, last])
        recounted = {f"{house}/{origin}": (runs, good) for house, origin, runs, good in cursor.fetchall()}
    items = Caller(build.fitri()).get("/reports/usage", {**NOVEMBER, "group_by": "house_district,producer_district"}).json()["items"]
    assert {"/".join(one["keys"].values()): (one["figures"]["services"], one["figures"]["good"]) for one in items} == recounted


RECOUNT = """
SELECT f.district_id, p.district_id, COUNT(*), SUM(r.good) FROM bookings_run r
JOIN facilities_machine m ON m.id = r.machine_id JOIN facilities_facility f ON f.id = m.facility_id
JOIN bookings_bookedmachine bm ON bm.id = r.booked_machine_id JOIN bookings_booking b ON b.id = bm.booking_id
JOIN bookings_producer p ON p.id = b.producer_id
WHERE r.started_at >= %s AND r.started_at < %s AND r.signed_at IS NOT NULL GROUP BY f.district_id, p.district_id
"""
