"""The public catalogue: no account, no names, constant costs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.upkeep import services as upkeep
from facilities.time.spans import Span
from tests import build
from tests.api.calling import Caller, asking, coming, fields

pytestmark = pytest.mark.django_db

anybody = Caller


def test_districts_and_types_are_listed():
    build.make_machine()
    district = anybody().get("/districts").json()["items"][0]
    kind = anybody().get("/machine-types").json()["items"][0]
    assert (district["code"], district["facility_count"]) == ("61.71", 1)
    assert (kind["code"], kind["name_en"]) == ("BAND", "Continuous band sealer")


def test_a_house_shows_its_rules_hours_and_closures():
    house = build.make_facility("pontianak", what_to_bring="Kemasan")
    on = coming(8).date()
    upkeep.close_days(
        facility=house, first_on=on, last_on=on, reason="Rapat", actor=build.cahya(house), now=timezone.now()
    )
    shown = anybody().get("/facilities/pontianak").json()
    assert shown["rules"]["grid"] == 15 and shown["opening_hours"][0]["opens"] == "08:00"
    assert [(c["first_on"], c["reason"], c["until_time"]) for c in shown["closures"]] == [(f"{on}", "Rapat", "24:00")]
    assert anybody().get("/facilities", {"district": "61.05"}).json()["count"] == 0


def test_machines_are_filtered_by_what_they_pack():
    house = build.make_facility("pontianak")
    machine = build.make_machine(house, slug="pontianak-band-1")
    build.make_tariff(machine)
    hits = {"facility": "pontianak", "form": "keripik", "format": "standing_pouch", "line": "halal", "q": "segel", "type": "band"}
    shown = anybody().get("/machines", hits).json()
    assert [one["slug"] for one in shown["items"]] == ["pontianak-band-1"]
    assert shown["items"][0]["tariff"] == {"unit": "hour", "amount": 10000, "is_example": False}
    assert anybody().get("/machines", {"form": "cair"}).json()["count"] == 0


def test_a_machine_says_when_it_is_next_free():
    machine = build.make_machine()
    shown = anybody().get(f"/machines/{machine.slug}")
    assert shown.json()["next_free_at"].endswith("+07:00") and shown["ETag"].startswith('"1-')
    assert anybody().get("/machines/tidak-ada").status_code == 404


def test_a_retired_machine_is_gone():
    machine = build.make_machine(retired_on=timezone.localdate())
    assert anybody().get(f"/machines/{machine.slug}").status_code == 404
    assert anybody().get("/machines").json()["count"] == 0


def test_availability_gives_starts_free_spans_and_codes_but_no_names():
    machine, siti = build.make_machine(), Caller(build.siti())
    made = siti.post("/bookings", asking(machine, 10, 12, note="rahasia")).json()
    window = {"from": coming(0).isoformat(), "to": coming(24).isoformat(), "minutes": 120}
    answer = anybody().get(f"/machines/{machine.slug}/availability", window)
    shown = answer.json()
    assert shown["starts"][0] == coming(8).isoformat() and coming(9).isoformat() not in shown["starts"]
    assert [(s["starts_at"][11:16], s["ends_at"][11:16]) for s in shown["free"]] == [("08:00", "10:00"), ("12:00", "16:00")]
    blocked = [(b["starts_at"][11:16], b["ends_at"][11:16], b["code"]) for b in shown["blocked"]]
    assert blocked == [("00:00", "08:00", "closed"), ("10:00", "12:00", "taken"), ("16:00", "00:00", "closed")]
    assert not any(word in answer.content.decode() for word in ("Siti", "rahasia", made["reference"]))


def test_availability_tells_maintenance_closures_and_breakdowns_apart():
    house = build.make_facility()
    machine, cahya, now = build.make_machine(house), build.cahya(house), timezone.now()
    upkeep.schedule_maintenance(
        machine_id=machine.pk, span=Span(coming(8), coming(9)), title="Oli", actor=cahya, now=now
    )
    upkeep.close_days(
        facility=house, first_on=coming(0, day=1).date(), last_on=coming(0, day=1).date(), reason="Rapat", actor=cahya, now=now
    )
    upkeep.report_breakdown(machine_id=machine.pk, expected_until=coming(12, day=2), reason="Motor", actor=cahya, now=now, displace=True)
    window = {"from": coming(0).isoformat(), "to": coming(0, day=3).isoformat()}
    shown = anybody().get(f"/machines/{machine.slug}/availability", window).json()
    assert {block["code"] for block in shown["blocked"]} == {"maintenance", "closed", "broken"}
    assert shown["starts"][0] == coming(12, day=2).isoformat()


def test_availability_of_a_product_says_why_a_machine_never_fits():
    user, machine = build.siti(), build.make_machine()
    product = build.make_product(build.producer_of(user), "Dendeng", line="non_halal", form="padat")
    path = f"/machines/{machine.slug}/availability"
    shown = Caller(user).get(path, {"product": product.pk}).json()
    assert shown["starts"] == [] and [r["code"] for r in shown["reasons"]] == ["wrong_line", "does_not_fit_machine"]
    assert Caller(build.budi()).get(path, {"product": product.pk}).status_code == 404
    assert anybody().get(path, {"product": product.pk}).status_code == 401


@pytest.mark.parametrize("hours", [0, -1, 62 * 24 + 1])
def test_a_window_is_at_most_62_days(hours):
    machine = build.make_machine()
    window = {"from": coming(0).isoformat(), "to": coming(hours).isoformat()}
    answer = anybody().get(f"/machines/{machine.slug}/availability", window)
    assert answer.status_code == 422 and fields(answer) == ["to"]


def test_a_plus_that_became_a_blank_is_understood():
    machine = build.make_machine()
    answer = anybody().client.get(f"/api/v1/machines/{machine.slug}/availability?from=2026-11-24T08:00:00+07:00")
    assert answer.status_code == 200


@pytest.mark.parametrize(("path", "most"), [("/machines", 3), ("/facilities", 2), ("/districts", 2)])
def test_lists_cost_the_same_however_long(path, most):
    house = build.make_facility()
    build.make_machine(house)
    with CaptureQueriesContext(connection) as one:
        anybody().get(path)
    for _ in range(5):
        build.make_machine(build.make_facility())
    with CaptureQueriesContext(connection) as many:
        anybody().get(path)
    assert len(one) == len(many) <= most


def test_a_head_is_a_get_without_its_body():
    machine = build.make_machine()
    head = Caller().call("HEAD", f"/machines/{machine.slug}")
    assert head.status_code == 200 and head.content == b"" and head["ETag"]
