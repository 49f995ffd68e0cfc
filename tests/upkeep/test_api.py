"""Maintenance and breakdowns through the API."""

from __future__ import annotations

import pytest

from bookings.models import Booking
from facilities.models import Breakdown, Maintenance, Occupancy
from tests import build
from tests.api.calling import Caller, asking, codes, coming, fields

pytestmark = pytest.mark.django_db


def work(start: float = 8, end: float = 10, **more: object) -> dict[str, object]:
    return {"starts_at": coming(start).isoformat(), "ends_at": coming(end).isoformat(), "title": "Ganti oli", **more}


def test_maintenance_takes_time_and_gives_it_back_when_called_off():
    machine = build.make_machine()
    cahya = Caller(build.cahya(machine.facility))
    made = cahya.post(f"/machines/{machine.slug}/maintenance", work())
    assert made.status_code == 201 and Occupancy.objects.get().kind == "maintenance"
    off = cahya.post(f"/maintenance/{made.json()['id']}/cancel")
    assert off.status_code == 200 and not Occupancy.objects.exists()
    assert codes(cahya.post(f"/maintenance/{made.json()['id']}/cancel")) == ["wrong_state"]


def test_maintenance_names_the_bookings_in_its_way_and_displaces_them_only_when_asked():
    machine, siti = build.make_machine(), Caller(build.siti())
    made = siti.post("/bookings", asking(machine, 9, 11)).json()
    cahya = Caller(build.cahya(machine.facility))
    refused = cahya.post(f"/machines/{machine.slug}/maintenance", work())
    assert codes(refused) == ["bookings_affected"] and not Maintenance.objects.exists()
    assert refused.json()["reasons"][0]["values"] == {"bookings": [made["reference"]]}
    assert cahya.post(f"/machines/{machine.slug}/maintenance", work(displace=True)).status_code == 201
    assert Booking.objects.get().status == "displaced"


def test_a_breakdown_is_reported_once_and_closed_once():
    machine = build.make_machine()
    dewi = Caller(build.dewi(machine.facility))
    report = {"expected_until": coming(8).isoformat(), "reason": "Motor panas"}
    made = dewi.post(f"/machines/{machine.slug}/breakdowns", report)
    assert made.status_code == 201
    assert codes(dewi.post(f"/machines/{machine.slug}/breakdowns", report)) == ["already_broken"]
    assert dewi.get(f"/machines/{machine.slug}").json()["status"] == "broken"
    path = f"/breakdowns/{made.json()['id']}/close"
    assert dewi.post(path, {"repair": "Motor diganti"}).json()["closed_at"] is not None
    assert codes(dewi.post(path, {})) == ["wrong_state"]


def test_only_people_of_the_house_take_its_machines_away():
    machine = build.make_machine()
    report = {"expected_until": coming(8).isoformat(), "reason": "Motor"}
    stranger = Caller(build.cahya(build.make_facility()))
    for caller in (stranger, Caller(build.siti()), Caller(build.fitri()), Caller(build.gunawan())):
        assert caller.post(f"/machines/{machine.slug}/maintenance", work()).status_code == 403
        assert caller.post(f"/machines/{machine.slug}/breakdowns", report).status_code == 403
    made = Caller(build.dewi(machine.facility)).post(f"/machines/{machine.slug}/breakdowns", report).json()
    assert stranger.post(f"/breakdowns/{made['id']}/close", {}).status_code == 404
    assert Breakdown.objects.filter(closed_at=None).count() == 1


def test_an_operator_reports_but_does_not_plan():
    machine = build.make_machine()
    dewi = Caller(build.dewi(machine.facility))
    assert dewi.post(f"/machines/{machine.slug}/maintenance", work()).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"ends_at": coming(8).isoformat()}, "ends_at"), ({"title": "  "}, "title"), ({"displace": "yes"}, "displace"),
     ({"ends_at": coming(8, day=400).isoformat()}, "ends_at"), ({"title": "x" * 121}, "title")],
)  # fmt: skip
def test_work_that_cannot_be_is_422(wrong, field):
    machine = build.make_machine()
    answer = Caller(build.cahya(machine.facility)).post(f"/machines/{machine.slug}/maintenance", work(**wrong))
    assert answer.status_code == 422 and fields(answer) == [field]
    assert not Occupancy.objects.exists()


def test_a_stale_machine_is_412():
    machine = build.make_machine()
    cahya = Caller(build.cahya(machine.facility))
    assert cahya.post(f"/machines/{machine.slug}/maintenance", work(), **{"If-Match": '"7"'}).status_code == 412
    assert cahya.post(f"/machines/{machine.slug}/maintenance", work(), **{"If-Match": '"1"'}).status_code == 201
