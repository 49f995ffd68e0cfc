"""The booking, its machines, and its trail."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from facilities.models import Facility, Machine, Occupancy, Operator, Tariff

from .parties import Producer, Product


class Booking(models.Model):
    """The right to a machine for a span, from request to completion.

    Only `trail.lifecycle` knows which status may follow which. The booking keeps
    its own times for history; the time it holds is its occupancy.
    """

    class Status(models.TextChoices):
        REQUESTED = "requested", _("Menunggu")
        APPROVED = "approved", _("Disetujui")
        CHECKED_IN = "checked_in", _("Hadir")
        COMPLETED = "completed", _("Selesai")
        DECLINED = "declined", _("Ditolak")
        EXPIRED = "expired", _("Kedaluwarsa")
        CANCELLED = "cancelled", _("Dibatalkan")
        NO_SHOW = "no_show", _("Tidak hadir")
        DISPLACED = "displaced", _("Perlu tempat baru")

    reference = models.CharField(max_length=12, unique=True)
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="bookings", db_index=False)
    producer = models.ForeignKey(Producer, models.PROTECT, related_name="bookings", db_index=False)
    product = models.ForeignKey(Product, models.SET_NULL, null=True, blank=True, related_name="bookings")
    product_name = models.CharField(max_length=80, blank=True)
    pack_format = models.CharField(max_length=20, blank=True)
    quantity = models.PositiveIntegerField(null=True, blank=True, help_text="packs")
    note = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices)
    starts_at = models.DateTimeField(help_text="earliest run start over its machines")
    ends_at = models.DateTimeField(help_text="latest run end over its machines")
    is_walk_in = models.BooleanField(default=False)
    is_trial = models.BooleanField(default=False, help_text="a trial run: documents are still missing")
    is_in_reserve = models.BooleanField(
        default=False, help_text="counts against the share kept for newcomers and far districts"
    )
    is_late_cancel = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason_code = models.CharField(max_length=24, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    tariff = models.ForeignKey(Tariff, models.SET_NULL, null=True, blank=True, related_name="+")
    price = models.PositiveIntegerField(null=True, blank=True, help_text="rupiah, estimate at booking")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["facility", "starts_at"]),
            models.Index(fields=["producer", "starts_at"]),
            models.Index(fields=["facility", "status", "starts_at"], name="booking_by_state"),
            models.Index(fields=["status", "starts_at"], name="booking_due"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booking_ends_after_it_starts"),
            models.CheckConstraint(
                condition=~Q(status="requested") | Q(expires_at__isnull=False), name="a_request_expires"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class BookedMachine(models.Model):
    """One machine's part of a booking: its run span, and the occupancy that holds it."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="machines")
    machine = models.ForeignKey(Machine, models.PROTECT, related_name="booked", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    setup = models.PositiveSmallIntegerField(default=0, help_text="minutes")
    cleaning = models.PositiveSmallIntegerField(default=0, help_text="minutes")
    occupancy = models.OneToOneField(Occupancy, models.SET_NULL, null=True, blank=True, related_name="booked_machine")

    class Meta:
        indexes = [models.Index(fields=["machine", "starts_at", "ends_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booked_machine_ends_after_it_starts")
        ]

    def __str__(self) -> str:
        return f"{self.machine_id} of booking {self.booking_id}"

    @property
    def operator(self) -> Operator | None:
        """Who of the house runs it, for the eyes of its staff; None where nobody was named or nobody needs to be."""
        assignment = getattr(self.occupancy, "assignment", None)
        return assignment.operator if assignment is not None else None

    @property
    def lacks_operator(self) -> bool:
        """Whether it holds time on a machine that only operators run, and nobody was named."""
        return self.occupancy_id is not None and self.machine.is_operated and self.operator is None


class BookingEvent(models.Model):
    """One step in a booking's life, appended and never edited: who, when, from, to, why."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="events")
    action = models.CharField(max_length=20)
    from_status = models.CharField(max_length=10, blank=True)
    to_status = models.CharField(max_length=10)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    on_behalf = models.BooleanField(default=False, help_text="the actor was not the producer")
    reason_code = models.CharField(max_length=24, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    details = models.JSONField(default=dict)
    awaits_follow_up = models.BooleanField(default=False, db_index=True, help_text="people and sums do not know yet")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.action} → {self.to_status}"
