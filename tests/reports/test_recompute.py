"""The stored sums are what the raw rows say, whatever happened."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps

from bookings.models import Booking
from bookings.reports import services
from bookings.reports.models import ProducerMonth, UsageMonth
from bookings.runs.services import correct_run
from facilities.audit import audit
from facilities.models import Breakdown, Closure, Maintenance, StaleMonth
from facilities.setup import holidays
from tests import build
from tests.reports import history
from tests.reports.history import OVER, count, past, ran, served

pytestmark = pytest.mark.django_db
NOVEMBER, CLOSED = date(2026, 11, 1), date(2026, 11, 12)


def cell(machine, month=NOVEMBER) -> UsageMonth:
    return UsageMonth.objects.get(machine=machine, month=month)


def some_history(machine, seed: int) -> None:
    """Two months of anything at all: odd minutes, nights, month ends, every status, overlaps in the log."""
    chance = random.Random(seed)
    producers = [build.make_producer() for _ in range(3)]
    for _ in range(60):
        start = build.at(0, day=-40) + timedelta(minutes=chance.randrange(60 * 24 * 60))
        end = start + timedelta(minutes=chance.randrange(1, 600), seconds=chance.randrange(60))
        status = chance.choice(Booking.Status.values)
        part = past(machine, start, end, status=status, producer=chance.choice(producers), late=chance.random() < 0.2)
        if status in ("completed", "checked_in") and chance.random() < 0.8:
            ran(part, good=chance.randrange(900), rejected=chance.randrange(9), signed=chance.random() < 0.8)
    for _ in range(3):
        start = build.at(0, day=-40) + timedelta(minutes=chance.randrange(60 * 24 * 60))
        span = {"machine": machine, "starts_at": start, "ends_at": start + timedelta(hours=chance.randrange(1, 60))}
        Maintenance.objects.create(title="Oli", cancelled_at=chance.choice([None, None, start]), **span)
    start = build.at(0, day=chance.randrange(-40, 10))
    closed = chance.choice([None, start + timedelta(days=3)])
    Breakdown.objects.create(machine=machine, started_at=start, expected_until=OVER, closed_at=closed, reason="aus")


def by_the_minute(machine, month: date) -> dict[str, int]:
    """Add up a month the slow way: ask of every minute of it what it was."""
    zone = machine.facility.zone

    def inside(instant: datetime) -> bool:
        return instant.astimezone(zone).strftime("%Y-%m") == f"{month:%Y-%m}"

    clock = {"available": 0, "booked": 0, "unreported": 0, "run": 0, "downtime": 0}
    held = machine.booked.filter(booking__status__in=["approved", "checked_in", "completed", "no_show"])
    runs = [spans(r.started_at, r.stopped_at) for r in machine.runs.exclude(signed_at=None)]
    booked = [spans(p.starts_at, p.ends_at) for p in held]
    work = [spans(m.starts_at, m.ends_at) for m in machine.maintenances.filter(cancelled_at=None)]
    held_untold = [p for p in held.exclude(booking__status="no_show") if not p.runs.exclude(signed_at=None).exists()]
    untold = [spans(p.starts_at, p.ends_at) for p in held_untold]
    stops = [spans(b.started_at, b.closed_at or OVER) for b in machine.breakdowns.all()]
    minute = datetime(month.year, month.month, 1, tzinfo=zone)
    while inside(minute):
        local, now = minute.astimezone(zone), int(minute.timestamp()) // 60
        is_open = local.weekday() < 5 and 480 <= local.hour * 60 + local.minute < 960 and local.date() != CLOSED
        available = is_open and not any(now in span for span in work)
        clock["available"] += available
        clock["downtime"] += available and any(now in span for span in stops)
        clock["booked"] += any(now in span for span in booked)
        clock["unreported"] += any(now in span for span in untold)
        clock["run"] += any(now in span for span in runs)  # a machine runs once at a time
        minute += timedelta(minutes=1)
    return clock | counts(machine, inside)


def spans(start: datetime, end: datetime) -> range:
    return range(int(start.timestamp()) // 60, int(end.timestamp()) // 60)


def counts(machine, inside) -> dict[str, int]:
    parts = [p for p in machine.booked.select_related("booking") if inside(p.starts_at)]

    def of(*wanted: str) -> list:
        return [part for part in parts if part.booking.status in wanted]

    late = [p for p in of("cancelled") if p.booking.is_late_cancel]
    runs = [r for r in machine.runs.exclude(signed_at=None) if inside(r.started_at)]
    return {
        "approved": len(of("approved", "checked_in", "completed", "no_show")) + len(late),
        "completed": len(of("completed")),
        "no_shows": len(of("no_show")),
        "late_cancels": len(late),
        "signed": sum(p.runs.exclude(signed_at=None).exists() for p in of("completed")),
        "services": len(runs),
        "good": sum(r.good for r in runs),
        "rejected": sum(r.rejected for r in runs),
    }


@pytest.mark.parametrize("zone", ["Asia/Pontianak", "Asia/Makassar"])
@pytest.mark.parametrize("seed", range(3))
def test_the_sums_are_what_every_minute_of_the_month_says(seed, zone):
    machine = build.make_machine(build.make_facility(zone_name=zone))
    Closure.objects.create(facility=machine.facility, first_on=CLOSED, last_on=CLOSED, reason="Gotong royong")
    some_history(machine, seed)
    for month in ((2026, 10), (2026, 11)):
        count(machine, month=month)
        found, wanted = cell(machine, date(*month, 1)), by_the_minute(machine, date(*month, 1))
        assert {name: getattr(found, name) for name in wanted} == wanted


def test_a_wita_house_has_its_own_midnight():
    machine = build.make_machine(build.make_facility(zone_name="Asia/Makassar"))
    served(machine, build.at(23.5, day=7), build.at(24, day=7))
    count(machine)
    count(machine, month=(2026, 12), now=OVER)
    assert cell(machine).run == 0 and cell(machine, date(2026, 12, 1)).run == 30


def test_a_running_month_is_counted_to_the_end_of_today():
    machine = build.make_machine()
    past(machine, build.at(8, day=1), build.at(9, day=1), status="approved")
    count(machine, now=build.MONDAY_8)
    assert cell(machine).available == 16 * 480 and cell(machine).approved == 0


def test_a_holiday_that_is_worked_on_is_available_time_and_another_is_not():
    machine, other = build.make_machine(), build.make_machine(build.make_facility())
    Closure.objects.create(first_on=date(2026, 11, 24), last_on=date(2026, 11, 25), kind="public", reason="Isra Mikraj")
    house = machine.facility
    holidays.work_on(
        facility=house, on=date(2026, 11, 24), actor=build.cahya(house), now=build.MONDAY_8, version=house.version
    )
    for one in (machine, other):
        count(one)
    assert (cell(machine).available, cell(other).available) == (20 * 480, 19 * 480)


def test_a_month_to_come_has_no_cell():
    machine = build.make_machine()
    count(machine, month=(2027, 1))
    assert not UsageMonth.objects.exists()


def test_a_month_before_the_machine_was_entered_is_not_counted_unless_something_happened_in_it():
    house = build.make_facility(hours=None)
    old, new = build.make_machine(house), build.make_machine(house)
    for machine in (old, new):
        audit(action="add_machine", target=machine, actor=None, now=build.at(8, day=10))
    served(old, build.at(8), build.at(10))
    count(old, new)
    assert [one.machine for one in UsageMonth.objects.all()] == [old]
    count(old, new, month=(2026, 12), now=build.at(8, day=11))
    assert UsageMonth.objects.filter(month=date(2026, 12, 1)).count() == 2


def test_a_machine_is_available_only_while_it_is_in_service():
    machine = build.make_machine(in_service_from=date(2026, 11, 23), retired_on=date(2026, 11, 25))
    count(machine)
    assert cell(machine).available == 2 * 480
    count(machine, month=(2026, 10))
    assert UsageMonth.objects.count() == 1


def test_only_marked_cells_are_summed_and_their_marks_are_taken_away():
    one, two = build.make_machine(), build.make_machine()
    StaleMonth.objects.bulk_create(StaleMonth(machine=one, month=NOVEMBER) for _ in range(2))
    assert services.recompute_stale(now=OVER) == 1
    assert list(UsageMonth.objects.values_list("machine", flat=True)) == [one.pk] != [two.pk]
    assert not StaleMonth.objects.exists()


def test_a_change_that_lands_while_others_are_summed_keeps_its_mark(monkeypatch):
    machine = build.make_machine()
    StaleMonth.objects.create(machine=machine, month=NOVEMBER)
    sum_up = services.machine_month

    def meanwhile(*args):
        StaleMonth.objects.create(machine=machine, month=NOVEMBER)
        return sum_up(*args)

    monkeypatch.setattr(services, "machine_month", meanwhile)
    services.recompute_stale(now=OVER)
    assert StaleMonth.objects.count() == 1


def test_what_was_counted_before_unreported_hours_were_told_is_counted_again():
    machine, empty = build.make_machine(), build.make_machine()
    past(machine, build.at(8), build.at(10))
    count(machine, empty)
    UsageMonth.objects.update(unreported=0)
    import_module("bookings.reports.migrations.0003_figures_know_missing").sum_again(apps, None)
    assert services.recompute_stale(now=OVER) == 1
    assert cell(machine).unreported == 120


def test_a_correction_of_the_log_corrects_the_sums():
    machine = build.make_machine()
    run = served(machine, build.at(8), build.at(10))
    count(machine)
    correct_run(
        run_id=run.pk, field="good", value=250, reason="salah baca", actor=build.dewi(machine.facility), now=OVER
    )
    count(machine)
    assert (cell(machine).good, ProducerMonth.objects.get().good) == (250, 250)


def test_the_night_puts_a_wrong_cell_right_and_says_so(caplog):
    machine = build.make_machine()
    served(machine, build.at(8), build.at(10))
    count(machine)
    UsageMonth.objects.update(run=7)
    assert services.recompute_recent(now=OVER) == 1 and cell(machine).run == 120
    assert "have been put right" in caplog.text
    assert services.recompute_recent(now=OVER) == 0


def test_the_night_counts_every_machine_though_nothing_happened_to_it():
    machine = build.make_machine()
    services.recompute_recent(now=OVER)
    assert set(UsageMonth.objects.values_list("month", flat=True)) == {NOVEMBER, date(2026, 12, 1)}
    assert cell(machine).available == 21 * 480


def test_a_served_producer_is_one_row_per_machine_and_month():
    machine, producer = build.make_machine(), build.make_producer()
    for hour in (8, 10, 12):
        served(machine, build.at(hour), build.at(hour + 1), producer=producer)
    count(machine)
    row = ProducerMonth.objects.get()
    assert (row.producer, row.services, row.run) == (producer, 3, 180)


def test_any_number_of_machines_takes_the_same_number_of_statements(django_assert_max_num_queries):
    house = build.make_facility()
    machines = [build.make_machine(house) for _ in range(5)]
    for machine in machines:
        history.served(machine, build.at(8), build.at(10))
    for some in (machines[:1], machines):
        with django_assert_max_num_queries(15):
            count(*some)


def test_the_upgrade_counts_months_anew_in_which_two_runs_shared_a_minute():
    machine, other = build.make_machine(), build.make_machine()
    served(machine, build.at(8), build.at(10))
    served(machine, build.at(9.5), build.at(11))
    served(machine, build.at(8, day=-40), build.at(10, day=-40))
    served(other, build.at(9), build.at(10))
    StaleMonth.objects.all().delete()
    upgrade = import_module("bookings.migrations.0009_runs_are_asked_back")
    upgrade.count_shared_minutes_anew(apps, None)
    assert list(StaleMonth.objects.values_list("machine", "month")) == [(machine.pk, NOVEMBER)]
