"""Fill the demo people's inboxes with what they would have been told, by the very code that tells.

Only recent events of the cast, so that it takes a second: nobody reads older ones.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max, Q

from bookings.messages.services import KIND_OF, follow_up
from bookings.models import BookingEvent, Message

TOLD = timedelta(days=9)
HOUSE_TOLD = timedelta(days=1)
READ_AFTER = timedelta(hours=20)


def tell(*, now: datetime) -> None:
    """Write the in-app messages that follow from recent events, as if each had been told at once."""
    of_cast = Q(booking__producer__memberships__user__is_demo=True) | Q(
        booking__producer__cooperative__memberships__user__is_demo=True
    )
    to_house = Q(booking__facility__duties__user__is_demo=True, to_status__in=["requested", "cancelled", "expired"])
    events = BookingEvent.objects.filter(
        Q(at__gte=now - TOLD) & of_cast | Q(at__gte=now - HOUSE_TOLD) & to_house,
        at__lte=now,
        action__in={action for action, _ in KIND_OF},
    )
    told = dict(events.order_by("at", "pk").values_list("pk", "at"))
    BookingEvent.objects.filter(pk__in=told).update(awaits_follow_up=True)
    for pk, at in sorted(told.items(), key=lambda item: (item[1], item[0])):
        follow_up(event_id=pk, now=at)
    old = Message.objects.filter(made_at__lt=now - READ_AFTER).exclude(pk__in=_newest())
    old.update(read_at=now - READ_AFTER)


def _newest() -> list[int]:
    """Return everybody's last message: it stays unread, so that nobody's inbox looks empty."""
    return list(Message.objects.values("user").annotate(last=Max("pk")).values_list("last", flat=True))
