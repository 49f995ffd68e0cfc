"""What cleaning lies between two products: the province's default, and what a house says otherwise."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from facilities.database.watched import Watched

from .places import Facility


class Changeover(models.Model):
    """One cell of the matrix: after a job of class `before`, cleaning until one of class `after` may begin.

    Without a facility it is the provincial default. `minutes` empty means the machine's
    full clean, which no changeover exceeds; `is_refused` means that the two never meet
    on one machine on one day.
    """

    facility = models.ForeignKey(Facility, models.CASCADE, null=True, blank=True, related_name="changeovers")
    before = models.CharField(max_length=12)
    after = models.CharField(max_length=12)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    is_refused = models.BooleanField(default=False)
    is_example = models.BooleanField(default=False)

    class Meta:
        ordering = ["before", "after"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "before", "after"],
                condition=Q(facility__isnull=False),
                name="one_changeover_per_pair_and_house",
            ),
            models.UniqueConstraint(
                fields=["before", "after"], condition=Q(facility__isnull=True), name="one_default_changeover_per_pair"
            ),
            models.CheckConstraint(
                condition=Q(is_refused=False) | Q(minutes__isnull=True), name="a_refused_pair_has_no_minutes"
            ),
            Watched(name="changeovers_are_watched"),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
