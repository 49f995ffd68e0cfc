"""Find what an address names, or say 404: what is not the asker's to see does not exist for them."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest

from bookings.models import Booking, Producer, Product
from bookings.trail.acting import ActingFor, parties
from bookings.trail.queries import visible_bookings
from bookings.trail.references import normalised
from facilities.access import duties_of
from facilities.errors import BadInput, NotAllowed
from facilities.models import Machine


def booking_of(request: HttpRequest, reference: str) -> Booking:
    """Return a booking the asker may read, with its machines."""
    booking = visible_bookings(request.user).filter(reference=normalised(reference)).first()
    if booking is None:
        raise Http404("reference")
    return booking


def machine_of(slug: str) -> Machine:
    """Return a machine with its house, retired ones included."""
    machine = Machine.objects.select_related("facility").filter(slug=slug).first()
    if machine is None:
        raise Http404("machine")
    return machine


def producer_of(request: HttpRequest, slug: str | None) -> Producer:
    """Return the producer the asker acts for; which one must be said by those who act for several."""
    found = [party for party in parties(request.user, machine="", producer=slug) if not party.on_behalf]
    if not found and not slug:
        raise NotAllowed
    return the_one(request, found, slug).producer


def owned_by(product: Product, producer: Producer) -> Product:
    """Return the product, or raise `BadInput` where it belongs to another the asker acts for: neither silently wins."""
    if product.producer_id != producer.pk:
        raise BadInput(
            "product",
            "product_of_another",
            f"Produk ini milik {product.producer.name}, bukan {producer.name}.",
            f"This product belongs to {product.producer.name}, not to {producer.name}.",
        )
    return product


def the_one(request: HttpRequest, found: Sequence[ActingFor], slug: str | None) -> ActingFor:
    """Return the only one meant. Unknown or foreign is 404, unsaid 422; who can book for nobody at all may not ask."""
    if slug and not found:
        raise Http404("producer")
    if not found and not duties_of(request.user).is_staff:
        raise NotAllowed
    if len(found) != 1:
        raise BadInput("producer", "producer_needed", "Sebutkan untuk siapa.", "Say for whom.")
    return found[0]
