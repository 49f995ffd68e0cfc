"""Files that open tidy, with real numbers, and run nothing that people typed."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import pytest
from django.utils import translation
from openpyxl import load_workbook

from bookings.reports import exports, queries
from bookings.reports.exports import MISSING, Column, Table
from tests import build
from tests.reports.history import OVER, count, past, served

ATTACKS = ["=1+1", "+6281234", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =cmd|x", "＝1+1"]


def read_csv(table: Table) -> list[list[str]]:
    text = "".join(exports.as_csv(table))
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def read_xlsx(*tables: Table, **about: str):
    return load_workbook(io.BytesIO(exports.as_xlsx(tables, about=about)))


@pytest.mark.parametrize("typed", ATTACKS)
def test_what_would_be_a_formula_stays_text(typed):
    table = Table("Uji", [Column("Nama")], [[typed]])
    (cell,) = next(read_xlsx(table)["Uji"].iter_rows(min_row=2, values_only=False))
    assert cell.data_type == "s" and cell.value.replace("_x000D_", "\r") == typed
    assert read_csv(table)[1] == [f"'{typed}"]


def test_a_name_with_commas_quotes_and_accents_survives():
    name = 'Toko "Maju", Jaya – Bu Yèni'
    table = Table("Uji", [Column("Nama")], [[name]])
    assert read_csv(table)[1] == [name] and read_xlsx(table)["Uji"]["A2"].value == name


def test_numbers_and_dates_are_real_ones_in_indonesian_formats():
    kinds = ["hours", "share", "count", "month", "moment"]
    row = [90, 0.25, 1250, date(2026, 11, 1), datetime(2026, 11, 23, 8, 0)]
    sheet = read_xlsx(Table("Uji", [Column(kind, kind) for kind in kinds], [row]))["Uji"]
    cells = list(sheet[2])
    assert [cell.value for cell in cells[:3]] == [1.5, 0.25, 1250]
    assert cells[3].value == datetime(2026, 11, 1) and cells[4].value == datetime(2026, 11, 23, 8, 0)
    assert cells[3].number_format == "[$-421]mmmm yyyy" and cells[2].number_format == "#,##0"


def test_a_csv_is_for_programs_dots_and_iso_dates():
    row = [90, 0.25, date(2026, 11, 1), 1_250_000, None]
    columns = [
        Column("Jam", "hours"),
        Column("Bagian", "share"),
        Column("Bulan", "month"),
        Column("Isi", "count"),
        Column("X"),
    ]
    assert read_csv(Table("Uji", columns, [row]))[1] == ["1.50", "0.2500", "2026-11", "1250000", ""]


def test_missing_reads_belum_lapor_and_never_zero():
    table = Table("Uji", [Column("Jam", "hours")], [[MISSING], [0]])
    assert read_csv(table)[1:] == [["belum lapor"], ["0.00"]]
    assert [row[0].value for row in read_xlsx(table)["Uji"].iter_rows(min_row=2)] == ["belum lapor", 0]


def test_a_workbook_opens_tidy_with_definitions_and_its_own_story():
    book = read_xlsx(Table("Uji", [Column("Jam", "hours")], [[60]]), Sumber="Catatan")
    sheet = book["Uji"]
    assert book.sheetnames == ["Uji", "Definisi", "Tentang"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet["A1"].value) == ("B2", "A1:A2", "Jam")
    assert any("belum lapor" in row[2] for row in book["Definisi"].iter_rows(values_only=True))
    assert [cell.value for cell in book["Tentang"][2]] == ["Sumber", "Catatan"]


def test_a_workbook_speaks_english_when_its_reader_does():
    with translation.override("en"):
        book = read_xlsx(Table("Uji", [Column("Jam", "hours")], [[60]]))
    assert any(row[0] == "Utilisation" for row in book.worksheets[1].iter_rows(values_only=True))


@pytest.mark.django_db
def test_usage_survives_a_round_trip_and_says_what_is_missing():
    house = build.make_facility("pontianak")
    machine, silent = build.make_machine(house), build.make_machine(house, name="Vakum 1")
    served(machine, build.at(8), build.at(10))
    past(silent, build.at(8), build.at(10))
    count(machine, silent)
    rows = queries.usage(build.fitri(), first=date(2026, 11, 1), last=date(2026, 11, 1), group_by=["month", "machine"])
    head, first, second = read_csv(exports.usage_table(rows, ["month", "machine"]))
    found = [dict(zip(head, row, strict=True)) for row in (first, second)]
    assert [row["Bulan"] for row in found] == ["2026-11", "2026-11"]
    assert [row["Jam terpakai"] for row in found] == ["2.00", "belum lapor"]
    assert [row["Okupansi (0–1)"] for row in found] == ["0.0119", "0.0119"]


@pytest.mark.django_db
def test_rows_are_streamed_a_page_at_a_time(django_assert_num_queries):
    machine = build.make_machine()
    for hour in range(8, 12):
        served(machine, build.at(hour), build.at(hour + 1))
    november = date(2026, 11, 1)
    rows = queries.detail_rows([machine.facility], "pemakaian", first=november, last=november, now=OVER)
    with django_assert_num_queries(2):  # the rows, and what else ran on their machines
        lines = read_csv(exports.detail_table(rows, title="Pemakaian"))
    row = dict(zip(lines[0], lines[1], strict=True))
    assert len(lines) == 6 and [row["Mulai"], row["Selesai"], row["Zona waktu"]] == [
        "2026-11-23 11:00", "2026-11-23 12:00", "WIB"]  # fmt: skip


def test_a_streamed_csv_speaks_the_language_it_was_asked_in():
    with translation.override("en"):
        rows = exports.as_csv(Table("Test", [Column("Run", "hours")], [[MISSING]]))
    assert "".join(rows) == "\ufeffRun (hours)\r\nnot reported\r\n"
