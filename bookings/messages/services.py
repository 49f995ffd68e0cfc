"""Who is told what: messages that follow from an event, and reminders that follow from the clock.

Everybody concerned gets a message in the app, and an e-mail where they have an
address and mail is on. Rows are only written here; `sending` takes them to the post.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max, Q
from django_q.tasks import async_task

from accounts import formats
from accounts.models import User
from bookings.messages.bringing import bring_lines
from bookings.messages.letters import Letter
from bookings.messages.words import REMINDERS, Facts, letter
from bookings.models import BookedMachine, Booking, BookingEvent, Membership, Message, Run, RunCorrection
from bookings.packs.ledger import close_served
from bookings.trail.lifecycle import APPROVED, REQUESTED, next_status
from bookings.trail.queries import answered_by
from facilities.audit import mark_months
from facilities.models import Duty, Machine
from facilities.time.hours import local_date
from facilities.transactions import in_one_transaction

SEND = "bookings.tasks.send_queued"

KIND_OF = {
    ("reserve", APPROVED): "booked",
    ("reserve", REQUESTED): "requested",
    ("ask_to_move", REQUESTED): "requested",
    ("move", REQUESTED): "requested",
    ("move", APPROVED): "moved",
    ("approve", APPROVED): "approved",
    ("decline", "declined"): "declined",
    ("expire", "expired"): "expired",
    ("cancel", "cancelled"): "cancelled",
    ("displace", "displaced"): "displaced",
    ("mark_no_show", "no_show"): "no_show",
    ("complete", "completed"): "completed",
    ("enter_past_work", "completed"): "completed",
    ("strand", APPROVED): "unmanned",
    ("strand", REQUESTED): "unmanned",
    ("restore", APPROVED): "manned",
    ("restore", REQUESTED): "manned",
}
"""What the producer is told, by action and new status. Other steps happen before their eyes."""

FOR_MANAGERS = {"requested": "to_answer", "cancelled": "given_back", "expired": "lapsed"}
"""What the house's managers are told when the producer is told the first; never of what they did themselves."""

TIMED_BY = ("reserve", "approve", "move")
"""The actions that tell a producer their time: whoever just heard it needs no reminder of it."""

SERVING = ("reserve", "approve")
"""The actions by which a producer gets a booking: it serves what they had asked for."""

REMINDER_CLOCK = time(16)
"""When the day-before reminder goes out, on the house's clock: people are home and can still prepare."""

SOON = timedelta(hours=2)
DAY_AHEAD = timedelta(hours=32)
"""From 16.00 to the end of the next day: nobody is reminded earlier."""

AT_ONCE = 50
"""Bookings per transaction: SQLite holds its one write lock meanwhile."""

FORGOTTEN_AFTER = timedelta(minutes=5)


@in_one_transaction
def follow_up(*, event_id: int, now: datetime) -> bool:
    """Tell people of one event, mark the months whose sums it changed, and close the needs it serves; return whether
    it was still to do.

    All of it is one transaction with the event's own mark, so that a task that runs
    twice, at once or later, finds nothing left, and one that is killed has done nothing.
    """
    if not BookingEvent.objects.filter(pk=event_id, awaits_follow_up=True).update(awaits_follow_up=False):
        return False
    event = BookingEvent.objects.select_related("booking__facility__district", "booking__producer").get(pk=event_id)
    parts = list(event.booking.machines.select_related("machine"))
    _mark_months(event, parts)
    if event.action in SERVING and event.to_status == APPROVED:
        close_served(booking=event.booking, now=event.at)
    if (event.action, event.to_status) in KIND_OF:
        _write(_messages_about(event, parts, now=now), now=now)
    return True


def forgotten_events(*, now: datetime, limit: int = 200) -> list[int]:
    """Return events whose task was lost, by a queue that gave up or a restored backup; the oldest first."""
    late = BookingEvent.objects.filter(awaits_follow_up=True, at__lte=now - FORGOTTEN_AFTER)
    return list(late.order_by("pk").values_list("pk", flat=True)[:limit])


def remind(*, now: datetime) -> int:
    """Write the reminders that are due and not yet written; return for how many bookings.

    The day before at 16.00 of the house, and two hours before. Whatever an outage
    left undone is caught up until the start, never after it; who was told the time
    later than the reminder was due is not told again.
    """
    due = list(_due_reminders(now))
    for first in range(0, len(due), AT_ONCE):
        _write_reminders(dict(due[first : first + AT_ONCE]), now=now)
    return len(due)


