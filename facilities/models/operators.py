"""People of the house who run machines: which, when, and what holds them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.writing.names import Named, NameField, NameKey
from facilities.database.constraints import NoOverlap
from facilities.database.watched import Watched

from .places import Facility
from .time import Occupancy


class Operator(Named):
    """Somebody who runs machines of these types. May sign in (`user`) or not."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="operators")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="operates")
    name = NameField(max_length=80)
    name_key = NameKey(of="name")
    types = models.JSONField(default=list, help_text="codes of machine types")
    ended_on = models.DateField(null=True, blank=True, help_text="first day no longer here")
    is_example = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name_key"]
        indexes = [models.Index(fields=["facility", "ended_on"])]
        constraints = [Watched(name="operators_are_watched")]

    def __str__(self) -> str:
        return self.name


class Shift(models.Model):
    """When an operator works: `starts` to `ends` (minutes of the day) on one weekday, within a validity.

    On any date only an operator's shifts with the latest `valid_from` count, as with opening hours.
    """

    operator = models.ForeignKey(Operator, models.CASCADE, related_name="shifts")
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday")
    starts = models.PositiveSmallIntegerField()
    ends = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["valid_from", "weekday", "starts"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="shift_weekday_is_monday_to_sunday"),
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts"), ends__lte=1440), name="shift_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["operator", "valid_from", "weekday", "starts"], name="one_shift_per_time_of_day"
            ),
            Watched(name="shifts_are_watched"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts}-{self.ends}"


class Absence(models.Model):
    """Time an operator is away. Says when, and only as much of why as the house needs."""

    operator = models.ForeignKey(Operator, models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=120, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["operator", "ends_at", "starts_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="absence_ends_after_it_starts"),
            Watched(name="absences_are_watched"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%F %R}–{self.ends_at:%F %R}"


class Assignment(models.Model):
    """An operator's part of an occupancy: setup and run. The database refuses two at once for one person."""

    operator = models.ForeignKey(Operator, models.PROTECT, related_name="assignments", db_index=False)
    occupancy = models.OneToOneField(Occupancy, models.CASCADE, related_name="assignment")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["operator", "ends_at", "starts_at"], name="assignment_by_operator"),
            models.Index(fields=["ends_at", "starts_at", "operator"], name="assignment_by_time"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="assignment_ends_after_it_starts"),
            NoOverlap(name="one_machine_at_a_time_per_operator", fields=["operator"], start="starts_at", end="ends_at"),
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.starts_at:%F %R}–{self.ends_at:%F %R}"
