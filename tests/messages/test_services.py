"""Who is told what, once, and which months are summed again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django_q.models import OrmQ

from bookings import tasks
from bookings.day import request_services as requests
from bookings.messages import services as messages
from bookings.models import BookingEvent, Membership, Message
from bookings.ordering import services as ordering
from bookings.runs import services as runs
from bookings.upkeep import services as upkeep
from facilities.models import StaleMonth
from facilities.time.spans import Span
from tests import build, q2

pytestmark = pytest.mark.django_db


def follow_all():
    for event in BookingEvent.objects.filter(awaits_follow_up=True):
        messages.follow_up(event_id=event.pk, now=event.at)


def told(user=None):
    """Return (kind, channel) of everything written, or of what one person was told."""
    rows = Message.objects.filter(user=user) if user else Message.objects.all()
    return sorted(rows.values_list("kind", "channel"))


def house_with_cahya(**rules):
    machine = build.make_machine(build.make_facility(**rules))
    return machine, build.cahya(machine.facility)


def test_a_booking_is_confirmed_in_the_app_and_by_mail_where_there_is_an_address():
    siti = build.siti()
    siti.email = "siti@example.id"
    siti.save()
    build.make_booking(build.make_machine(), by=siti)
    follow_all()
    assert told(siti) == [("booked", "app"), ("booked", "email")]
    mail = Message.objects.get(channel="email")
    assert mail.next_try_at is not None and mail.sent_at is None and "satu ketuk" in mail.body


def test_without_an_address_or_without_mail_there_is_the_app(settings):
    siti = build.siti()
    build.make_booking(build.make_machine(), by=siti)
    settings.MAIL_IS_ON = False
    siti.email = "siti@example.id"
    siti.save()
    follow_all()
    assert told() == [("booked", "app")]


def test_a_request_is_told_to_both_sides_and_its_answer_to_the_one_who_asked():
    machine, cahya = house_with_cahya(approval="manual")
    siti = build.siti()
    booking = build.make_booking(machine, by=siti)
    requests.approve(booking_id=booking.pk, actor=cahya, now=build.EARLY)
    follow_all()
    assert told(siti) == [("approved", "app"), ("requested", "app")] and told(cahya) == [("to_answer", "app")]


def test_a_producers_cancellation_reaches_the_manager_and_the_managers_own_does_not():
    machine, cahya = house_with_cahya()
    siti = build.siti()
    for actor, hour in ((siti, 8), (cahya, 10)):
        booking = build.make_booking(machine, hour, hour + 1, by=siti)
        ordering.cancel(booking_id=booking.pk, actor=actor, now=build.EARLY, reason_code="weather", on_behalf=actor == cahya)
    follow_all()
    assert told(cahya) == [("given_back", "app")]
    own, houses = Message.objects.filter(user=siti, kind="cancelled").order_by("pk").values_list("body", flat=True)
    assert "Terima kasih" in own and "rumah produksi membatalkan" in houses and "Cuaca" in houses


def test_a_displaced_producer_reads_why_and_a_cut_off_request_is_declined():
    machine, cahya = house_with_cahya(approval="below_limit", approval_limit=60)
    short, long = build.make_booking(machine, 8, 9), build.make_booking(machine, 10, 12, by=build.budi())
    upkeep.schedule_maintenance(machine_id=machine.pk, span=Span(build.at(8), build.at(12)), title="Ganti sabuk",
                                    actor=cahya, now=build.EARLY, displace=True)  # fmt: skip
    follow_all()
    assert "Mesin dirawat pada jam itu. Ganti sabuk" in Message.objects.get(booking=short, kind="displaced").body
    assert "Ganti sabuk" in Message.objects.get(booking=long, kind="declined").body


def test_a_message_tells_the_time_of_its_event_though_the_booking_has_moved_on():
    booking = build.make_booking(build.make_machine(), 8, 9)
    ordering.move(booking_id=booking.pk, starts_at=build.at(13), ends_at=build.at(14), actor=booking.made_by, now=build.EARLY)
    follow_all()
    first, second = Message.objects.order_by("pk").values_list("body", flat=True)
    assert "08.00–09.00 WIB" in first and "13.00–14.00 WIB" in second and "Sebelumnya: Senin" in second


def test_a_finished_job_is_thanked_for_with_what_came_out():
    booking = build.make_booking(build.make_machine(), 8, 10)
    dewi = build.dewi(booking.facility)
    runs.check_in(booking_id=booking.pk, actor=dewi, now=build.at(8))
    runs.record_run(booking_id=booking.pk, actor=dewi, now=build.at(9.75), started_at=build.at(8), stopped_at=build.at(9.75),
                       good=1300, rejected=12)  # fmt: skip
    follow_all()
    assert told() == [("booked", "app"), ("completed", "app")]
    assert "Hasil: 1.300 kemasan bagus, 12 rusak\nLama: 1 jam 45 menit" in Message.objects.get(kind="completed").body


def test_a_member_without_a_phone_of_its_own_is_reached_through_the_cooperative():
    rosa = build.rosa()
    cooperative = build.producer_of(rosa)
    member = cooperative.members.get()
    build.make_booking(build.make_machine(), by=rosa, producer=member)
    follow_all()
    assert told(rosa) == [("booked", "app")]
    own = build.make_user("Anggota")
    Membership.objects.create(user=own, producer=member, kind="owner")
    build.make_booking(build.make_machine(), by=own, producer=member)
    follow_all()
    assert told(own) == [("booked", "app")] and len(told(rosa)) == 1


def test_those_who_left_and_strangers_are_told_nothing():
    siti, budi = build.siti(), build.budi()
    booking = build.make_booking(build.make_machine(), by=siti)
    siti.memberships.update(ended_at=build.EARLY)
    follow_all()
    assert told() == [] and booking.messages.count() == 0 and told(budi) == []


def test_everybody_is_told_in_their_own_language():
    siti = build.siti()
    siti.language = "en"
    siti.save()
    build.make_booking(build.make_machine(), by=siti)
    follow_all()
    assert Message.objects.get().subject == "Your time is booked: Mon 23 Nov, 08:00 WIB"


def test_a_task_that_runs_twice_tells_once():
    build.make_booking(build.make_machine())
    event = BookingEvent.objects.get()
    assert messages.follow_up(event_id=event.pk, now=event.at)
    assert not messages.follow_up(event_id=event.pk, now=event.at + timedelta(hours=1))
    assert Message.objects.count() == 1 and StaleMonth.objects.count() == 1


def test_the_key_alone_would_prevent_a_second_message():
    build.make_booking(build.make_machine())
    follow_all()
    BookingEvent.objects.update(awaits_follow_up=True)
    follow_all()
    assert Message.objects.count() == 1


def test_a_lost_task_is_found_after_five_minutes():
    booking = build.make_booking(build.make_machine())
    assert messages.forgotten_events(now=build.EARLY + timedelta(minutes=4)) == []
    assert messages.forgotten_events(now=build.EARLY + timedelta(minutes=5)) == [booking.events.get().pk]


def test_an_old_and_a_new_month_are_summed_again_and_the_month_is_the_houses():
    machine = build.make_machine(build.make_facility(hours=(0, 1440)))
    last = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)  # 06.30 on the first of December in Pontianak
    booking = build.make_booking(machine, 8, 9)
    ordering.move(booking_id=booking.pk, starts_at=last, ends_at=last + timedelta(hours=1), actor=booking.made_by, now=build.EARLY)
    follow_all()
    assert set(StaleMonth.objects.values_list("month", flat=True)) == {date(2026, 11, 1), date(2026, 12, 1)}


def test_the_queue_does_it_by_itself(mailoutbox):
    siti = build.siti()
    siti.email = "siti@example.id"
    siti.save()
    build.make_booking(build.make_machine(), by=siti, now=build.EARLY)
    q2.drain()
    assert Message.objects.get(channel="email").sent_at is not None
    (mail,) = mailoutbox
    assert mail.to == ["siti@example.id"] and mail.alternatives[0].mimetype == "text/html"
    tasks.send_queued()
    assert len(mailoutbox) == 1


def test_the_post_is_called_once_however_many_are_told():
    siti = build.siti()
    siti.email = "siti@example.id"
    siti.save()
    machine = build.make_machine()
    for hour in (8, 10, 12):
        build.make_booking(machine, hour, hour + 1, by=siti)
    follow_all()
    assert sum(task.func() == messages.SEND for task in OrmQ.objects.all()) == 1


def test_what_a_move_would_tell_is_what_it_tells():
    """On a Friday afternoon the house answers on Monday: the page that asks first must not promise Saturday."""
    house = build.make_facility(approval="manual", answer_within=24 * 60)
    machine, cahya = build.make_machine(house), build.cahya(house)
    booking = build.make_booking(machine, day=1)
    friday = build.at(15, day=-3)
    (siti, would), *_others = messages.told_of_move(booking, machine, build.at(12, day=1), build.at(14, day=1), now=friday)
    ordering.move(booking_id=booking.pk, starts_at=build.at(12, day=1), ends_at=build.at(14, day=1), actor=cahya,
                  now=friday, on_behalf=True)  # fmt: skip
    follow_all()
    told_at_last = Message.objects.filter(channel="app", user=siti).order_by("pk").last()
    assert would.note() == told_at_last.body
