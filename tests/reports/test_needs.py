"""The ledger of needs: what is counted, who reads how much of it, and its files."""

from __future__ import annotations

import csv
import io
import itertools
import re
from datetime import date, timedelta

import pytest
from django.test import Client
from openpyxl import load_workbook

from bookings.models import Need, Producer
from bookings.reports.indicators import told
from bookings.reports.queries import needs as ledger
from bookings.reports.queries.needs import NeedFilter, NeedScope
from bookings.reports.queries.pace import ORDINARY_RATE, packs_that_count
from tests import build, clock
from tests.api.calling import Caller
from tests.reports.history import past
from tests.reports.test_pages import client_of, text_of

pytestmark = pytest.mark.django_db
NOW = build.at(12, day=1)
DAY = timedelta(days=1)
NOVEMBER = date(2026, 11, 1)
PAGE = "/laporan/kebutuhan/"
ADDRESSES = [PAGE, f"{PAGE}rincian/", f"{PAGE}unduh.csv", f"{PAGE}unduh.xlsx"]
_askers = itertools.count(1)


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """Tuesday 24 November 2026, noon."""
    clock.stop(monkeypatch, NOW)


def known(name="Keripik Kenal", **fields) -> Producer:
    """A producer whom staff have verified."""
    return build.make_producer(name, is_verified=True, **fields)


def need(pack_format="botol", *, producer: Producer | str | None = "known", ago=2, served=None, **fields) -> Need:
    """A need first asked `ago` days before now, served `served` days before now, by a known producer.

    `producer=None`: a passer-by, without an account.
    """
    producer = known() if producer == "known" else producer
    first = NOW - ago * DAY
    values = {
        "asker": "" if producer else f"asker-{next(_askers)}", "form": "cair", "quantity": 300, "net_weight": 250,
        "asked_on": first.date(), "month": first.date().replace(day=1), "first_asked_at": first,
        "last_asked_at": first, "served_at": None if served is None else NOW - served * DAY,
    }  # fmt: skip
    return Need.objects.create(producer=producer, pack_format=pack_format, **{**values, **fields})


def unmet(pack_format="botol", **fields) -> Need:
    """A need whose search ended in nothing."""
    values = {"ended_in_nothing": True, "reasons": ["does_not_fit_machine"], **fields}
    return need(pack_format, **values)


def november(**wanted: str) -> NeedFilter:
    return NeedFilter(NOVEMBER, NOVEMBER, **wanted)


def sums(scope=None, **wanted: str):
    scope = scope or NeedScope(build.make_user("Pembaca"))
    (group,) = ledger.need_sums(scope, november(**wanted), group_by=[], now=NOW, packs=packs_that_count())
    return group.sums


@pytest.mark.parametrize(
    ("fields", "figures"),
    [
        ({}, {"needs_open"}),
        ({"ended_in_nothing": True}, {"unmet_needs", "needs_nothing_fits"}),
        ({"ended_in_nothing": True, "served": 1}, {"needs_served"}),
        ({"served": 1}, {"needs_served"}),
        ({"ago": 30}, {"unmet_needs", "needs_without_booking"}),
        ({"ago": 29.99}, {"needs_open"}),
        ({"ago": 31, "ended_in_nothing": True}, {"unmet_needs", "needs_nothing_fits", "needs_without_booking"}),
        ({"ago": 40, "served": 2}, {"needs_served"}),
    ],
)
def test_a_need_is_served_unmet_or_open(fields, figures):
    need(month=NOVEMBER, **fields)
    counted = sums()
    assert {name for name in ledger.figures(NOW) if getattr(counted, name)} == figures | {"needs"}
    assert counted.needs == counted.unmet_needs + counted.needs_served + counted.needs_open == 1


def test_two_askers_are_two_needs_and_a_producer_is_one_however_many_packs():
    siti = known()
    unmet(), unmet(producer=siti), unmet("jar", producer=siti, quantity=1000)
    counted = sums()
    assert (counted.unmet_needs, counted.producers, counted.unmet_packs) == (3, 2, 1600)


