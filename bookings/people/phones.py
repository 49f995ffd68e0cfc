"""Who may see a producer's whole number; every look is written down."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from bookings.models import Producer
from facilities.audit import audit
from facilities.transactions import in_one_transaction


@in_one_transaction
def reveal_phone(*, producer: Producer, actor: User, now: datetime) -> str:
    """Return a producer's whole number, and leave a line in the trail that it was looked at."""
    audit(action="reveal_phone", target=producer, actor=actor, now=now)
    return producer.phone
