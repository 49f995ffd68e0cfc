"""Reminders: due by the house's clock, caught up after an outage, never for what no longer stands."""

from __future__ import annotations

import pytest

from bookings.messages import mail_services
from bookings.messages import services as messages
from bookings.messages.words import letter
from bookings.models import Booking, Message
from bookings.ordering import services as ordering
from tests import build

pytestmark = pytest.mark.django_db

EVE = 16 - 24
"""16.00 on the Sunday before, in hours of that Monday."""


def reminded(hour):
    messages.remind(now=build.at(hour))
    return list(Message.objects.order_by("made_at", "pk").values_list("kind", flat=True))


@pytest.fixture
def booking():
    return build.make_booking(build.make_machine(build.make_facility(what_to_bring="- Produk\n• Kantong\n")), 10, 12)


def test_both_reminders_go_out_when_they_are_due_and_once(booking):
    assert reminded(EVE - 0.1) == []
    assert reminded(EVE) == reminded(EVE + 1) == ["remind_day"]
    assert reminded(7.9) == ["remind_day"]
    assert reminded(8) == reminded(9.99) == ["remind_day", "remind_soon"]
    assert "Yang dibawa:\n- Produk\n- Kantong" in Message.objects.first().body


def test_an_outage_is_caught_up_until_the_start_and_never_after_it(booking):
    assert reminded(6) == ["remind_day"]
    Message.objects.all().delete()
    assert reminded(9.9) == ["remind_soon"]
    Message.objects.all().delete()
    assert reminded(10) == reminded(11) == []


def test_four_in_the_afternoon_is_that_of_the_house():
    wita = build.make_machine(build.make_facility(zone_name="Asia/Makassar"))
    build.make_booking(wita, 10, 12)
    assert reminded(EVE - 1.1) == [] and reminded(EVE - 1) == ["remind_day"]


def test_a_cancelled_or_waiting_booking_is_not_reminded(booking):
    waiting = build.make_machine(build.make_facility(approval="manual"))
    build.make_booking(waiting, 10, 12, by=build.budi(), now=build.at(EVE - 20))
    ordering.cancel(booking_id=booking.pk, actor=booking.made_by, now=build.at(EVE - 1), reason_code="ill")
    assert reminded(EVE) == reminded(9) == []


def test_a_moved_booking_is_reminded_of_its_new_time(booking):
    assert reminded(EVE) == ["remind_day"]
    ordering.move(booking_id=booking.pk, starts_at=build.at(10, day=1), ends_at=build.at(11, day=1),
                   actor=booking.made_by, now=build.at(EVE + 1))  # fmt: skip
    assert reminded(9) == ["remind_day"]
    assert reminded(16) == ["remind_day", "remind_day"]
    assert "Selasa, 24 November 2026" in Message.objects.order_by("-pk")[0].body


def test_who_has_just_been_told_the_time_is_not_told_again():
    build.make_booking(build.make_machine(), 10, 12, now=build.at(8.5))
    assert reminded(8.6) == []


def test_the_number_of_statements_does_not_grow_with_the_bookings_ahead(booking, django_assert_num_queries):
    reminded(EVE)
    for day in range(1, 3):
        build.make_booking(booking.machines.get().machine, 10, 12, day=day)
    with django_assert_num_queries(2):
        messages.remind(now=build.at(EVE + 1))


@pytest.mark.parametrize("change", ["cancel", "move", "start"])
def test_a_reminder_that_waited_for_the_post_too_long_is_not_sent(booking, change, mailoutbox):
    booking.made_by.email = "siti@example.id"
    booking.made_by.save()
    messages.remind(now=build.at(EVE))
    actor, later = booking.made_by, build.at(EVE + 1)
    if change == "cancel":
        ordering.cancel(booking_id=booking.pk, actor=actor, now=later, reason_code="ill")
    elif change == "move":
        ordering.move(booking_id=booking.pk, starts_at=build.at(13), ends_at=build.at(14), actor=actor, now=later)
    mail = Message.objects.get(channel="email")
    now = build.at(10) if change == "start" else later
    assert not mail_services.send(message_id=mail.pk, post=mail_services.Post(), now=now)
    mail.refresh_from_db()
    assert mail.failure == "no longer true" and mailoutbox == [] and Booking.objects.exists()


@pytest.mark.parametrize(("language", "said"), [("id", "310 botol, dengan cadangan\n- 310 tutup botol"), ("en", "310 bottle caps")])
def test_a_message_lists_what_the_receipt_lists(language, said):
    machine = build.make_machine(build.make_facility(what_to_bring="- Celemek"), type=build.make_type("FLIQ"))
    machine.capabilities.update(form="cair", format="botol")
    product = build.make_product(build.producer_of(build.siti()), form="cair")
    booking = build.make_booking(machine, product=product, pack_format="botol", quantity=300)
    body = letter("booked", messages.facts_of(booking, machine), language=language, name="Siti").text()
    assert said in body.replace("\N{NO-BREAK SPACE}", " ") and "- Celemek" in body