def test_a_search_that_found_machines_and_came_from_nobody_is_never_unmet():
    need(producer=None, ago=60, month=NOVEMBER)
    counted = sums()
    assert (counted.needs_unknown, counted.unmet_unknown, counted.unmet_needs, counted.needs) == (1, 0, 0, 0)


def test_what_a_passer_by_typed_is_counted_apart_and_its_packs_are_what_a_machine_does_in_a_month():
    build.make_machine(rate=1200)
    unmet("standing_pouch", form="keripik", producer=None, quantity=900_000), unmet("jar", quantity=300)
    said = text_of(client_of(build.fitri()).get(PAGE))
    assert "1 kebutuhan belum terlayani" in said and "300 kemasan belum terlayani." in said and "900.000" not in said
    assert "1 kebutuhan lain dicari tanpa akun atau dengan akun baru, 207.600 kemasan." in said
    assert (sums().unmet_unknown, sums().unknown_packs) == (1, 1200 * 173)


@pytest.mark.parametrize(("typed", "counted"), [(300, 300), (900_000, ORDINARY_RATE * 173), (2_000_000_000, ORDINARY_RATE * 173)])
def test_no_need_adds_more_packs_than_a_machine_does_in_a_month_whoever_asks(typed, counted):
    unmet(quantity=typed), unmet(producer=None, quantity=typed), unmet(producer=build.make_producer(), quantity=typed)
    assert (sums().unmet_packs, sums().unknown_packs) == (counted, 2 * counted)


@pytest.mark.parametrize(("makes_known", "is_counted"), [("nothing", 0), ("a booking", 0), ("coming", 1), ("verifying", 1)])
def test_a_fresh_account_is_known_once_it_came_or_was_verified(makes_known, is_counted):
    siti = build.make_producer(is_verified=makes_known == "verifying")
    unmet(producer=siti)
    if makes_known in ("a booking", "coming"):
        past(build.make_machine(), build.at(8), build.at(9), producer=siti, status="completed" if makes_known == "coming" else "approved")
    assert (sums().unmet_needs, sums().unmet_unknown) == (is_counted, 1 - is_counted)


def test_needs_are_counted_by_what_was_asked_where_and_when():
    sintang = build.make_district("61.05", "Sintang", "kabupaten")
    unmet(district=sintang), unmet(form="pasta", producer=known(district=sintang))
    unmet("jar", ago=40), unmet(producer=None)
    scope = NeedScope(build.make_user("Pembaca"))
    found = ledger.need_sums(scope, november(), group_by=["pack_format", "district"], now=NOW, packs=packs_that_count())
    counts = [(*one.keys.values(), one.sums.unmet_needs, one.sums.unmet_unknown) for one in found]
    assert counts == [("botol", "61.05", 2, 0), ("botol", "-", 0, 1)]
    assert sums(form="pasta").needs == sums(district="-").needs_unknown == 1 and sums(district="61.05").needs == 2


def test_reasons_are_ranked_by_the_needs_they_stood_against():
    unmet(reasons=["no_operator", "does_not_fit_machine"]), unmet(reasons=["no_operator", "no_operator"])
    unmet(reasons=["taken"], served=1), need(reasons=["closed"])
    found = ledger.reasons_of_needs(NeedScope(build.make_user("Pembaca")), november(), now=NOW)
    assert found == [("no_operator", 2), ("does_not_fit_machine", 1)]


@pytest.mark.parametrize(
    ("count", "shown"), [(0, 0), (1, None), (4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15)]
)
def test_small_counts_are_not_told_and_the_rest_is_rounded_to_fives(count, shown):
    assert told(count, by=count, exactly=False) == shown and told(count, by=count, exactly=True) == count


def test_ten_needs_of_four_producers_are_a_small_figure():
    assert told(10, by=4, exactly=False) is None and told(10, by=5, exactly=False) == 10


