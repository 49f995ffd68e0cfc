"""A refused time is answered with the three best of what is almost the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.models import Booking
from bookings.packs.near_misses import near_misses, ruled_out
from bookings.rules.decision import verdict
from bookings.rules.question import question_about, request_for
from facilities.models import Machine
from facilities.occupancy.writing import with_breakdown
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
    with django_assert_max_num_queries(7):
        near_misses(machine, request, now=build.EARLY)


def refused(machine, start, end, **who):
    """Ask in earnest, and again for each near miss: return those of the answers, which should all be empty."""
    machine = with_breakdown(Machine.objects.select_related("facility")).get(pk=machine.pk)
    said = verdict(question_about(machine, asked(machine, start, end), now=build.EARLY, **who)).refusals
    found = near_misses(machine, asked(machine, start, end), now=build.EARLY, codes=ruled_out(said))
    answers = []
    for one in found:
        other = with_breakdown(Machine.objects.select_related("facility")).get(pk=one.machine.pk)
        request = request_for(other, one.starts_at, one.ends_at)
        answers += verdict(question_about(other, request, now=build.EARLY, **who)).refusals
    return [reason.code for reason in said], found, [reason.code for reason in answers]


@pytest.mark.parametrize(
    ("limits", "hours", "code"),
    [({"longest": 120}, 5, "too_long"), ({"shortest": 120}, 1, "too_short"), ({}, 50 / 60, "off_grid"),
     ({"shortest": 45, "grid": 30}, 0.5, "too_short")],
)  # fmt: skip
def test_what_is_offered_instead_keeps_the_rules_of_length(limits, hours, code):
    house = build.make_facility(**limits)
    machine, _twin = build.make_machine(house), build.make_machine(house)
    codes, found, answers = refused(machine, 8, 8 + hours)
    assert codes == [code] and found and not answers


@pytest.mark.parametrize(
    "policy",
    [{"open_bookings": 1}, {"weekly_quota": 90}, {"induction_required": True}],
    ids=lambda one: next(iter(one)),
)
def test_what_holds_for_the_whole_house_offers_nothing_there(policy):
    house, siti = build.make_facility(policy=policy), build.siti()
    machine, _twin = build.make_machine(house), build.make_machine(house)
    if "open_bookings" in policy:
        build.make_booking(machine, 12, 14, by=siti)
    codes, found, _answers = refused(machine, 8, 10, producer=build.producer_of(siti))
    assert len(codes) == 1 and not found


def test_a_share_kept_for_others_offers_no_day_that_is_kept_too():
    house = build.make_facility(policy={"reserved_share": 80, "reserved_opens": 4})
    machine, siti = build.make_machine(house), build.siti()
    done = build.make_booking(machine, 8, 10, by=siti, day=-7, now=build.EARLY - timedelta(days=10))
    Booking.objects.filter(pk=done.pk).update(status="completed")
    codes, found, answers = refused(machine, 56, 60, producer=build.producer_of(siti))
    assert codes == ["kept_for_others"] and not found
    other_house = build.make_machine()
    codes, found, answers = refused(machine, 56, 60, producer=build.producer_of(siti))
    assert {one.machine.slug for one in found} == {other_house.slug} and not answers


def test_an_alternative_too_short_for_the_packs_says_for_how_many_it_is_and_comes_after_one_that_is_long_enough():
    house = build.make_facility()
    machine, slow = build.make_machine(house, rate=300), build.make_machine(house, rate=200)
    build.make_booking(machine, 9, 16)
    told = {"now": build.EARLY, "codes": ["taken"], "quantity": 600}
    request = asked(machine, 8, 10, form="keripik", pack_format="standing_pouch")
    beside, *others = near_misses(machine, request, **told)
    assert (beside.machine.slug, beside.packs, beside.ends_at - beside.starts_at) == (slow.slug, 600, timedelta(hours=3))
    assert [(near.machine.slug, near.packs) for near in others if near.kind == "shorter"] == [(machine.slug, 300)]
