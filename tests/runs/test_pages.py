"""The sheet on the screen: asked back with all that was typed, and corrected by two people without loss."""

from __future__ import annotations

import pytest

from bookings.models import Run, RunCorrection
from bookings.runs import services as runs
from tests import build, clock
from tests.api.calling import Caller, codes
from tests.pages import forms_on, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return build.make_facility("pontianak")


@pytest.fixture
def booking(house, monkeypatch):
    clock.stop(monkeypatch, build.at(10))
    made = build.make_booking(build.make_machine(house), 8, 10)
    runs.check_in(booking_id=made.pk, actor=made.made_by, now=build.at(8))
    return made


@pytest.fixture
def run(booking, house):
    return runs.record_run(booking_id=booking.pk, actor=build.dewi(house), now=build.at(10), started_at=build.at(8),
                           stopped_at=build.at(9), good=300, rejected=0)  # fmt: skip


def sheet(**more):
    stops = {"henti-TOTAL_FORMS": "1", "henti-INITIAL_FORMS": "0", "henti-0-minutes": "", "henti-0-reason": ""}
    times = {"started_at": "2026-11-23T08:00", "stopped_at": "2026-11-23T09:00"}
    return {**stops, **times, "good": "50.997", "rejected": "0", "note": "Shift pagi", **more}


def text(answer) -> str:
    return answer.content.decode().replace("\xa0", " ")


def test_a_sheet_that_can_hardly_be_comes_back_with_its_values_and_all_that_was_typed(client, booking, house):
    client.force_login(build.dewi(house))
    answer = client.post(f"/pesanan/{booking.reference}/pemakaian/", sheet(confirm_reason="benar", **seen(client, page_of(booking))))
    page = text(answer)
    assert answer.status_code == 409 and "50.997 kemasan dalam 1 jam" in page and "Shift pagi" in page
    assert "minta pengelola" in page and 'name="confirm_reason"' not in page and not Run.objects.exists()


def test_a_manager_signs_it_with_a_reason_that_the_sheet_shows(client, booking, house):
    client.force_login(build.cahya(house))
    address = f"/pesanan/{booking.reference}/pemakaian/"
    saw = seen(client, address)
    assert 'name="confirm_reason"' in text(client.post(address, sheet(**saw)))
    assert client.post(address, sheet(confirm_reason="Dihitung dua kali", **saw)).status_code == 302
    assert "Dihitung dua kali" in text(client.get(address))


def test_in_the_api_the_word_is_a_managers_and_the_refusal_has_the_values(booking, house):
    dewi, cahya = Caller(build.dewi(house)), Caller(build.cahya(house))
    asked = {"started_at": build.at(8).isoformat(), "stopped_at": build.at(9).isoformat(), "good": 50_997, "rejected": 0}
    refused = dewi.post(f"/bookings/{booking.reference}/runs", asked)
    assert codes(refused) == ["too_many_packs"] and refused.json()["reasons"][0]["values"]["packs"] == 50_997
    word = {**asked, "confirm_reason": "Dicek"}
    assert dewi.post(f"/bookings/{booking.reference}/runs", word).status_code == 403
    made = cahya.post(f"/bookings/{booking.reference}/runs", word).json()
    assert (made["doubts"], made["confirm_reason"]) == (["too_many_packs"], "Dicek")


def test_stops_and_cleaning_are_corrected_in_the_api(run, house):
    dewi = Caller(build.dewi(house))
    stops = {"field": "downtimes", "value": [{"minutes": 12, "reason": "power"}], "reason": "Lupa"}
    assert dewi.post(f"/runs/{run.pk}/corrections", stops).json()["new"] == "12 power"
    cleaned = {"field": "cleaned_after", "value": True, "reason": "Lupa"}
    assert dewi.post(f"/runs/{run.pk}/corrections", cleaned).status_code == 201
    run.refresh_from_db()
    assert run.cleaned_after and run.downtimes.get().minutes == 12


def test_of_two_who_correct_a_value_the_second_sees_both_and_applies_it_anew(client, run, booking, house):
    dewi = build.dewi(house)
    runs.correct_run(run_id=run.pk, field="good", value=310, reason="A", actor=build.cahya(house), now=build.at(10))
    client.force_login(dewi)
    typed = {"run": run.pk, "version": run.version, "field": "good", "value": "320", "reason": "Dihitung lagi"}
    answer = client.post(f"/pesanan/{booking.reference}/pemakaian/koreksi/", typed)
    page = text(answer)
    assert answer.status_code == 412 and "sekarang 310; koreksi Anda 320" in page and "Dihitung lagi" in page
    assert f'name="version" value="{run.version + 1}"' in page and RunCorrection.objects.count() == 1
    assert client.post(f"/pesanan/{booking.reference}/pemakaian/koreksi/", {**typed, "version": run.version + 1}).status_code == 302


