"""What a producer keeps on file: its products."""

from __future__ import annotations

from datetime import datetime

from accounts.writing.texts import folded, visible
from bookings.models import Producer, Product
from bookings.rules.weights import weight_words
from facilities.transactions import in_one_transaction
from facilities.vocabulary import usual_class


@in_one_transaction
def keep_product(
    *,
    producer: Producer,
    name: str,
    form: str,
    line: str,
    now: datetime,
    cleaning_class: str = "",
    net_weight: int | None = None,
) -> Product:
    """Return the producer's product of this name, made if it is new.

    A known name keeps its form and line: which machines a product may touch is not
    changed in passing, by typing its name once more. Blanks are squeezed. Without a class it leaves
    behind what products of its form usually do. `net_weight` is grams, or millilitres of what flows.
    """
    squeezed = " ".join(visible(name).split())
    known: Product | None = Product.objects.filter(producer=producer, name_key=folded(squeezed)).first()
    if known is not None:
        return known
    product, _ = Product.objects.get_or_create(
        producer=producer,
        name=squeezed,
        defaults={
            "form": form,
            "line": line,
            "cleaning_class": cleaning_class or usual_class(form),
            "net_weight": weight_words(net_weight, form) if net_weight else "",
            "used_at": now,
        },
    )
    return product


@in_one_transaction
def use_product(*, product: Product, now: datetime) -> None:
    """Remember when a product was last ordered for: it stands first the next time."""
    Product.objects.filter(pk=product.pk).update(used_at=now)
