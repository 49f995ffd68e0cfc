"""When the house takes time back, nobody is pushed aside silently."""

from __future__ import annotations

import pytest

from bookings.models import BookedMachine, Booking
from bookings.ordering import services as ordering
from bookings.roster.week import left_of
from bookings.runs import services as runs
from bookings.upkeep import services as upkeep
from facilities.errors import Refusal
from facilities.models import Assignment, Breakdown, Changeover, Closure, Maintenance, Occupancy
from facilities.setup import lines
from facilities.time.spans import Span
from facilities.upkeep import services as facility_upkeep
from tests import build

pytestmark = pytest.mark.django_db


def maintained(machine, start, end, *, now=build.EARLY, **how):
    span = Span(build.at(start), build.at(end))
    actor = build.cahya(machine.facility)
    return upkeep.schedule_maintenance(
        machine_id=machine.pk, span=span, title="Kalibrasi", actor=actor, now=now, **how
    )


def test_maintenance_over_a_booking_is_refused_with_the_affected_listed():
    machine = build.make_machine()
    booking = build.make_booking(machine, 8, 10)
    with pytest.raises(Refusal) as refused:
        maintained(machine, 9, 11)
    assert refused.value.reasons[0].values["bookings"] == [booking.reference]
    assert not Maintenance.objects.exists()


def test_maintenance_displaces_when_told_to():
    machine = build.make_machine()
    booking = build.make_booking(machine, 8, 10)
    maintained(machine, 9, 11, displace=True)
    booking.refresh_from_db()
    assert (booking.status, booking.reason_code) == ("displaced", "maintenance")
    assert Occupancy.objects.get().kind == "maintenance"


def test_a_displaced_booking_finds_a_new_time_without_losing_its_approval():
    machine = build.make_machine(build.make_facility(approval="below_limit", approval_limit=240))
    booking = build.make_booking(machine, 8, 10)
    maintained(machine, 8, 12, displace=True)
    ordering.move(
        booking_id=booking.pk, starts_at=build.at(13), ends_at=build.at(15), actor=booking.made_by, now=build.EARLY
    )
    booking.refresh_from_db()
    assert booking.status == "approved" and Occupancy.objects.filter(kind="booking").count() == 1


def test_closing_a_day_displaces_approved_and_declines_waiting():
    house = build.make_facility()
    one = build.make_booking(build.make_machine(house), 8, 10)
    house.approval = "manual"
    house.save()
    two = build.make_booking(build.make_machine(house), 8, 10, by=build.budi())
    day = build.MONDAY_8.date()
    upkeep.close_days(
        facility=house,
        first_on=day,
        last_on=day,
        reason="Rapat",
        actor=build.cahya(house),
        now=build.EARLY,
        displace=True,
    )
    assert list(Booking.objects.order_by("pk").values_list("status", flat=True)) == ["displaced", "declined"]
    assert (one.facility, two.facility) == (house, house) and not Occupancy.objects.exists()


def test_a_refused_closing_leaves_no_closure():
    machine = build.make_machine()
    build.make_booking(machine, 8, 10)
    day = build.MONDAY_8.date()
    with pytest.raises(Refusal):
        upkeep.close_days(
            facility=machine.facility, first_on=day, last_on=day, reason="Rapat",
            actor=build.cahya(machine.facility), now=build.EARLY,
        )  # fmt: skip
    assert not Closure.objects.exists()


def test_a_breakdown_cuts_a_running_job_short_and_its_run_can_still_be_recorded():
    machine = build.make_machine(cleaning=15)
    booking = build.make_booking(machine, 8, 10)
    dewi = build.dewi(machine.facility)
    runs.check_in(booking_id=booking.pk, actor=dewi, now=build.at(8))
    upkeep.report_breakdown(
        machine_id=machine.pk,
        expected_until=build.at(16),
        reason="pompa mati",
        actor=dewi,
        now=build.at(9),
        displace=True,
    )
    runs.record_run(
        booking_id=booking.pk,
        actor=dewi,
        now=build.at(9.5),
        started_at=build.at(8),
        stopped_at=build.at(9),
        good=100,
        rejected=0,
    )
    booking.refresh_from_db()
    assert booking.status == "completed"
    assert sorted(Occupancy.objects.values_list("kind", flat=True)) == ["booking", "breakdown"]


def test_a_repaired_machine_can_be_booked_again_at_once():
    machine = build.make_machine()
    cahya = build.cahya(machine.facility)
    upkeep.report_breakdown(
        machine_id=machine.pk, expected_until=build.at(16), reason="pompa", actor=cahya, now=build.at(8)
    )
    with pytest.raises(Refusal, match="broken"):
        build.make_booking(machine, 12, 14, now=build.at(9))
    facility_upkeep.close_breakdown(
        breakdown_id=Breakdown.objects.get().pk, repair="pompa diganti", actor=cahya, now=build.at(10)
    )
    assert build.make_booking(machine, 12, 14, by=build.budi(), now=build.at(10)).status == "approved"


