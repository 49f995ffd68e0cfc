"""`manage.py doctor`: look at everything the house depends on, and say what to do."""

from io import StringIO
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config import checks


class Command(BaseCommand):
    help = "Check settings, database, library versions, worker, disk, clock and mail."

    def handle(self, **_: Any) -> None:
        call_command("check", stdout=StringIO())
        findings = list(checks.examine())
        for what, well, words in findings:
            self.stdout.write(f"{'ok   ' if well else 'LOOK '} {what}: {words}")
        if not all(well for _, well, _ in findings):
            raise CommandError("Something needs attention; see LOOK above.")