def test_of_two_who_correct_stops_the_second_keeps_what_was_typed(client, run, booking, house):
    client.force_login(build.dewi(house))
    address = f"/pesanan/{booking.reference}/pemakaian/koreksi-lembar/"
    assert client.get(address).status_code == 200
    runs.correct_run(run_id=run.pk, field="good", value=310, reason="A", actor=build.cahya(house), now=build.at(10))
    typed = {"henti-TOTAL_FORMS": "1", "henti-INITIAL_FORMS": "0", "henti-0-minutes": "7", "henti-0-reason": "power",
             "run": run.pk, "version": run.version, "reason": "Lupa ditulis"}  # fmt: skip
    answer = client.post(address, typed)
    assert answer.status_code == 412 and "Lupa ditulis" in text(answer) and 'value="7"' in text(answer)
    assert client.post(address, {**typed, "version": run.version + 1}).status_code == 302
    assert "7 menit listrik padam" in text(client.get(f"/pesanan/{booking.reference}/pemakaian/"))


def test_of_two_runs_of_a_booking_each_can_be_corrected(client, booking, house):
    dewi = build.dewi(house)
    for start, done in ((8, False), (9, True)):
        last = runs.record_run(booking_id=booking.pk, actor=dewi, now=build.at(10), started_at=build.at(start),
                               stopped_at=build.at(start + 0.5), good=10, rejected=0, complete=done)  # fmt: skip
    client.force_login(dewi)
    address = f"/pesanan/{booking.reference}/pemakaian/"
    assert f"?koreksi={last.pk}#koreksi" in text(client.get(address))
    page = text(client.get(f"{address}?koreksi={last.pk}"))
    assert f'name="run" value="{last.pk}"' in page and f"koreksi-lembar/?run={last.pk}" in page


def page_of(booking) -> str:
    return f"/pesanan/{booking.reference}/pemakaian/"


def test_a_first_sheet_that_meets_a_signed_one_is_kept_beside_it_and_goes_as_its_correction(client, booking, house):
    dewi = build.dewi(house)
    client.force_login(dewi)
    mine = sheet(good="310", **{"henti-0-minutes": "5", "henti-0-reason": "power"}, **seen(client, page_of(booking)))
    runs.record_run(booking_id=booking.pk, actor=build.cahya(house), now=build.at(10), started_at=build.at(8),
                    stopped_at=build.at(9), good=300, rejected=0)  # fmt: skip
    answer = client.post(page_of(booking), mine)
    rows = {(row.label, row.typed, row.stored) for row in answer.context["form"].beside}
    assert answer.status_code == 412 and "Shift pagi" in text(answer) and Run.objects.get().good == 300
    assert rows == {("Kemasan bagus", "310", "300"), ("Catatan", "Shift pagi", "—"), ("Berhenti", "5\xa0menit, Listrik padam", "—")}
    again = next(one.data() for one in forms_on(answer) if "why" in one.data())
    assert "Simpan sebagai koreksi" in text(answer) and "Simpan sebagai koreksi" not in text(client.post(page_of(booking), mine | {"good": ""}))
    assert client.post(page_of(booking), again | {"why": ""}).status_code == 422
    assert client.post(page_of(booking), again).status_code == 302
    fixed = set(RunCorrection.objects.values_list("field", "old", "new", "made_by"))
    assert fixed == {("good", "300", "310", dewi.pk), ("note", "", "Shift pagi", dewi.pk), ("downtimes", "", "5 power", dewi.pk)}


def test_a_sheet_that_was_opened_before_somebody_stopped_the_machine_is_not_signed_unseen(client, booking, house):
    client.force_login(build.dewi(house))
    run = runs.start_run(booking_id=booking.pk, actor=build.cahya(house), now=build.at(8.5))
    mine = sheet(good="310", **seen(client, page_of(booking)))
    runs.stop_run(run_id=run.pk, actor=build.cahya(house), now=build.at(9.5))
    answer = client.post(page_of(booking), mine)
    assert answer.status_code == 412 and "09.30" in text(answer) and Run.objects.get().signed_at is None


def test_a_sheet_of_a_job_whose_producer_is_not_here_any_more_is_kept(client, booking, house):
    client.force_login(build.dewi(house))
    mine = sheet(good="310", **seen(client, page_of(booking)))
    runs.undo_check_in(booking_id=booking.pk, actor=build.cahya(house), now=build.at(9))
    answer = client.post(page_of(booking), mine)
    assert answer.status_code == 409 and "Shift pagi" in text(answer) and "sudah berubah" in text(answer)


def test_times_that_only_hold_together_are_corrected_together(run, house):
    values = {"started_at": build.at(9.25), "stopped_at": build.at(9.75)}
    done = runs.correct_sheet(run_id=run.pk, downtimes=[], cleaning={}, values=values, reason="Tertukar",
                              actor=build.cahya(house), now=build.at(10))  # fmt: skip
    assert [one.field for one in done] == ["started_at", "stopped_at"]
