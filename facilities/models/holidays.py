"""What people keep about holidays beside the days themselves, which are `Closure`s without a house."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from facilities.database.watched import Watched
from facilities.models.places import Facility


class WorkedHoliday(models.Model):
    """A day on which one house works although it is a holiday: it is open then by its weekly hours.

    A date, not a holiday: whoever has promised to be there on 5 January is there, also when a decree moves the feast.
    """

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="worked_holidays")
    on = models.DateField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["facility", "on"], name="a_house_works_once_on_a_holiday"),
            Watched(name="worked_holidays_are_watched"),
        ]

    def __str__(self) -> str:
        return self.on.isoformat()


class RemovedHoliday(models.Model):
    """A holiday of the facts that the province took away: newer facts do not bring it back."""

    fact = models.CharField(max_length=160, unique=True, help_text="as Closure.fact")

    def __str__(self) -> str:
        return self.fact
