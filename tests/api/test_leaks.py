"""Nothing of others is shown on any page or list, and nothing typed runs anywhere (fault cases 42, 53, 54)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from bookings.home.receipt_views import arrival_address
from bookings.models import Booking, Producer
from tests import build
from tests.api.calling import Caller, asking, codes, coming
from tests.api.matrix import API, TABLE
from tests.api.test_matrix import world  # noqa: F401
from tests.api.world import checked_in

LISTS = [route.removeprefix("GET ") for route in TABLE if route.startswith("GET ") and "<" not in route]
SCRIPT = "<script>alert(1)</script>"


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "foreign"), [("siti", 1), ("tono", 1), ("dewi", 1), ("cahya", 1), ("eko", 0), ("anonymous", 0)])
def test_no_page_and_no_list_shows_bookings_of_others(world, role, foreign):  # noqa: F811
    session, headers = world.callers[role]
    client = Client(raise_request_exception=False)
    if session:
        client.cookies["sessionid"] = session
    hidden = [world.ids["reference"][foreign], world.ids["here"][foreign], world.ids["token"][foreign]]
    hidden.append(Producer.objects.get(slug=world.ids["producer"][foreign]).phone)
    for address in LISTS:
        answer = client.get(f"/{address}", headers=headers if API in address else {})
        text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode("utf-8", "replace")
        assert [secret for secret in hidden if secret in text] == [], address


@pytest.mark.django_db
def test_the_code_on_a_receipt_names_nobody_and_works_once_in_its_house_and_hour():
    machine, user = build.make_machine(), build.siti()
    made = Caller(user).post("/bookings", asking(machine)).json()
    booking = Booking.objects.get(reference=made["reference"])
    dewi, path = Caller(build.dewi(machine.facility)), f"/bookings/{booking.reference}/check-in"
    assert arrival_address(booking).endswith(f"/hadir/{booking.reference}/") and "Siti" not in arrival_address(booking)
    assert codes(dewi.post(path)) == ["too_early"]
    stranger = Caller(build.dewi(build.make_facility()))
    assert stranger.post(path).status_code == 404
    checked_in(booking, dewi.user)
    assert codes(dewi.post(path)) == ["wrong_state"]


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/pesanan/{}/", "/jadwal-saya/", "/hari-ini/", "/papan/", "/mesin/", "/permintaan/", "/hadir/{}/"])
def test_what_people_type_is_shown_and_never_run(page):
    house = build.make_facility(name=SCRIPT, address=SCRIPT)
    machine, user = build.make_machine(house, name=SCRIPT), build.siti()
    Producer.objects.update(name=SCRIPT, contact_name=SCRIPT)
    now = timezone.now() + timedelta(hours=1)
    made = Caller(user).post("/bookings", asking(machine, product=SCRIPT, note=SCRIPT)).json()
    Booking.objects.update(starts_at=now, ends_at=now + timedelta(hours=1), reason=SCRIPT)
    for person in (user, build.cahya(house)):
        client = Client()
        client.force_login(person)
        answer = client.get(page.format(made["reference"]), follow=True)
        assert "<script>alert" not in answer.content.decode() and "script-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_refusal_on_a_page_escapes_the_names_in_it():
    house = build.make_facility()
    machine, user = build.make_machine(house, name=SCRIPT), build.siti()
    client = Client()
    client.force_login(user)
    answer = client.get(f"/pesan/{machine.slug}/", {"kenapa": coming(3).isoformat(), "mulai": SCRIPT, "hari": SCRIPT})
    assert answer.status_code < 500 and "<script>alert" not in answer.content.decode()