def _due_reminders(now: datetime) -> Iterator[tuple[int, str]]:
    """Yield (booking, kind): at most one each, the later one if both are due."""
    ahead = (
        Booking.objects.filter(status=APPROVED, starts_at__gt=now, starts_at__lte=now + DAY_AHEAD)
        .annotate(told_at=Max("events__at", filter=Q(events__action__in=TIMED_BY)))
        .select_related("facility")
        .order_by("pk")
    )
    written = set(
        Message.objects.filter(kind__in=REMINDERS, booking__in=ahead.values("pk").order_by()).values_list(
            "key", flat=True
        )
    )
    done = {key.split(":user:")[0] for key in written}
    for booking in ahead:
        kind, due_at = _reminder_of(booking, now)
        told_at = booking.told_at or booking.made_at
        if due_at <= now and told_at < due_at and _effect(kind, booking) not in done:
            yield booking.pk, kind


def _reminder_of(booking: Booking, now: datetime) -> tuple[str, datetime]:
    soon = booking.starts_at - SOON
    if now >= soon:
        return "remind_soon", soon
    zone = booking.facility.zone
    eve = local_date(booking.starts_at, zone) - timedelta(days=1)
    return "remind_day", datetime.combine(eve, REMINDER_CLOCK, tzinfo=zone)


def _effect(kind: str, booking: Booking) -> str:
    """Name a reminder after booking *and* time, so that a move is reminded of anew."""
    return f"{kind}:{booking.reference}:{booking.starts_at.astimezone(UTC):%Y%m%dT%H%MZ}"


@in_one_transaction
def _write_reminders(kinds: dict[int, str], *, now: datetime) -> None:
    """Write reminders of bookings that still stand: locked, so that a cancellation comes wholly before or after."""
    standing = Booking.objects.filter(pk__in=kinds, status=APPROVED, starts_at__gt=now).order_by("pk")
    rows: list[Message] = []
    for booking in standing.select_for_update(of=("self",)).select_related("facility__district", "producer"):
        kind = kinds[booking.pk]
        facts = facts_of(booking, booking.machines.select_related("machine")[0].machine)
        for person in people_of(booking):
            rows += _rows(_effect(kind, booking), kind, facts, person, booking, now)
    _write(rows, now=now)


def people_of(booking: Booking) -> list[User]:
    """Return who acts for the booking's producer: its own people, and the cooperative's officer who booked.

    A member without a sign-in of its own is reached through the cooperative's officers.
    """
    cooperative = booking.producer.cooperative_id
    officers = Q(producer=cooperative, kind=Membership.Kind.OFFICER) if cooperative else Q(pk__in=[])
    rows = Membership.objects.filter(
        Q(producer=booking.producer_id) | officers, ended_at__isnull=True, user__is_active=True
    ).select_related("user")
    own = {row.user_id: row.user for row in rows if row.producer_id == booking.producer_id}
    above = {row.user_id: row.user for row in rows if row.producer_id != booking.producer_id}
    if own:
        above = {pk: user for pk, user in above.items() if pk == booking.made_by_id}
    return list((own | above).values())


def facts_of(booking: Booking, machine: Machine) -> Facts:
    """Return what a message about a booking may say."""
    house = booking.facility
    return Facts(
        reference=booking.reference,
        start=booking.starts_at,
        end=booking.ends_at,
        zone=house.zone,
        machine=machine.name,
        machine_slug=machine.slug,
        house=house.name,
        address=_address(booking),
        house_phone=house.phone,
        phone_words=formats.phone(house.phone),
        bring=bring_lines(booking, machine, "id"),
        bring_en=bring_lines(booking, machine, "en"),
        producer=booking.producer.name,
        product=booking.product_name,
        quantity=booking.quantity,
        grace=house.grace,
        site=settings.PUBLIC_URL,
        answer_by=booking.expires_at,
    )


def _facts_at(event: BookingEvent, parts: list[BookedMachine], *, by_house: bool) -> Facts:
    """Return the facts as they were at an event: the booking may have moved since."""
    booking, slug = event.booking, event.details.get("machine")
    machine = Machine.objects.filter(slug=slug).first() if slug else None
    facts = facts_of(booking, machine or parts[0].machine)
    then = {name: datetime.fromisoformat(event.details[name]) for name in _INSTANTS if name in event.details}
    told: dict[str, Any] = {"reason_code": event.reason_code, "reason": event.reason, "by_house": by_house}
    return replace(
        facts,
        start=then.get("starts_at", facts.start),
        end=then.get("ends_at", facts.end),
        old_start=then.get("starts_at_before"),
        old_end=then.get("ends_at_before"),
        **told,
        **(_results(booking) if event.action in ("complete", "enter_past_work") else {}),
    )


