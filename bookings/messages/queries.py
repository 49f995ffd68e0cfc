"""Reads of people's messages."""

from __future__ import annotations

from django.db.models import QuerySet

from bookings.models import Message
from facilities.access import Person


def unread_messages(user: Person) -> QuerySet[Message]:
    """Return the in-app messages a person has not opened."""
    return Message.objects.filter(user=user.pk, channel=Message.Channel.APP, read_at__isnull=True)


def inbox(user: Person) -> QuerySet[Message]:
    """Return a person's in-app messages, the newest first."""
    return Message.objects.filter(user=user.pk, channel=Message.Channel.APP).select_related("booking")
