"""What was asked for before any machine was chosen, and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from facilities.models import District

from .bookings import Booking
from .parties import Producer


class Need(models.Model):
    """Packs somebody asked for: one row per producer, product, pack format and month, however often they ask.

    Nobody signed in: one row per asking device and day; `asker` is a hash that names
    nobody. `found` is how many machines could do it when last asked; `reasons` the codes
    against the others. `ended_in_nothing` stays true once it was: that is the unmet
    need, until a booking of the same producer, product and format serves it.
    `product` is its name as `bookings.packs.ledger.product_key` folds it: it tells needs apart and is shown nowhere.
    """

    producer = models.ForeignKey(Producer, models.CASCADE, null=True, blank=True, related_name="needs")
    asker = models.CharField(max_length=64, blank=True, default="")
    product = models.CharField(max_length=80, blank=True, default="")
    form = models.CharField(max_length=20, blank=True, default="")
    pack_format = models.CharField(max_length=20)
    cleaning_class = models.CharField(max_length=12, blank=True, default="")
    line = models.CharField(max_length=10, blank=True, default="")
    net_weight = models.PositiveIntegerField(null=True, blank=True, help_text="grams or millilitres in a pack")
    quantity = models.PositiveIntegerField(help_text="packs, as last asked")
    district = models.ForeignKey(District, models.SET_NULL, null=True, blank=True, related_name="+")
    asked_on = models.DateField(help_text="local day first asked")
    month = models.DateField(help_text="first day of that month")
    first_asked_at = models.DateTimeField()
    last_asked_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    found = models.PositiveIntegerField(default=0)
    reasons = models.JSONField(default=list)
    ended_in_nothing = models.BooleanField(default=False)
    served_by = models.ForeignKey(Booking, models.SET_NULL, null=True, blank=True, related_name="+")
    served_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-last_asked_at"]
        indexes = [
            models.Index(fields=["month", "pack_format", "form"], name="need_by_month"),
            models.Index(fields=["producer", "pack_format", "served_at"], name="need_to_serve"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["producer", "product", "form", "pack_format", "month"],
                condition=Q(producer__isnull=False),
                name="one_need_per_producer_product_and_month",
            ),
            models.UniqueConstraint(
                fields=["asker", "product", "form", "pack_format", "asked_on"],
                condition=Q(producer__isnull=True),
                name="one_need_per_asker_product_and_day",
            ),
            models.CheckConstraint(condition=Q(producer__isnull=False) | ~Q(asker=""), name="a_need_is_somebodys"),
        ]

    def __str__(self) -> str:
        return f"{self.pack_format} {self.month:%Y-%m}"