def told_of_move(
    booking: Booking, machine: Machine, start: datetime, end: datetime, *, now: datetime
) -> list[tuple[User, Letter]]:
    """Return who would be told what if the house moved a booking there now; writes nothing."""
    status = next_status(booking.status, "move")
    answer_by = answered_by(booking.facility, start, now=now) if status == REQUESTED else None
    facts = replace(facts_of(booking, machine), start=start, end=end, old_start=booking.starts_at,
                    old_end=booking.ends_at, by_house=True, answer_by=answer_by)  # fmt: skip
    kind = KIND_OF["move", status]
    return [
        (one, letter(kind, facts, language=one.language, name=one.get_short_name())) for one in people_of(booking)
    ]


_INSTANTS = ("starts_at", "ends_at", "starts_at_before", "ends_at_before")


def _address(booking: Booking) -> str:
    district = str(booking.facility.district)
    address = booking.facility.address
    return address if booking.facility.district.name in address else f"{address}, {district}"


def _results(booking: Booking) -> dict[str, Any]:
    runs = Run.objects.filter(booked_machine__booking=booking, signed_at__isnull=False)
    signed = list(runs.values_list("good", "rejected", "started_at", "stopped_at"))
    if not signed:
        return {}
    minutes = [int((stop - start).total_seconds() // 60) for *_, start, stop in signed if stop is not None]
    return {"good": sum(row[0] for row in signed), "rejected": sum(row[1] or 0 for row in signed), "ran": sum(minutes)}


def _messages_about(event: BookingEvent, parts: list[BookedMachine], *, now: datetime) -> Iterable[Message]:
    booking = event.booking
    kind = KIND_OF[event.action, event.to_status]
    people = people_of(booking)
    by_house = event.actor_id is not None and event.actor_id not in {person.pk for person in people}
    facts = _facts_at(event, parts, by_house=by_house)
    told = [(kind, person) for person in people]
    if kind in FOR_MANAGERS and not by_house:
        told += [(FOR_MANAGERS[kind], person) for person in _managers_of(booking) if person.pk != event.actor_id]
    for kind, person in told:
        yield from _rows(f"event:{event.pk}:{kind}", kind, facts, person, booking, now)


def _managers_of(booking: Booking) -> list[User]:
    duties = Duty.objects.filter(
        facility=booking.facility_id, kind=Duty.Kind.MANAGER, ended_at__isnull=True, user__is_active=True
    )
    return [duty.user for duty in duties.select_related("user")]


def _rows(effect: str, kind: str, facts: Facts, person: User, booking: Booking, now: datetime) -> Iterator[Message]:
    """Yield one person's messages: in the app always, by e-mail where that reaches them."""
    written = letter(kind, facts, language=person.language, name=person.get_short_name())
    common = {"user": person, "booking": booking, "kind": kind, "subject": written.subject, "made_at": now}
    key = f"{effect}:user:{person.pk}"
    yield Message(key=f"{key}:app", channel=Message.Channel.APP, body=written.note(), sent_at=now, **common)
    if person.email and settings.MAIL_IS_ON:
        yield Message(key=f"{key}:email", channel=Message.Channel.EMAIL, body=written.text(), next_try_at=now, **common)


def _write(messages: Iterable[Message], *, now: datetime) -> None:
    """Write messages; call for the post unless mail is due already, for then it has been called."""
    rows = list(messages)
    has_mail = any(row.channel == Message.Channel.EMAIL for row in rows)
    is_called = has_mail and Message.objects.filter(next_try_at__lte=now).exists()
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    if has_mail and not is_called:
        async_task(SEND)


def _mark_months(event: BookingEvent, parts: list[BookedMachine]) -> None:
    """Mark what an event changed: the months of its old and its new times, and of its runs, on every machine."""
    booking, zone = event.booking, event.booking.facility.zone
    instants = [booking.starts_at, booking.ends_at]
    instants += [datetime.fromisoformat(event.details[name]) for name in _INSTANTS if name in event.details]
    for run in Run.objects.filter(booked_machine__booking=booking).values_list("started_at", "stopped_at"):
        instants += [instant for instant in run if instant is not None]
    times = RunCorrection.objects.filter(run__booked_machine__booking=booking, field__in=("started_at", "stopped_at"))
    instants += [datetime.fromisoformat(old) for old in times.values_list("old", flat=True) if old]
    machines = {part.machine_id: part.machine for part in parts}
    before = event.details.get("machine_before")
    for machine in Machine.objects.filter(slug=before) if before else ():
        machines[machine.pk] = machine
    for month in {local_date(instant, zone).replace(day=1) for instant in instants}:
        mark_months(machines.values(), month, month)


@in_one_transaction
def mark_read(*, user: User, now: datetime, message_id: int | None = None) -> int:
    """Remember that one message of a person, or all of them, was read; return how many were new."""
    unread = Message.objects.filter(user=user, channel=Message.Channel.APP, read_at__isnull=True)
    if message_id is not None:
        unread = unread.filter(pk=message_id)
    return unread.update(read_at=now)
