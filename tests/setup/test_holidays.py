"""The calendar of the country: facts, what people set, estimates, and houses that work on a holiday."""

from __future__ import annotations

from datetime import date

import pytest

from bookings.upkeep import holidays as room
from facilities.catalogue import holidays as from_facts
from facilities.catalogue.opening import opening_days, upcoming_closures
from facilities.errors import BadInput, Refusal, Stale
from facilities.models import Closure, StaleMonth, WorkedHoliday
from facilities.occupancy.timetables import opening_times
from facilities.region.region import region
from facilities.setup import holidays
from facilities.setup.weeks import closures_ahead, reopened_without
from facilities.time.spans import Span
from tests import build, clock

pytestmark = pytest.mark.django_db
NOW = build.MONDAY_8
TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)
ROW = {"first_on": "2027-01-05", "last_on": "2027-01-05", "kind": "public", "reason": "Isra Mikraj",
       "is_estimate": "1", "source": "Perkiraan"}  # fmt: skip


@pytest.fixture
def house():
    return build.make_machine(build.make_facility("pontianak")).facility


@pytest.fixture
def fitri():
    return build.fitri()


def holiday(first=TUESDAY, last=None, **fields):
    values = {"kind": "public", "reason": "Isra Mikraj", **fields}
    return Closure(first_on=first, last_on=last or first, **values)


def load(*rows):
    return from_facts.load_holidays([ROW | row for row in rows], today=date(2026, 11, 23))


def open_on(house, day):
    span = Span(build.at(0, day=(day - NOW.date()).days), build.at(24, day=(day - NOW.date()).days))
    return [s for s in opening_times(house, span)[0] if s.overlaps(span)]


def test_a_house_that_works_on_a_holiday_is_open_that_day_everywhere(house):
    holiday(TUESDAY, WEDNESDAY).save()
    holidays.work_on(facility=house, on=TUESDAY, actor=build.cahya(house), now=NOW, version=house.version)
    known = [(piece.first_on, piece.last_on) for piece in closures_ahead(house, on=NOW.date())]
    assert known == [(WEDNESDAY, WEDNESDAY)]
    assert [bool(open_on(house, day)) for day in (TUESDAY, WEDNESDAY)] == [True, False]
    assert [day.is_shut for day in opening_days([house], [TUESDAY, WEDNESDAY])[house.pk]] == [False, True]
    assert [c.first_on for c in upcoming_closures([house], first=TUESDAY, last=WEDNESDAY)[house.pk]] == [WEDNESDAY]
    opened = region().laid_down.arrangements[house.pk].opened(TUESDAY, WEDNESDAY)
    assert sum(end - start for start, end in opened) == 480


def test_working_on_a_holiday_opens_no_other_house_and_no_closed_day_of_its_own(house):
    other = build.make_facility()
    holiday(TUESDAY).save()
    Closure.objects.create(facility=house, first_on=TUESDAY, last_on=TUESDAY, reason="Rapat")
    WorkedHoliday.objects.create(facility=house, on=TUESDAY)
    assert open_on(house, TUESDAY) == [] and open_on(other, TUESDAY) == []


def test_the_months_of_a_house_that_works_on_a_holiday_are_summed_again(house):
    StaleMonth.objects.all().delete()
    holidays.work_on(facility=house, on=TUESDAY, actor=build.cahya(house), now=NOW, version=1)
    assert StaleMonth.objects.filter(month=date(2026, 11, 1), machine__facility=house).exists()
    with pytest.raises(Stale):
        holidays.work_on(facility=house, on=WEDNESDAY, actor=build.cahya(house), now=NOW, version=1)
    with pytest.raises(BadInput, match="in_the_past"):
        holidays.work_on(facility=house, on=date(2026, 11, 20), actor=build.cahya(house), now=NOW, version=2)


