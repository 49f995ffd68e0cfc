"""Reads of people's messages."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from bookings.models import Booking, Membership, Message
from facilities.access import Person


def unread_messages(user: Person) -> QuerySet[Message]:
    """Return the in-app messages a person has not opened."""
    return Message.objects.filter(user=user.pk, channel=Message.Channel.APP, read_at__isnull=True)


def inbox(user: Person) -> QuerySet[Message]:
    """Return a person's in-app messages, the newest first."""
    return Message.objects.filter(user=user.pk, channel=Message.Channel.APP).select_related("booking")


def without_reader(bookings: Iterable[Booking]) -> set[int]:
    """Return the ids of the bookings whose messages nobody would read: no account acts for the producer.

    As `services.people_of` finds the readers, for many bookings in one query.
    """
    owners = {booking.pk: (booking.producer_id, booking.producer.cooperative_id) for booking in bookings}
    heads = {head for _own, head in owners.values() if head is not None}
    own = Q(producer__in={producer for producer, _head in owners.values()})
    officers = Q(producer__in=heads, kind=Membership.Kind.OFFICER)
    rows = Membership.objects.filter(own | officers, ended_at__isnull=True, user__is_active=True)
    known = set(rows.values_list("producer_id", "kind")) if owners else set()
    readers, officered = {pk for pk, _kind in known}, {pk for pk, kind in known if kind == Membership.Kind.OFFICER}
    return {pk for pk, (producer, head) in owners.items() if producer not in readers and head not in officered}
