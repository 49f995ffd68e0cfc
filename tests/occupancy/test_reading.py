"""Calendars in two queries, whatever the number of machines; houses in their own zones."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from facilities.catalogue import queries
from facilities.models import Closure, Machine
from facilities.occupancy import reading
from facilities.region import free_times
from facilities.time.spans import Span
from tests import build

pytestmark = pytest.mark.django_db
WEEK = Span(build.at(0), build.at(0, day=7))


def machines():
    return list(queries.in_service(build.MONDAY_8.date()))


def test_calendars_take_two_queries_for_any_number_of_machines(django_assert_num_queries):
    for _ in range(3):
        build.make_booking(build.make_machine())
    found = machines()
    with django_assert_num_queries(2):
        calendars = reading.calendars(found, WEEK)
    assert len(calendars) == 3 and all(len(c.taken) == 1 for c in calendars.values())


def test_a_holiday_shuts_each_house_in_its_own_zone():
    wib, wita = build.make_facility("wib"), build.make_facility("wita", zone_name="Asia/Makassar")
    build.make_machine(wib), build.make_machine(wita)
    Closure.objects.create(first_on=date(2026, 11, 24), last_on=date(2026, 11, 24), reason="Libur", kind="public")
    for machine in machines():
        (block,) = reading.calendars([machine], WEEK)[machine.pk].shut
        local = block.span.start.astimezone(machine.facility.zone)
        assert (local.day, local.hour, block.code, block.span.minutes) == (24, 0, "holiday", 1440)


def test_a_house_may_work_through_joint_leave():
    build.make_machine(build.make_facility(closed_on_joint_leave=False))
    Closure.objects.create(first_on=date(2026, 11, 24), last_on=date(2026, 11, 24), reason="Cuti", kind="joint_leave")
    (machine,) = machines()
    assert reading.calendars([machine], WEEK)[machine.pk].shut == []


def test_a_closure_of_another_house_does_not_matter():
    build.make_machine()
    Closure.objects.create(
        facility=build.make_facility(), first_on=date(2026, 11, 24), last_on=date(2026, 11, 24), reason="x"
    )
    (machine,) = machines()
    assert reading.calendars([machine], WEEK)[machine.pk].shut == []


def test_next_free_honours_notice_and_what_is_taken():
    machine = build.make_machine(build.make_facility(notice=60))
    build.make_booking(machine, 9.5, 12)
    (machine,) = machines()
    assert free_times.next_free([machine], now=build.at(8), minutes=60) == {machine.pk: build.at(12)}


def test_nothing_is_free_beyond_the_horizon():
    machine = build.make_machine(build.make_facility(horizon=1))
    (machine,) = machines()
    assert free_times.next_free([machine], now=build.at(17, day=4), minutes=60) == {}


def test_retired_machines_are_not_listed():
    build.make_machine(retired_on=date(2026, 1, 1))
    assert machines() == []


def test_filters_combine():
    build.make_machine(name="Segel A")
    build.make_machine(name="Vakum B", line="non_halal")
    on = build.MONDAY_8.date()
    assert [m.name for m in queries.listed_machines(on=on, form="keripik", line="non_halal")] == ["Vakum B"]
    assert not queries.listed_machines(on=on, form="cair").exists()
    assert [m.name for m in queries.listed_machines(on=on, q="vakum rumah")] == ["Vakum B"]


def test_a_machine_with_many_capabilities_is_listed_once():
    machine = build.make_machine()
    machine.capabilities.create(form="keripik", format="kantong_plastik", rate=100)
    assert queries.listed_machines(on=build.MONDAY_8.date(), form="keripik").count() == Machine.objects.count() == 1


def test_the_tariff_is_the_one_in_force_that_day():
    machine = build.make_machine()
    build.make_tariff(machine, amount=10_000)
    machine.tariffs.create(unit="hour", amount=12_000, legal_basis="contoh", valid_from=date(2027, 1, 1))
    assert queries.tariff_on(machine, date(2026, 12, 31)).amount == 10_000
    assert queries.tariff_on(machine, date(2027, 1, 1)).amount == 12_000
    assert queries.tariff_on(machine, date(2019, 1, 1)) is None


def test_a_broken_machine_has_no_next_time_before_its_repair():
    machine = build.make_machine()
    machine.breakdowns.create(started_at=build.at(7), expected_until=build.at(12), reason="pompa")
    (machine,) = machines()
    assert free_times.next_free([machine], now=build.at(7.5), minutes=60)[machine.pk] == build.at(12)
    later = build.at(13)
    assert free_times.next_free([machine], now=later, minutes=60, days=3) == {}
    assert later - build.at(12) == timedelta(hours=1)


def test_of_two_closures_at_once_the_one_that_began_first_is_told():
    house = build.make_facility()
    machine = build.make_machine(house)
    days = [date(2026, 11, 23), date(2026, 11, 27), date(2026, 11, 25)]
    Closure.objects.create(facility=None, first_on=days[2], last_on=days[2], reason="Hari Guru", kind="public")
    Closure.objects.create(facility=house, first_on=days[0], last_on=days[1], reason="Renovasi", kind="closed")
    calendar = reading.calendars([machine], WEEK)[machine.pk]
    noon = Span(build.at(12, day=2), build.at(13, day=2))
    assert [block.words for block in calendar.shut if block.span.overlaps(noon)] == ["Renovasi", "Hari Guru"]