@pytest.mark.parametrize("path", ADDRESSES)
def test_only_those_with_a_reporting_duty_read_needs(path):
    house = build.make_facility("pontianak")
    wanted = {200: [build.cahya(house), build.fitri(), build.gunawan()], 404: [build.siti(), build.dewi(house)]}
    for status, users in wanted.items():
        assert [client_of(user).get(path).status_code for user in users] == [status] * len(users)
    assert Client().get(path)["Location"].startswith("/masuk/?next=")
    assert client_of(build.fitri()).post(path).status_code == 405


def test_the_headline_is_a_finding():
    for _ in range(3):
        unmet(reasons=["no_operator"])
    unmet("jar"), need("jar")
    said = text_of(client_of(build.fitri()).get(PAGE))
    assert re.search(r"4 kebutuhan belum terlayani November 2026 ?, terbanyak: botol ?\.", said)
    assert "Paling sering karena operator tidak tersedia." in said and "1.200 kemasan belum terlayani." in said
    assert "Kebutuhan tanpa pesanan yang melayaninya" in said


def test_two_that_are_equal_share_the_headline_and_three_have_none():
    unmet(reasons=["taken"]), unmet("jar", reasons=["no_operator"])
    fitri = client_of(build.fitri())
    said = text_of(fitri.get(PAGE))
    assert "terbanyak: botol dan toples" in said and "karena operator tidak tersedia dan jamnya sudah terisi" in said
    unmet("kaleng", reasons=["closed"])
    said = text_of(fitri.get(PAGE))
    assert "terbanyak" not in said and "Paling sering" not in said


def test_the_page_speaks_english_too():
    unmet(), unmet()
    fitri = client_of(build.fitri())
    fitri.post("/bahasa/", {"language": "en", "next": PAGE})
    said = text_of(fitri.get(PAGE))
    assert "2 needs unmet in November 2026" in said and "Needs that no booking serves" in said


@pytest.mark.parametrize(
    ("make", "words"), [(lambda: None, "belum ada kebutuhan"), (need, "tidak ada kebutuhan pelaku usaha yang belum")]
)
def test_a_month_without_unmet_needs_says_so(make, words):
    make()
    assert words in text_of(client_of(build.fitri()).get(f"{PAGE}?bulan=2026-11"))


