"""Work that nobody entered: a manager writes it down within seven days, and everywhere it is marked as entered late."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from bookings.messages.services import follow_up
from bookings.models import Booking, Message, Run
from bookings.reports.exports import as_csv, detail_table
from bookings.reports.queries import detail_rows
from bookings.reports.services import recompute_stale
from bookings.runs import past_services
from bookings.runs import services as runs
from bookings.runs.doubts import Work
from facilities.errors import BadInput, NotAllowed, Refusal
from facilities.models import Facility
from tests import build, clock

pytestmark = pytest.mark.django_db
NOW = build.at(12, day=3)


@pytest.fixture
def machine():
    return build.make_machine(build.make_facility("pontianak"))


@pytest.fixture
def cahya(client, machine, monkeypatch):
    clock.stop(monkeypatch, NOW)
    user = build.cahya(machine.facility)
    client.force_login(user)
    return user


def entered(machine, actor, start=8.0, end=10.0, *, day=0, packs=500, **more):
    values = {"rejected": 10, "reason": "Listrik padam, dicatat di kertas", "now": NOW, **more}
    producer = values.pop("producer", None) or build.producer_of(build.siti())
    return past_services.enter_past_work(machine_id=machine.pk, producer=producer, actor=actor,
                                         work=Work(build.at(start, day=day), build.at(end, day=day), packs), **values)  # fmt: skip


def test_work_of_the_past_stands_in_the_log_and_in_the_sums(machine, cahya):
    booking = entered(machine, cahya)
    run = Run.objects.get()
    assert (booking.status, run.is_past_entry, run.signed_by, run.good, run.rejected) == ("completed", True, cahya, 490, 10)
    for event in booking.events.all():
        follow_up(event_id=event.pk, now=NOW)
    recompute_stale(now=NOW)
    assert Message.objects.filter(kind="completed").exists()
    (row,) = detail_rows(Facility.objects.all(), "pemakaian", first=NOW.date().replace(day=1), last=NOW.date(), now=NOW)
    assert (row.run, row.is_past_entry) == (120, True)


def test_exports_mark_what_was_entered_late(machine, cahya):
    entered(machine, cahya)
    rows = detail_rows(Facility.objects.all(), "pemakaian", first=NOW.date().replace(day=1), last=NOW.date(), now=NOW)
    (line,) = list(csv.reader(io.StringIO("".join(as_csv(detail_table(rows, title="x"))))))[1:]
    assert "Selesai, catatan susulan" in line


@pytest.mark.parametrize(("day", "taken"), [(-4, True), (-5, False), (-60, False)])
def test_only_the_last_seven_days_can_be_entered(machine, cahya, day, taken):
    if taken:
        assert entered(machine, cahya, day=day).starts_at == build.at(8, day=day)
        return
    with pytest.raises(BadInput, match="started_at"):
        entered(machine, cahya, day=day)
    assert not Booking.objects.exists()


def test_what_is_still_to_come_is_no_past(machine, cahya):
    with pytest.raises(BadInput):
        entered(machine, cahya, 13, 14, day=3)


def test_only_a_manager_of_the_house_enters_the_past(machine, cahya):
    for other in (build.dewi(machine.facility), build.cahya(build.make_facility())):
        with pytest.raises(NotAllowed):
            entered(machine, other)


def test_work_over_a_signed_run_or_a_booking_without_results_is_asked_back(machine, cahya):
    first, second = build.make_booking(machine, 8, 10), build.make_booking(machine, 10, 12, by=build.budi())
    runs.check_in(booking_id=first.pk, actor=cahya, now=build.at(8))
    runs.record_run(booking_id=first.pk, actor=cahya, now=NOW, started_at=build.at(8), stopped_at=build.at(10), good=1, rejected=0)
    with pytest.raises(Refusal) as refused:
        entered(machine, cahya, 9, 11)
    assert [one.code for one in refused.value.reasons] == ["overlaps_a_run", "booked_and_unreported"]
    assert refused.value.reasons[1].values["bookings"] == [second.reference]
    booking = entered(machine, cahya, 9, 11, confirm_reason="Dua pekerjaan bergantian")
    run = Run.objects.get(booked_machine__booking=booking)
    assert run.doubts == ["overlaps_a_run", "booked_and_unreported"] and run.confirmed_by == cahya


def test_the_other_line_is_passed_by_nobody(machine, cahya):
    with pytest.raises(Refusal, match="wrong_line"):
        entered(machine, cahya, asked={"line": "non_halal"}, confirm_reason="mohon")


def text(answer) -> str:
    return answer.content.decode().replace("\xa0", " ")


def test_a_manager_enters_it_on_a_page_and_the_sheet_says_so(client, machine, cahya):
    siti = build.producer_of(build.siti())
    typed = {"producer": siti.slug, "machine": machine.slug, "started_at": "2026-11-24T08:00", "stopped_at": "2026-11-24T10:00",
             "good": "50.000", "rejected": "0", "line": "halal", "reason": "Kertas"}  # fmt: skip
    assert client.get("/susulan/").status_code == 200
    asked = client.post("/susulan/", typed)
    assert asked.status_code == 409 and "50.000 kemasan dalam 2 jam" in text(asked) and 'name="confirm_reason"' in text(asked)
    page = text(client.post("/susulan/", {**typed, "good": "1.000"}, follow=True))
    assert "Catatan susulan" in page and "Kertas" in page
    assert Booking.objects.get().producer == siti


def test_an_operator_and_an_entry_too_old_get_no_page_but_words(client, machine, cahya):
    siti = build.producer_of(build.siti())
    old = (NOW - timedelta(days=30)).date()
    typed = {"producer": siti.slug, "machine": machine.slug, "started_at": f"{old}T08:00", "stopped_at": f"{old}T10:00",
             "good": "1", "rejected": "0", "line": "halal", "reason": "Kertas"}  # fmt: skip
    answer = client.post("/susulan/", typed)
    assert answer.status_code == 422 and "7 hari terakhir" in text(answer)
    client.force_login(build.dewi(machine.facility))
    assert client.get("/susulan/").status_code == 403
