"""A producer's own order: product and booking in one step, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from bookings.models import Producer, Product
from bookings.ordering import idempotency, products
from bookings.ordering import services as ordering
from bookings.ordering.idempotency import Answer


@dataclass(frozen=True, slots=True)
class Order:
    """What is sent from the check page. `product` is on file, or `product_name` and the rest describe a new one.

    `net_weight` is grams or millilitres in a pack.
    """

    machine_id: int
    starts_at: datetime
    ends_at: datetime
    producer: Producer
    pack_format: str
    quantity: int
    note: str = ""
    product: Product | None = None
    product_name: str = ""
    form: str = ""
    line: str = ""
    cleaning_class: str = ""
    net_weight: int | None = None

    def fingerprint(self) -> str:
        """Return what makes two sendings the same order."""
        told = [self.product_name, self.form, self.line, self.cleaning_class, self.net_weight]
        product = self.product.pk if self.product else told
        times = [self.starts_at.isoformat(), self.ends_at.isoformat()]
        return idempotency.fingerprint(
            self.machine_id, times, self.producer.pk, product, self.pack_format, self.quantity, self.note
        )


def ask(*, order: Order, actor: User, key: str, now: datetime, on_behalf: bool) -> str:
    """Book what the order says and return the booking's reference; the same key again returns the same one.

    Raises `Refusal` with all reasons as `reserve` does; a new product is then not kept either.
    """

    def act() -> Answer:
        product = order.product or products.keep_product(
            producer=order.producer,
            name=order.product_name,
            form=order.form,
            line=order.line,
            cleaning_class=order.cleaning_class,
            net_weight=order.net_weight,
            now=now,
        )
        products.use_product(product=product, now=now)
        booking = ordering.reserve(
            machine_id=order.machine_id,
            starts_at=order.starts_at,
            ends_at=order.ends_at,
            producer=order.producer,
            actor=actor,
            now=now,
            product=product,
            pack_format=order.pack_format,
            quantity=order.quantity,
            note=order.note,
            on_behalf=on_behalf,
        )
        return Answer(201, {"reference": booking.reference})

    answer, _ = idempotency.once(user=actor, key=key, fingerprint=order.fingerprint(), now=now, act=act)
    return str(answer.body["reference"])
