"""Reads of what producers have on file: documents and how sure they are, and what their people were taught."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from bookings.models import Booking, Document, Producer, Qualification
from bookings.people.document_numbers import masked, spaced
from facilities.models import Facility

SOON = timedelta(days=60)
"""How long before its last day a document is worth renewing."""

SHOWN_HISTORY = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A document or lesson as a list shows it. `number` is whole or masked, as its reader may see."""

    row: Document | Qualification
    number: str
    is_over: bool
    ends_soon: bool


def documents_of(producer: Producer, *, today: date, whole: bool = True) -> list[Shown]:
    """Return a producer's documents that count, by kind and the newest first; `whole=False` masks their numbers."""
    rows = Document.objects.filter(producer=producer, withdrawn_at__isnull=True).select_related("verified_by")
    return [_shown(one, spaced(one.kind, one.number) if whole else masked(one.number), today) for one in rows]


def old_documents_of(producer: Producer) -> Sequence[Document]:
    """Return the latest documents that were renewed or withdrawn; numbers are nobody's business any more."""
    rows = Document.objects.filter(producer=producer, withdrawn_at__isnull=False).defer("number")
    return list(rows.order_by("-withdrawn_at")[:SHOWN_HISTORY])


def lessons_of(producer: Producer, house: Facility, *, today: date) -> list[Shown]:
    """Return what counts at a house: its own induction, and types of machine wherever they were taught."""
    rows = Qualification.objects.filter(producer=producer, withdrawn_at__isnull=True)
    rows = rows.filter(Q(type__isnull=False) | Q(facility=house)).select_related("type", "facility", "given_by")
    return [_shown(one, "", today) for one in rows]


def has_booked_at(producer: Producer, house: Facility) -> bool:
    """Return whether a house has ever had a booking of a producer: then its staff may read their numbers."""
    return Booking.objects.filter(producer=producer, facility=house).exists()


def _shown(row: Document | Qualification, number: str, today: date) -> Shown:
    until = row.expires_on
    over = until is not None and until < today
    return Shown(row, number, over, until is not None and not over and until - today <= SOON)
