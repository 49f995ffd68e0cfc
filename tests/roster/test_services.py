"""Who runs a machine: named, replaced, missing. A job that loses its operator keeps its time and is never lost sight of."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import AuditEntry
from bookings.day import request_services as requests
from bookings.messages import services as messages
from bookings.models import BookedMachine, BookingEvent, Message
from bookings.ordering import services as ordering
from bookings.roster import services as roster
from bookings.roster.week import unmanned, week_of
from facilities.errors import BadInput, Refusal, Stale, WrongState
from facilities.models import Absence, Assignment, Operator
from facilities.time.hours import WeeklyRule
from facilities.time.spans import Span
from tests import build

pytestmark = pytest.mark.django_db
NOW = build.at(7)


@pytest.fixture
def house():
    return build.make_facility("pontianak")


@pytest.fixture
def machine(house):
    return build.make_machine(house, operator_level="operator", setup=15)


@pytest.fixture
def dewi(house):
    return build.make_operator(house, "Dewi")


@pytest.fixture
def cahya(house):
    return build.cahya(house)


@pytest.fixture
def booking(machine, dewi):
    return build.make_booking(machine, 9, 11)


def who_runs(booking):
    return (
        Assignment.objects.filter(occupancy__booked_machine__booking=booking)
        .values_list("operator__name", flat=True)
        .first()
    )


def actions(booking):
    return list(BookingEvent.objects.filter(booking=booking).values_list("action", flat=True))


def away(operator, cahya, start=8, end=16, **how):
    span = Span(build.at(start), build.at(end))
    return roster.add_absence(operator=operator, span=span, reason="Sakit", actor=cahya, now=NOW, **how)


def test_an_absence_lists_whom_it_strands_and_who_could_take_over_before_it_is_saved(booking, dewi, house, cahya):
    build.make_operator(house, "Hasan")
    with pytest.raises(Refusal) as refusal:
        away(dewi, cahya)
    (work,) = refusal.value.alternatives
    assert refusal.value.code == "bookings_affected" and refusal.value.reasons[0].values == {
        "bookings": [booking.reference]
    }
    assert work.part.booking == booking and work.suggested.name == "Hasan"
    assert not Absence.objects.exists() and who_runs(booking) == "Dewi"


def test_an_absence_beside_the_work_strands_nobody(booking, dewi, cahya):
    away(dewi, cahya, 11, 16)
    assert who_runs(booking) == "Dewi" and actions(booking) == ["reserve"]


def test_the_absence_and_the_replacement_are_one_step(booking, dewi, house, cahya):
    hasan = build.make_operator(house, "Hasan")
    away(dewi, cahya, replacements={booking.reference: hasan.pk})
    assert who_runs(booking) == "Hasan" and actions(booking) == ["reserve", "reassign"]
    assert unmanned(house, now=NOW) == []


def test_without_a_replacement_the_time_stays_and_the_job_is_listed_until_somebody_is_named(
    booking, dewi, house, cahya
):
    hasan = build.make_operator(house, "Hasan")
    away(dewi, cahya, replacements={booking.reference: None})
    assert who_runs(booking) is None and BookedMachine.objects.get(booking=booking).lacks_operator
    (work,) = unmanned(house, now=NOW)
    assert [one.name for one in work.choices] == ["Hasan"] and actions(booking)[-1] == "unassign"
    roster.reassign(booking_id=booking.pk, operator_id=hasan.pk, actor=cahya, now=NOW)
    assert unmanned(house, now=NOW) == [] and actions(booking)[-1] == "reassign"


def test_the_producer_hears_of_it_only_if_nobody_can_run_it_and_then_that_somebody_does(booking, dewi, house, cahya):
    away(dewi, cahya, replacements={booking.reference: None})
    hasan = build.make_operator(house, "Hasan")
    roster.reassign(booking_id=booking.pk, operator_id=hasan.pk, actor=cahya, now=NOW)
    assert actions(booking) == ["reserve", "strand", "restore"]
    for event in BookingEvent.objects.filter(booking=booking):
        messages.follow_up(event_id=event.pk, now=NOW)
    told = Message.objects.filter(booking=booking, channel="app").order_by("pk")
    assert [one.kind for one in told] == ["booked", "unmanned", "manned"]
    assert not [one for one in told if "Dewi" in one.body or "Hasan" in one.body]


def test_two_jobs_at_once_are_not_promised_the_same_person(machine, house, dewi, cahya):
    other, hasan = build.make_machine(house, operator_level="operator"), build.make_operator(house, "Hasan")
    first, second = build.make_booking(machine, 9, 11), build.make_booking(other, 10, 12, by=build.budi())
    intan = build.make_operator(house, "Intan")
    nobody = {first.reference: None, second.reference: None}
    away(hasan if who_runs(second) == "Hasan" else dewi, cahya, replacements=nobody)
    away(dewi if who_runs(first) == "Dewi" else hasan, cahya, replacements=nobody)
    suggested = [work.suggested for work in unmanned(house, now=NOW)]
    assert suggested == [intan, None]


def test_a_replacement_taken_meanwhile_is_said_and_nothing_is_saved(machine, house, dewi, cahya):
    other, hasan = build.make_machine(house, operator_level="operator"), build.make_operator(house, "Hasan")
    build.make_booking(machine, 9, 11)
    build.make_booking(other, 10, 12, by=build.budi())
    mine = {one.occupancy.booked_machine.booking.reference: one.operator for one in Assignment.objects.all()}
    lost, gone = next((ref, who) for ref, who in mine.items() if who == dewi)
    with pytest.raises(Refusal) as refusal:
        away(gone, cahya, replacements={lost: hasan.pk})
    assert refusal.value.code == "no_operator" and len(refusal.value.alternatives) == 1
    assert not Absence.objects.exists() and Assignment.objects.count() == 2


def test_shifts_that_shrink_and_types_that_go_strand_too(booking, dewi, cahya):
    morning = [WeeklyRule(0, 480, 600, date(2026, 11, 23))]
    with pytest.raises(Refusal):
        roster.set_shifts(operator=dewi, rules=morning, valid_from=date(2026, 11, 23), valid_until=None, actor=cahya,
                           now=NOW, version=1)  # fmt: skip
    with pytest.raises(Refusal):
        roster.end_operator(operator=dewi, ended_on=date(2026, 11, 23), actor=cahya, now=NOW, version=1)
    build.make_machine(dewi.facility, type=build.make_type("CUPA"))
    with pytest.raises(Refusal):
        roster.change_operator(operator=dewi, changes={"types": ["CUPA"]}, actor=cahya, now=NOW, version=1)
    dewi.refresh_from_db()
    assert (dewi.version, dewi.types, dewi.ended_on, dewi.shifts.count()) == (1, ["BAND"], None, 5)


def test_whoever_stays_longer_by_agreement_is_not_stranded_by_something_else(machine, house, dewi, cahya):
    late = build.make_operator(house, "Hasan", hours=(480, 600))
    booking = build.make_booking(machine, 12, 14)
    with pytest.raises(Refusal) as refusal:
        roster.reassign(booking_id=booking.pk, operator_id=late.pk, actor=cahya, now=NOW)
    assert refusal.value.code == "no_operator" and refusal.value.reasons[0].overridable
    roster.reassign(booking_id=booking.pk, operator_id=late.pk, actor=cahya, now=NOW, override_reason="Sudah sepakat")
    away(late, cahya, 8, 10)
    assert who_runs(booking) == "Hasan"
    with pytest.raises(Refusal):
        away(late, cahya, 11, 16)


def test_nobody_runs_two_machines_whatever_the_reason(machine, house, dewi, cahya):
    hasan, other = build.make_operator(house, "Hasan"), build.make_machine(house, operator_level="operator")
    first, second = build.make_booking(machine, 9, 11), build.make_booking(other, 10, 12, by=build.budi())
    busy = Assignment.objects.get(occupancy__booked_machine__booking=second).operator
    with pytest.raises(Refusal) as refusal:
        roster.reassign(booking_id=first.pk, operator_id=busy.pk, actor=cahya, now=NOW, override_reason="Tolong")
    assert refusal.value.code == "no_operator" and {busy.pk} < {dewi.pk, hasan.pk}


def test_only_operators_of_the_house_who_know_the_machine_can_be_named(booking, house, cahya):
    stranger = build.make_operator(build.make_facility("sintang"), "Joko")
    packer = build.make_operator(house, "Lestari", types=("CUPA",))
    with pytest.raises(BadInput):
        roster.reassign(booking_id=booking.pk, operator_id=stranger.pk, actor=cahya, now=NOW)
    with pytest.raises(Refusal) as refusal:
        roster.reassign(booking_id=booking.pk, operator_id=packer.pk, actor=cahya, now=NOW, override_reason="x")
    assert not refusal.value.reasons[0].overridable
    ordering.cancel(booking_id=booking.pk, actor=cahya, now=NOW, reason_code="ill")
    with pytest.raises(WrongState):
        roster.reassign(booking_id=booking.pk, operator_id=packer.pk, actor=cahya, now=NOW)


def test_a_run_under_way_changes_hands_for_what_is_left_of_it(booking, house, dewi, cahya):
    hasan = build.make_operator(house, "Hasan", hours=(600, 960))
    now = build.at(10)
    roster.reassign(booking_id=booking.pk, operator_id=hasan.pk, actor=cahya, now=now)
    held = Assignment.objects.get(operator=hasan)
    assert (held.starts_at, held.ends_at) == (now, build.at(11))


def test_approving_keeps_the_operator_and_moving_asks_anew(machine, house, dewi, cahya):
    house.approval = "manual"
    house.save()
    booking = build.make_booking(machine, 9, 11)
    requests.approve(booking_id=booking.pk, actor=cahya, now=NOW)
    assert who_runs(booking) == "Dewi"
    ordering.move(
        booking_id=booking.pk, starts_at=build.at(13), ends_at=build.at(15), actor=cahya, now=NOW, on_behalf=True
    )
    held = Assignment.objects.get(operator=dewi)
    assert (held.starts_at, held.ends_at) == (build.at(12.75), build.at(15))


def test_a_change_somebody_else_was_faster_with_is_stale(dewi, cahya):
    roster.change_operator(operator=dewi, changes={"name": "Dewi L"}, actor=cahya, now=NOW, version=1)
    with pytest.raises(Stale):
        roster.change_operator(operator=dewi, changes={"name": "Dewi M"}, actor=cahya, now=NOW, version=1)
    assert Operator.objects.get().name == "Dewi L" and AuditEntry.objects.get().before == {"name": "Dewi"}


def test_the_week_shows_shifts_absences_and_work_in_four_statements(
    booking, dewi, house, cahya, django_assert_num_queries
):
    build.make_operator(house, "Hasan")
    away(dewi, cahya, 13, 16)
    with django_assert_num_queries(4):
        first, second = week_of(house, date(2026, 11, 23))
        monday, tuesday = first.days[0], first.days[1]
        assert [job.occupancy.booked_machine.booking.producer.name for job in monday.jobs] == ["Keripik Siti"]
    assert [(rule.opens, rule.closes) for rule in monday.shifts] == [(480, 960)] and len(monday.away) == 1
    assert not tuesday.away and not first.days[5].shifts and second.operator.name == "Hasan"


def test_the_list_of_work_without_operator_takes_the_same_statements_for_any_number(
    machine, house, dewi, cahya, django_assert_num_queries
):
    made = [build.make_booking(machine, 9, 11, day=day, by=build.make_owner(f"Ibu {day}")) for day in range(4)]
    build.make_operator(house, "Hasan")
    span = Span(build.at(8), build.at(16, day=4))
    nobody = {booking.reference: None for booking in made}
    roster.add_absence(operator=dewi, span=span, reason="", actor=cahya, now=NOW, replacements=nobody)
    with django_assert_num_queries(3):
        assert len(unmanned(house, now=NOW)) == 4
