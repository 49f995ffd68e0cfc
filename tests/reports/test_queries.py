"""Sums by anything, for those who may read them, in a fixed number of statements."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.db import connection

from bookings.models import Booking
from bookings.reports import queries
from facilities.models import Breakdown, Maintenance
from tests import build
from tests.reports.history import OVER, count, past, ran, served

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)
MONTH = {"first": NOVEMBER, "last": NOVEMBER}


@pytest.fixture
def houses():
    """Pontianak (two machines, one of another type) and Sintang (one), with November counted."""
    sintang = build.make_district("61.05", "Sintang", "kabupaten")
    pontianak = build.make_facility("pontianak")
    one, two = build.make_machine(pontianak), build.make_machine(pontianak, type=build.make_type("VAC1", name="Vakum"))
    three = build.make_machine(build.make_facility("sintang", district=sintang))
    siti, budi = build.make_producer("Keripik Siti"), build.make_producer("Abon Budi")
    served(one, build.at(8), build.at(10), producer=siti)
    served(two, build.at(8), build.at(9), producer=siti)
    served(three, build.at(8), build.at(9), producer=budi)
    past(three, build.at(10), build.at(12), producer=siti, status="no_show")
    count(one, two, three)
    return pontianak, three.facility


def by(user, *group_by, **asked):
    rows = queries.usage(user, group_by=group_by, **{**MONTH, **asked})
    return {row.key: (row.sums.run, row.sums.services, row.producers) for row in rows}


@pytest.mark.parametrize(
    ("group_by", "wanted"),
    [
        ((), {"": (240, 3, 2)}),
        (("facility",), {"pontianak": (180, 2, 1), "sintang": (60, 1, 1)}),
        (("district",), {"61.71": (180, 2, 1), "61.05": (60, 1, 1)}),
        (("type",), {"band": (180, 2, 2), "vac1": (60, 1, 1)}),
        (("month",), {"2026-11": (240, 3, 2)}),
        (("month", "district"), {"2026-11/61.71": (180, 2, 1), "2026-11/61.05": (60, 1, 1)}),
    ],
)
def test_sums_by_anything_count_each_producer_once(houses, group_by, wanted):
    assert by(build.fitri(), *group_by) == wanted


def test_sums_by_producer_have_no_available_time(houses):
    rows = queries.usage(build.fitri(), group_by=["producer"], **MONTH)
    assert [(row.label, row.sums.services, row.sums.no_shows, row.sums.utilisation) for row in rows] == [
        ("Abon Budi", 1, 0, None),
        ("Keripik Siti", 2, 1, None),
    ]


def test_who_only_failed_to_come_was_not_served(houses):
    assert by(build.fitri(), facility="sintang")[""][2] == 1


def test_filters_narrow_the_sums(houses):
    fitri = build.fitri()
    assert by(fitri, type="VAC1") == {"": (60, 1, 1)}
    assert by(fitri, "facility", district="61.05") == {"sintang": (60, 1, 1)}
    assert by(fitri, facility="nowhere") == {}


def test_everybody_reads_only_their_own(houses):
    pontianak, sintang = houses
    assert set(by(build.cahya(pontianak), "facility")) == {"pontianak"}
    assert set(by(build.eko(sintang.district), "facility")) == {"sintang"}
    assert set(by(build.gunawan(), "facility")) == {"pontianak", "sintang"}
    assert by(build.siti(), "facility") == by(build.dewi(pontianak), "facility") == {}


def test_a_house_nobody_counted_is_there_and_says_so(houses):
    build.make_machine(build.make_facility("melawi"))
    rows = {row.key: row for row in queries.usage(build.fitri(), **MONTH)}
    assert rows["melawi"].sums.is_counted is False and rows["melawi"].producers is None


def test_any_number_of_machines_and_months_takes_the_same_number_of_statements(houses, django_assert_num_queries):
    fitri = build.fitri()
    with django_assert_num_queries(4):
        queries.usage(fitri, first=NOVEMBER, last=NOVEMBER, group_by=["facility"])
    for month in range(1, 11):
        count(*build.Machine.objects.all(), month=(2026, month))
    with django_assert_num_queries(3):
        queries.usage(fitri, first=date(2026, 1, 1), last=NOVEMBER, group_by=["month", "facility"])


def test_waiting_is_from_request_to_a_persons_decision_and_ends_where_a_request_lapses():
    machine = build.make_machine()
    past(machine, build.at(8), build.at(9), answered=timedelta(hours=5))
    past(machine, build.at(9), build.at(10), answered=timedelta(hours=7), status="declined")
    past(machine, build.at(10), build.at(11))
    lapsed = past(machine, build.at(11), build.at(12), status="expired").booking
    Booking.objects.filter(pk=lapsed.pk).update(ended_at=lapsed.made_at + timedelta(hours=24))
    past(machine, build.at(12), build.at(13), status="cancelled", late=True)
    (waits,) = queries.waiting_minutes([machine.facility], now=OVER, **MONTH).values()
    assert (sorted(waits.minutes), waits.unanswered) == ([300, 420, 1440], 1)


def test_a_request_that_still_waits_has_waited_until_now_and_belongs_to_the_month_of_its_hours():
    machine = build.make_machine()
    past(machine, build.at(8, day=8), build.at(9, day=8), status="requested", asked=timedelta(days=3))
    now = build.at(7, day=8)
    both = {"first": NOVEMBER, "last": date(2026, 12, 1)}
    waits = queries.waiting_minutes([machine.facility], now=now, **both)
    assert {month: (one.minutes, one.unanswered) for month, one in waits.items()} == {date(2026, 12, 1): ([71 * 60], 1)}
    december = {"first": date(2026, 12, 1), "last": date(2026, 12, 1)}
    (row,) = queries.detail_rows([machine.facility], "tanpa-jawaban", now=now, **december)
    assert row.waited == 71 * 60


def test_a_move_that_must_be_looked_at_waits_from_the_move_on():
    part = past(build.make_machine(), build.at(8), build.at(9), asked=timedelta(days=9), answered=timedelta(days=5))
    part.booking.events.create(action="ask_to_move", to_status="requested", at=build.at(8, day=-5))
    (waits,) = queries.waiting_minutes([part.machine.facility], now=OVER, **MONTH).values()
    assert waits.minutes == [24 * 60]


def test_waits_are_what_plain_sql_counts():
    machine, chance = build.make_machine(), random.Random(7)
    for number in range(60):
        status = chance.choice(["requested", "expired", "completed", "declined", "cancelled", "no_show"])
        start = build.at(8, day=-20) + timedelta(hours=number * 11)
        answered = timedelta(minutes=chance.choice([0, 0, 7, 900]))
        booking = past(machine, start, start + timedelta(hours=1), status=status, answered=answered).booking
        Booking.objects.filter(pk=booking.pk, status="expired").update(ended_at=start - timedelta(hours=2))
    waits = queries.waiting_minutes([machine.facility], now=OVER, **MONTH)[NOVEMBER]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*), SUM(CASE WHEN status IN ('requested', 'expired') THEN 1 ELSE 0 END) FROM bookings_booking"
            " WHERE (status IN ('requested', 'expired') OR decided_at > made_at) AND starts_at >= %s AND starts_at < %s",
            [connection.ops.adapt_datetimefield_value(at) for at in (build.at(0, day=-22), build.at(24, day=7))],
        )
        assert cursor.fetchone() == (len(waits.minutes), waits.unanswered)


def test_idle_machines_are_told_apart_from_broken_ones():
    house = build.make_facility()
    busy, idle, never, broken = (build.make_machine(house, name=name) for name in ("a", "b", "c", "d"))
    served(busy, build.at(8, day=25), build.at(9, day=25))
    served(idle, build.at(8, day=-10), build.at(9, day=-10))
    Breakdown.objects.create(machine=broken, started_at=build.at(8, day=20), expected_until=OVER, reason="aus")
    found = queries.idle_machines([house], at=build.at(8, day=30))
    assert [(one.machine.name, one.never) for one in found] == [("c", True), ("b", False), ("d", True)]
    assert [one.days for one in found][1] == 40 and found[2].broken_days == 10


def test_a_machine_that_came_last_week_is_not_idle_yet():
    house = build.make_facility()
    build.make_machine(house, in_service_from=date(2026, 11, 20))
    assert queries.idle_machines([house], at=build.at(8)) == []


def test_the_week_has_run_and_available_minutes_of_every_machine():
    house = build.make_facility()
    one, two = build.make_machine(house), build.make_machine(house)
    served(one, build.at(8), build.at(9))
    Maintenance.objects.create(machine=two, starts_at=build.at(8), ends_at=build.at(16), title="Oli")
    week = queries.week_of([house], month=NOVEMBER, now=OVER)
    assert (week.run[8], week.available[8]) == (60, 2 * 5 * 60 - 60)
    assert week.available[7] == week.available[16] == 0


def test_the_rows_behind_a_figure_are_as_many_as_it_says():
    machine = build.make_machine()
    for hour, status in enumerate(["completed", "no_show", "cancelled", "approved", "requested"], start=8):
        past(machine, build.at(hour), build.at(hour + 1), status=status, late=True, answered=timedelta(hours=1))
    ran(past(machine, build.at(14), build.at(15)))
    found = {kind: len(queries.detail_rows([machine.facility], kind, now=OVER, **MONTH)) for kind in queries.KINDS}
    assert found == {
        "pemakaian": 1, "dipesan": 4, "tidak-datang": 1, "batal-terlambat": 1, "menunggu": 5, "tanpa-jawaban": 1, "belum-lapor": 1,
        "jam-belum-lapor": 2, "disetujui": 5, "selesai": 2, "tercatat": 1,
    }  # fmt: skip


def test_rows_of_a_wita_house_are_cut_at_its_own_midnight():
    machine = build.make_machine(build.make_facility(zone_name="Asia/Makassar"))
    served(machine, build.at(23.5, day=7), build.at(24, day=7))
    december = date(2026, 12, 1)
    assert len(queries.detail_rows([machine.facility], "pemakaian", now=OVER, **MONTH)) == 0
    assert len(queries.detail_rows([machine.facility], "pemakaian", first=december, last=december, now=OVER)) == 1


@pytest.mark.parametrize("spans", [[(8, 10), (9.5, 11)], [(8, 12), (9, 10)], [(8, 10), (8, 10)], [(8, 9), (8, 11), (10, 13), (12, 14)]])
def test_minutes_that_two_runs_claim_are_listed_once_too(spans, django_assert_num_queries):
    machine = build.make_machine()
    for number, (start, end) in enumerate(spans):
        served(machine, build.at(start), build.at(end), producer=build.make_producer(f"Usaha {number}"))
    count(machine)
    (figure,) = queries.usage(build.fitri(), group_by=[], **MONTH)
    rows = queries.detail_rows([machine.facility], "pemakaian", now=OVER, **MONTH)
    by_producer = {row.label: row.sums.run for row in queries.usage(build.fitri(), group_by=["producer"], **MONTH)}
    with django_assert_num_queries(2):
        listed = {row.producer: row.run for row in rows}
    assert sum(listed.values()) == rows.total().minutes == figure.sums.run
    assert listed == by_producer
