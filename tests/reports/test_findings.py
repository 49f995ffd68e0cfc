"""Titles of findings: what each one says of which figures."""

from __future__ import annotations

from datetime import date

import pytest

from bookings.reports import findings, queries
from bookings.reports.models import UsageMonth
from facilities.models import Breakdown
from tests import build
from tests.reports import titles
from tests.reports.history import OVER, count


@pytest.mark.parametrize(("section", "case", "month", "figures", "title"), titles.cases(), ids=lambda text: text[:60])
def test_a_title_says_what_the_figures_say(section, case, month, figures, title):
    said = titles.SECTIONS[section](figures, titles.TENSES[month])
    assert said.replace("\xa0", " ") == title


def test_every_section_of_the_titles_is_tried():
    assert {section for section, *_ in titles.cases()} == set(titles.SECTIONS) and len(titles.cases()) >= 40


@pytest.mark.parametrize(
    ("shares", "title"),
    [
        ([], "Belum ada bulan yang tercatat"),
        ([None, None], "Belum ada bulan yang tercatat"),
        ([None, 0.09], "Baru satu bulan tercatat"),
        ([0.09, 0.09], "Tetap selama 1 bulan"),
        ([0.09, 0.10, 0.09], "Tetap selama 2 bulan"),
        ([0.09, 0.166, 0.092], "Naik turun antara 9\xa0% dan 17\xa0%"),
        ([0.09, 0.02, 0.09], "Naik turun antara 2\xa0% dan 9\xa0%"),
        ([0.09, 0.30, 0.12], "Naik turun antara 9\xa0% dan 30\xa0%"),
        ([0.09, 0.10, 0.12], "Naik 3 poin dalam 2 bulan"),
        ([0.12, None, 0.09], "Turun 3 poin dalam 2 bulan"),
        ([0.09, 0.12, None, None], "Naik 3 poin dalam 1 bulan"),
    ],
)
def test_a_trend_is_true_of_every_month_between_its_ends(shares, title):
    assert findings.trend(shares) == title


@pytest.mark.django_db
def test_nothing_is_repaired_beside_a_machine_that_outlasted_the_month_broken():
    machine = build.make_machine()
    for first, closed in ((-5, build.at(8, day=-3)), (2, build.at(8, day=9))):
        Breakdown.objects.create(
            machine=machine, started_at=build.at(8, day=first), expected_until=OVER, closed_at=closed, reason="aus"
        )
    found = queries.breakdowns([machine.facility], month=date(2026, 11, 1), now=build.at(8, day=20))
    assert [stop.is_open for stop in found] == [True, False]


@pytest.mark.django_db
def test_breakdowns_of_a_month_add_up_to_its_downtime_and_stop_counting_when_it_ends():
    machine = build.make_machine()
    for first, closed in ((-30, build.at(12, day=-19)), (-10, build.at(8, day=-9)), (3, build.at(8, day=12))):
        Breakdown.objects.create(
            machine=machine, started_at=build.at(8, day=first), expected_until=OVER, closed_at=closed, reason="aus"
        )
    count(machine, now=build.at(8, day=20))
    found = queries.breakdowns([machine.facility], month=date(2026, 11, 1), now=build.at(8, day=20))
    downtime = UsageMonth.objects.get(machine=machine).downtime
    assert (len(found), sum(stop.counted for stop in found)) == (3, downtime) and downtime > 0
    assert found[0].minutes == 4 * 24 * 60 + 16 * 60
