"""Time that is taken, and why. The database itself refuses two occupancies of one machine that overlap."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from facilities.database.constraints import NoOverlap
from facilities.database.watched import Watched

from .machines import Machine


class Occupancy(models.Model):
    """Time taken on one machine by anything: `[starts_at, ends_at)`, setup and cleaning included.

    Cleaning belongs to the job before it, from `cleaning_from` (the end of its run) on;
    its length depends on the job after it, by the changeover matrix, and follows that
    job (`occupancy.writing.retail`). `cleaning_class` is what the job leaves behind, empty where
    nobody said. Vacated time is a deleted row; its history lives with whoever owned it.
    """

    class Kind(models.TextChoices):
        BOOKING = "booking", _("Pesanan")
        MAINTENANCE = "maintenance", _("Perawatan")
        BREAKDOWN = "breakdown", _("Kerusakan")
        OFFER = "offer", _("Tawaran")

    machine = models.ForeignKey(Machine, models.PROTECT, related_name="occupancies", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    cleaning_from = models.DateTimeField(null=True, blank=True)
    cleaning_class = models.CharField(max_length=12, blank=True, default="")
    kind = models.CharField(max_length=12, choices=Kind.choices)

    class Meta:
        verbose_name_plural = "occupancies"
        indexes = [
            models.Index(
                fields=["machine", "ends_at", "starts_at", "cleaning_from", "cleaning_class", "kind"],
                name="occupancy_by_machine",
            ),
            models.Index(
                fields=["ends_at", "starts_at", "machine", "cleaning_from", "cleaning_class", "kind"],
                name="occupancy_by_time",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="occupancy_ends_after_it_starts"),
            NoOverlap(name="one_job_at_a_time_per_machine", fields=["machine"], start="starts_at", end="ends_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_at:%F %R}–{self.ends_at:%F %R}"


class Stop(models.Model):
    """What keeps a machine from working, and the last change of it: calendars take a time anew when `version` grows."""

    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Maintenance(Stop):
    """Planned work on a machine."""

    machine = models.ForeignKey(Machine, models.PROTECT, related_name="maintenances")
    occupancy = models.OneToOneField(Occupancy, models.SET_NULL, null=True, blank=True, related_name="maintenance")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    title = models.CharField(max_length=120)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["machine", "ends_at", "starts_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="maintenance_ends_after_it_starts")
        ]

    def __str__(self) -> str:
        return self.title


class Breakdown(Stop):
    """An unplanned stop, from report to repair. Open while `closed_at` is empty.

    Its occupancy reaches to `expected_until`; while it is open, later times are
    refused as `broken` too, because nobody knows better yet.
    """

    machine = models.ForeignKey(Machine, models.PROTECT, related_name="breakdowns")
    occupancy = models.OneToOneField(Occupancy, models.SET_NULL, null=True, blank=True, related_name="breakdown")
    started_at = models.DateTimeField()
    expected_until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200)
    repair = models.CharField(max_length=300, blank=True)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["machine"], condition=Q(closed_at__isnull=True), name="one_open_breakdown_per_machine"
            ),
            models.CheckConstraint(
                condition=Q(expected_until__gt=F("started_at")), name="breakdown_is_expected_to_end_later"
            ),
            Watched(name="breakdowns_are_watched"),
        ]

    def __str__(self) -> str:
        return self.reason


class StopCorrection(models.Model):
    """A later change of what was reported of a breakdown: old and new value, who, and why."""

    breakdown = models.ForeignKey(Breakdown, models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=20)
    old = models.CharField(max_length=300)
    new = models.CharField(max_length=300)
    reason = models.CharField(max_length=300)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"


class StaleMonth(models.Model):
    """A mark that a machine's month must be summed again.

    Append-only and not unique on purpose: a writer adds its own row, and the
    worker deletes only rows that it saw, so no change can slip between them.
    """

    machine = models.ForeignKey(Machine, models.CASCADE, related_name="+", db_index=False)
    month = models.DateField(help_text="first day of the month in the facility's zone")

    def __str__(self) -> str:
        return f"{self.machine_id} {self.month:%Y-%m}"
