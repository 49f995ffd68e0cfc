"""Asking for packs through the API: options, misfits, near misses, and the ledger of needs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.models import Booking, Need
from bookings.upkeep import services as upkeep
from facilities.models import Machine
from tests import build
from tests.api.calling import Caller, asking, coming, fields

pytestmark = pytest.mark.django_db

PACKS = {"form": "keripik", "format": "standing_pouch", "quantity": 300}


def asked(caller: Caller | None = None, **more: Any) -> dict[str, Any]:
    """Search for 300 pouches of keripik on the coming Wednesday, or as told."""
    day = str(coming(0).date())
    answer = (caller or Caller()).get("/search", PACKS | {"earliest": day, "latest": day} | more)
    assert answer.status_code == 200, answer.content
    return answer.json()


def codes(misfit: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in misfit["reasons"]]


def test_an_option_says_when_how_long_how_far_and_for_how_much():
    house = build.make_facility("pontianak", what_to_bring="Label")
    machine = build.make_machine(house, slug="pontianak-band-1", setup=10)
    build.make_tariff(machine, "pack", 50)
    (option,) = asked(district="61.71")["options"]
    times = [coming(8.25).isoformat(), coming(8.75).isoformat()]
    assert (option["machine"], option["facility"], option["minutes"], option["setup"]) == ("pontianak-band-1", "pontianak", 30, 10)
    assert [option["starts_at"], option["ends_at"]] == times and len(option["starts"]) == 3
    assert (option["distance_km"], option["price"], option["what_to_bring"]) == (0, 15000, "Label")
    assert option["tariff"] == {"unit": "pack", "amount": 50, "is_example": False}
    assert (option["rate"], option["rate_source"], option["plan"]) == (600, "nominal", [])


def test_why_says_how_the_minutes_were_computed_in_both_languages():
    machine = build.make_machine()
    machine.capabilities.update(learned_rate=480, learned_from=12)
    query = PACKS | {"latest": str(coming(0).date())}
    indonesian = Caller().get("/search", query).json()["options"][0]
    english = Caller().get("/search", query, **{"Accept-Language": "en"}).json()["options"][0]
    assert "300 kemasan ÷ 480 per jam (dari 12 pemakaian) = 38\N{NO-BREAK SPACE}menit" in indonesian["why"]
    assert "300 packs ÷ 480 per hour (from 12 runs)" in english["why"] and english["rate_source"] == "runs"


def test_every_other_machine_is_there_with_every_reason():
    house = build.make_facility()
    build.make_machine(house, slug="cocok")
    build.make_machine(house, slug="lain", line="non_halal").capabilities.update(form="cair")
    found = asked(line="halal")
    assert [one["machine"] for one in found["options"]] == ["cocok"]
    (misfit,) = found["misfits"]
    assert misfit["machine"] == "lain" and codes(misfit) == ["wrong_line", "does_not_fit_machine"]
    assert set(misfit["reasons"][0]) == {"code", "detail", "way_out", "overridable", "values"}


def test_a_quantity_too_large_for_one_session_is_a_plan_over_days():
    build.make_machine(build.make_facility(longest=240))
    found = asked(quantity=6000, latest=str(coming(0, day=9).date()))
    (option,) = found["options"]
    assert sum(one["packs"] for one in option["plan"]) == 6000 and len(option["plan"]) > 1
    assert len({one["starts_at"][:10] for one in option["plan"]}) == len(option["plan"])
    assert option["ends_at"] == option["plan"][-1]["ends_at"] and "hari" in option["why"]


def test_a_time_after_a_job_of_the_same_class_needs_no_cleaning():
    machine = build.make_machine(cleaning=30)
    Caller(build.siti()).post("/bookings", asking(machine, 10, 12, form="keripik"))
    found = asked()
    assert found["cleaning_class"] == "berminyak"
    assert found["options"][0]["no_cleaning"] == [coming(12).isoformat()]
    assert "Tanpa bersih-bersih" in found["options"][0]["why"]


def test_what_is_offered_is_accepted():
    machine = build.make_machine(cleaning=30, setup=10)
    siti = Caller(build.siti())
    siti.post("/bookings", asking(machine, 10, 12, form="bubuk"))
    (option,) = asked()["options"]
    for start in option["starts"]:
        end = datetime.fromisoformat(start) + timedelta(minutes=option["minutes_each"])
        body = {"machine": option["machine"], "starts_at": start, "ends_at": end.isoformat(), "form": "keripik"}
        made = siti.post("/bookings", body)
        assert made.status_code == 201 and len(option["starts"]) == 3
        siti.post(f"/bookings/{made.json()['reference']}/cancel", {"reason_code": "ill"})


def test_near_misses_come_where_nothing_fits():
    machine = build.make_machine()
    Caller(build.siti()).post("/bookings", asking(machine, 8, 15))
    found = asked(minutes=120)
    assert found["options"] == [] and codes(found["misfits"][0]) == ["taken"]
    kinds = {near["kind"]: near for near in found["near"]}
    assert kinds["next_day"]["starts_at"] > coming(24).isoformat() and kinds["shorter"]["machine"] == machine.slug


def test_a_broken_machine_says_so_and_nobody_is_named():
    house = build.make_facility()
    machine, now = build.make_machine(house), timezone.now()
    upkeep.report_breakdown(
        machine_id=machine.pk, expected_until=now + timedelta(days=30), reason="Motor", actor=build.cahya(house), now=now
    )
    found = asked()
    assert "broken" in codes(found["misfits"][0]) and "Cahya" not in str(found)


def test_a_product_of_ones_own_says_form_line_class_and_weight():
    user, machine = build.siti(), build.make_machine()
    product = build.make_product(build.producer_of(user), line="non_halal", cleaning_class="daging", net_weight="100 g")
    query = {"product": product.pk, "format": "standing_pouch"}
    found = Caller(user).get("/search", query).json()
    assert found["cleaning_class"] == "daging" and codes(found["misfits"][0]) == ["wrong_line"]
    assert Caller().get("/search", query).status_code == 401
    assert Caller(build.budi()).get("/search", query).status_code == 404 and machine.pk


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("form", "udara"), ("format", "kotak"), ("class", "ajaib"), ("line", "putih"), ("quantity", "0"), ("quantity", "1.5"),
        ("minutes", "-1"), ("net_weight", "x"), ("width", "0"), ("order", "best"), ("earliest", "besok"), ("earliest", "2026-02-30"),
        ("latest", "1999-01-01"), ("latest", "2026-11-24T08:00:00"), ("latest", "2026-11-24T08:00:30+07:00"), ("product", "0"), ("sort", "x"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_422_with_the_field(field, given):
    answer = Caller().get("/search", PACKS | {field: given})
    assert answer.status_code == 422 and fields(answer) == [field]


def test_an_end_before_its_start_is_422_and_an_unknown_district_404():
    answer = Caller().get("/search", {"earliest": "2026-12-05", "latest": "2026-12-04"})
    assert answer.status_code == 422 and fields(answer) == ["latest"]
    answer = Caller().get("/search", {"district": "99.99"})
    assert answer.status_code == 404 and fields(answer) == ["district"]


def test_days_and_instants_are_both_understood():
    build.make_machine()
    by_day = asked()
    by_instant = asked(earliest=coming(0).isoformat(), latest=coming(24).isoformat())
    assert by_day == by_instant and by_day["latest"] == coming(24).isoformat()


@pytest.mark.parametrize("order", ["nearest", "cheapest"])
def test_the_order_can_be_chosen(order):
    far = build.make_facility("sintang", district=build.make_district("61.05", "Sintang"), latitude=0.07, longitude=111.5)
    dear, cheap = build.make_machine(build.make_facility("pontianak")), build.make_machine(far)
    build.make_tariff(dear, amount=20_000), build.make_tariff(cheap, amount=10_000)
    found = asked(order=order, district="61.71")
    first = {"nearest": dear, "cheapest": cheap}[order]
    assert found["order"] == order and found["options"][0]["machine"] == first.slug


def test_a_search_takes_at_most_eight_statements_and_writes_nothing():
    house = build.make_facility()
    for number in range(3):
        machine = build.make_machine(house, operator_level="operator" if number else "terlatih")
    Caller(build.siti()).post("/bookings", asking(Machine.objects.get(operator_level="terlatih")))
    with CaptureQueriesContext(connection) as few:
        asked(district="61.71")
    for _ in range(5):
        build.make_machine(build.make_facility(), operator_level=machine.operator_level)
    with CaptureQueriesContext(connection) as many:
        asked(district="61.71")
    assert len(few) == len(many) <= 8, "\n".join(q["sql"] for q in many)
    assert not Need.objects.exists()


def test_a_need_is_put_on_record_once_a_month_and_answered_as_a_search_is():
    user = build.siti()
    siti, machine = Caller(user), build.make_machine()
    body = {"format": "kaleng", "form": "cair", "quantity": 500}
    first, second = siti.post("/needs", body), siti.post("/needs", body | {"quantity": 800})
    assert (first.status_code, second.status_code) == (201, 201) and second.json()["options"] == []
    told = second.json()["need"]
    assert (told["times"], told["quantity"], told["found"], told["ended_in_nothing"], told["served_by"]) == (2, 800, 0, True, None)
    need = Need.objects.get()
    assert need.producer == build.producer_of(user) and need.reasons == ["no_such_machine"] and machine.pk


def test_a_need_is_ones_own():
    rosa, budi = build.rosa(), build.budi()
    body = {"format": "kaleng", "quantity": 500}
    foreign = Caller(rosa).post("/needs", body | {"producer": build.producer_of(budi).slug})
    assert foreign.status_code == 404 and fields(foreign) == ["producer"]
    assert Caller().post("/needs", body).status_code == 401
    assert Caller(budi, "bookings:read").post("/needs", body).status_code == 403
    assert not Need.objects.exists() and not Booking.objects.exists()
