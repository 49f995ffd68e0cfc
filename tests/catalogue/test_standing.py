"""The catalogue's reads: what matches, how many would, how a machine stands, how far it is."""

from __future__ import annotations

from datetime import date

import pytest

from bookings.upkeep.services import report_breakdown
from facilities import vocabulary
from facilities.catalogue.services import load_changeovers
from facilities.catalogue.standing import Filters, found_machines, spread_out
from facilities.models import Capability, Changeover
from facilities.occupancy.matrices import matrix_of
from facilities.region.distances import straight_km
from facilities.time.changeover import loopholes
from tests import build

pytestmark = pytest.mark.django_db
TODAY = build.MONDAY_8.date()


def found(**wanted: object):
    return found_machines(Filters(**wanted), on=TODAY, now=build.MONDAY_8)


def names(result) -> list[str]:
    return [item.machine.name for item in result.listed]


def test_the_soonest_free_machine_comes_first():
    late, soon = build.make_machine(name="Lambat"), build.make_machine(name="Segera")
    build.make_booking(late, 8, 16)
    assert names(found()) == [soon.name, late.name]
    assert found().listed[0].standing.free_from == build.at(9)


def test_form_and_pack_must_be_one_capability_of_the_machine():
    machine = build.make_machine()
    Capability.objects.create(machine=machine, form="cair", format="botol", rate=100)
    assert not names(found(forms=frozenset({"keripik"}), formats=frozenset({"botol"})))
    assert names(found(forms=frozenset({"cair"}), formats=frozenset({"botol"})))


def test_a_machine_for_any_product_matches_every_form():
    machine = build.make_machine()
    Capability.objects.create(machine=machine, form="semua", format="karton", rate=100)
    assert names(found(forms=frozenset({"bubuk"})))


def test_counts_say_what_each_value_would_find_with_the_other_filters_kept():
    build.make_machine(line="halal"), build.make_machine(line="non_halal")
    build.make_machine(operator_level="mandiri", line="halal")
    counts = found(levels=frozenset({"terlatih"})).counts
    assert counts["lines"] == {"halal": 1, "non_halal": 1}
    assert counts["levels"] == {"terlatih": 2, "mandiri": 1}


def test_a_machine_in_use_says_until_when_and_when_it_is_free():
    machine = build.make_machine(cleaning=15)
    build.make_booking(machine, 8, 10)
    (item,) = found_machines(Filters(), on=TODAY, now=build.at(9)).listed
    assert (item.standing.status, item.standing.until) == ("running", build.at(10.25))
    assert item.standing.free_from == build.at(10.25)


def test_a_machine_without_a_free_time_in_a_fortnight_is_closed_and_last():
    shut = build.make_machine(build.make_facility(hours=None), name="A tutup")
    build.make_machine(name="Z buka")
    result = found()
    assert names(result) == ["Z buka", shut.name] and result.listed[1].standing.status == "closed"


def test_nearness_is_kilometres_to_the_district():
    far = build.make_district("61.05", "Sintang", "kabupaten")
    far.latitude, far.longitude = 0.07, 111.48
    build.make_machine()
    (item,) = found_machines(Filters(), on=TODAY, now=build.MONDAY_8, near=far).listed
    assert item.distance == 238


def test_a_retired_machine_is_gone():
    build.make_machine(retired_on=date(2026, 1, 1))
    assert names(found()) == []


def test_the_catalogue_takes_the_same_queries_for_any_number(django_assert_num_queries):
    for number in range(4):
        build.make_booking(build.make_machine(), day=number)
    with django_assert_num_queries(4):
        assert len(found().listed) == 4


def test_times_that_overlap_are_one_choice():
    starts = [build.at(hour) for hour in (8, 8.25, 8.5, 10, 10.25, 14)]
    assert spread_out(starts, minutes=120) == [build.at(8), build.at(10), build.at(14)]
    assert spread_out(starts, minutes=120, count=1) == [build.at(8)]
    assert spread_out([], minutes=60) == []


def test_a_degree_of_the_equator_is_about_111_kilometres():
    assert straight_km(0, 109, 0, 110) == 111
    assert straight_km(-0.03, 109.34, -0.03, 109.34) == 0


def test_a_machine_that_broke_down_says_when_it_is_expected_back():
    house = build.make_facility()
    machine = build.make_machine(house)
    report_breakdown(
        machine_id=machine.pk,
        expected_until=build.at(7, day=2),
        reason="Pemanas mati",
        actor=build.cahya(house),
        now=build.at(7),
    )
    standing = found().listed[0].standing
    assert (standing.status, standing.until) == ("broken", build.at(7, day=2))
    assert standing.free_from == build.at(8, day=2)


def test_a_machine_that_is_full_for_days_is_found_free_later_in_the_fortnight():
    machine = build.make_machine()
    for day in range(5):
        build.make_booking(machine, 8, 16, day=day)
    (item,) = found().listed
    assert item.standing.free_from == build.at(8, day=7)


def test_the_default_matrix_leaves_no_way_around_a_strict_pair():
    load_changeovers()
    classes = list(vocabulary.CLASSES)
    assert Changeover.objects.count() == len(classes) ** 2
    assert [loopholes(matrix_of(None), classes, full=full) for full in (5, 15, 30, 60)] == [[]] * 4
