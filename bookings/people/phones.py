"""A producer's whole number: shown to whom `may_see_phone` says, and every look is written down."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from accounts.models import User
from bookings.models import Producer
from bookings.trail.access import may_see_phone
from facilities.audit import audit
from facilities.transactions import in_one_transaction


@in_one_transaction
def reveal_phone(*, producer: Producer, actor: User, now: datetime) -> str:
    """Return a producer's whole number, and leave a line in the trail that it was looked at.

    Raises PermissionDenied for whoever sees it masked only.
    """
    if not may_see_phone(actor, producer):
        raise PermissionDenied
    audit(action="reveal_phone", target=producer, actor=actor, now=now)
    return producer.phone
