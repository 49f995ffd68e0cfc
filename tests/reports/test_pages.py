"""The report pages: who reads them, what they say, and what a bad address gets."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from openpyxl import load_workbook

from bookings.reports.models import UsageMonth
from bookings.reports.views import downloads
from facilities.models import Breakdown
from tests import build, clock
from tests.reports.history import count, past, served

pytestmark = pytest.mark.django_db
PAGES = [
    "/laporan/", "/laporan/rumah/pontianak/", "/laporan/mesin/pontianak-band-1/", "/laporan/rincian/?isi=pemakaian",
    "/laporan/unduh.csv", "/laporan/unduh.xlsx",
]  # fmt: skip


@pytest.fixture
def houses(monkeypatch):
    """December in Pontianak and Sintang, with November counted."""
    clock.stop(monkeypatch, build.at(8, day=10))
    pontianak = build.make_facility("pontianak", name="Rumah Produksi Pontianak")
    district = build.make_district("61.05", "Sintang", "kabupaten")
    sintang = build.make_facility("sintang", name="Rumah Produksi Sintang", district=district)
    machine = build.make_machine(pontianak, slug="pontianak-band-1")
    other = build.make_machine(sintang, slug="sintang-band-1")
    served(machine, build.at(8), build.at(16), answered=timedelta(hours=5))
    past(machine, build.at(8, day=1), build.at(9, day=1), status="no_show")
    past(other, build.at(8), build.at(9))
    count(machine, other, now=build.at(8, day=10))
    return pontianak, sintang


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response) -> str:
    return (
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
        .replace("&nbsp;", " ")
        .replace("\xa0", " ")
    )


@pytest.mark.parametrize("path", PAGES)
def test_only_those_with_a_reporting_duty_read_reports(houses, path):
    pontianak, sintang = houses
    wanted = {
        200: [build.cahya(pontianak), build.fitri(), build.gunawan(), build.make_user("Admin", is_superuser=True)],
        404: [build.siti(), build.dewi(pontianak), build.rosa()],
    }
    for status, users in wanted.items():
        assert [client_of(user).get(path).status_code for user in users] == [status] * len(users)
    answer = Client().get(path)
    assert answer.status_code == 302 and answer["Location"].startswith("/masuk/?next=")


def test_a_district_and_a_house_read_nothing_of_others(houses):
    pontianak, sintang = houses
    eko, cahya = client_of(build.eko(sintang.district)), client_of(build.cahya(pontianak))
    assert "Pontianak" not in text_of(eko.get("/laporan/"))
    for path in (*PAGES[1:3], "/laporan/?wilayah=61.71", "/laporan/rincian/?wilayah=rumah:pontianak"):
        assert eko.get(path).status_code == 404
    for path in ("/laporan/rumah/sintang/", "/laporan/mesin/sintang-band-1/", "/laporan/?wilayah=rumah:sintang"):
        assert cahya.get(path).status_code == 404
    assert "SNT" not in text_of(cahya.get("/laporan/rincian/?isi=belum-lapor"))
    assert "sintang" not in b"".join(cahya.get("/laporan/unduh.csv").streaming_content).decode().lower()


@pytest.mark.parametrize("path", PAGES)
def test_reports_are_only_read(houses, path):
    assert client_of(build.fitri()).post(path).status_code == 405


def test_the_first_sentence_is_the_finding_and_its_figures_open_their_rows(houses):
    answer = client_of(build.fitri()).get("/laporan/?bulan=2026-11")
    assert "November 2026: 8 jam mesin terpakai dari 336 (2 %)." in text_of(answer)
    rows = re.search(r'href="(/laporan/rincian/\?isi=pemakaian[^"]*)"', answer.content.decode())[1]
    assert "Pemakaian yang tercatat: 1" in text_of(client_of(build.fitri()).get(rows.replace("&amp;", "&")))


def test_a_house_without_one_signed_run_reads_belum_lapor(houses):
    said = text_of(client_of(build.fitri()).get("/laporan/?bulan=2026-11"))
    assert "Sintang belum lapor." in said and "Sumber: catatan pemakaian yang ditandatangani, 50 % lengkap." in said


def test_where_nothing_was_booked_nothing_is_said_to_be_all_used(houses):
    for booked in houses[0].machines.get().booked.select_related("booking"):
        booked.booking.status = "declined"
        booked.booking.save()
        booked.runs.all().delete()
    count(houses[0].machines.get(), now=build.at(8, day=10))
    said = text_of(client_of(build.fitri()).get("/laporan/rumah/pontianak/?bulan=2026-11"))
    assert "semuanya terpakai" not in said and "Tidak ada jam dipesan." in said


def test_the_four_numbers_carry_comparison_and_definition(houses):
    said = text_of(client_of(build.fitri()).get("/laporan/?bulan=2026-11"))
    assert "Jam terpakai dibagi jam tersedia." in said and "belum ada pembanding" in said
    assert "untuk 1 pelaku usaha" in said and "5 jam" in said and "33 %" in said


def test_requests_that_nobody_answered_are_told_and_listed(houses):
    past(houses[0].machines.get(), build.at(10), build.at(11), status="expired")
    fitri = client_of(build.fitri())
    page = fitri.get("/laporan/?bulan=2026-11")
    assert "1 permintaan tidak dijawab" in text_of(page) and "pada bulan mulainya jam yang diminta" in text_of(page)
    rows = text_of(fitri.get("/laporan/rincian/?isi=tanpa-jawaban&bulan=2026-11"))
    assert "Permintaan yang tidak dijawab: 1" in rows and "2 hari" in rows


def test_without_a_month_the_last_whole_one_is_shown(houses):
    assert "November 2026: " in text_of(client_of(build.fitri()).get("/laporan/"))


def test_a_running_month_says_until_when(houses):
    machine = houses[0].machines.get()
    count(machine, month=(2026, 12), now=build.at(8, day=10))
    said = text_of(client_of(build.fitri()).get("/laporan/?bulan=2026-12"))
    assert "Sampai 3 Desember 2026: 0 jam mesin terpakai dari 24" in said
    assert "Bulan berjalan dihitung sampai akhir hari ini." in said


@pytest.mark.parametrize("month", ["2025-01", "2031-01"])
def test_a_month_nobody_counted_says_so(houses, month):
    assert "belum ada yang dihitung" in text_of(client_of(build.fitri()).get(f"/laporan/?bulan={month}"))


def test_a_month_to_come_says_so_and_claims_nothing(houses):
    for path in ("/laporan/", "/laporan/rumah/pontianak/", "/laporan/mesin/pontianak-band-1/"):
        said = text_of(client_of(build.fitri()).get(f"{path}?bulan=2027-02"))
        assert "Februari 2027 belum mulai, jadi belum ada yang dihitung." in said and "belum lapor" in said
        for claim in ("tidak ada yang menunggu", "Tidak ada mesin rusak", "dipakai dalam 30 hari", " 0 ", "Tidak ada waktu henti", "Belum ada pesanan"):
            assert claim not in said


def test_a_month_before_the_first_count_claims_nothing_either(houses):
    said = text_of(client_of(build.fitri()).get("/laporan/?bulan=2025-01"))
    for claim in ("tidak ada yang menunggu", "Tidak ada mesin rusak", "dipakai 30 hari", "Tidak ada jam dipesan"):
        assert claim not in said


def test_hours_nobody_reported_are_not_said_to_be_wasted(houses):
    said = text_of(client_of(build.fitri()).get("/laporan/?bulan=2026-11"))
    assert "3 % jam dipesan, dari yang sudah lapor kurang dari 1 poin terbuang, sebagian kecil belum lapor." in said


def test_a_past_month_speaks_of_machines_as_they_stood_when_it_ended(houses):
    machine = houses[0].machines.get()
    Breakdown.objects.create(
        machine=machine, started_at=build.at(8, day=2), expected_until=build.at(8, day=40), closed_at=build.at(8, day=9), reason="aus"
    )
    said = text_of(client_of(build.fitri()).get("/laporan/rumah/pontianak/?bulan=2026-11"))
    assert "1 kerusakan, 1 mesin masih rusak pada akhir bulan" in said and "Keadaan 30 November 2026." in said
    assert "Mesinnya rusak" in said
    december = text_of(client_of(build.fitri()).get("/laporan/rumah/pontianak/?bulan=2026-12"))
    assert "1 kerusakan, sudah diperbaiki" in december


def test_a_figure_of_machines_is_a_dash_by_producer_and_never_zero(houses):
    page = text_of(client_of(build.fitri()).get("/laporan/?bulan=2026-11&menurut=pelaku"))
    rows = page.split("Semua angka")[1]
    assert "Keripik Siti 1 8 – – – 1 1" in rows


def test_a_new_site_without_any_sum_has_a_report(houses):
    UsageMonth.objects.all().delete()
    for path in PAGES[:4]:
        assert client_of(build.fitri()).get(path).status_code == 200


def test_a_district_without_houses_is_told_so():
    eko = build.eko(build.make_district("61.10", "Melawi", "kabupaten"))
    assert "Belum ada rumah produksi di wilayah Anda" in text_of(client_of(eko).get("/laporan/"))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("bulan=abc", "bulan"), ("bulan=2026-13", "bulan"), ("bulan=9999-01", "bulan"), ("bulan=2026-1", "bulan"),
        ("menurut=warna", "menurut"),
    ],
)  # fmt: skip
def test_an_unreadable_address_names_its_field(houses, query, field):
    answer = client_of(build.fitri()).get(f"/laporan/?{query}")
    assert answer.status_code == 422 and f"{field}:" in text_of(answer).replace(" :", ":")


@pytest.mark.parametrize(
    "path",
    [
        "/laporan/rincian/?isi=rahasia", "/laporan/rincian/?page=abc", "/laporan/rincian/?page=-1",
        "/laporan/unduh.csv?dari=2026-11&sampai=2026-10", "/laporan/unduh.csv?dari=2000-01",
        "/laporan/unduh.xlsx?menurut=rumah,apa", "/laporan/unduh.xlsx?isi=apa",
    ],
)  # fmt: skip
def test_unreadable_lists_and_files_are_422(houses, path):
    assert client_of(build.fitri()).get(path).status_code == 422


@pytest.mark.parametrize("group", ["rumah", "kabupaten", "kabupaten-rumah", "kabupaten-pelaku", "jenis", "mesin", "bulan", "pelaku"])
def test_the_table_is_grouped_by_anything(houses, group):
    fitri = client_of(build.fitri())
    answer = fitri.get(f"/laporan/?bulan=2026-11&menurut={group}")
    named = {
        "rumah": "Sintang",
        "kabupaten": "Kota Pontianak",
        "kabupaten-rumah": "Kota Pontianak",
        "kabupaten-pelaku": "Kota Pontianak",
        "jenis": "segel",
        "mesin": "Segel kontinu 1",
        "bulan": "November",
        "pelaku": "Keripik",
    }
    assert answer.status_code == 200 and named[group] in text_of(answer).split("Semua angka")[1]


def test_a_broken_machine_is_listed_apart_from_idle_ones(houses):
    machine = houses[0].machines.get()
    Breakdown.objects.create(
        machine=machine, started_at=build.at(8, day=2), expected_until=build.at(8, day=40), reason="Elemen putus"
    )
    said = text_of(client_of(build.fitri()).get("/laporan/mesin/pontianak-band-1/?bulan=2026-11"))
    assert "Rusak 5 hari." in said and "Elemen putus" in said and "1 mesin masih rusak" in said


def test_a_csv_is_a_file_of_its_month_and_area(houses):
    answer = client_of(build.fitri()).get("/laporan/unduh.csv?bulan=2026-11&wilayah=61.05&menurut=rumah,bulan")
    assert answer["Content-Disposition"] == 'attachment; filename="laporan-kabupaten-sintang-2026-11-per-rumah-bulan.csv"'
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2 and lines[1].startswith("Rumah Produksi Sintang,sintang,Kabupaten Sintang,61.05,6105,2026-11,1,belum lapor,")


def test_the_workbook_has_houses_machines_months_definitions_and_filters(houses):
    answer = client_of(build.fitri()).get("/laporan/unduh.xlsx?bulan=2026-11")
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Per rumah", "Per mesin", "Per bulan", "Definisi", "Tentang"]
    about = dict(book["Tentang"].iter_rows(min_row=2, values_only=True))
    assert (about["Bulan"], about["Wilayah"]) == ("November 2026", "Kalimantan Barat")
    assert book["Per rumah"]["A2"].value == "Rumah Produksi Pontianak"


def test_a_list_too_long_for_a_workbook_is_offered_as_csv(houses, monkeypatch):
    monkeypatch.setattr(downloads, "ROWS_OF_A_SHEET", 0)
    fitri = client_of(build.fitri())
    answer = fitri.get("/laporan/unduh.xlsx?isi=pemakaian&bulan=2026-11")
    assert answer.status_code == 422 and "unduh CSV" in text_of(answer)
    assert fitri.get("/laporan/unduh.csv?isi=pemakaian&bulan=2026-11").status_code == 200


def test_more_of_everything_asks_the_database_no_more(houses, django_assert_max_num_queries):
    fitri = client_of(build.fitri())
    for number in range(6):
        machine = build.make_machine(build.make_facility(f"rumah-{number}"))
        served(machine, build.at(8), build.at(9))
        past(machine, build.at(9), build.at(10), status="no_show")
        count(machine)
    most = {
        "/laporan/": 26,
        "/laporan/rumah/pontianak/": 26,
        "/laporan/mesin/pontianak-band-1/": 28,
        "/laporan/rincian/": 12,
        "/laporan/unduh.csv": 16,
    }
    for path, number in most.items():
        with django_assert_max_num_queries(number):
            answer = fitri.get(f"{path}?bulan=2026-11")
            assert b"".join(answer) is not None and answer.status_code == 200


@pytest.mark.parametrize("slug", ["9999-12-31T23:59", "a/b", "sintang-band-1"])
def test_rows_of_a_machine_that_is_not_theirs_are_not_there(houses, slug):
    manager = client_of(build.cahya(houses[0]))
    assert manager.get("/laporan/rincian/", {"isi": "pemakaian", "mesin": slug}).status_code == 404
    assert manager.get("/laporan/rincian/", {"isi": "pemakaian", "mesin": "pontianak-band-1"}).status_code == 200


def test_a_machine_of_another_area_than_was_asked_for_is_not_there(houses):
    fitri = client_of(build.fitri())
    for path in ("/laporan/rincian/", "/laporan/unduh.csv", "/laporan/unduh.xlsx"):
        asked = {"isi": "pemakaian", "mesin": "sintang-band-1", "wilayah": "rumah:pontianak"}
        assert fitri.get(path, asked).status_code == 404
