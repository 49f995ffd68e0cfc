"""Asking for packs: options with their arithmetic, and every other machine with every reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from bookings.packs.search import causes, search
from bookings.packs.wanted import Wanted
from bookings.rules.decision import verdict
from bookings.rules.question import question_about, request_for
from facilities.models import Breakdown, Changeover, Machine, OpeningHours, Tariff
from facilities.occupancy.on_duty import OnDuty, on_duty
from facilities.occupancy.writing import with_breakdown
from facilities.time.spans import Span
from tests import build

pytestmark = pytest.mark.django_db

CHIPS = Wanted(
    earliest=build.MONDAY_8, latest=build.at(0, day=7), form="keripik", format="standing_pouch",
    cleaning_class="berminyak", line="halal", quantity=600,
)  # fmt: skip


def found(order="earliest", **asked):
    return search(replace(CHIPS, **asked), now=build.EARLY, order=order)


def codes(misfit):
    return [reason.code for reason in misfit.reasons]


def test_minutes_are_the_quantity_at_the_rate_on_the_grid():
    build.make_machine(rate=800, setup=15)
    (option,) = found().options
    assert (option.minutes, option.rate, option.learned_from) == (45, 800, 0)
    assert option.starts[0] == build.at(8.25) and option.ends_at == build.at(9)


def test_a_learned_rate_counts_and_names_its_source():
    machine = build.make_machine(rate=800)
    machine.capabilities.update(learned_rate=400, learned_from=12)
    (option,) = found().options
    assert (option.minutes, option.rate, option.learned_from) == (90, 400, 12)


def test_the_three_times_do_not_overlap():
    build.make_machine(rate=300)
    (option,) = found().options
    assert option.starts == [build.at(8), build.at(10), build.at(12)]


def test_options_stand_in_the_order_asked_for():
    near = build.make_facility(latitude=-0.03, longitude=109.34)
    far = build.make_facility(latitude=0.07, longitude=111.5)
    slow, fast = build.make_machine(near, rate=600), build.make_machine(far, rate=600)
    build.make_tariff(slow, amount=10_000)
    build.make_tariff(fast, amount=5_000)
    build.make_booking(slow, 8, 9)
    first = {
        order: found(order, district="61.71").options[0].machine.slug for order in ("earliest", "nearest", "cheapest")
    }
    assert first == {"earliest": fast.slug, "nearest": slow.slug, "cheapest": fast.slug}


def test_every_other_machine_says_every_reason():
    build.make_machine(line="non_halal").capabilities.update(format="botol")
    broken = build.make_machine()
    broken.breakdowns.create(started_at=build.EARLY, expected_until=build.at(0, day=9), reason="x")
    full = build.make_machine()
    for day in range(5):
        build.make_booking(full, 8, 16, day=day)
    answer = found()
    assert not answer.options
    assert [codes(one) for one in answer.misfits] == [
        ["wrong_line", "does_not_fit_machine"],
        ["broken", "taken"],
        ["taken"],
    ]


def test_a_pack_too_big_or_too_wide_does_not_fit():
    machine = build.make_machine()
    machine.capabilities.update(smallest=50, largest=250, widest=200)
    assert len(found(net_weight=100, width=150).options) == 1
    assert [codes(one) for one in found(net_weight=500).misfits] == [["does_not_fit_machine"]]
    assert [codes(one) for one in found(width=210).misfits] == [["does_not_fit_machine"]]


def test_too_much_for_one_session_becomes_a_plan_over_days():
    build.make_machine(build.make_facility(longest=240), rate=300)
    (option,) = found(quantity=3000).options
    assert [(s.start, s.packs) for s in option.plan] == [
        (build.at(8), 1200), (build.at(8, day=1), 1200), (build.at(8, day=2), 600)
    ]  # fmt: skip
    assert option.plan[-1].end == build.at(10, day=2) == option.ends_at


def test_a_time_behind_a_job_of_the_same_class_needs_no_cleaning_and_is_offered():
    machine = build.make_machine(cleaning=60, rate=600)
    owner = build.siti()
    product = build.make_product(build.producer_of(owner), cleaning_class="berminyak")
    build.make_booking(machine, 13, 14, by=owner, product=product)
    (option,) = found().options
    assert option.no_cleaning == [build.at(14)] and build.at(14) in option.starts


def test_when_nothing_fits_the_three_best_near_misses_come_instead():
    machine = build.make_machine(build.make_facility(longest=240), rate=300)
    for day in range(5):
        build.make_booking(machine, 9, 13, day=day)
        build.make_booking(machine, 13, 16, day=day, by=build.budi())
    answer = found()
    assert not answer.options and {near.kind for near in answer.near} == {"next_day", "shorter"}
    shorter = next(near for near in answer.near if near.kind == "shorter")
    assert (shorter.starts_at, shorter.packs) == (build.at(8), 300)


def test_a_refused_pair_takes_the_whole_day():
    machine = build.make_machine(rate=600)
    Changeover.objects.create(before="udang", after="berminyak", is_refused=True)
    owner = build.siti()
    shrimp = build.make_product(build.producer_of(owner), cleaning_class="udang")
    build.make_booking(machine, 8, 9, by=owner, product=shrimp)
    (option,) = found().options
    assert option.starts[0] == build.at(8, day=1)


def test_whatever_is_offered_is_accepted():
    house = build.make_facility(longest=300)
    for number in range(4):
        machine = build.make_machine(house, rate=200 + 100 * number, setup=7 * number, cleaning=20 * number)
        for hour in (9, 12):
            build.make_booking(machine, hour, hour + 1.25 if number < 2 else hour + 1)
    answer = found(quantity=500)
    assert len(answer.options) == 4
    for option in answer.options:
        machine = with_breakdown(Machine.objects.select_related("facility")).get(pk=option.machine.pk)
        for start in option.starts:
            end = start + timedelta(minutes=option.minutes_each)
            request = request_for(machine, start, end, form="keripik", line="halal", cleaning_class="berminyak")
            assert verdict(question_about(machine, request, now=build.EARLY)).refusals == []


def crowded_world(seed):
    """Houses open day and night or not, whose machines are taken at random, also by what the class must not meet."""
    random = Random(seed)
    Changeover.objects.create(before="berminyak", after="ikan", is_refused=True)
    Changeover.objects.create(before="ikan", after="berminyak", is_refused=True)
    for number in range(6):
        house = build.make_facility(hours=random.choice([(0, 1440), (480, 960)]), longest=4000, horizon=90)
        machine = build.make_machine(house, cleaning=random.choice([0, 45]), setup=random.choice([0, 10]))
        at = build.EARLY
        while at < build.at(0, day=24):
            end = at + timedelta(minutes=random.randrange(60, 1400))
            held = random.choice(["ikan", "kering", ""])
            machine.occupancies.create(starts_at=at, ends_at=end, kind="booking", cleaning_class=held)
            at = end + timedelta(minutes=random.choice([1, 200, 900, 2500]) * number)


@pytest.mark.parametrize("minutes", [30, 240, 1800])
@pytest.mark.parametrize("seed", range(4))
def test_looking_at_the_first_days_first_changes_no_answer(monkeypatch, seed, minutes):
    crowded_world(seed)
    asked = {"minutes": minutes, "latest": build.at(0, day=16)}
    answer = found(**asked)
    for hours in (*range(1, 100, 3), 2400):
        monkeypatch.setattr("bookings.packs.search.SOON", timedelta(hours=hours))
        other = found(**asked)
        assert other.options == answer.options and other.near == answer.near
        assert [codes(one) for one in other.misfits] == [codes(one) for one in answer.misfits]


@pytest.mark.parametrize(("day", "offered"), [(3, True), (7, False)])
def test_a_time_without_cleaning_is_worth_waiting_for_some_days(day, offered):
    machine = build.make_machine(cleaning=30)
    build.make_booking(machine, 9, 10, day=day, product=build.make_product(build.producer_of(build.siti()),
                       cleaning_class="berminyak"))  # fmt: skip
    (option,) = found(latest=build.at(0, day=14)).options
    assert (build.at(10, day=day) in option.starts) is offered
    assert bool(option.no_cleaning) is offered and len(option.starts) == 3


@pytest.mark.parametrize("leaves", [build.EARLY.date(), build.at(8, day=1).date()])
def test_whoever_leaves_before_a_planned_week_begins_does_not_work_in_it(leaves):
    machine = build.make_machine(operator_level="operator")
    build.make_operator(machine.facility)
    gone = machine.facility.operators.get()
    gone.shifts.update(valid_from=build.at(8, day=2).date())
    machine.facility.operators.update(ended_on=leaves)
    assert not found().options
    window = Span(build.at(8, day=2), build.at(16, day=2))
    assert on_duty([machine.facility], window)[machine.facility_id][:1] in ([], [OnDuty(gone.pk, frozenset(["BAND"]), ())])


@pytest.mark.parametrize("longest", [480, 20_160])
@pytest.mark.parametrize("thursday", [720, 960])
def test_what_lies_after_the_window_does_not_change_its_plan(longest, thursday):
    house = build.make_facility(hours=(480, 720))
    OpeningHours.objects.filter(facility=house, weekday=3).update(closes=thursday)
    machine = build.make_machine(house)
    build.make_machine(build.make_facility(hours=None, longest=longest))
    options = found(minutes=360, latest=build.at(16, day=1)).options
    (plan,) = [option.plan for option in options if option.machine.pk == machine.pk]
    assert [(one.start, one.minutes) for one in plan] == [(build.at(8), 240), (build.at(8, day=1), 120)]


def test_a_search_takes_eight_statements_at_any_size(django_assert_max_num_queries):
    operated = build.make_type("VFSP", operator_level="operator")
    for _ in range(3):
        house = build.make_facility()
        build.make_booking(build.make_machine(house), 8, 9)
        build.make_machine(house, type=operated, operator_level="operator")
    for most in (8, 3):  # the first time, and while nothing has changed
        with django_assert_max_num_queries(most):
            assert len(found(district="61.71").options) == 3


def test_a_search_that_finds_nothing_takes_one_statement_more(django_assert_max_num_queries):
    build.make_machine(type=build.make_type("VFSP", operator_level="operator"), operator_level="operator")
    found()
    with django_assert_max_num_queries(4):
        assert not found(earliest=build.at(17), latest=build.at(0, day=6)).options


@pytest.mark.parametrize("limits", [{"shortest": 45, "grid": 30}, {"shortest": 7, "grid": 5}])
def test_a_shortest_run_between_two_steps_of_the_grid_is_rounded_up(limits):
    build.make_machine(build.make_facility(**limits))
    (option,) = found(quantity=1).options
    assert option.minutes % limits["grid"] == 0 and option.minutes >= limits["shortest"]


def test_the_price_is_that_of_the_day_of_the_run():
    machine = build.make_machine(rate=600)
    build.make_tariff(machine, amount=10_000)
    Tariff.objects.create(machine=machine, unit="hour", amount=90_000, legal_basis="x", valid_from=date(2026, 11, 30))
    (option,) = found(earliest=build.at(0, day=8), latest=build.at(0, day=12)).options
    assert option.price == build.make_booking(machine, 8, 9, day=8).price == 90_000
    (before,) = found().options
    assert before.price == before.tariff.amount == 10_000


def test_a_plan_costs_what_its_visits_cost():
    machine = build.make_machine(build.make_facility(longest=120), rate=100)
    build.make_tariff(machine, unit="day", amount=50_000)
    (option,) = found(quantity=500).options
    assert len(option.plan) == 3 and option.price == 150_000


def test_a_run_over_midnight_ends_before_the_machine_retires():
    machine = build.make_machine(build.make_facility(hours=(0, 1440)), retired_on=date(2026, 11, 25))
    assert not found(quantity=None, minutes=240, earliest=build.at(20.25, day=1)).options
    (option,) = found(quantity=None, minutes=240, earliest=build.at(20, day=1)).options
    assert option.starts == [build.at(20, day=1)] and machine.slug == option.machine.slug


def test_a_job_that_outlasts_the_window_stops_nobody_from_asking():
    house = build.make_facility(hours=None, grid=60, longest=5000)
    OpeningHours.objects.bulk_create(
        OpeningHours(facility=house, weekday=day, opens=0, closes=1440, valid_from=date(2020, 1, 1)) for day in range(7)
    )
    machine, user = build.make_machine(house), build.siti()
    product = build.make_product(build.producer_of(user), cleaning_class="kering")
    build.make_booking(machine, 8, 8 + 72, day=1, by=user, product=product)
    until = build.EARLY + timedelta(days=3, hours=12)
    (option,) = found(earliest=build.EARLY, latest=until, format="", cleaning_class="kering", minutes=120).options
    assert option.starts[0] == build.EARLY + timedelta(hours=1)


def test_the_distance_is_from_where_any_house_knows_the_district():
    build.make_machine(build.make_facility())
    build.make_machine(build.make_facility(district=build.make_district("99.01", "Baru")), line="non_halal")
    assert [option.distance for option in found(district="99.01").options] == [0]


def test_a_rate_is_told_as_soon_as_something_that_has_one_is_asked():
    build.make_machine(rate=600)
    nothing = {"form": "", "format": "", "quantity": None, "minutes": 60}
    assert [found(**{**nothing, **told}).options[0].rate for told in ({}, {"form": "keripik"}, {"quantity": 5})] == [
        None,
        600,
        600,
    ]


def causes_of(**asked):
    wanted = replace(CHIPS, **asked)
    return causes(search(wanted, now=build.EARLY), wanted)


def test_only_machines_that_pack_this_form_into_this_format_are_causes_of_a_need():
    labeller = build.make_type("INK", is_support=True)
    for machine in (build.make_machine(line="non_halal"), build.make_machine(type=labeller)):
        machine.capabilities.update(form="cair", format="botol")
        Breakdown.objects.create(
            machine=machine, started_at=build.EARLY, expected_until=build.at(0, day=40), reason="aus"
        )
    build.make_machine()
    assert causes_of(earliest=build.at(0, day=5), latest=build.at(0, day=6)) == ["closed"]


def test_where_no_machine_packs_it_the_one_cause_is_that_there_is_none():
    for line in ("halal", "non_halal"):
        build.make_machine(line=line)
    assert causes_of(format="kaleng") == causes_of(form="cair") == ["no_such_machine"]
    assert causes_of(line="non_halal", quantity=60) == ["wrong_line"]


def test_a_machine_of_the_right_kind_but_another_size_is_a_cause():
    machine = build.make_machine()
    machine.capabilities.update(largest=250)
    assert causes_of(net_weight=1000) == ["does_not_fit_machine"]
