"""Finding producers, bookings and machines by what people say: a name, a number, a code. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from accounts.writing.names import holding
from accounts.writing.phones import whole_number
from accounts.writing.texts import visible
from bookings.models import Booking, Producer
from bookings.trail.access import bookable_producers, bookings_visible_to, phone_seen_by, producers_visible_to
from bookings.trail.queries import with_parts
from bookings.trail.references import normalised
from facilities.access import Person
from facilities.catalogue.queries import MACHINE_KEYS, in_service
from facilities.models import Machine

FEW = 8


def matching(producers: QuerySet[Producer], words: str) -> QuerySet[Producer]:
    """Return the producers whose name or contact holds every word, or whose whole number this is, however written.

    Never part of a number: whoever sees it masked could find the rest, one digit after the other.
    """
    if number := whole_number(words):
        return producers.filter(phone=number)
    return producers.filter(holding(words, "name_key", "contact_key"))


def _confirmed(user: Person, words: str) -> QuerySet[Producer]:
    """The same among those a person may look at: a whole number finds only whose number they may see, for a hit confirms it.

    At the counter (`candidates`) a number said by whoever stands there finds anybody: that is how one is served.
    """
    visible_ones = producers_visible_to(user)
    return matching(visible_ones.filter(phone_seen_by(user)) if whole_number(words) else visible_ones, words)


def candidates(user: Person, words: str) -> list[Producer]:
    """Return the few producers somebody at the counter may be; none for no words."""
    if not words.strip():
        return []
    return list(matching(bookable_producers(user), words).select_related("district").order_by("name_key", "pk")[:FEW])


def producer_list(user: Person, words: str) -> QuerySet[Producer]:
    """Return the producers a person may look at, with `visits` completed and `last_at`."""
    known = _confirmed(user, words) if words.strip() else producers_visible_to(user)
    return known.select_related("district", "cooperative").annotate(
        visits=Count("bookings", filter=Q(bookings__status="completed")),
        last_at=Max("bookings__starts_at", filter=Q(bookings__status="completed")),
    ).order_by("name_key", "pk")  # fmt: skip


def bookings_of(user: Person, producer: Producer) -> QuerySet[Booking]:
    """Return a producer's bookings that this person may read, the latest first."""
    return with_parts(bookings_visible_to(user).filter(producer=producer)).order_by("-starts_at")


@dataclass(frozen=True, slots=True)
class SearchHits:
    """What a search turned up, at most a few of each kind."""

    bookings: list[Booking]
    producers: list[Producer]
    machines: list[Machine]

    @property
    def is_empty(self) -> bool:
        return not (self.bookings or self.producers or self.machines)


def found(user: Person, words: str, *, on: datetime) -> SearchHits:
    """Search bookings by code or producer, producers by name or phone, machines by name: what this person may see."""
    words = " ".join(visible(words).split())[:80]
    if not words:
        return SearchHits([], [], [])
    producers = list(_confirmed(user, words).select_related("district").order_by("name_key", "pk")[:FEW])
    hit = Q(reference__icontains=normalised(words)) | Q(producer__in=[p.pk for p in producers])
    bookings = with_parts(bookings_visible_to(user).filter(hit)).order_by("-starts_at")[:FEW]
    named = in_service(on.date()).filter(holding(words, *MACHINE_KEYS) | Q(asset_code=words))
    return SearchHits(list(bookings), producers, list(named[:FEW]))


