"""What really happened: the usage log."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from facilities.models import Machine

from .bookings import BookedMachine


class Run(models.Model):
    """What really happened on one machine for one booking. Signed once; then only corrected."""

    class Result(models.TextChoices):
        CLEAN = "clean", _("Bersih")
        AGAIN = "again", _("Perlu diulang")

    booked_machine = models.ForeignKey(BookedMachine, models.PROTECT, related_name="runs")
    machine = models.ForeignKey(Machine, models.PROTECT, related_name="runs", db_index=False)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    good = models.PositiveIntegerField(null=True, blank=True, help_text="packs")
    rejected = models.PositiveIntegerField(null=True, blank=True, help_text="packs")
    lot_code = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=500, blank=True)
    cleaned_before = models.BooleanField(null=True)
    cleaned_after = models.BooleanField(null=True)
    cleaning_agent = models.CharField(max_length=60, blank=True)
    cleaning_result = models.CharField(max_length=6, choices=Result.choices, blank=True)
    cleaned_by = models.CharField(max_length=80, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    doubts = models.JSONField(default=list, blank=True, help_text="what was asked back, and believed")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    confirm_reason = models.CharField(max_length=300, blank=True)
    is_past_entry = models.BooleanField(default=False, help_text="entered days later by a manager: nobody had booked it")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["started_at"]
        indexes = [models.Index(fields=["machine", "started_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(stopped_at__gt=F("started_at")),
                name="run_stops_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | Q(stopped_at__isnull=False, good__isnull=False),
                name="a_signed_run_has_stopped_and_counted",
            ),
            models.UniqueConstraint(
                fields=["machine"], condition=Q(stopped_at__isnull=True), name="one_run_at_a_time_per_machine"
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.pk}"


class Downtime(models.Model):
    """Minutes within a run when the machine stood still, and why."""

    class Reason(models.TextChoices):
        MACHINE = "machine", _("Mesin bermasalah")
        MATERIAL = "material", _("Bahan habis atau rusak")
        POWER = "power", _("Listrik padam")
        OPERATOR = "operator", _("Menunggu operator")
        OTHER = "other", _("Lainnya")

    run = models.ForeignKey(Run, models.CASCADE, related_name="downtimes")
    minutes = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=10, choices=Reason.choices)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(minutes__gte=1), name="downtime_is_at_least_a_minute")]

    def __str__(self) -> str:
        return f"{self.reason} {self.minutes}"


class RunCorrection(models.Model):
    """A later change of a signed run: old and new value, who, and why; and the word on what was asked back of it."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=20)
    old = models.TextField()
    new = models.TextField()
    reason = models.CharField(max_length=300)
    doubts = models.JSONField(default=list, blank=True, help_text="what was asked back, and believed")
    confirm_reason = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"
