"""What can hardly be is asked back with its values, and believed only on a manager's word, which is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.models import Run
from bookings.runs import services as runs
from facilities.errors import Refusal
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine():
    return build.make_machine(rate=600)


def here(machine, start, end, *, by=None, day=0):
    booking = build.make_booking(machine, start, end, by=by, day=day)
    runs.check_in(booking_id=booking.pk, actor=booking.made_by, now=build.at(start, day=day))
    return booking


def recorded(booking, actor, start=8, end=9, *, day=0, now=None, **more):
    values = {"good": 300, "rejected": 4, **more}
    return runs.record_run(booking_id=booking.pk, actor=actor, started_at=build.at(start, day=day),
                           stopped_at=build.at(end, day=day), now=now or build.at(16, day=max(day, 0)), **values)  # fmt: skip


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


@pytest.mark.parametrize(("start", "end", "overlaps"), [(9.5, 11, True), (8, 16, True), (8.5, 9, True), (10, 12, False)])
def test_a_run_over_another_signed_run_of_the_machine_is_asked_back(machine, start, end, overlaps):
    first, second = here(machine, 8, 10), here(machine, 10, 12, by=build.budi())
    dewi = build.dewi(machine.facility)
    recorded(first, dewi, 8, 10)
    if not overlaps:
        assert recorded(second, dewi, start, end).doubts == []
        return
    with pytest.raises(Refusal) as refused:
        recorded(second, dewi, start, end)
    assert codes(refused) == ["overlaps_a_run"] and Run.objects.filter(signed_at__isnull=False).count() == 1
    assert refused.value.reasons[0].values["runs"][0]["booking"] == first.reference


def test_the_same_hours_on_another_machine_are_nobodys_business(machine):
    other = build.make_machine(machine.facility)
    dewi = build.dewi(machine.facility)
    recorded(here(machine, 8, 10), dewi, 8, 10)
    assert recorded(here(other, 8, 10, by=build.budi()), dewi, 8, 10).signed_by == dewi


def test_a_run_far_from_its_booking_is_asked_back_with_both_times(machine):
    booking, dewi = here(machine, 8, 10), build.dewi(machine.facility)
    with pytest.raises(Refusal) as refused:
        recorded(booking, dewi, day=-150)
    assert codes(refused) == ["far_from_booking"]
    assert set(refused.value.reasons[0].values) == {"started_at", "booked_at"}
    assert recorded(booking, dewi, 20, 21, day=-1, good=1).doubts == []  # the evening before is near


@pytest.mark.parametrize(
    ("packs", "stops", "believed"), [((997, 0), 0, True), ((50_997, 0), 0, False), ((0, 50_997), 0, False), ((700, 0), 50, False)]
)
def test_packs_beyond_what_the_machine_can_do_in_that_time_are_asked_back(machine, packs, stops, believed):
    booking, dewi = here(machine, 8, 10), build.dewi(machine.facility)
    stood = [{"minutes": stops, "reason": "power", "note": ""}] if stops else []
    sheet = {"good": packs[0], "rejected": packs[1], "downtimes": stood}
    if believed:
        assert recorded(booking, dewi, **sheet).doubts == []
        return
    with pytest.raises(Refusal) as refused:
        recorded(booking, dewi, **sheet)
    assert codes(refused) == ["too_many_packs"] and refused.value.reasons[0].values["packs"] == sum(packs)


def test_an_operator_gives_no_word_and_a_managers_is_kept_with_its_reason(machine):
    booking, dewi, cahya = here(machine, 8, 10), build.dewi(machine.facility), build.cahya(machine.facility)
    with pytest.raises(Refusal):
        recorded(booking, dewi, good=5_000, confirm_reason="benar kok")
    run = recorded(booking, cahya, good=5_000, confirm_reason="Dua jalur sekaligus")
    step = booking.events.get(action="record_run")
    assert (run.doubts, run.confirmed_by, run.confirm_reason) == (["too_many_packs"], cahya, "Dua jalur sekaligus")
    assert step.reason == "Dua jalur sekaligus" and step.details["doubts"] == ["too_many_packs"]


def test_a_word_that_nothing_needed_is_not_kept(machine):
    run = recorded(here(machine, 8, 10), build.cahya(machine.facility), confirm_reason="sekalian")
    assert (run.doubts, run.confirmed_by, run.confirm_reason) == ([], None, "")


def corrected(run, actor, field, value, **more):
    return runs.correct_run(run_id=run.pk, field=field, value=value, reason="salah baca", actor=actor,
                            now=build.at(16) + timedelta(days=1), **more)  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("good", 50_997, "too_many_packs"),
        ("stopped_at", build.at(10.5), "overlaps_a_run"),
        ("started_at", build.at(7), None),
        ("downtimes", [{"minutes": 58, "reason": "power", "note": ""}], "too_many_packs"),
        ("note", "apa saja", None),
    ],
)
def test_a_correction_is_asked_back_as_the_sheet_would_be(machine, field, value, code):
    dewi, cahya = build.dewi(machine.facility), build.cahya(machine.facility)
    run = recorded(here(machine, 8, 10), dewi)
    recorded(here(machine, 10, 12, by=build.budi()), dewi, 10, 12)
    if code is None:
        assert corrected(run, dewi, field, value).doubts == []
        return
    with pytest.raises(Refusal, match=code):
        corrected(run, dewi, field, value)
    done = corrected(run, cahya, field, value, confirm_reason="Sudah dicek")
    assert (done.doubts, done.confirm_reason, done.made_by) == ([code], "Sudah dicek", cahya)


def test_a_correction_to_another_month_is_asked_back(machine):
    dewi, far = build.dewi(machine.facility), build.at(8, day=-150)
    run = recorded(here(machine, 8, 10), dewi)
    with pytest.raises(Refusal, match="far_from_booking"):
        recorded_far = {"started_at": far, "stopped_at": far + timedelta(hours=1)}
        Run.objects.filter(pk=run.pk).update(**recorded_far)
        corrected(run, dewi, "stopped_at", far + timedelta(hours=2))


def test_stops_and_cleaning_are_corrected_and_every_old_value_is_kept(machine):
    dewi = build.dewi(machine.facility)
    run = recorded(here(machine, 8, 10), dewi, downtimes=[{"minutes": 5, "reason": "power", "note": "PLN"}])
    done = runs.correct_sheet(run_id=run.pk, downtimes=[{"minutes": 15, "reason": "material", "note": ""}],
                              cleaning={"after": True, "result": "clean", "by": "Dewi", "agent": ""}, reason="Salah tulis",
                              actor=dewi, now=build.at(17))  # fmt: skip
    told = {(one.field, one.old, one.new) for one in done}
    assert ("downtimes", "5 power PLN", "15 material") in told and ("cleaning_result", "", "clean") in told
    assert {one.made_by for one in done} == {dewi} and {one.reason for one in done} == {"Salah tulis"}
    run.refresh_from_db()
    assert run.downtimes.get().minutes == 15 and run.cleaned_after and run.cleaned_by == "Dewi"
    assert "cleaning_agent" not in {one.field for one in done}
