"""`manage.py seed --scale kalbar`: years of history of the real shape, for benchmarks.

Stands with the reports because it sums what it has made, so that they are whole at once.
"""

from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from bookings.demo.scale import SCALES, fill
from bookings.reports.services import recompute_stale
from facilities.models import Machine


class Command(BaseCommand):
    help = "Fill an empty database with a generated history of the real shape, in bulk."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", choices=list(SCALES), required=True)
        parser.add_argument("--years", type=int, default=10, choices=range(1, 31), metavar="YEARS")
        parser.add_argument("--random", type=int, default=1, metavar="SEED", help="the same number, the same history")

    def handle(self, *, scale: str, years: int, random: int, verbosity: int, **_: Any) -> None:
        if User.objects.exists() or Machine.objects.exists():
            raise CommandError("The database is not empty. Seed only fills an empty one: use another RUMAH_DATA.")
        began, now = monotonic(), timezone.now()

        def say(words: str) -> None:
            if verbosity:
                self.stdout.write(f"{monotonic() - began:6.0f} s  {words}")
                self.stdout.flush()

        fill(SCALES[scale], years=years, seed=random, now=now, say=say)
        say("summing months for the reports …")
        say(f"{recompute_stale(now=now):,} machine-months summed. Done.")
