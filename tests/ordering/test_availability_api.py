"""When a machine is free for a class of product, and what keeps it away: codes that a booking would be refused with."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities.models import Changeover, Operator, Shift
from tests import build
from tests.api.calling import Caller, asking, codes, coming, fields

pytestmark = pytest.mark.django_db


def day_of(machine: Any, caller: Caller | None = None, **asked: Any) -> dict[str, Any]:
    """Return a machine's Wednesday as the API tells it."""
    window = {"from": coming(0).isoformat(), "to": coming(24).isoformat()}
    return (caller or Caller()).get(f"/machines/{machine.slug}/availability", window | asked).json()


def blocked(shown: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = [(one["starts_at"][11:16], one["ends_at"][11:16], one["code"]) for one in shown["blocked"]]
    return [one for one in found if one[2] != "closed"]


def free(shown: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["starts_at"][11:16], one["ends_at"][11:16]) for one in shown["free"]]


def test_cleaning_is_told_for_the_class_that_is_asked_for():
    machine = build.make_machine(cleaning=30)
    Changeover.objects.create(before="berminyak", after="kering", minutes=15)
    Caller(build.siti()).post("/bookings", asking(machine, 10, 12, form="keripik"))
    same, other = day_of(machine, **{"class": "berminyak"}), day_of(machine, **{"class": "kering"})
    assert blocked(same) == [("10:00", "12:00", "taken")] and free(same) == [("08:00", "10:00"), ("12:00", "16:00")]
    assert blocked(other) == [
        ("09:30", "10:00", "not_enough_cleaning_time"),
        ("10:00", "12:00", "taken"),
        ("12:00", "12:15", "not_enough_cleaning_time"),
    ]
    assert free(other) == [("08:00", "09:30"), ("12:15", "16:00")] and other["cleaning_class"] == "kering"


def test_a_class_that_nobody_named_is_cleaned_around_fully():
    machine = build.make_machine(cleaning=30)
    Caller(build.siti()).post("/bookings", asking(machine, 10, 12, form="keripik"))
    assert free(day_of(machine)) == [("08:00", "09:30"), ("12:30", "16:00")]


def test_products_that_never_mix_keep_the_whole_day():
    machine, siti = build.make_machine(), Caller(build.siti())
    Changeover.objects.create(before="berminyak", after="udang", is_refused=True)
    siti.post("/bookings", asking(machine, 10, 12, form="keripik"))
    shown = day_of(machine, **{"class": "udang"})
    assert shown["starts"] == [] and free(shown) == []
    assert blocked(shown) == [
        ("08:00", "10:00", "products_never_mix"),
        ("10:00", "12:00", "taken"),
        ("12:00", "16:00", "products_never_mix"),
    ]
    assert codes(siti.post("/bookings", asking(machine, 14, 15, **{"class": "udang"}))) == ["products_never_mix"]


def test_hours_without_an_operator_are_told_and_no_time_is_offered_in_them():
    machine = build.make_machine(operator_level="operator")
    one = Operator.objects.create(facility=machine.facility, name="Dewi", types=[machine.type_id])
    Shift.objects.create(operator=one, weekday=2, starts=600, ends=720, valid_from=date(2020, 1, 1))
    shown = day_of(machine)
    assert blocked(shown) == [("08:00", "10:00", "no_operator"), ("12:00", "16:00", "no_operator")]
    assert free(shown) == [("10:00", "12:00")] and shown["starts"][-1] == coming(11).isoformat()
    assert "Dewi" not in str(shown)


def test_a_product_of_ones_own_says_its_class():
    user, machine = build.siti(), build.make_machine(cleaning=30)
    product = build.make_product(build.producer_of(user), cleaning_class="berminyak")
    siti = Caller(user)
    siti.post("/bookings", asking(machine, 10, 12, product=product.pk))
    shown = day_of(machine, siti, product=product.pk)
    assert shown["cleaning_class"] == "berminyak" and free(shown) == [("08:00", "10:00"), ("12:00", "16:00")]


def test_every_start_that_is_offered_is_accepted():
    machine = build.make_machine(cleaning=30, setup=10)
    siti = Caller(build.siti())
    siti.post("/bookings", asking(machine, 10, 12, form="keripik"))
    for start in day_of(machine, **{"class": "kering", "minutes": 60})["starts"]:
        hour = (int(start[11:13]) * 60 + int(start[14:16])) / 60
        made = siti.post("/bookings", asking(machine, hour, hour + 1, **{"class": "kering"}))
        assert made.status_code == 201, start
        siti.post(f"/bookings/{made.json()['reference']}/cancel", {"reason_code": "ill"})


def test_a_class_nobody_knows_is_422_naming_the_field():
    machine = build.make_machine()
    answer = Caller().get(f"/machines/{machine.slug}/availability", {"class": "ajaib"})
    assert answer.status_code == 422 and fields(answer) == ["class"]


def test_a_house_shows_every_pair_of_classes_and_who_said_so():
    house = build.make_facility("pontianak")
    Changeover.objects.create(before="kering", after="basah", minutes=20, is_example=True)
    Changeover.objects.create(before="ikan", after="kering", minutes=45)
    Changeover.objects.create(facility=house, before="ikan", after="kering", is_refused=True)
    with CaptureQueriesContext(connection) as captured:
        shown = Caller().get("/facilities/pontianak/changeovers").json()
    cells = {(one["before"], one["after"]): one for one in shown["cells"]}
    told = {pair: tuple(cells[pair].values())[2:] for pair in (("kering", "basah"), ("ikan", "kering"), ("susu", "susu"), ("susu", "ikan"))}
    assert len(cells) == len(shown["classes"]) ** 2 and len(captured) == 2
    assert list(told.values()) == [
        (20, False, "province", True), (None, True, "facility", False), (0, False, "default", False), (None, False, "default", False),
    ]  # fmt: skip
    assert Caller().get("/facilities/tidak-ada/changeovers").status_code == 404


def test_a_machine_tells_learned_rates_sizes_and_its_own_limits():
    machine = build.make_machine(shortest=45)
    machine.capabilities.update(learned_rate=480, learned_from=12, smallest=50, largest=500, widest=180)
    shown = Caller().get(f"/machines/{machine.slug}").json()
    assert shown["capabilities"] == [{
        "form": "keripik", "format": "standing_pouch", "rate": 600, "learned_rate": 480, "learned_from": 12,
        "smallest": 50, "largest": 500, "widest": 180,
    }]  # fmt: skip
    assert shown["limits"]["shortest"] == 45 and shown["limits"]["grid"] == 15


def test_a_window_costs_the_same_however_much_is_in_it():
    machine = build.make_machine(operator_level="operator")
    one = Operator.objects.create(facility=machine.facility, name="Dewi", types=[machine.type_id])
    Shift.objects.create(operator=one, weekday=2, starts=480, ends=960, valid_from=date(2020, 1, 1))
    siti = Caller(build.siti())
    counts = []
    for hour in (8, 10, 12):
        assert siti.post("/bookings", asking(machine, hour, hour + 1)).status_code == 201
        with CaptureQueriesContext(connection) as captured:
            day_of(machine)
        counts.append(len(captured))
    assert counts[0] == counts[-1] <= 8
