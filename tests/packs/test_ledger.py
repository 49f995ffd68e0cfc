"""The ledger of needs: what is asked for counts once, belongs to who asked, and closes when it is served."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from bookings.day import request_services as requests
from bookings.messages import services as messages
from bookings.models import Booking, BookingEvent, Need
from bookings.packs.ledger import TypedNeed, ask_for, asker_of, claim, close_served
from tests import build
from tests.races.race import race

pytestmark = pytest.mark.django_db
DEVICE = asker_of("sebuah telepon")
POUCHES = TypedNeed("standing_pouch", 300, form="keripik", cleaning_class="berminyak", line="halal", net_weight=100)
DAY = timedelta(days=1)


def asked_by(producer=None, *, asker="", asked=POUCHES, found=0, reasons=("taken",), days=0):
    return ask_for(
        asked=asked, found=found, reasons=reasons, now=build.EARLY + days * DAY, producer=producer, asker=asker
    )


def follow_all():
    for event in BookingEvent.objects.filter(awaits_follow_up=True):
        messages.follow_up(event_id=event.pk, now=build.EARLY)


def test_what_a_producer_asks_for_is_written_down_on_the_provinces_day():
    district = build.make_district()
    need = asked_by(
        build.make_producer(), asked=TypedNeed("botol", 50, form="cair", district=district), reasons=["b", "a", "b"]
    )
    assert (need.pack_format, need.quantity, need.form, need.district) == ("botol", 50, "cair", district)
    assert (need.asked_on, need.month, need.times) == (date(2026, 11, 20), date(2026, 11, 1), 1)
    assert (need.found, need.reasons, need.ended_in_nothing, need.asker) == (0, ["a", "b"], True, "")


def test_early_in_the_morning_it_is_still_yesterday_in_utc_and_today_here():
    need = ask_for(asked=POUCHES, found=0, reasons=[], now=build.at(1, day=8), asker=DEVICE)  # 18.00 UTC, 30 November
    assert (need.asked_on, need.month) == (date(2026, 12, 1), date(2026, 12, 1))


def test_a_producer_counts_once_per_format_and_month_however_often_they_ask():
    siti = build.make_producer()
    first = asked_by(siti, found=0)
    again = asked_by(siti, asked=TypedNeed("standing_pouch", 900, form="keripik"), found=4, days=3)
    assert Need.objects.get() == first == again
    assert (again.times, again.quantity, again.form, again.found) == (2, 900, "keripik", 4)
    assert again.first_asked_at == build.EARLY and again.last_asked_at == build.EARLY + 3 * DAY
    assert again.ended_in_nothing, "it did end in nothing once"


def test_another_format_or_month_or_producer_is_another_need():
    siti, budi = build.make_producer(), build.make_producer("Abon Budi")
    for producer, pack, days in ((siti, "botol", 0), (siti, "cup", 0), (siti, "botol", 15), (budi, "botol", 0)):
        asked_by(producer, asked=TypedNeed(pack, 10), days=days)
    assert Need.objects.count() == 4


def test_two_different_products_are_two_needs_and_one_however_it_is_typed_is_one():
    siti = build.make_producer()
    for name in ("Keripik talas", " keripik  TALAS ", "Keripik pisang"):
        asked_by(siti, asked=TypedNeed("standing_pouch", 300, form="keripik", product=name))
    assert sorted(Need.objects.values_list("product", "times")) == [("keripik pisang", 1), ("keripik talas", 2)]


def test_a_booking_of_one_product_leaves_the_need_for_another_open():
    siti = build.siti()
    for name in ("Keripik talas", "Keripik pisang"):
        asked_by(build.producer_of(siti), asked=TypedNeed("standing_pouch", 300, form="keripik", product=name))
    asked = {"product_name": "keripik Talas", "pack_format": "standing_pouch"}
    booking = build.make_booking(build.make_machine(), by=siti, **asked)
    assert close_served(booking=booking, now=build.EARLY) == 1
    assert Need.objects.get(served_at__isnull=True).product == "keripik pisang"


def test_a_device_counts_once_a_day():
    for asker, days in ((DEVICE, 0), (DEVICE, 0), (DEVICE, 1), (asker_of("telepon lain"), 0)):
        asked_by(asker=asker, days=days)
    assert sorted(Need.objects.values_list("times", flat=True)) == [1, 1, 2]


def test_the_ledger_keeps_a_hash_and_nobody_is_no_need():
    assert "telepon" not in DEVICE and len(DEVICE) == 64
    with pytest.raises(IntegrityError), transaction.atomic():
        asked_by()


def test_what_a_device_asked_becomes_the_producers_when_they_sign_in():
    need = asked_by(asker=DEVICE)
    siti = build.make_producer()
    assert claim(asker=DEVICE, producer=siti) == 1
    need.refresh_from_db()
    assert (need.producer, need.asker, need.times) == (siti, "", 1)
    assert claim(asker=DEVICE, producer=build.make_producer("Abon Budi")) == 0


def test_claiming_what_was_asked_already_makes_one_of_both():
    siti = build.make_producer()
    own = asked_by(siti, found=3, days=1)
    asked_by(asker=DEVICE, days=0)
    asked_by(asker=DEVICE, asked=TypedNeed("standing_pouch", 700, form="keripik"), days=2)
    assert claim(asker=DEVICE, producer=siti) == 2
    need = Need.objects.get()
    assert need == own and need.times == 3 and need.ended_in_nothing
    assert (need.quantity, need.first_asked_at, need.last_asked_at) == (700, build.EARLY, build.EARLY + 2 * DAY)
    assert need.asked_on == date(2026, 11, 20)


def test_asking_signed_in_takes_up_what_the_device_asked_before():
    asked_by(asker=DEVICE)
    need = asked_by(build.make_producer(), asker=DEVICE, found=2)
    assert Need.objects.get() == need and need.times == 2 and need.ended_in_nothing


def test_a_booking_of_the_same_producer_and_format_closes_the_need():
    siti = build.siti()
    need, other = asked_by(build.producer_of(siti)), asked_by(build.producer_of(siti), asked=TypedNeed("botol", 5))
    stranger = asked_by(build.make_producer("Abon Budi"))
    booking = build.make_booking(build.make_machine(), by=siti, pack_format="standing_pouch")
    follow_all()
    for row in (need, other, stranger):
        row.refresh_from_db()
    assert need.served_by == booking and need.served_at == build.EARLY and need.ended_in_nothing
    assert other.served_at is None and stranger.served_at is None


def test_a_request_serves_nobody_until_it_is_approved():
    siti, house = build.siti(), build.make_facility(approval="manual")
    need = asked_by(build.producer_of(siti))
    booking = build.make_booking(build.make_machine(house), by=siti, pack_format="standing_pouch")
    follow_all()
    assert Need.objects.filter(served_at__isnull=True).get() == need
    requests.approve(booking_id=booking.pk, actor=build.cahya(house), now=build.EARLY)
    follow_all()
    need.refresh_from_db()
    assert need.served_by == booking


def test_a_booking_from_before_serves_no_later_need():
    siti = build.siti()
    booking = build.make_booking(build.make_machine(), by=siti, pack_format="standing_pouch")
    need = asked_by(build.producer_of(siti), days=1)
    assert close_served(booking=booking, now=build.EARLY + 2 * DAY) == 0
    need.refresh_from_db()
    assert need.served_at is None


def test_what_was_served_and_ends_in_nothing_again_is_open_again():
    siti = build.siti()
    asked_by(build.producer_of(siti))
    build.make_booking(build.make_machine(), by=siti, pack_format="standing_pouch")
    follow_all()
    assert asked_by(build.producer_of(siti), found=2, days=1).served_at is not None
    assert asked_by(build.producer_of(siti), found=0, days=2).served_at is None


def test_a_cancelled_booking_leaves_the_history_and_the_need_stays_served():
    siti = build.siti()
    need = asked_by(build.producer_of(siti))
    booking = build.make_booking(build.make_machine(), by=siti, pack_format="standing_pouch")
    close_served(booking=booking, now=build.EARLY)
    Booking.objects.filter(pk=booking.pk).update(status="cancelled")
    need.refresh_from_db()
    assert need.served_by == booking


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_twenty_at_once_make_one_need_that_counts_twenty():
    siti = build.make_producer()
    results = race([lambda: asked_by(siti).pk for _ in range(20)])
    need = Need.objects.get()
    assert results == [need.pk] * 20 and need.times == 20


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_claiming_while_asking_loses_and_doubles_nothing():
    siti = build.make_producer()
    asked_by(asker=DEVICE)
    race(
        [
            lambda: claim(asker=DEVICE, producer=siti),
            lambda: asked_by(siti).pk,
            lambda: claim(asker=DEVICE, producer=siti),
        ]
    )
    need = Need.objects.get()
    assert need.producer == siti and need.times == 2 and connection.in_atomic_block is False
