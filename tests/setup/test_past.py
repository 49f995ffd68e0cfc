"""What is past stays: no setting of a house rewrites days that were counted; the province may, month by month, knowingly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bookings.reports.services import recompute
from bookings.upkeep import services as upkeep
from facilities.errors import BadInput, Refusal
from facilities.models import Closure, Machine, OpeningHours, Tariff
from facilities.occupancy.timetables import opening_times
from facilities.setup import houses, machines
from facilities.setup.weeks import weeks_ahead
from facilities.time.hours import WeeklyRule, local_day
from facilities.time.spans import Span, clipped
from facilities.upkeep.services import schedule_maintenance
from tests import build, clock
from tests.pages import seen

pytestmark = pytest.mark.django_db
NOW = build.at(9)
HOURS = "/pengaturan/jam/"
TODAY, YESTERDAY, OCTOBER = date(2026, 11, 23), date(2026, 11, 22), date(2026, 10, 1)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.stop(monkeypatch, NOW)


@pytest.fixture
def house():
    return build.make_facility("pontianak")


@pytest.fixture
def machine(house):
    return build.make_machine(house, slug="pontianak-band-1")


def hours(machine, on, actor, **how):
    return houses.set_week(facility=machine.facility, rules=[WeeklyRule(0, 480, 720, on)], valid_from=on,
                           valid_until=None, actor=actor, now=NOW, **how)  # fmt: skip


def tariff(machine, on, actor, **how):
    return machines.set_tariff(machine=machine, unit="hour", amount=5, legal_basis="Perda", valid_from=on, actor=actor,
                               now=NOW, **how)  # fmt: skip


def closure(machine, on, actor, **how):
    return upkeep.close_days(facility=machine.facility, first_on=on, last_on=on, reason="Fumigasi", actor=actor, now=NOW,
                             **how)  # fmt: skip


def new_machine(machine, on, actor, **how):
    values = {"name": "Baru", "setup": 0, "cleaning": 0, "operator_level": "mandiri"}
    able = [machines.Ability("keripik", "sachet", 100)]
    return machines.add_machine(facility=machine.facility, type=machine.type, line="halal", values=values, abilities=able,
                                in_service_from=on, actor=actor, now=NOW, **how)  # fmt: skip


def retirement(machine, on, actor, **how):
    return upkeep.retire(machine=machine, retired_on=on, actor=actor, now=NOW, **how)


def return_(machine, on, actor, **how):
    Machine.objects.filter(pk=machine.pk).update(retired_on=on)
    machine.refresh_from_db()
    return machines.return_to_service(machine=machine, actor=actor, now=NOW, **how)


SETTINGS: dict[str, Callable[..., Any]] = {
    "hours": hours, "tariff": tariff, "closure": closure, "service from": new_machine, "retired on": retirement,
    "back in service": return_,
}  # fmt: skip
every_setting = pytest.mark.parametrize("change", SETTINGS.values(), ids=SETTINGS)


@every_setting
def test_a_house_cannot_change_what_is_past_and_reads_which_months_it_would_rewrite(machine, change):
    with pytest.raises(BadInput) as bad:
        change(machine, YESTERDAY, build.cahya(machine.facility))
    assert bad.value.code == "in_the_past" and "November 2026" in bad.value.id and "provinsi" in bad.value.id


@every_setting
def test_a_house_changes_what_begins_today(machine, change):
    assert change(machine, TODAY, build.cahya(machine.facility)) is not None


@every_setting
def test_the_province_rewrites_the_past_only_when_it_has_confirmed_the_months(machine, change):
    fitri = build.fitri()
    with pytest.raises(Refusal) as no:
        change(machine, YESTERDAY, fitri)
    assert (no.value.code, no.value.reasons[0].values["months"]) == ("rewrites_the_past", "2026-11/2026-11")
    with pytest.raises(Refusal):
        change(machine, YESTERDAY, fitri, confirmed="2026-10/2026-10")
    assert change(machine, YESTERDAY, fitri, confirmed="2026-11/2026-11") is not None


def test_maintenance_is_not_planned_for_days_that_are_over(machine):
    span = Span(build.at(9, day=-3), build.at(11, day=-3))
    with pytest.raises(BadInput) as bad:
        schedule_maintenance(machine=machine, span=span, title="Servis", actor=build.cahya(machine.facility), now=NOW)
    assert (bad.value.field, bad.value.code) == ("starts_at", "in_the_past")


def test_october_keeps_its_available_hours_when_the_hours_change_today(client, machine):
    recompute(month=OCTOBER, machine_ids=[machine.pk], now=NOW)
    before = machine.usage_months.get(month=OCTOBER).available
    client.force_login(build.cahya(machine.facility))
    assert client.get(HOURS).context["form"].initial["valid_from"] == TODAY
    shorter = {f"{edge}_{day}_0": clock for day in range(5) for edge, clock in (("opens", "08.00"), ("closes", "10.00"))}
    shorter |= seen(client, HOURS)
    assert client.post(HOURS, {"valid_from": "2026-11-23", "valid_until": "", **shorter}).status_code == 302
    recompute(month=OCTOBER, machine_ids=[machine.pk], now=NOW)
    assert machine.usage_months.get(month=OCTOBER).available == before > 0


def test_hours_from_a_past_date_are_refused_beside_the_field_and_the_week_stays(client, machine, house):
    client.force_login(build.cahya(house))
    typed = {"valid_from": "2020-01-01", "valid_until": "", "opens_0_0": "08.00", "closes_0_0": "10.00"}
    answer = client.post(HOURS, typed | seen(client, HOURS))
    assert answer.status_code == 422 and "Januari 2020 – November 2026" in answer.content.decode()
    assert house.opening_hours.count() == 5


def test_the_admin_is_shown_the_months_and_saves_with_one_more_tap(client, machine, house):
    client.force_login(build.make_user("Admin", is_superuser=True))
    typed = {"tarif-unit": "hour", "tarif-amount": "5000", "tarif-legal_basis": "Perda", "tarif-valid_from": "2026-10-01"}
    page = "/pengaturan/mesin/pontianak-band-1/"
    address = f"{page}tarif/"
    asked = client.post(address, typed | seen(client, page, address))
    assert asked.status_code == 409 and "Oktober 2026, November 2026" in asked.content.decode()
    assert not Tariff.objects.exists()
    assert client.post(address, dict(asked.context["typed"])).status_code == 302
    assert Tariff.objects.get().valid_from == OCTOBER


def test_which_holidays_a_house_keeps_changes_no_holiday_that_is_over(machine, house):
    holiday = Closure.objects.create(first_on=date(2026, 11, 16), last_on=date(2026, 11, 17), reason="Maulid", kind="public")
    coming = Closure.objects.create(first_on=date(2026, 12, 25), last_on=date(2026, 12, 25), reason="Natal", kind="public")
    cahya, seen_open = build.cahya(house), []
    for keeps in (True, False, True, False):
        houses.change_facility(facility=house, changes={"closed_on_holidays": keeps}, actor=cahya, now=NOW)
        past, ahead = (opening_times(house, local_day(one.first_on, house.zone))[0] for one in (holiday, coming))
        day = local_day(holiday.first_on, house.zone)
        assert bool(clipped(ahead, local_day(coming.first_on, house.zone))) != keeps
        seen_open.append(clipped(past, day))
    assert seen_open == [[], [], [], []]


def test_a_holiday_that_was_worked_stays_worked_when_the_house_keeps_holidays_again(machine):
    house = build.make_facility("sintang", closed_on_holidays=False)
    holiday = Closure.objects.create(first_on=date(2026, 11, 16), last_on=date(2026, 11, 16), reason="Maulid", kind="public")
    for keeps in (True, False, True):
        houses.change_facility(facility=house, changes={"closed_on_holidays": keeps}, actor=build.cahya(house), now=NOW)
        day = local_day(holiday.first_on, house.zone)
        assert clipped(opening_times(house, day)[0], day)


def test_a_week_that_has_begun_is_dropped_from_today_on_and_its_days_stay(machine, house):
    cahya = build.cahya(house)
    since = TODAY - timedelta(days=10)
    house.opening_hours.create(weekday=0, opens=600, closes=720, valid_from=since)
    houses.drop_week(facility=house, valid_from=since, actor=cahya, now=NOW)
    assert house.opening_hours.get(valid_from=since).valid_until == YESTERDAY
    assert [week.valid_from for week in weeks_ahead(house, on=TODAY)] == [date(2020, 1, 1)]
    with pytest.raises(BadInput):
        houses.drop_week(facility=house, valid_from=since, actor=cahya, now=NOW)


def test_a_week_that_was_replaced_is_past_and_cannot_be_dropped(machine, house):
    house.opening_hours.create(weekday=0, opens=600, closes=720, valid_from=TODAY)
    with pytest.raises(BadInput) as bad:
        houses.drop_week(facility=house, valid_from=date(2020, 1, 1), actor=build.cahya(house), now=NOW)
    assert bad.value.code == "in_the_past" and house.opening_hours.count() == 6


def test_a_closure_that_is_under_way_is_reopened_from_today_and_yesterday_stays_shut(machine, house):
    shut = Closure.objects.create(facility=house, first_on=YESTERDAY, last_on=TODAY + timedelta(days=3), reason="Banjir")
    houses.reopen(closure=shut, actor=build.cahya(house), now=NOW)
    assert list(house.closures.values_list("first_on", "last_on")) == [(YESTERDAY, YESTERDAY)]


def test_a_closure_that_is_over_stays(machine, house):
    shut = Closure.objects.create(facility=house, first_on=OCTOBER, last_on=YESTERDAY, reason="Banjir")
    with pytest.raises(BadInput) as bad:
        houses.reopen(closure=shut, actor=build.cahya(house), now=NOW)
    assert bad.value.code == "in_the_past" and house.closures.get().last_on == YESTERDAY


def test_whoever_types_into_a_week_that_somebody_replaces_meanwhile_loses_nothing(client, machine, house):
    cahya = build.cahya(house)
    client.force_login(cahya)
    address = f"{HOURS}?minggu=2020-01-01"
    typed = {"valid_from": "2026-11-23", "opens_0_0": "09.15", "closes_0_0": "10.00"} | seen(client, address)
    hours(machine, TODAY, cahya)
    answer = client.post(address, typed)
    assert answer.status_code == 412 and "09.15" in answer.content.decode()


def test_an_ordinary_week_never_does_away_with_a_special_one(client, house):
    special, ends = TODAY, date(2026, 11, 29)
    OpeningHours.objects.create(facility=house, weekday=0, opens=1140, closes=1440, valid_from=special, valid_until=ends)
    client.force_login(build.cahya(house))
    first = house.opening_hours.exclude(valid_from=special).first().valid_from
    assert client.get(f"{HOURS}?minggu={first}").context["form"].initial["valid_from"] == date(2026, 11, 30)
    typed = seen(client, HOURS) | {"opens_3_0": "08.00", "closes_3_0": "17.00", "valid_until": ""}
    for day in ("2026-11-23", "2026-11-25", "2026-11-29"):
        answer = client.post(HOURS, typed | {"valid_from": day})
        assert answer.status_code == 422 and "Minggu khusus berlaku" in answer.content.decode()
    assert house.opening_hours.filter(valid_from=special).exists()
    assert client.post(HOURS, typed | {"valid_from": "2026-11-30"}).status_code == 302
