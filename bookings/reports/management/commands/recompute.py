"""Sum what is marked, now: after loading history, or where no worker runs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from bookings.reports import services


class Command(BaseCommand):
    help = "Sum the machine-months that changed since they were last summed."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{services.recompute_stale(now=timezone.now())} machine-months summed.")
