"""The calendar of the country in the API: the same rules, versions and words as on the page."""

from __future__ import annotations

from datetime import date

import pytest

from facilities.models import Closure, RemovedHoliday
from tests import build
from tests.api.calling import Caller, asking, codes, coming, fields

pytestmark = pytest.mark.django_db
DAY = coming(0).date()
ISRA = {"reason": "Isra Mikraj", "kind": "public", "source": "SKB 3 Menteri"}


@pytest.fixture
def fitri():
    return Caller(build.fitri())


def put(caller, body, day=DAY, **headers):
    return caller.call("PUT", f"/holidays/{day}", body, **headers)


def test_the_province_sets_moves_and_removes_a_holiday(fitri):
    made = put(fitri, ISRA | {"is_estimate": True})
    assert made.status_code == 200 and made.json()["first_on"] == made.json()["last_on"] == f"{DAY}"
    later = coming(0, day=1).date()
    moved = put(fitri, ISRA | {"first_on": f"{later}"}, **{"If-Match": made["ETag"]})
    assert (moved.json()["first_on"], moved.json()["version"]) == (f"{later}", 2)
    assert [one["reason"] for one in Caller().get("/holidays").json()["items"]] == ["Isra Mikraj"]
    assert fitri.call("DELETE", f"/holidays/{later}").status_code == 204
    assert not Closure.objects.exists() and RemovedHoliday.objects.exists()


def test_who_saw_an_older_version_writes_and_removes_nothing(fitri):
    first = put(fitri, ISRA)["ETag"]
    put(fitri, ISRA | {"source": "SKB baru"})
    assert put(fitri, ISRA, **{"If-Match": first}).status_code == 412
    assert fitri.call("DELETE", f"/holidays/{DAY}", **{"If-Match": first}).status_code == 412
    assert Closure.objects.get().source == "SKB baru"


def test_bookings_under_a_new_holiday_are_named_and_displaced_only_when_seen(fitri):
    machine = build.make_machine()
    reference = Caller(build.siti()).post("/bookings", asking(machine)).json()["reference"]
    refused = put(fitri, ISRA)
    assert codes(refused) == ["bookings_affected"] and not Closure.objects.exists()
    assert refused.json()["reasons"][0]["values"]["bookings"] == [reference]
    assert put(fitri, ISRA | {"seen": [reference]}).status_code == 200


def test_two_holidays_of_a_day_are_told_apart_by_name(fitri):
    for name in ("Isra Mikraj", "Pilkada"):
        assert put(fitri, ISRA | {"reason": name}).status_code == 200
    assert codes(fitri.call("DELETE", f"/holidays/{DAY}")) == ["several_holidays"]
    assert fitri.call("DELETE", f"/holidays/{DAY}?reason=Pilkada").status_code == 204
    assert Closure.objects.get().reason == "Isra Mikraj"


@pytest.mark.parametrize(
    ("body", "day", "field"),
    [({"last_on": "2020-01-01"}, DAY, "last_on"), ({}, date(2020, 1, 1), "first_on"), ({}, "2026-13-01", "day"),
     ({}, "besok", "day"), ({"kind": "closed"}, DAY, "kind"), ({"first_on": "1999-01-01"}, DAY, "first_on")],
)  # fmt: skip
def test_what_cannot_be_is_422_and_named(fitri, body, day, field):
    answer = put(fitri, ISRA | body, day)
    assert answer.status_code == 422 and fields(answer) == [field]


def test_nobody_else_keeps_the_calendar():
    for caller in (Caller(build.siti()), Caller(build.cahya(build.make_facility()))):
        assert put(caller, ISRA).status_code == 403
        assert caller.call("DELETE", f"/holidays/{DAY}").status_code == 403
    assert put(Caller(), ISRA).status_code == 401
