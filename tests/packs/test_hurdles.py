"""What the results say against a producer is what the house would say to the order: the same rules, asked earlier."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bookings.models import Booking, Document, Producer, Qualification
from bookings.packs.hurdles import ABOUT_PEOPLE, hurdles
from bookings.packs.search import search
from bookings.packs.wanted import Wanted
from bookings.rules.decision import verdict
from bookings.rules.question import question_about, request_for
from facilities.models import Facility, Machine
from tests import build

pytestmark = pytest.mark.django_db

CHIPS = Wanted(
    earliest=build.MONDAY_8, latest=build.at(0, day=12), form="keripik", format="standing_pouch",
    cleaning_class="berminyak", line="halal", quantity=2400,
)  # fmt: skip
POLICIES = [
    {"weekly_quota": 300},
    {"weekly_quota": 600, "peak_seasons": [
        {"name": "Lebaran", "first_on": "2026-11-24", "last_on": "2026-11-24", "weekly_quota": 60}
    ]},
    {"cooperative_quota": 500},
    {"open_bookings": 1},
    {"documents_required": ["nib", "pirt"]},
    {"documents_required": ["nib", "halal"], "trial_runs": 1},
    {"induction_required": True},
    {"qualification_required": True},
    {"reserved_share": 60, "reserved_opens": 2, "reserved_far": 100},
    {"manual_after": 1, "pause_after": 2, "pause_days": 14, "forgets_after": 60},
]  # fmt: skip
EVERYTHING = {name: value for policy in POLICIES for name, value in policy.items()}


@pytest.fixture
def producer():
    """Siti's, of a cooperative, known at two houses: a booking, runs, a member's booking, some called off late, documents."""
    siti, rosa = build.siti(), build.rosa()
    found, cooperative = build.producer_of(siti), build.producer_of(rosa)
    Producer.objects.filter(pk=found.pk).update(cooperative=cooperative)
    for number in range(2):
        house = build.make_facility(f"rumah-{number}")
        one, other = build.make_machine(house), build.make_machine(house)
        build.make_booking(one, 8, 12, day=number, by=siti)
        build.make_booking(other, 13, 15, by=rosa, producer=cooperative.members.exclude(pk=found.pk).get())
        past(build.make_booking(other, 8, 9, by=siti), status="completed")
        for hour in range(8, 10 + 2 * number):
            gone = build.make_booking(other, hour, hour + 1, day=7, by=siti)
            past(gone, status="cancelled", is_late_cancel=True, ended_at=build.EARLY - timedelta(days=2))
    Qualification.objects.create(producer=found, facility=house, given_on=build.EARLY.date())
    Document.objects.create(producer=found, kind="nib", number="1", made_at=build.EARLY)
    return Producer.objects.select_related("district", "cooperative").get(pk=found.pk)


def past(booking, **fields):
    Booking.objects.filter(pk=booking.pk).update(**fields)


def expected(producer, option, start):
    """What the house says to the order itself, of its rules about people."""
    machine = Machine.objects.select_related("facility", "type").get(pk=option.machine.pk)
    end = start + timedelta(minutes=option.minutes_each)
    request = request_for(
        machine, start, end, form="keripik", line="halal", cleaning_class="berminyak", pack_format="standing_pouch"
    )
    question = question_about(machine, request, now=build.EARLY, producer=producer)
    said = verdict(question, checks=ABOUT_PEOPLE)
    return {words(reason) for reason in (*said.refusals, *said.asks)}


def words(reason):
    return reason.effect, reason.id, reason.en, reason.way_out_id, reason.way_out_en


@pytest.mark.parametrize("policy", [*POLICIES, EVERYTHING], ids=lambda policy: "+".join(policy)[:40])
def test_the_results_say_what_the_order_would_be_told(producer, policy):
    Facility.objects.update(policy=policy)
    options = search(CHIPS, now=build.EARLY).options
    against = hurdles(producer, CHIPS, options, now=build.EARLY)
    assert len(options) == 4
    said = 0
    for option in options:
        for start in option.starts:
            told = {words(one.reason) for one in against.get(option.machine.pk, ()) if start in one.starts}
            assert told == expected(producer, option, start)
            said += len(told)
    assert said, "a policy against which nothing speaks tests nothing"


def test_a_plan_counts_its_own_visits(producer):
    """Five hours of the week are used, and one booking is open: the third visit is beyond both."""
    Facility.objects.update(policy={"weekly_quota": 720, "open_bookings": 3}, longest=150)
    wanted = replace(CHIPS, quantity=4500)
    option = next(o for o in search(wanted, now=build.EARLY).options if len(o.plan) == 3)
    against = hurdles(producer, wanted, [option], now=build.EARLY)[option.machine.pk]
    said = [sum(visit.start in one.starts for one in against) for visit in option.plan]
    assert said == [0, 0, 2] and {one.reason.code for one in against} == {"quota_used"}


def test_hurdles_take_two_statements_for_any_number_of_options(producer, django_assert_max_num_queries):
    Facility.objects.update(policy=EVERYTHING)
    for _ in range(2):
        build.make_machine(build.make_facility(policy=EVERYTHING))
        options = search(CHIPS, now=build.EARLY).options
        with django_assert_max_num_queries(2):
            assert hurdles(producer, CHIPS, options, now=build.EARLY)


def test_where_no_rule_is_about_people_nothing_is_read(producer, django_assert_num_queries):
    options = search(CHIPS, now=build.EARLY).options
    with django_assert_num_queries(0):
        assert hurdles(producer, CHIPS, options, now=build.EARLY) == {}
