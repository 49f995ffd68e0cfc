"""`manage.py demo`: three example houses, their people, and some weeks around today.

Stands with the reports because it sums what it has made, so that they are whole at once.
"""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import User
from bookings.demo import demo
from bookings.models import Booking, Producer
from bookings.reports.services import recompute_stale
from facilities.models import Machine


class Command(BaseCommand):
    help = "Load the demo into an empty database: real districts and machine types, example houses and people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", default="", help="an instant with offset to stand for now, for pictures and tests")

    def handle(self, *, now: str, verbosity: int, **_: Any) -> None:
        if User.objects.exists() or Machine.objects.exists():
            raise CommandError("The database is not empty. The demo is only for an empty one: use another RUMAH_DATA.")
        at = _instant(now) if now else timezone.now()
        demo.load(now=at)
        recompute_stale(now=at)
        if verbosity:
            self.stdout.write(
                f"Demo loaded: {Machine.objects.count()} machines, {Producer.objects.count()} producers, "
                f"{Booking.objects.count()} bookings."
            )


def _instant(text: str) -> datetime:
    found = parse_datetime(text)
    if found is None or timezone.is_naive(found):
        raise CommandError("--now takes an instant with offset, for example 2026-11-24T09:10:00+07:00.")
    return found
