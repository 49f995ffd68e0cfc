"""How numbers, money, dates and times are written for people."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from accounts import formats

PONTIANAK = "Asia/Pontianak"
EARLY = dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC)  # 06.30 WIB, already Tuesday
START = dt.datetime(2026, 11, 24, 1, 0, tzinfo=dt.UTC)  # 08.00 WIB


def test_a_date_is_the_day_at_the_house_not_in_utc() -> None:
    assert formats.long_date(EARLY, PONTIANAK) == "Selasa, 24 November 2026"


def test_a_short_date_fits_a_chip() -> None:
    assert formats.short_date(START, ZoneInfo(PONTIANAK)) == "Sel 24 Nov"


def test_a_span_is_written_with_dots_and_a_long_dash() -> None:
    assert formats.clock_span(START, START + dt.timedelta(minutes=90), PONTIANAK) == "08.00–09.30"


def test_a_span_that_ends_at_midnight_ends_at_24() -> None:
    evening = START + dt.timedelta(hours=14)
    assert formats.clock_span(evening, evening + dt.timedelta(hours=2), PONTIANAK) == "22.00–24.00"


def test_a_span_over_midnight_names_the_later_day() -> None:
    evening = START + dt.timedelta(hours=14)
    assert formats.clock_span(evening, evening + dt.timedelta(hours=3), PONTIANAK) == "22.00–Rab 25 Nov 01.00"


def test_english_writes_times_and_numbers_the_english_way() -> None:
    with translation.override("en"):
        assert formats.clock(START, PONTIANAK) == "08:00"
        assert formats.number(1250) == "1,250"
        assert formats.long_date(START, PONTIANAK) == "Tuesday, 24 November 2026"


@pytest.mark.parametrize(("zone", "name"), [(PONTIANAK, "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")])
def test_indonesian_zones_have_their_names(zone: str, name: str) -> None:
    assert formats.zone_name(zone) == name


def test_a_foreign_zone_says_what_it_calls_itself() -> None:
    assert formats.zone_name("Europe/Berlin", START) == "CET"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0\u00a0menit"), (45, "45\u00a0menit"), (60, "1\u00a0jam"), (90, "1\u00a0jam 30\u00a0menit")],
)
def test_a_duration_reads_in_hours_and_minutes(minutes: int, words: str) -> None:
    assert formats.duration(minutes) == words


@pytest.mark.parametrize(("value", "words"), [(0, "Rp0"), (25_000, "Rp25.000"), (-1_500, "-Rp1.500")])
def test_money_is_whole_rupiah_with_dots(value: int, words: str) -> None:
    assert formats.rupiah(value) == words


def test_a_share_is_a_percentage_that_never_parts() -> None:
    assert formats.percent(0.655, 1) == "65,5\u00a0%"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("+6281234567890", "0812-3456-7890"), ("+628123456789", "0812-3456-789"), ("kantor", "kantor")],
)
def test_a_phone_number_reads_in_groups(stored: str, shown: str) -> None:
    assert formats.phone(stored) == shown