def test_newer_facts_move_an_estimate_and_make_it_a_decree():
    load({})
    load({"first_on": "2027-01-06", "last_on": "2027-01-06", "is_estimate": "0", "source": "SKB 2027"})
    (found,) = Closure.objects.all()
    assert (found.first_on, found.is_estimate, found.source) == (date(2027, 1, 6), False, "SKB 2027")


def test_newer_facts_never_touch_what_people_set(fitri):
    load({}, {"reason": "Nyepi", "first_on": "2027-03-08", "last_on": "2027-03-08"})
    isra, nyepi = Closure.objects.order_by("first_on")
    isra.first_on = isra.last_on = date(2027, 1, 7)
    holidays.set_holiday(draft=isra, actor=fitri, now=NOW, version=1)
    holidays.remove_holiday(holiday=nyepi, actor=fitri, now=NOW, version=1)
    moved = {"first_on": "2027-01-06", "last_on": "2027-01-06"}
    assert load(moved, {"reason": "Nyepi", "first_on": "2027-03-09", "last_on": "2027-03-09"}) == []
    assert [one.first_on for one in Closure.objects.all()] == [date(2027, 1, 7)]


def test_the_same_name_twice_in_a_year_is_two_holidays():
    load({}, {"first_on": "2027-12-26", "last_on": "2027-12-26"})
    load({}, {"first_on": "2027-12-27", "last_on": "2027-12-27"})
    assert [one.first_on for one in Closure.objects.all()] == [date(2027, 1, 5), date(2027, 12, 27)]


def test_newer_facts_leave_what_is_past(fitri):
    load({"first_on": "2026-10-05", "last_on": "2026-10-05"})
    load({"first_on": "2026-10-06", "last_on": "2026-10-06"}, {"reason": "Lain", "first_on": "2026-10-07"})
    assert [one.first_on for one in Closure.objects.all()] == [date(2026, 10, 5)]


def test_a_holiday_that_is_over_is_not_written_moved_or_removed(fitri):
    for first in (date(2026, 10, 5), date(2026, 11, 22)):
        with pytest.raises(BadInput, match="in_the_past"):
            holidays.set_holiday(draft=holiday(first), actor=fitri, now=NOW)
    old = holiday(date(2026, 10, 5))
    old.save()
    with pytest.raises(BadInput, match="in_the_past"):
        holidays.remove_holiday(holiday=old, actor=fitri, now=NOW, version=1)


def test_bookings_under_a_new_holiday_are_named_before_it_is_saved(house, fitri):
    booking = build.make_booking(house.machines.get(), 9, 10, day=1)
    assert [part.booking.pk for part in room.under_holiday(holiday())] == [booking.pk]
    with pytest.raises(Refusal, match="bookings_affected"):
        room.set_holiday(draft=holiday(), actor=fitri, now=NOW)
    assert not Closure.objects.exists()
    room.set_holiday(draft=holiday(), actor=fitri, now=NOW, seen=[booking.reference])
    booking.refresh_from_db()
    assert booking.status == "displaced"


def test_an_estimate_leaves_bookings_alone_and_its_decree_names_them(house, fitri):
    booking = build.make_booking(house.machines.get(), 9, 10, day=1)
    made = room.set_holiday(draft=holiday(is_estimate=True), actor=fitri, now=NOW)
    booking.refresh_from_db()
    assert booking.status == "approved"
    made.is_estimate = False
    assert [part.booking.pk for part in room.under_holiday(made)] == [booking.pk]


def test_the_province_keeps_the_calendar_on_a_page_and_nobody_else(client, house, fitri, monkeypatch):
    clock.stop(monkeypatch, NOW)
    typed = {"reason": "Pilkada", "kind": "local", "first_on": "2026-11-24", "source": "Keppres", "version": "0"}
    client.force_login(build.cahya(house))
    assert client.get("/libur/").status_code == 403
    client.force_login(fitri)
    assert client.post("/libur/baru/", typed | {"langkah": "pratinjau"}).status_code == 200
    assert client.post("/libur/baru/", typed).status_code == 302
    made = Closure.objects.get()
    assert "Pilkada" in client.get("/libur/").content.decode()
    assert client.post(f"/libur/{made.pk}/", typed).status_code == 412
    assert client.post(f"/libur/{made.pk}/", {"version": "1", "langkah": "hapus-pasti"}).status_code == 302


