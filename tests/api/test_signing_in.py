"""Who is let in: tokens with scopes, sessions with their CSRF token, and nobody else (fault case 48)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import api_auth
from accounts.models import ApiToken
from accounts.services import issue_token, revoke_token
from bookings.models import Booking
from tests import build
from tests.api.calling import API, Caller, asking

pytestmark = pytest.mark.django_db


def test_nobody_is_401_and_told_how():
    answer = Caller().get("/bookings")
    assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer x", "Basic c2l0aTpzaXRp", "Bearer a b", "x" * 5000, "Bearer é"])
def test_a_token_nobody_made_is_401(header):
    assert Caller().get("/bookings", Authorization=header).status_code == 401


def test_a_token_ends_by_time_by_revoking_and_with_its_owner():
    user, now = build.siti(), timezone.now()
    old = issue_token(user=user, scopes=["bookings:read"], days=1, now=now - timedelta(days=2))
    assert Caller().get("/bookings", Authorization=f"Bearer {old}").status_code == 401
    siti = Caller(user)
    assert siti.get("/bookings").status_code == 200
    revoke_token(token=ApiToken.objects.latest("pk"), now=now)
    assert siti.get("/bookings").status_code == 401
    gone = Caller(user)
    build.User.objects.filter(pk=user.pk).update(is_active=False)
    assert gone.get("/bookings").status_code == 401


def test_a_token_does_what_its_scopes_say():
    user, machine = build.siti(), build.make_machine()
    reader, writer = Caller(user, "bookings:read"), Caller(user, "bookings:write")
    assert reader.post("/bookings", asking(machine)).status_code == 403
    assert writer.get("/bookings").status_code == 403
    assert reader.get("/bookings").status_code == 200 and writer.post("/bookings", asking(machine)).status_code == 201


def signed_in(user, **options: bool) -> Caller:
    client = Client(raise_request_exception=False, **options)
    client.force_login(user)
    return Caller(client=client)


def test_a_session_reads_and_with_its_csrf_token_writes():
    siti, machine = signed_in(build.siti(), enforce_csrf_checks=True), build.make_machine()
    assert siti.get("/bookings").status_code == 200
    assert siti.post("/bookings", asking(machine)).status_code == 403
    siti.client.cookies["csrftoken"] = "a" * 32
    made = siti.post("/bookings", asking(machine), **{"X-CSRFToken": "a" * 32})
    assert made.status_code == 201


def test_a_session_does_not_help_a_wrong_token():
    siti = signed_in(build.siti())
    assert siti.get("/bookings", Authorization="Bearer wrong").status_code == 401


def test_another_site_writes_nothing_whatever_it_sends():
    siti, machine = signed_in(build.siti(), enforce_csrf_checks=True), build.make_machine()
    siti.client.cookies["csrftoken"] = "a" * 32
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        answer = siti.client.generic(
            "POST", f"{API}/bookings", siti.client._encode_json(asking(machine), "application/json"), kind,
            headers={"Origin": "https://evil.example", "X-CSRFToken": "a" * 32},
        )  # fmt: skip
        assert answer.status_code in (403, 415)
    assert not Booking.objects.exists()


def test_too_many_writes_in_a_minute_are_429(monkeypatch):
    monkeypatch.setattr(api_auth, "WRITES_PER_MINUTE", 2)
    siti = Caller(build.siti())
    answers = [siti.post("/bookings", {}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert answers[-1]["Retry-After"] == "60" and siti.get("/bookings").status_code == 200


def test_what_is_personal_is_kept_by_no_cache():
    answer = Caller(build.siti()).get("/bookings")
    assert answer["Cache-Control"] == "private, no-store" and "Authorization" in answer["Vary"]


def test_a_person_reads_who_they_are():
    user = build.cahya(build.make_facility("pontianak"))
    shown = Caller(user).get("/me").json()
    assert (shown["name"], shown["duties"]["manages"], shown["producers"]) == ("Cahya", ["pontianak"], [])
    rosa = Caller(build.rosa()).get("/me").json()
    assert [producer["name"] for producer in rosa["producers"]] == ["Anggota Mandau", "Koperasi Mandau"]


def test_products_are_kept_and_listed_for_those_who_act_for_the_producer():
    user = build.siti()
    siti = Caller(user)
    made = siti.post("/products", {"name": "Keripik talas", "form": "keripik", "line": "halal"})
    again = siti.post("/products", {"name": "keripik  TALAS", "form": "cair", "line": "non_halal"})
    assert made.status_code == 201 and again.json() == made.json()
    assert siti.get("/products").json()["count"] == 1 and Caller(build.budi()).get("/products").json()["count"] == 0
    foreign = {"name": "x", "form": "cair", "line": "halal", "producer": build.producer_of(user).slug}
    assert Caller(build.budi()).post("/products", foreign).status_code == 404


def test_a_product_keeps_its_class_and_weight():
    siti = Caller(build.siti())
    body = {"name": "Abon ikan", "form": "padat", "line": "halal"}
    made = siti.post("/products", body | {"class": "ikan", "net_weight": 100}).json()
    assert (made["cleaning_class"], made["net_weight"]) == ("ikan", 100)
    usual = siti.post("/products", body | {"name": "Keripik", "form": "keripik"}).json()
    assert (usual["cleaning_class"], usual["net_weight"]) == ("berminyak", None)


def test_whom_one_may_book_for():
    rosa = build.rosa()
    build.siti()
    assert Caller(rosa).get("/producers").json()["count"] == 2
    assert Caller(build.gunawan()).get("/producers").json()["count"] == 0
    listed = Caller(build.cahya(build.make_facility())).get("/producers").json()
    assert listed["count"] == 3 and "phone" not in listed["items"][0]
