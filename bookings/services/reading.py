"""Messages that were read."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from bookings.models import Message
from facilities.transactions import in_one_transaction


@in_one_transaction
def mark_read(*, user: User, now: datetime, message_id: int | None = None) -> int:
    """Remember that one message of a person, or all of them, was read; return how many were new."""
    unread = Message.objects.filter(user=user, channel=Message.Channel.APP, read_at__isnull=True)
    if message_id is not None:
        unread = unread.filter(pk=message_id)
    return unread.update(read_at=now)
