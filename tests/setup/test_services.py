"""Changing a house: rules, weeks, closed days; each with its trail."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import AuditEntry
from facilities.errors import BadInput, Stale
from facilities.models import Closure, OpeningHours, StaleMonth
from facilities.setup import houses
from facilities.time.hours import WeeklyRule
from tests import build

pytestmark = pytest.mark.django_db
FROM = date(2026, 12, 1)


def week(*rules: tuple[int, int, int], house=None, **when):
    house = house or build.make_facility()
    made = houses.set_week(
        facility=house,
        rules=[WeeklyRule(day, opens, closes, FROM) for day, opens, closes in rules],
        valid_from=FROM,
        valid_until=None,
        actor=build.cahya(house),
        now=build.MONDAY_8,
        **when,
    )
    return house, made


def test_a_changed_rule_is_kept_with_its_old_value():
    house = build.make_facility(notice=60)
    houses.change_facility(facility=house, changes={"notice": 120}, actor=build.cahya(house), now=build.MONDAY_8)
    entry = AuditEntry.objects.get()
    assert (house.notice, house.version, entry.before, entry.after) == (120, 2, {"notice": 60}, {"notice": 120})


def test_two_managers_do_not_overwrite_each_other():
    house = build.make_facility()
    cahya = build.cahya(house)
    houses.change_facility(facility=house, changes={"notice": 90}, actor=cahya, now=build.MONDAY_8)
    with pytest.raises(Stale):
        houses.change_facility(facility=house, changes={"notice": 30}, actor=cahya, now=build.MONDAY_8, version=1)


@pytest.mark.parametrize(("field", "value"), [("is_example", True), ("longest", 10)])
def test_what_makes_no_sense_is_bad_input(field, value):
    house = build.make_facility()
    with pytest.raises(BadInput) as bad:
        houses.change_facility(facility=house, changes={field: value}, actor=build.cahya(house), now=build.MONDAY_8)
    assert bad.value.field == field


def test_a_new_week_replaces_the_one_from_the_same_day():
    house, _ = week((0, 480, 690), (0, 780, 960))
    week((0, 540, 900), house=house)
    assert list(OpeningHours.objects.filter(valid_from=FROM).values_list("opens", "closes")) == [(540, 900)]


def test_overlapping_hours_of_a_day_are_refused_and_the_old_week_stays():
    house, _ = week((0, 480, 690))
    with pytest.raises(BadInput):
        week((0, 480, 690), (0, 600, 960), house=house)
    assert OpeningHours.objects.filter(facility=house, valid_from=FROM).count() == 1


def test_the_last_week_cannot_be_dropped():
    house = build.make_facility()
    with pytest.raises(BadInput):
        houses.drop_week(facility=house, valid_from=date(2020, 1, 1), actor=build.cahya(house), now=build.MONDAY_8)


def test_reopening_removes_the_closure_and_marks_its_months():
    house = build.make_facility()
    machine, cahya = build.make_machine(house), build.cahya(house)
    closure = houses.close_days(
        facility=house, first_on=date(2026, 11, 30), last_on=date(2026, 12, 2), from_minute=0, until_minute=1440,
        reason="Pindahan", actor=cahya, now=build.MONDAY_8,
    )  # fmt: skip
    marked = set(StaleMonth.objects.filter(machine=machine).values_list("month", flat=True))
    houses.reopen(closure=closure, actor=cahya, now=build.MONDAY_8)
    assert marked == {date(2026, 11, 1), date(2026, 12, 1)} and not Closure.objects.exists()


def test_a_holiday_is_not_a_houses_to_remove():
    holiday = Closure.objects.create(first_on=FROM, last_on=FROM, reason="Natal", kind="public")
    with pytest.raises(BadInput):
        houses.reopen(closure=holiday, actor=build.fitri(), now=build.MONDAY_8)


def test_a_change_in_the_first_hours_of_a_month_marks_that_month():
    """06.30 in Pontianak is still yesterday, and last month, in UTC."""
    house = build.make_machine().facility
    half_past_six = build.at(6.5, day=8)
    houses.change_facility(facility=house, changes={"notice": 5}, actor=build.cahya(house), now=half_past_six)
    assert StaleMonth.objects.get().month == date(2026, 12, 1)


def test_a_week_that_began_long_ago_still_marks_this_month():
    house = build.make_machine().facility
    since = date(2001, 1, 1)
    rules = [WeeklyRule(0, 480, 960, since)]
    houses.set_week(facility=house, rules=rules, valid_from=since, valid_until=None, actor=build.fitri(),
                    now=build.MONDAY_8, confirmed="2001-01/2026-11")  # fmt: skip
    marked = StaleMonth.objects.values_list("month", flat=True)
    assert len(marked) == 120 and max(marked) == date(2026, 11, 1)
