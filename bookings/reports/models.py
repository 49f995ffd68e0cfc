"""Sums over the chain need → decision → booking → run, kept per machine and month."""

from __future__ import annotations

from django.db import models

from facilities.models import Machine


class UsageMonth(models.Model):
    """One machine's month in minutes and counts, never percentages.

    `month` is the first day of the month in the facility's zone. `facilities.StaleMonth`
    names the cells whose source changed; a task sums those again every minute.
    """

    machine = models.ForeignKey(Machine, models.CASCADE, related_name="usage_months", db_index=False)
    month = models.DateField()
    available = models.PositiveIntegerField(default=0, help_text="minutes open, less closures and maintenance")
    booked = models.PositiveIntegerField(default=0, help_text="minutes of bookings that held their time")
    unreported = models.PositiveIntegerField(default=0, help_text="booked minutes of which nobody has said what came of them")
    run = models.PositiveIntegerField(default=0, help_text="minutes really run")
    downtime = models.PositiveIntegerField(default=0, help_text="minutes broken down, within opening hours")
    approved = models.PositiveIntegerField(default=0, help_text="bookings that were approved")
    completed = models.PositiveIntegerField(default=0)
    no_shows = models.PositiveIntegerField(default=0)
    late_cancels = models.PositiveIntegerField(default=0)
    signed = models.PositiveIntegerField(default=0, help_text="completed bookings with a signed run")
    services = models.PositiveIntegerField(default=0, help_text="runs")
    good = models.PositiveIntegerField(default=0, help_text="packs")
    rejected = models.PositiveIntegerField(default=0, help_text="packs")
    computed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["machine", "month"], name="one_cell_per_machine_and_month")]
        indexes = [models.Index(fields=["month", "machine"])]

    def __str__(self) -> str:
        return f"{self.machine_id} {self.month:%Y-%m}"


class ProducerMonth(models.Model):
    """One producer's share of one machine's month: what unique counts are made of.

    `services` may be zero: a producer who booked and never came has a row, but was not served.
    """

    machine = models.ForeignKey(Machine, models.CASCADE, related_name="+", db_index=False)
    producer = models.ForeignKey("bookings.Producer", models.CASCADE, related_name="+")
    month = models.DateField()
    booked = models.PositiveIntegerField(default=0, help_text="minutes of bookings that held their time")
    unreported = models.PositiveIntegerField(default=0, help_text="booked minutes of which nobody has said what came of them")
    run = models.PositiveIntegerField(default=0, help_text="minutes really run")
    approved = models.PositiveIntegerField(default=0)
    completed = models.PositiveIntegerField(default=0)
    no_shows = models.PositiveIntegerField(default=0)
    late_cancels = models.PositiveIntegerField(default=0)
    signed = models.PositiveIntegerField(default=0, help_text="completed bookings with a signed run")
    services = models.PositiveIntegerField(default=0, help_text="signed runs")
    good = models.PositiveIntegerField(default=0, help_text="packs")
    rejected = models.PositiveIntegerField(default=0, help_text="packs")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "machine", "producer"], name="one_cell_per_producer_and_machine")
        ]

    def __str__(self) -> str:
        return f"{self.producer_id} {self.month:%Y-%m}"
