"""Files one can work with: the sheet that was asked for, codes of other registers, a total, and a name that tells."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest
from django.db import connection
from openpyxl import load_workbook

from tests import build, clock
from tests.api.calling import Caller
from tests.reports.history import count, past, served
from tests.reports.test_pages import client_of

pytestmark = pytest.mark.django_db
NOVEMBER = "bulan=2026-11"


@pytest.fixture
def houses(monkeypatch):
    """Pontianak (two machines) and Sintang, used by Siti of Pontianak in both and by Budi of Sintang; one run over midnight."""
    clock.stop(monkeypatch, build.at(8, day=10))
    sintang = build.make_district("61.05", "Sintang", "kabupaten", bps_code="6107")
    build.make_district("61.71", "Pontianak", bps_code="6171")
    pontianak = build.make_facility("pontianak", name="Rumah Produksi Pontianak")
    one = build.make_machine(pontianak, slug="pontianak-band-1", asset_code="1.3.2.05.02.01.004", register_number="0007")
    two = build.make_machine(pontianak, slug="pontianak-vac1-1", type=build.make_type("VAC1", name="Vakum"))
    three = build.make_machine(build.make_facility("sintang", name="Rumah Produksi Sintang", district=sintang), slug="sintang-band-1")
    siti, budi = build.make_producer("Keripik Siti"), build.make_producer("Abon Budi", district=sintang)
    served(one, build.at(8), build.at(10), producer=siti)
    served(two, build.at(23), build.at(25), producer=siti)
    served(three, build.at(8), build.at(9), producer=siti)
    served(three, build.at(9), build.at(12), producer=budi)
    past(three, build.at(13), build.at(14), producer=budi, status="no_show")
    count(one, two, three, now=build.at(8, day=10))
    return pontianak, three.facility


def lines(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"), newline="")))


def sheets(answer):
    return load_workbook(io.BytesIO(answer.content))


def rows_of(sheet) -> list[dict[str, object]]:
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


NAMES = [
    ("/laporan/unduh.csv?menurut=mesin", "laporan-kalimantan-barat-2026-11-per-mesin.csv"),
    ("/laporan/unduh.csv?wilayah=61.05&menurut=kabupaten-pelaku", "laporan-kabupaten-sintang-2026-11-per-kabupaten-pelaku.csv"),
    ("/laporan/unduh.csv?wilayah=rumah:sintang&menurut=mesin", "laporan-sintang-2026-11-per-mesin.csv"),
    ("/laporan/unduh.csv?menurut=bulan", "laporan-kalimantan-barat-2025-12-sd-2026-11-per-bulan.csv"),
    ("/laporan/unduh.csv?dari=2026-09&sampai=2026-10&menurut=rumah", "laporan-kalimantan-barat-2026-09-sd-2026-10-per-rumah.csv"),
    ("/laporan/unduh.csv?isi=pemakaian&mesin=sintang-band-1", "laporan-kalimantan-barat-sintang-band-1-2026-11-pemakaian.csv"),
    ("/laporan/asal/unduh.csv?", "asal-kalimantan-barat-2026-11-per-kabupaten-pelaku.csv"),
    ("/laporan/asal/unduh.csv?asal=61.05&wilayah=rumah:pontianak", "asal-kabupaten-sintang-pontianak-2026-11-per-rumah.csv"),
    ("/laporan/unduh.xlsx?", "laporan-kalimantan-barat-2026-11-ringkasan.xlsx"),
    ("/laporan/kebutuhan/unduh.csv?produk=cair&kemasan=botol", "kebutuhan-kalimantan-barat-cair-botol-2026-11-per-kemasan.csv"),
    ("/laporan/kebutuhan/unduh.xlsx?wilayah=61.05&isi=diminta", "kebutuhan-kabupaten-sintang-2026-11-diminta.xlsx"),
    ("/laporan/kebutuhan/unduh.csv?menurut=bulan", "kebutuhan-kalimantan-barat-2025-12-sd-2026-11-per-bulan.csv"),
]


@pytest.mark.parametrize(("path", "name"), NAMES)
def test_a_file_is_named_by_what_it_holds(houses, path, name):
    answer = client_of(build.fitri()).get(f"{path}&{NOVEMBER}")
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


def test_the_file_of_one_house_is_never_called_the_provinces(houses):
    answer = client_of(build.cahya(houses[0])).get(f"/laporan/unduh.csv?{NOVEMBER}")
    assert answer["Content-Disposition"] == 'attachment; filename="laporan-pontianak-2026-11-per-rumah.csv"'


@pytest.mark.parametrize("group", ["rumah", "kabupaten-rumah", "kabupaten-pelaku", "jenis", "mesin", "bulan", "pelaku"])
def test_the_buttons_of_a_page_give_the_sheet_that_it_shows(houses, group):
    fitri = client_of(build.fitri())
    page = fitri.get(f"/laporan/?{NOVEMBER}&menurut={group}").content.decode()
    links = [html.unescape(link) for link in re.findall(r'href="(/laporan/unduh\.[^"]*)"', page)]
    asked = [link for link in links if f"menurut={group}" in link]
    assert {link.split("?")[0] for link in asked} == {"/laporan/unduh.csv", "/laporan/unduh.xlsx"}
    book = sheets(fitri.get(next(link for link in asked if ".xlsx" in link)))
    assert len(book.sheetnames) == 3 and book.sheetnames[1:] == ["Definisi", "Tentang"]


@pytest.mark.parametrize("group", ["rumah", "kabupaten-rumah", "kabupaten-pelaku", "jenis", "mesin", "pelaku"])
def test_the_last_row_is_the_total_and_a_producer_of_two_houses_is_one(houses, group):
    *rows, total = lines(client_of(build.fitri()).get(f"/laporan/unduh.csv?{NOVEMBER}&menurut={group}"))
    assert next(iter(total.values())) == "Jumlah" and "Jumlah" not in {next(iter(row.values())) for row in rows}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*), SUM(r.good), COUNT(DISTINCT b.producer_id) FROM bookings_run r"
            " JOIN bookings_bookedmachine m ON m.id = r.booked_machine_id JOIN bookings_booking b ON b.id = m.booking_id"
        )
        services, good, producers = cursor.fetchone()
    assert (total["Layanan"], total["Kemasan baik"], total["Jam terpakai"]) == (str(services), str(good), "8.00")
    assert total.get("Pelaku usaha") in (str(producers), "") if group != "pelaku" else True
    for name in ("Jam terpakai", "Layanan", "Jam dipesan"):
        assert sum(float(row[name]) for row in rows) == float(total[name]), name


def test_a_list_ends_in_the_sum_of_its_rows(houses):
    sheet = sheets(client_of(build.fitri()).get(f"/laporan/unduh.xlsx?{NOVEMBER}&isi=pemakaian")).worksheets[0]
    *rows, total = rows_of(sheet)
    assert (len(rows), total["Nomor"], total["Jam terpakai"], total["Kemasan baik"]) == (4, "Jumlah", 8, 400)
    assert sheet.auto_filter.ref.endswith("5"), "a filter must not move the total"


def test_a_list_without_anything_to_add_has_no_total_and_never_a_false_zero(houses):
    past(houses[1].machines.get(), build.at(14), build.at(15), status="no_show")
    rows = lines(client_of(build.fitri()).get(f"/laporan/unduh.csv?{NOVEMBER}&isi=tidak-datang"))
    assert [row["Jam terpakai"] for row in rows] == ["", ""]


def test_one_row_needs_no_total(houses):
    assert len(lines(client_of(build.cahya(houses[0])).get(f"/laporan/unduh.csv?{NOVEMBER}"))) == 1


def test_districts_carry_both_numbers_houses_their_slug_and_machines_their_code_in_the_asset_book(houses):
    fitri = client_of(build.fitri())
    machine = lines(fitri.get(f"/laporan/unduh.csv?{NOVEMBER}&menurut=mesin"))[0]
    codes = {"Kode mesin": "pontianak-band-1", "Kode barang": "1.3.2.05.02.01.004", "Nomor register": "0007", "Kode rumah": "pontianak",
             "Kode Kemendagri rumah": "61.71", "Kode BPS rumah": "6171"}  # fmt: skip
    assert {name: machine[name] for name in codes} == codes
    for group, whose in (("kabupaten-rumah", "rumah"), ("kabupaten-pelaku", "pelaku usaha")):
        row = lines(fitri.get(f"/laporan/unduh.csv?{NOVEMBER}&menurut={group}"))[0]
        assert (row[f"Kabupaten/kota {whose}"], row[f"Kode Kemendagri {whose}"], row[f"Kode BPS {whose}"]) == ("Kabupaten Sintang", "61.05", "6107")
    run = lines(fitri.get(f"/laporan/unduh.csv?{NOVEMBER}&isi=pemakaian&mesin=pontianak-band-1"))[0]
    assert (run["Kode barang"], run["Kode rumah"], run["Kode BPS pelaku usaha"]) == ("1.3.2.05.02.01.004", "pontianak", "6171")


BOOKS = [
    "/laporan/unduh.xlsx?", *(f"/laporan/unduh.xlsx?menurut={group}" for group in ("mesin", "pelaku", "kabupaten-pelaku", "rumah,bulan")),
    "/laporan/unduh.xlsx?isi=pemakaian", "/laporan/unduh.xlsx?isi=menunggu", "/laporan/kebutuhan/unduh.xlsx?", "/laporan/kebutuhan/unduh.xlsx?isi=diminta",
]  # fmt: skip


@pytest.mark.parametrize("path", BOOKS)
def test_what_is_shown_in_percent_says_so_in_its_header_and_nothing_else_does(houses, path):
    book = sheets(client_of(build.fitri()).get(f"{path}&{NOVEMBER}"))
    for sheet in book.worksheets:
        for column in sheet.iter_cols(min_row=1):
            numbers = [cell for cell in column[1:] if isinstance(cell.value, (int, float))]
            in_percent = {cell.number_format.endswith("%") for cell in numbers}
            assert "0–1" not in str(column[0].value)
            assert not numbers or in_percent == {"(%)" in column[0].value}, column[0].value


def test_a_csv_says_that_its_shares_are_between_0_and_1(houses):
    row = lines(client_of(build.fitri()).get(f"/laporan/unduh.csv?{NOVEMBER}"))[0]
    assert 0 < float(row["Utilisasi (0–1)"]) < 1


def test_the_api_gives_the_same_files(houses):
    window = {"from": "2026-11-01", "to": "2026-11-30", "group_by": "machine", "house_district": "61.71"}
    answer = Caller(build.fitri()).get("/reports/usage", {**window, "format": "xlsx"})
    assert answer["Content-Disposition"] == 'attachment; filename="pemakaian-61-71-2026-11-per-machine.xlsx"'
    *rows, total = rows_of(sheets(answer)["Per mesin dan rumah"])
    assert (len(rows), rows[0]["Kode barang"], total["Jam terpakai"]) == (2, "1.3.2.05.02.01.004", 4)
