"""The same key and body get the same answer (fault cases 11 and 12)."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from bookings.models import Booking, IdempotencyKey
from bookings.ordering import services as ordering
from tests import build
from tests.api.calling import Caller, asking, codes, fields

pytestmark = pytest.mark.django_db

KEY = {"Idempotency-Key": "a-key-of-siti"}


def test_the_same_key_and_body_get_the_same_answer():
    siti, machine = Caller(build.siti()), build.make_machine()
    body = asking(machine)
    first, second = siti.post("/bookings", body, **KEY), siti.post("/bookings", body, **KEY)
    assert (first.status_code, second.status_code) == (201, 201) and first.json() == second.json()
    assert "Idempotency-Replayed" not in first and second["Idempotency-Replayed"] == "true"
    assert Booking.objects.count() == 1


def test_the_order_of_keys_in_the_body_does_not_matter():
    siti, body = Caller(build.siti()), asking(build.make_machine(), note="a")
    siti.post("/bookings", body, **KEY)
    assert siti.post("/bookings", dict(reversed(body.items())), **KEY).status_code == 201
    assert Booking.objects.count() == 1


def test_a_refusal_is_the_answer_too_and_stays_it():
    machine, siti = build.make_machine(), Caller(build.siti())
    other = build.make_booking(machine, by=build.budi())
    body = asking(machine) | {"starts_at": build.at(8).isoformat(), "ends_at": build.at(10).isoformat()}
    first = siti.post("/bookings", body, **KEY)
    ordering.cancel(booking_id=other.pk, actor=None, now=timezone.now(), reason_code="ill")
    second = siti.post("/bookings", body, **KEY)
    assert (first.status_code, second.status_code) == (409, 409) and first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true" and second["Content-Type"] == "application/problem+json"


def test_the_answer_stays_after_the_booking_was_cancelled():
    siti, body = Caller(build.siti()), asking(build.make_machine())
    made = siti.post("/bookings", body, **KEY).json()
    siti.post(f"/bookings/{made['reference']}/cancel", {"reason_code": "ill"})
    assert siti.post("/bookings", body, **KEY).json() == made
    assert Booking.objects.count() == 1


def test_another_body_under_the_same_key_is_422():
    siti, machine = Caller(build.siti()), build.make_machine()
    siti.post("/bookings", asking(machine), **KEY)
    answer = siti.post("/bookings", asking(machine, 12, 14), **KEY)
    assert answer.status_code == 422 and fields(answer) == ["Idempotency-Key"]
    assert Booking.objects.count() == 1


def test_another_person_may_use_the_same_key():
    machine = build.make_machine()
    one = Caller(build.siti()).post("/bookings", asking(machine, 8, 10), **KEY)
    two = Caller(build.budi()).post("/bookings", asking(machine, 10, 12), **KEY)
    assert (one.status_code, two.status_code) == (201, 201) and one.json() != two.json()
    assert codes(Caller(build.rosa()).post("/bookings", asking(machine, 10, 12), **KEY)) == ["taken"]


def test_bad_input_is_not_kept_under_a_key():
    siti, machine = Caller(build.siti()), build.make_machine()
    assert siti.post("/bookings", asking(machine, 10, 8), **KEY).status_code == 422
    assert siti.post("/bookings", asking(machine, 8, 10), **KEY).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "two words", "é"])
def test_a_key_is_one_to_255_printable_characters(key):
    answer = Caller(build.siti()).post("/bookings", asking(build.make_machine()), **{"Idempotency-Key": key})
    assert answer.status_code == 422 and fields(answer) == ["Idempotency-Key"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_with_one_key_make_one_booking():
    siti, body = Caller(build.siti()), asking(build.make_machine())
    barrier, answers = threading.Barrier(20), []

    def send() -> None:
        caller = Caller()
        caller.headers = siti.headers
        barrier.wait()
        try:
            answers.append(caller.post("/bookings", body, **KEY))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 20
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer for answer in answers) == 19
    assert Booking.objects.count() == IdempotencyKey.objects.count() == 1


def test_a_script_that_sends_again_with_another_key_hears_of_its_own_booking():
    machine, siti = build.make_machine(), Caller(build.siti())
    made = siti.post("/bookings", asking(machine, 9, 11), **{"Idempotency-Key": "a"}).json()
    again = siti.post("/bookings", asking(machine, 9, 11), **{"Idempotency-Key": "b"})
    (reason,) = again.json()["reasons"]
    assert (again.status_code, reason["code"]) == (409, "taken") and reason["values"]["reference"] == made["reference"]
    stranger = Caller(build.budi()).post("/bookings", asking(machine, 9, 11))
    assert made["reference"] not in stranger.content.decode()
