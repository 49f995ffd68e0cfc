"""The same request twice is one effect and one answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.models import Booking, IdempotencyKey, Product
from bookings.ordering import orders
from bookings.ordering import services as ordering
from facilities.errors import BadInput, Refusal
from tests import build

pytestmark = pytest.mark.django_db


def order(machine, producer, hour: float = 8, **fields: object) -> orders.Order:
    values = {"product_name": "Keripik talas", "form": "keripik", "line": "halal", "quantity": 300, **fields}
    return orders.Order(
        machine_id=machine.pk,
        starts_at=build.at(hour),
        ends_at=build.at(hour) + timedelta(hours=2),
        producer=producer,
        pack_format="standing_pouch",
        **values,
    )


def send(user, what: orders.Order, key: str = "k1") -> str:
    return orders.ask(order=what, actor=user, key=key, now=build.EARLY, on_behalf=False)


def test_the_same_form_sent_twice_books_once():
    siti, machine = build.siti(), build.make_machine()
    what = order(machine, build.producer_of(siti))
    assert send(siti, what) == send(siti, what)
    assert Booking.objects.count() == Product.objects.count() == IdempotencyKey.objects.count() == 1


def test_the_answer_stays_the_same_after_the_booking_was_cancelled():
    siti, machine = build.siti(), build.make_machine()
    what = order(machine, build.producer_of(siti))
    reference = send(siti, what)
    booking = Booking.objects.get()
    ordering.cancel(booking_id=booking.pk, actor=siti, now=build.EARLY, reason_code="ill")
    assert send(siti, what) == reference and Booking.objects.count() == 1


def test_one_key_answers_one_request_only():
    siti, machine = build.siti(), build.make_machine()
    producer = build.producer_of(siti)
    send(siti, order(machine, producer))
    with pytest.raises(BadInput) as bad:
        send(siti, order(machine, producer, 12))
    assert bad.value.code == "key_reused" and Booking.objects.count() == 1


def test_two_people_may_use_the_same_key():
    siti, budi, machine = build.siti(), build.budi(), build.make_machine()
    first = send(siti, order(machine, build.producer_of(siti)))
    assert send(budi, order(machine, build.producer_of(budi), 12)) != first


def test_a_refusal_keeps_neither_key_nor_product():
    siti, machine = build.siti(), build.make_machine()
    build.make_booking(machine, by=build.budi())
    with pytest.raises(Refusal):
        send(siti, order(machine, build.producer_of(siti)))
    assert not IdempotencyKey.objects.exists() and not Product.objects.exists()


def test_a_known_product_keeps_its_line_however_it_is_typed():
    siti, machine = build.siti(), build.make_machine()
    producer = build.producer_of(siti)
    product = build.make_product(producer, "Keripik talas", line="non_halal")
    with pytest.raises(Refusal) as refused:
        send(siti, order(machine, producer, product_name=" keripik  TALAS "))
    assert refused.value.code == "wrong_line" and Product.objects.get() == product
