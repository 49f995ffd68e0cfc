"""Booking through the API: asking, reading, deciding, changing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking, Document, IdempotencyKey, Qualification
from tests import build
from tests.api.calling import API, Caller, asking, codes, coming, fields

pytestmark = pytest.mark.django_db

TRANSACTION_WORDS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def test_a_booking_is_made_and_read_back():
    siti, machine = Caller(build.siti()), build.make_machine(setup=10, cleaning=20)
    made = siti.post("/bookings", asking(machine, 9, 11, quantity=300, pack_format="standing_pouch"))
    assert made.status_code == 201 and made.json()["status"] == "approved"
    assert made["Location"] == f"{API}/bookings/{made.json()['reference']}"
    read = siti.get(f"/bookings/{made.json()['reference']}")
    assert read.json() | {"asks": [], "warnings": [], "overridden": []} == made.json() and read["ETag"].startswith('"1-')
    assert read.json()["machines"][0]["cleaning"] == 20


def test_a_taken_time_is_refused_with_all_reasons_and_times_nearby():
    machine = build.make_machine()
    Caller(build.budi()).post("/bookings", asking(machine, 8, 10))
    answer = Caller(build.siti()).post("/bookings", asking(machine, 9, 11, form="cair"))
    assert answer.status_code == 409 and answer["Content-Type"] == "application/problem+json"
    assert codes(answer) == ["taken", "does_not_fit_machine"] and answer.json()["alternatives"] == []
    again = Caller(build.siti()).post("/bookings", asking(machine, 9, 11, form="keripik"))
    assert [one["starts_at"] for one in again.json()["alternatives"]][0] == coming(10).isoformat()
    assert "Budi" not in answer.content.decode() + again.content.decode()


def test_sentences_follow_the_language_asked_for():
    machine, siti = build.make_machine(), Caller(build.siti())
    Caller(build.budi()).post("/bookings", asking(machine))
    indonesian = siti.post("/bookings", asking(machine))
    english = siti.post("/bookings", asking(machine), **{"Accept-Language": "en"})
    assert indonesian.json()["detail"].startswith("Jam ini sudah diambil")
    assert english.json()["detail"].startswith("This time is taken")


def test_adjacent_times_are_both_booked():
    machine, siti = build.make_machine(), Caller(build.siti())
    answers = [siti.post("/bookings", asking(machine, 8, 10)), siti.post("/bookings", asking(machine, 10, 12))]
    assert [answer.status_code for answer in answers] == [201, 201]


def test_a_booking_takes_at_most_fourteen_statements():
    machine, user = build.make_machine(), build.siti()
    build.make_tariff(machine)
    product = build.make_product(build.producer_of(user))
    siti = Caller(user)
    siti.get("/me")  # the token remembers the hour of its use once
    with CaptureQueriesContext(connection) as captured:
        made = siti.post("/bookings", asking(machine, product=product.pk), **{"Idempotency-Key": "k-1"})
    asked = [q["sql"] for q in captured.captured_queries if not q["sql"].startswith(TRANSACTION_WORDS)]
    assert made.status_code == 201
    assert len(asked) <= 14, "\n".join(asked)


def test_who_acts_for_several_says_for_whom():
    user, machine = build.rosa(), build.make_machine()
    second = build.make_producer("Koperasi Dua", kind="cooperative", owner=user)
    answer = Caller(user).post("/bookings", asking(machine))
    assert answer.status_code == 422 and fields(answer) == ["producer"]
    assert Caller(user).post("/bookings", asking(machine, producer=second.slug)).status_code == 201


def test_an_officer_books_for_a_member():
    user, machine = build.rosa(), build.make_machine()
    member = build.Producer.objects.get(name="Anggota Mandau")
    made = Caller(user).post("/bookings", asking(machine, producer=member.slug))
    assert made.status_code == 201 and made.json()["producer"] == member.slug


def test_a_product_is_known_by_its_name_and_keeps_its_line():
    user, machine = build.siti(), build.make_machine()
    product = build.make_product(build.producer_of(user), "Keripik babi", line="non_halal")
    answer = Caller(user).post("/bookings", asking(machine, product="keripik  BABI"))
    assert codes(answer) == ["wrong_line"]
    made = Caller(user).post("/bookings", asking(machine, product="Kerupuk baru"))
    assert made.json()["product"] == "Kerupuk baru" and made.json()["product_id"] is None and product.pk


@pytest.mark.parametrize("naming", ["product", "producer", "machine"])
def test_nothing_of_others_can_be_named(naming):
    budi, machine = build.budi(), build.make_machine()
    foreign = build.make_product(build.producer_of(budi))
    values = {"product": foreign.pk, "producer": foreign.producer.slug, "machine": "tidak-ada"}
    answer = Caller(build.siti()).post("/bookings", asking(machine) | {naming: values[naming]})
    assert answer.status_code == 404 and fields(answer) == [naming]
    assert not Booking.objects.exists()


@pytest.mark.parametrize("extra", ["status", "role", "facility", "price", "reference", "version"])
def test_nothing_that_is_not_asked_for_can_be_set(extra):
    machine = build.make_machine()
    answer = Caller(build.siti()).post("/bookings", asking(machine) | {extra: "approved"})
    assert answer.status_code == 422 and fields(answer) == [extra]
    assert not Booking.objects.exists()


@pytest.mark.parametrize("privilege", [{"walk_in": True}, {"override_reason": "mohon"}])
def test_only_managers_of_that_house_go_against_its_rules(privilege):
    machine, user = build.make_machine(), build.siti()
    body = asking(machine, 8, 8.25, producer=build.producer_of(user).slug, **privilege)
    assert Caller(user).post("/bookings", body).status_code == 403
    stranger = build.cahya(build.make_facility())
    assert Caller(stranger).post("/bookings", body).status_code == 404
    assert not Booking.objects.exists()


def test_a_manager_books_for_anybody_at_the_own_counter():
    machine, user = build.make_machine(), build.siti()
    cahya = Caller(build.cahya(machine.facility))
    body = asking(machine, 8, 8.25, producer=build.producer_of(user).slug)
    assert codes(cahya.post("/bookings", body)) == ["too_short"]
    made = cahya.post("/bookings", body | {"override_reason": "uji coba"})
    assert made.status_code == 201
    assert [one["code"] for one in made.json()["overridden"]] == ["too_short"]
    event = Booking.objects.get().events.get()
    assert event.on_behalf and event.details["overridden"] == ["too_short"]


def test_lists_are_filtered_and_paged():
    machine, siti = build.make_machine(), Caller(build.siti())
    for hour in (8, 10, 12):
        siti.post("/bookings", asking(machine, hour, hour + 1))
    page = siti.get("/bookings", {"page": 2, "page_size": 2}).json()
    assert (page["count"], page["page"], page["page_size"], len(page["items"])) == (3, 2, 2, 1)
    window = {"from": coming(10).isoformat(), "to": coming(11).isoformat(), "machine": machine.slug}
    assert [b["starts_at"] for b in siti.get("/bookings", window).json()["items"]] == [coming(10).isoformat()]
    assert siti.get("/bookings", {"status": "cancelled"}).json()["items"] == []
    assert siti.get("/bookings", {"page": 9}).json()["items"] == []


def test_lists_cost_the_same_however_long():
    machine, siti = build.make_machine(), Caller(build.siti())
    siti.post("/bookings", asking(machine, 8, 9))
    with CaptureQueriesContext(connection) as one:
        siti.get("/bookings")
    for hour in (9, 10, 11, 12):
        siti.post("/bookings", asking(machine, hour, hour + 1))
    with CaptureQueriesContext(connection) as five:
        siti.get("/bookings")
    assert len(one) == len(five) <= 7


def test_others_bookings_do_not_exist():
    booking = build.make_booking(build.make_machine())
    budi = Caller(build.budi())
    assert budi.get(f"/bookings/{booking.reference}").status_code == 404
    assert budi.get("/bookings").json()["count"] == 0
    assert budi.post(f"/bookings/{booking.reference}/cancel", {"reason_code": "ill"}).status_code == 404


def test_a_manager_approves_and_declines_and_a_producer_may_not():
    house = build.make_facility(approval="manual")
    machine, user = build.make_machine(house), build.siti()
    siti, cahya = Caller(user), Caller(build.cahya(house))
    one, two = (siti.post("/bookings", asking(machine, h, h + 1)).json()["reference"] for h in (8, 10))
    assert siti.post(f"/bookings/{one}/approve").status_code == 403
    assert cahya.post(f"/bookings/{one}/approve").json()["status"] == "approved"
    declined = cahya.post(f"/bookings/{two}/decline", {"reason_code": "no_operator", "reason": "Dewi sakit"}).json()
    assert (declined["status"], declined["reason_code"], declined["reason"]) == ("declined", "no_operator", "Dewi sakit")
    again = cahya.post(f"/bookings/{two}/approve")
    assert again.status_code == 409 and codes(again) == ["wrong_state"]


def test_a_cancelled_time_can_be_booked_again():
    machine, siti = build.make_machine(), Caller(build.siti())
    made = siti.post("/bookings", asking(machine)).json()
    gone = siti.post(f"/bookings/{made['reference']}/cancel", {"reason_code": "material_missing"})
    assert gone.json()["status"] == "cancelled"
    assert Caller(build.budi()).post("/bookings", asking(machine)).status_code == 201


def test_a_cancel_needs_a_reason_from_the_list():
    booking = build.make_booking(build.make_machine())
    answer = Caller(booking.made_by).post(f"/bookings/{booking.reference}/cancel", {"reason_code": "bosan"})
    assert answer.status_code == 422 and fields(answer) == ["reason_code"]


def test_a_booking_moves_to_another_machine_and_not_onto_another_booking():
    house = build.make_facility()
    first, second = build.make_machine(house), build.make_machine(house)
    siti = Caller(build.siti())
    made = siti.post("/bookings", asking(first)).json()
    Caller(build.budi()).post("/bookings", asking(second, 10, 12))
    clash = siti.post(f"/bookings/{made['reference']}/move", asking(second, 11, 13))
    moved = siti.post(f"/bookings/{made['reference']}/move", asking(second, 8, 10))
    assert clash.status_code == 409 and codes(clash) == ["taken"]
    assert (moved.json()["machine"], moved.json()["version"]) == (second.slug, 2)


def test_a_stale_write_is_412_and_changes_nothing():
    machine, siti = build.make_machine(), Caller(build.siti())
    made = siti.post("/bookings", asking(machine)).json()
    path = f"/bookings/{made['reference']}"
    etag = siti.get(path)["ETag"]
    moved = siti.post(f"{path}/move", asking(machine, 9, 11), **{"If-Match": etag})
    stale = siti.post(f"{path}/cancel", {"reason_code": "ill"}, **{"If-Match": etag})
    assert (moved.status_code, stale.status_code) == (200, 412)
    assert siti.get(path).json()["status"] == "approved"
    weak = f"W/{moved['ETag']}"  # what a compressing proxy makes of it
    assert siti.post(f"{path}/cancel", {"reason_code": "ill"}, **{"If-Match": weak}).status_code == 200


def test_a_reader_who_knows_it_already_gets_304():
    booking = build.make_booking(build.make_machine())
    siti = Caller(booking.made_by)
    etag = siti.get(f"/bookings/{booking.reference}")["ETag"]
    again = siti.get(f"/bookings/{booking.reference}", **{"If-None-Match": etag})
    assert again.status_code == 304 and again.content == b"" and again["ETag"] == etag


def test_the_key_is_not_needed_but_then_nothing_is_kept():
    Caller(build.siti()).post("/bookings", asking(build.make_machine()))
    assert not IdempotencyKey.objects.exists()


def test_a_message_from_a_house_escapes_nothing_and_runs_nothing():
    house = build.make_facility(name="<script>alert(1)</script>")
    siti, machine = Caller(build.siti()), build.make_machine(house, name="<b>Segel</b>")
    siti.post("/bookings", asking(machine))
    answer = siti.post("/bookings", asking(machine, note="<img src=x onerror=alert(1)>"))
    assert answer.status_code == 409 and answer["Content-Type"] == "application/problem+json"
    assert answer["X-Content-Type-Options"] == "nosniff" and "default-src 'none'" in answer["Content-Security-Policy"]


def test_every_reason_says_what_to_do_and_whether_a_manager_may_go_on():
    machine, siti = build.make_machine(), Caller(build.siti())
    siti.post("/bookings", asking(machine, 9, 11))
    answer = siti.post("/bookings", asking(machine, 10, 12, line="non_halal", form="cair"))
    told = {one["code"]: (one["overridable"], bool(one["way_out"])) for one in answer.json()["reasons"]}
    assert told["taken"][0] is False and told["wrong_line"][0] is False and told["does_not_fit_machine"] == (True, True)


def test_a_class_told_with_a_mere_name_decides_what_is_cleaned_after():
    machine, siti = build.make_machine(cleaning=30), Caller(build.siti())
    siti.post("/bookings", asking(machine, 8, 10, product="Abon baru", **{"class": "kering"}))
    body = asking(machine, 10, 12, product="Udang kering")
    assert codes(siti.post("/bookings", body | {"class": "udang"})) == ["not_enough_cleaning_time"]
    assert siti.post("/bookings", body | {"class": "kering"}).status_code == 201


def test_a_booking_that_waits_says_why_and_so_does_its_move():
    machine, siti = build.make_machine(build.make_facility(approval="manual")), Caller(build.siti())
    made = siti.post("/bookings", asking(machine)).json()
    assert made["status"] == "requested" and [one["code"] for one in made["asks"]] == ["needs_manager"]
    times = {"starts_at": coming(12).isoformat(), "ends_at": coming(14).isoformat()}
    moved = siti.post(f"/bookings/{made['reference']}/move", times).json()
    assert [one["code"] for one in moved["asks"]] == ["needs_manager"] and moved["warnings"] == []


def test_a_pack_that_the_permit_does_not_name_is_only_a_warning():
    user, machine = build.siti(), build.make_machine()
    Document.objects.create(producer=build.producer_of(user), kind="pirt", number="4016171010001-30", made_at=build.EARLY)
    made = Caller(user).post("/bookings", asking(machine, pack_format="standing_pouch"))
    assert made.status_code == 201 and made.json()["status"] == "approved"
    (warning,) = made.json()["warnings"]
    assert warning["code"] == "pirt_pack_type" and warning["way_out"]


def test_alternatives_say_of_what_kind_they_are():
    machine, siti = build.make_machine(), Caller(build.siti())
    twin = build.make_machine(machine.facility)
    siti.post("/bookings", asking(machine, 8, 16, form="keripik"))
    answer = siti.post("/bookings", asking(machine, 9, 11, form="keripik"))
    found = {one["kind"]: one for one in answer.json()["alternatives"]}
    assert found["other_machine"]["machine"] == twin.slug and found["next_day"]["machine"] == machine.slug
    assert found["other_machine"]["facility"] == machine.facility.slug
    assert found["other_machine"]["starts_at"] == coming(9).isoformat()


def test_a_refused_move_offers_its_own_house_and_its_own_time():
    machine, siti = build.make_machine(), Caller(build.siti())
    build.make_machine(build.make_facility())
    mine = siti.post("/bookings", asking(machine, 8, 10, form="keripik")).json()
    siti.post("/bookings", asking(machine, 11, 13, form="keripik"))
    times = {"starts_at": coming(10).isoformat(), "ends_at": coming(12).isoformat()}
    answer = siti.post(f"/bookings/{mine['reference']}/move", times)
    found = {one["kind"]: one for one in answer.json()["alternatives"]}
    assert codes(answer) == ["taken"] and "other_house" not in found
    assert found["same_day"]["starts_at"] == coming(9).isoformat()


EVERY_RULE = {
    "documents_required": ["nib", "pirt"], "trial_runs": 3, "induction_required": True, "qualification_required": True,
    "weekly_quota": 10080, "cooperative_quota": 10080, "open_bookings": 100, "manual_after": 20, "pause_after": 20,
    "reserved_share": 10, "peak_seasons": [],
}  # fmt: skip


def equipped(user, house, machine):
    """Give a producer all that the strictest house asks for; return their product."""
    producer, now = build.producer_of(user), build.EARLY
    for kind, number in (("nib", "1234567890123"), ("pirt", "206617110001228")):
        Document.objects.create(producer=producer, kind=kind, number=number, made_at=now)
    for type_ in (None, machine.type):
        Qualification.objects.create(producer=producer, facility=house, type=type_, given_on=now.date())
    build.make_tariff(machine)
    return build.make_product(producer)


@pytest.mark.parametrize(("told", "status"), [
    ({"net_weight": 100, "width": 120}, 201), ({"net_weight": 1000}, 409), ({"width": 400}, 409), ({}, 201),
])  # fmt: skip
def test_a_pack_too_large_is_refused_as_the_search_would(told, status):
    machine, siti = build.make_machine(), Caller(build.siti())
    machine.capabilities.update(largest=500, widest=200)
    answer = siti.post("/bookings", {**asking(machine, 8, 9), "form": "keripik", "line": "halal", **told})
    assert answer.status_code == status, answer.json()
    if status == 409:
        assert [reason["code"] for reason in answer.json()["reasons"]] == ["does_not_fit_machine"]


@pytest.mark.parametrize(("level", "most"), [("terlatih", 17), ("operator", 20)])
def test_with_every_rule_on_a_booking_takes_twenty_statements_at_most(level, most):
    house = build.make_facility(policy=EVERY_RULE)
    machine, user = build.make_machine(house, operator_level=level, cleaning=30), build.siti()
    build.make_operator(house)
    product, siti = equipped(user, house, machine), Caller(user)
    first = siti.post("/bookings", asking(machine, 8, 9, product=product.pk))
    assert first.status_code == 201, first.json()
    asked = asking(machine, 9, 11, product=product.pk, pack_format="standing_pouch")
    with CaptureQueriesContext(connection) as captured:
        made = siti.post("/bookings", asked, **{"Idempotency-Key": "k-1"})
    sent = [q["sql"] for q in captured.captured_queries if not q["sql"].startswith(TRANSACTION_WORDS)]
    assert made.status_code == 201, made.json()
    assert len(sent) <= most, "\n".join(one[:110] for one in sent)
