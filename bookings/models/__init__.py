"""Who books, what for, what was decided, and what really happened."""

from .bookings import BookedMachine, Booking, BookingEvent
from .channels import CalendarFeed, IdempotencyKey, Message
from .needs import Need
from .parties import Document, Membership, Producer, Product, Qualification
from .runs import Downtime, Run, RunCorrection

__all__ = [
    "BookedMachine",
    "Booking",
    "BookingEvent",
    "CalendarFeed",
    "Document",
    "Downtime",
    "IdempotencyKey",
    "Membership",
    "Message",
    "Need",
    "Producer",
    "Product",
    "Qualification",
    "Run",
    "RunCorrection",
]