def test_a_house_declares_on_a_page_that_it_works(client, house, monkeypatch):
    clock.stop(monkeypatch, NOW)
    holiday().save()
    client.force_login(build.cahya(house))
    page = "/pengaturan/tutup/libur/"
    assert "Isra Mikraj" in client.get(page).content.decode()
    assert client.post(page, {"hari": "2026-11-24", "version": "1", "kerja": "ya"}).status_code == 302
    booking = build.make_booking(house.machines.get(), 9, 10, day=1)
    told = client.post(page, {"hari": "2026-11-24", "version": "2"}).content.decode()
    assert booking.reference in told and booking.producer.name in told and "09.00–10.00" in told
    assert client.post(page, {"hari": "x", "version": "2"}).status_code == 422


@pytest.mark.parametrize(("estimate", "overridable"), [(True, True), (False, False)])
def test_an_estimate_never_refuses_for_good(house, estimate, overridable):
    holiday(is_estimate=estimate).save()
    with pytest.raises(Refusal) as no:
        build.make_booking(house.machines.get(), 9, 10, day=1)
    assert [(r.code, r.overridable) for r in no.value.reasons] == [("holiday", overridable)]


def test_an_estimate_opens_no_hour_that_the_week_keeps_shut(house):
    holiday(is_estimate=True).save()
    with pytest.raises(Refusal) as no:
        build.make_booking(house.machines.get(), 17, 18, day=1)
    assert [(r.code, r.overridable) for r in no.value.reasons] == [("closed", False)]


def test_removing_a_holiday_is_confirmed_and_names_what_opens_again(client, house, fitri, monkeypatch):
    clock.stop(monkeypatch, NOW)
    shut, works = build.make_facility("tutup"), build.make_facility("kerja")
    Closure.objects.create(facility=shut, first_on=TUESDAY, last_on=TUESDAY, reason="Rapat")
    WorkedHoliday.objects.create(facility=works, on=TUESDAY)
    made = holiday(TUESDAY, WEDNESDAY)
    made.save()
    rows = {one.slug: days for one, days in reopened_without(made)}
    assert rows == {"pontianak": [TUESDAY, WEDNESDAY], "tutup": [WEDNESDAY], "kerja": [WEDNESDAY]}
    client.force_login(fitri)
    asked = client.post(f"/libur/{made.pk}/", {"version": "1", "langkah": "hapus"}).content.decode()
    assert house.name in asked and Closure.objects.filter(pk=made.pk).exists()
    assert client.post(f"/libur/{made.pk}/", {"version": "0", "langkah": "hapus-pasti"}).status_code == 412
    assert client.post(f"/libur/{made.pk}/", {"version": "1", "langkah": "hapus-pasti"}).status_code == 302
    assert not Closure.objects.filter(pk=made.pk).exists()


def test_a_holiday_that_was_removed_meanwhile_leaves_what_was_typed(client, fitri, monkeypatch):
    clock.stop(monkeypatch, NOW)
    typed = {"reason": "Pilkada", "kind": "local", "first_on": "2026-11-24", "source": "Keppres 9", "version": "1"}
    client.force_login(fitri)
    answer = client.post("/libur/99/", typed | {"langkah": "pratinjau"})
    page = answer.content.decode()
    assert answer.status_code == 412 and 'value="Keppres 9"' in page and 'action="/libur/baru/"' in page
    assert client.post("/libur/baru/", typed | {"version": "0"}).status_code == 302
    gone = client.post("/libur/99/", {"version": "1", "langkah": "hapus-pasti"}, follow=True)
    assert "sudah dihapus orang lain" in gone.content.decode() and client.get("/libur/99/").status_code == 404