def test_every_figure_opens_its_rows():
    unmet(), unmet("jar", reasons=["no_operator"]), need(), need(served=1), unmet(producer=None)
    fitri = client_of(build.fitri())
    page = fitri.get(PAGE).content.decode()
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/laporan/kebutuhan/rincian/[^"]*)"', page)}
    assert len(links) > 10
    for link in links:
        title = re.search(r"<h1>[^<]*: (\d+)</h1>", fitri.get(link).content.decode())
        assert title and int(title[1]) >= 1 or "tanpa-pesanan" in link, link


def test_rows_of_a_reason_are_those_it_stood_against():
    unmet("jar", reasons=["no_operator"]), unmet(reasons=["taken"])
    said = text_of(client_of(build.fitri()).get(f"{PAGE}rincian/?isi=tanpa-mesin&alasan=no_operator"))
    assert "Kebutuhan tanpa mesin yang cocok: 1" in said and "Toples" in said and "Botol" not in said


def test_a_district_reads_needs_asked_there_and_those_of_its_producers_without_names():
    sintang = build.make_district("61.05", "Sintang", "kabupaten")
    unmet(producer=known("Kopi Sintang", district=sintang)), unmet("jar", district=sintang)
    unmet("kaleng", producer=known("Sirup Pontianak"))
    said = text_of(client_of(build.eko(sintang)).get(f"{PAGE}rincian/?isi=diminta"))
    assert "Kebutuhan yang dicari: 2" in said and "Botol" in said and "Toples" in said
    assert "Kaleng" not in said and "Kopi Sintang" not in said


def test_a_district_without_houses_still_reads_its_needs():
    melawi = build.make_district("61.10", "Melawi", "kabupaten")
    unmet(district=melawi)
    assert "1 kebutuhan belum terlayani" in text_of(client_of(build.eko(melawi)).get(PAGE))


def test_a_manager_reads_rounded_figures_and_rows_of_producers_they_know_by_name():
    house = build.make_facility("pontianak")
    friend, stranger = known(), known("Sirup Asing")
    build.make_booking(build.make_machine(house), producer=friend)
    unmet(producer=friend), unmet("jar", producer=stranger), unmet(district=house.district)
    cahya = client_of(build.cahya(house))
    page = text_of(cahya.get(PAGE))
    assert "Kurang dari 5 kebutuhan belum terlayani November 2026" in page and "<5" in page.replace("&lt;", "<")
    rows = text_of(cahya.get(f"{PAGE}rincian/?isi=belum-terlayani"))
    assert "Kebutuhan belum terlayani: 1" in rows and "Keripik Kenal" in rows and "Sirup Asing" not in rows


def test_a_manager_reads_nothing_of_another_district():
    sintang = build.make_district("61.05", "Sintang", "kabupaten")
    unmet(producer=known(district=sintang))
    cahya = client_of(build.cahya(build.make_facility("pontianak")))
    assert "belum ada kebutuhan" in text_of(cahya.get(f"{PAGE}?bulan=2026-11"))
    for word in ("asal", "wilayah"):
        assert "belum ada kebutuhan" in text_of(cahya.get(f"{PAGE}?bulan=2026-11&{word}=61.05"))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("bulan=abc", 422), ("menurut=warna", 422), ("kemasan=rahasia", 404), ("produk=x", 404), ("wilayah=99.99", 404),
        ("menurut=wilayah", 200), ("menurut=asal", 200), ("asal=99.99", 404), ("asal=-", 200), ("menurut=bulan", 200), ("menurut=produk", 200), ("wilayah=-", 200),
    ],
)  # fmt: skip
def test_an_address_is_read_or_says_what_is_wrong(query, status):
    unmet(form="")
    assert client_of(build.fitri()).get(f"{PAGE}?{query}").status_code == status


@pytest.mark.parametrize("query", ["isi=rahasia", "page=abc", "alasan=1=1", "alasan=A%22"])
def test_an_unreadable_list_is_422(query):
    assert client_of(build.fitri()).get(f"{PAGE}rincian/?{query}").status_code == 422


