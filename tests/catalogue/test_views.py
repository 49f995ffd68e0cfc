"""The public pages: readable by anybody, in few queries, and strict about what they are asked."""

from __future__ import annotations

from datetime import date

import pytest

from bookings.upkeep.services import report_breakdown
from facilities.models import Closure, OpeningHours
from tests import build, clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.stop(monkeypatch, build.MONDAY_8)


def read(client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_anybody_reads_the_catalogue_and_a_machine(client):
    machine = build.make_machine(build.make_facility("pontianak"), name="Segel kontinu 1")
    build.make_tariff(machine, amount=10_000)
    assert "Segel kontinu 1" in read(client, "/mesin/")
    page = read(client, f"/mesin/{machine.slug}/")
    assert "Hari ini, 09.00" in page and "Rp10.000/jam" in page and f"/pesan/{machine.slug}/" in page


def test_filters_narrow_and_an_empty_answer_shows_the_way_back(client):
    build.make_machine(name="Segel kontinu 1")
    assert "1 mesin cocok" in read(client, "/mesin/?form=keripik&format=standing_pouch&line=halal")
    assert "Belum ada mesin yang cocok" in read(client, "/mesin/?form=cair")
    assert "Belum ada mesin yang cocok" in read(client, "/mesin/?q=retort")


@pytest.mark.parametrize(
    "query", ["form=besi", "district=99.99", "level=x", "page=0", "page=x", "near=1", "q=" + "a" * 81, "facility=a/b"]
)
def test_a_filter_that_means_nothing_is_told_with_its_name(client, query):
    build.make_machine(name="Segel kontinu 1")
    page = read(client, f"/mesin/?{query}", 422)
    assert "Ada yang perlu diperbaiki" in page


def test_unknown_machines_and_houses_do_not_exist(client):
    retired = build.make_machine(retired_on=date(2026, 1, 1))
    for path in ["/mesin/tidak-ada/", "/rumah/tidak-ada/", f"/mesin/{retired.slug}/"]:
        read(client, path, 404)


def test_a_house_shows_its_week_with_the_friday_break_and_what_shuts_it_next(client):
    house = build.make_facility("pontianak")
    OpeningHours.objects.filter(weekday=4).update(closes=690)
    OpeningHours.objects.create(facility=house, weekday=4, opens=780, closes=960, valid_from=date(2020, 1, 1))
    Closure.objects.create(first_on=date(2026, 12, 24), last_on=date(2026, 12, 25), reason="Natal", kind="public")
    page = read(client, "/rumah/pontianak/")
    assert "08.00–11.30, 13.00–16.00" in page and "24–25 Desember 2026" in page and "Natal" in page


def test_a_house_in_wita_shows_its_own_clock(client):
    house = build.make_facility("timur", zone_name="Asia/Makassar")
    machine = build.make_machine(house)
    assert "WITA" in read(client, "/rumah/timur/")
    assert "Hari ini, 10.00" in read(client, f"/mesin/{machine.slug}/")


def test_a_holiday_today_says_why_the_house_is_shut(client):
    build.make_facility("pontianak")
    Closure.objects.create(first_on=date(2026, 11, 23), last_on=date(2026, 11, 23), reason="Libur bersama", kind="public")
    assert "Hari ini tutup: Libur bersama" in read(client, "/rumah/")


def test_half_past_six_in_the_morning_is_today_here(client, monkeypatch):
    clock.stop(monkeypatch, build.at(6.5))
    build.make_machine(build.make_facility("pontianak"))
    assert "Hari ini, 08.00" in read(client, "/mesin/")


def test_a_machine_offers_its_times_for_the_length_one_needs(client):
    machine = build.make_machine()
    build.make_booking(machine, 10, 16)
    assert "Sel 24 Nov" in read(client, f"/mesin/{machine.slug}/?lama=120")
    for odd in ["lama=x", "lama=-5", "lama=99999", "lama=", "lama=7", "lama=٣"]:
        read(client, f"/mesin/{machine.slug}/?{odd}")


@pytest.mark.parametrize(("path", "most"), [("/mesin/", 8), ("/rumah/", 3), ("/rumah/pontianak/", 10), ("/", 10)])
def test_pages_take_the_same_queries_for_any_number_of_machines(client, django_assert_max_num_queries, path, most):
    house = build.make_facility("pontianak")
    for number in range(5):
        build.make_booking(build.make_machine(house), day=number % 4)
    with django_assert_max_num_queries(most):
        read(client, path)


def test_a_machine_page_takes_twelve_queries_beside_any_number_of_its_kind(client, django_assert_max_num_queries):
    machines = [build.make_machine() for _ in range(6)]
    with django_assert_max_num_queries(12):
        read(client, f"/mesin/{machines[0].slug}/")


def test_no_public_page_names_who_booked(client):
    machine = build.make_machine(build.make_facility("pontianak"))
    build.make_booking(machine, 10, 12, note="telepon Siti")
    for path in ["/", "/mesin/", f"/mesin/{machine.slug}/", "/rumah/pontianak/", f"/pesan/{machine.slug}/"]:
        assert "Siti" not in read(client, path)


def test_the_guide_answers_what_people_ask(client):
    assert "Berapa tarifnya?" in read(client, "/cara-memesan/")


def test_a_broken_machine_says_since_when_and_shows_others_of_its_kind(client):
    house = build.make_facility("pontianak")
    machine, other = build.make_machine(house), build.make_machine(name="Segel kontinu 2")
    report_breakdown(machine_id=machine.pk, expected_until=build.at(7, day=2), reason="Pemanas mati",
                     actor=build.cahya(house), now=build.at(7))  # fmt: skip
    page = read(client, f"/mesin/{machine.slug}/")
    assert "Rusak sejak Senin, 23 November 2026." in page and "Perkiraan siap Rabu, 25 November 2026." in page
    assert other.name in page