def test_a_machine_is_reported_broken_once():
    machine = build.make_machine()
    cahya = build.cahya(machine.facility)
    report = {"machine_id": machine.pk, "expected_until": build.at(16), "reason": "pompa", "actor": cahya}
    upkeep.report_breakdown(now=build.at(8), **report)
    with pytest.raises(Refusal, match="already_broken"):
        upkeep.report_breakdown(now=build.at(9), **report)


def test_cancelled_maintenance_frees_its_time():
    machine = build.make_machine()
    work = maintained(machine, 8, 12)
    facility_upkeep.cancel_maintenance(maintenance_id=work.pk, actor=build.cahya(machine.facility), now=build.EARLY)
    assert build.make_booking(machine, 8, 10).status == "approved"


def test_planned_work_never_cuts_into_a_job_unasked():
    machine = build.make_machine()
    booking = build.make_booking(machine, 8, 12)
    runs.check_in(booking_id=booking.pk, actor=build.dewi(machine.facility), now=build.at(8))
    with pytest.raises(Refusal, match="bookings_affected"):
        maintained(machine, 10, 11, now=build.at(9))
    assert Occupancy.objects.get().ends_at == build.at(12)
    maintained(machine, 10, 11, now=build.at(9), displace=True)
    assert Occupancy.objects.get(kind="booking").ends_at == build.at(10)


def test_a_breakdown_before_the_time_of_somebody_who_is_here_displaces_them():
    machine = build.make_machine()
    booking, dewi = build.make_booking(machine, 10, 12), build.dewi(machine.facility)
    runs.check_in(booking_id=booking.pk, actor=dewi, now=build.at(9))
    broken = {"machine_id": machine.pk, "expected_until": build.at(16), "reason": "pompa", "actor": dewi}
    with pytest.raises(Refusal, match="bookings_affected"):
        upkeep.report_breakdown(now=build.at(9.5), **broken)
    upkeep.report_breakdown(now=build.at(9.5), displace=True, **broken)
    booking.refresh_from_db()
    assert booking.status == "displaced" and not Occupancy.objects.filter(kind="booking").exists()
    assert [event.action for event in booking.events.all()] == ["reserve", "check_in", "undo_check_in", "displace"]


def moved(booking, machine, start, end):
    times = {"starts_at": build.at(start), "ends_at": build.at(end)}
    actor = build.cahya(machine.facility)
    return ordering.move(booking_id=booking.pk, machine_id=machine.pk, actor=actor, on_behalf=True,
                          now=build.EARLY, override_reason="perawatan", **times)  # fmt: skip


def test_what_was_displaced_still_leaves_behind_what_it_did():
    house = build.make_facility()
    machine, other = build.make_machine(house), build.make_machine(house)
    Changeover.objects.create(facility=house, before="ikan", after="kering", is_refused=True)
    booking = build.make_booking(machine, 8, 9, cleaning_class="ikan")
    build.make_booking(other, 10, 11, cleaning_class="kering")
    maintained(machine, 8, 16, displace=True)
    with pytest.raises(Refusal) as refused:
        moved(booking, other, 8, 9)
    assert refused.value.code == "products_never_mix"


def test_what_was_displaced_stays_on_its_line_when_the_machine_changes_its_own():
    house = build.make_facility()
    machine = build.make_machine(house, line="halal")
    booking = build.make_booking(machine, 8, 9)
    maintained(machine, 8, 12, displace=True)
    asked = lines.ask_line_change(machine=machine, to_line="non_halal", evidence="Berita acara 1/RP",
                                  actor=build.cahya(house), now=build.EARLY)  # fmt: skip
    lines.confirm_line_change(change_id=asked.pk, actor=build.fitri(), now=build.EARLY)
    with pytest.raises(Refusal) as refused:
        moved(booking, machine, 13, 14)
    assert refused.value.code == "wrong_line"


def test_a_run_cut_short_lets_its_operator_go_too():
    house = build.make_facility()
    machine = build.make_machine(house, operator_level="operator")
    build.make_operator(house)
    booking, cahya = build.make_booking(machine, 8, 12), build.cahya(house)
    runs.check_in(booking_id=booking.pk, actor=cahya, now=build.at(8))
    upkeep.report_breakdown(
        machine_id=machine.pk, expected_until=build.at(15), reason="Sabuk putus", actor=cahya, now=build.at(9)
    )
    assert Assignment.objects.get().ends_at == build.at(9)
    part = BookedMachine.objects.select_related("occupancy").get(booking=booking)
    assert left_of(part, now=build.at(9)) is None