def read_csv(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_a_csv_has_the_figures_and_a_district_its_rows():
    unmet(), unmet("jar")
    fitri = client_of(build.fitri())
    answer = fitri.get(f"{PAGE}unduh.csv?bulan=2026-11&menurut=kemasan")
    assert answer["Content-Disposition"] == 'attachment; filename="kebutuhan-kalimantan-barat-2026-11-per-kemasan.csv"'
    assert read_csv(answer)[1][:4] == ["Botol", "1", "1", "1"]
    rows = read_csv(fitri.get(f"{PAGE}unduh.csv?isi=diminta"))
    assert len(rows) == 3 and "Pelaku usaha" not in rows[0] and "Mesin tidak cocok" in rows[1]


def test_a_name_that_would_be_a_formula_stays_text_in_both_files():
    house, typed = build.make_facility("pontianak"), "=1+1"
    named = known(typed)
    build.make_booking(build.make_machine(house), producer=named)
    unmet(producer=named)
    cahya = client_of(build.cahya(house))
    assert read_csv(cahya.get(f"{PAGE}unduh.csv?isi=diminta"))[1][-1] == f"'{typed}"
    sheet = load_workbook(io.BytesIO(cahya.get(f"{PAGE}unduh.xlsx?isi=diminta").content)).worksheets[0]
    assert (sheet[2][-1].data_type, sheet[2][-1].value) == ("s", typed)


def test_the_workbook_has_a_sheet_per_grouping_reasons_definitions_and_filters():
    unmet()
    book = load_workbook(io.BytesIO(client_of(build.fitri()).get(f"{PAGE}unduh.xlsx?kemasan=botol").content))
    groupings = ["Per bentuk kemasan", "Per produk", "Per kabupaten kota asal", "Per bulan"]
    assert book.sheetnames == [*groupings, "Alasan", "Definisi", "Tentang"]
    about = dict(book["Tentang"].iter_rows(min_row=2, values_only=True))
    assert (about["Bulan"], about["Bentuk kemasan"]) == ("November 2026", "Botol")
    assert "Kebutuhan belum terlayani" in [cell.value for cell in book["Definisi"]["A"]]


def test_files_of_a_manager_tell_no_small_figure():
    house = build.make_facility("pontianak")
    unmet(district=house.district)
    cahya = client_of(build.cahya(house))
    head, row = read_csv(cahya.get(f"{PAGE}unduh.csv?menurut=kemasan"))
    assert row[1:] == ["<5", "<5", "<5", "0", "0", "0"] and "Kemasan belum terlayani" not in head
    assert len(read_csv(cahya.get(f"{PAGE}unduh.csv?isi=diminta"))) == 1


def test_more_needs_ask_the_database_no_more(django_assert_max_num_queries):
    house = build.make_facility("pontianak")
    for number in range(12):
        district = build.make_district(f"62.{number:02}", f"Kabupaten {number}")
        unmet(["botol", "jar", "kaleng"][number % 3], producer=known(district=district), ago=number + 1)
        unmet(district=house.district, reasons=[f"kode_{chr(97 + number)}"])
    pinned = {
        PAGE: 15,
        f"{PAGE}?menurut=asal": 16,
        f"{PAGE}rincian/": 12,
        f"{PAGE}unduh.csv": 10,
        f"{PAGE}unduh.xlsx": 17,
    }
    for user in (build.fitri(), build.cahya(house)):
        reader = client_of(user)
        for path, most in pinned.items():
            with django_assert_max_num_queries(most):
                assert b"".join(reader.get(path)) is not None
    with django_assert_max_num_queries(13):
        assert Caller(build.gunawan()).get("/reports/needs").json()["count"] == 3


def test_the_api_tells_the_same_with_definitions():
    unmet(), unmet("jar", reasons=["no_operator"]), need("jar")
    window = {"from": "2026-11-01", "to": "2026-11-30"}
    shown = Caller(build.fitri()).get("/reports/needs", window).json()
    assert [(one["keys"]["pack_format"], one["figures"]["unmet_needs"]) for one in shown["items"]] == [
        ("jar", 1),
        ("botol", 1),
    ]
    assert shown["is_exact"] and (shown["total"]["needs"], shown["total"]["unmet_packs"]) == (3, 600)
    assert {one["code"]: one["needs"] for one in shown["reasons"]} == {"does_not_fit_machine": 1, "no_operator": 1}
    assert shown["definitions"]["unmet_needs"]["name"] == "Kebutuhan belum terlayani"


def test_the_api_tells_a_manager_fives_and_others_nothing():
    house = build.make_facility("pontianak")
    unmet(district=house.district)
    shown = Caller(build.cahya(house)).get("/reports/needs").json()
    assert not shown["is_exact"] and shown["total"]["unmet_needs"] is None and shown["reasons"][0]["needs"] is None
    assert Caller(build.siti()).get("/reports/needs").status_code == 404
    assert Caller(build.fitri(), "bookings:read").get("/reports/needs").status_code == 403
    assert Caller(build.fitri()).get("/reports/needs", {"district": "99.99"}).status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_api_gives_the_same_as_a_file(kind):
    unmet()
    answer = Caller(build.fitri()).get("/reports/needs", {"format": kind, "group_by": "month,pack_format"})
    assert answer["Content-Disposition"].startswith('attachment; filename="kebutuhan-semua-2026-11-per-month-pack-format.')
    assert len(b"".join(answer)) > 50
