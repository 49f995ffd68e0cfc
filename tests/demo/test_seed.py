"""A seeded history has the shape that facts §8 describe, at a size a test can wait for."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from django.db import transaction

from bookings.demo import scale, shape
from bookings.models import BookedMachine, Booking, BookingEvent, Producer, Run
from facilities.models import Breakdown, Facility, Machine, Occupancy, StaleMonth
from facilities.time.spans import Span
from tests import build

SMALL = replace(scale.SCALES["kalbar"], houses=3, machines=12, bookings=16_000, producers=200, cooperatives=80)


@pytest.fixture(scope="module")
def history(django_db_setup, django_db_blocker):
    """One year of three houses, written once for all tests here, and taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        scale.fill(SMALL, years=1, seed=1, now=build.MONDAY_8, say=lambda words: None)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def seeded(history, db):
    return SMALL


def test_it_holds_what_was_asked_for(seeded):
    assert Facility.objects.count() == 3
    assert Machine.objects.count() == 12
    assert Producer.objects.filter(kind="umkm").count() == 200
    assert Producer.objects.filter(kind="cooperative").count() == 80
    assert Booking.objects.count() == pytest.approx(1600, rel=0.05)


def test_a_tenth_to_a_fifth_does_not_come_and_about_a_tenth_cancels(seeded):
    past = Counter(Booking.objects.filter(ends_at__lt=build.MONDAY_8).values_list("status", flat=True))
    total = past.total()
    assert 0.08 < past["no_show"] / total < 0.2
    assert 0.06 < past["cancelled"] / total < 0.15
    assert set(past) <= {"completed", "no_show", "cancelled", "declined", "expired"}


def test_what_holds_time_and_only_that_is_in_nobodys_way(seeded):
    assert Occupancy.objects.filter(kind="booking").count() == BookedMachine.objects.filter(occupancy__isnull=False).count()
    assert Breakdown.objects.filter(closed_at__isnull=True).count() == 0
    assert not BookingEvent.objects.filter(at__gt=build.MONDAY_8).exists()
    assert not BookingEvent.objects.filter(awaits_follow_up=True).exists()
    assert not Run.objects.filter(started_at__gt=build.MONDAY_8).exists()


def test_every_month_of_every_machine_waits_to_be_summed(seeded):
    marks = Counter(StaleMonth.objects.values_list("machine", flat=True))
    assert set(marks.values()) == {13}
    assert len(marks) == 12


def test_a_third_of_the_machines_has_about_two_thirds_of_the_use():
    random = Random(1)
    use = [house * machine for house in shape.house_weights(15, random) for machine in shape.machine_weights(11, random)]
    assert 0.6 < sum(sorted(use, reverse=True)[:55]) / sum(use) < 0.72


def test_a_third_of_the_houses_is_nearly_idle_and_the_first_is_not():
    weights = shape.house_weights(15, Random(1))
    assert sum(weight < 0.2 for weight in weights) in (4, 5)
    assert weights[0] >= 1.1


def test_before_lebaran_more_is_asked_and_on_fridays_less():
    feast = date(2026, 3, 21)
    ordinary = shape.season(date(2026, 6, 1), lebaran=[feast], imlek=[])
    assert shape.season(feast - timedelta(days=12), lebaran=[feast], imlek=[]) >= 2 * ordinary
    assert shape.season(date(2026, 6, 5), lebaran=[feast], imlek=[]) == 0.75 * ordinary


def test_bookings_are_spread_to_the_last_one_unless_no_day_has_room():
    assert sum(shape.spread(70, [1.0, 2.0, 0.0] * 30, most=3, random=Random(1))) == 70
    assert sum(shape.spread(100, [1.0, 1.0], most=3, random=Random(1))) == 6
    assert shape.spread(5, [], most=3, random=Random(1)) == []


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize(("setup", "cleaning"), [(0, 0), (10, 15), (45, 60)])
def test_made_up_jobs_never_meet_and_stay_within_their_day(count, setup, cleaning):
    morning, afternoon = Span(build.at(8), build.at(11.5)), Span(build.at(13), build.at(16.5))
    runs = shape.jobs([morning, afternoon], count, setup=setup, cleaning=cleaning, random=Random(count))
    whole = [Span(r.start - timedelta(minutes=setup), r.end + timedelta(minutes=cleaning)) for r in runs]
    assert all(one.end <= other.start for one, other in zip(whole, whole[1:], strict=False))
    assert all(morning.contains(span) or afternoon.contains(span) for span in whole)
    assert len(runs) <= count
