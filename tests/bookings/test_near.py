"""A refused time is answered with the three best of what is almost the same."""

from __future__ import annotations

import pytest

from bookings.near import near_misses
from bookings.questions import request_for
from tests import build

pytestmark = pytest.mark.django_db


def asked(machine, start, end, **known):
    return request_for(machine, build.at(start), build.at(end), **known)


def near(machine, start, end, *, codes=("taken",), **known):
    return near_misses(machine, asked(machine, start, end, **known), now=build.EARLY, codes=codes)


def said(found):
    return [(one.kind, (one.starts_at - build.at(0)).total_seconds() / 3600, one.machine.slug) for one in found]


def test_a_little_later_is_nearer_than_another_day():
    machine = build.make_machine()
    build.make_booking(machine, 8, 11)
    found = near(machine, 9, 11)
    assert [(kind, hour) for kind, hour, _ in said(found)] == [("same_day", 11), ("same_day", 13), ("next_day", 32)]


def test_a_shorter_run_at_the_very_time_is_offered():
    machine = build.make_machine()
    build.make_booking(machine, 11, 16)
    found = {one.kind: one for one in near(machine, 9, 12)}
    assert found["shorter"].starts_at == build.at(9) and found["shorter"].ends_at == build.at(11)
    assert found["same_day"].starts_at == build.at(8)


def test_another_machine_of_the_house_at_the_same_time_comes_first_when_the_day_is_full():
    house = build.make_facility()
    machine, twin = build.make_machine(house), build.make_machine(house)
    build.make_booking(machine, 8, 16)
    assert said(near(machine, 9, 11))[0] == ("other_machine", 9, twin.slug)


def test_another_house_is_offered_with_its_way_counted():
    far = build.make_machine(build.make_facility(latitude=0.91, longitude=108.99))
    machine = build.make_machine()
    build.make_booking(machine, 8, 16)
    assert ("other_house", 9, far.slug) in said(near(machine, 9, 11))


def test_what_the_refusal_rules_out_is_not_offered():
    house = build.make_facility()
    machine, twin = build.make_machine(house, line="halal"), build.make_machine(house, line="non_halal")
    elsewhere = build.make_machine(line="non_halal")
    crossed = near(machine, 9, 11, codes=["wrong_line"], line="non_halal", form="keripik", pack_format="standing_pouch")
    assert {slug for _, _, slug in said(crossed)} == {twin.slug, elsewhere.slug}
    paused = near(twin, 9, 11, codes=["producer_suspended"], line="non_halal", form="keripik")
    assert {slug for _, _, slug in said(paused)} == {elsewhere.slug}


def test_a_used_quota_offers_another_week_or_another_house():
    machine = build.make_machine()
    elsewhere = build.make_machine()
    found = near(machine, 9, 11, codes=["quota_used"])
    assert {kind for kind, _, _ in said(found)} == {"next_day", "other_house"}
    assert min(one.starts_at for one in found if one.machine.slug == machine.slug) >= build.at(0, day=7)
    assert elsewhere.slug in {slug for _, _, slug in said(found)}


def test_several_short_visits_replace_a_long_one():
    machine = build.make_machine()
    for day in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11):
        build.make_booking(machine, 11, 13, day=day)
    assert "split" in {kind for kind, _, _ in said(near(machine, 8, 13, codes=["taken"]))}


def test_near_misses_take_the_same_statements_for_any_number(django_assert_max_num_queries):
    house = build.make_facility()
    machine = build.make_machine(house)
    for _ in range(5):
        build.make_booking(build.make_machine(house), 8, 10)
    request = asked(machine, 9, 11)
    with django_assert_max_num_queries(8):
        near_misses(machine, request, now=build.EARLY)
