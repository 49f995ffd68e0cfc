"""`manage.py issue_token PHONE --scope …`: print one new API token, alone on a line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import queries, services
from accounts.writing.phones import normalised


class Command(BaseCommand):
    help = "Print one new API token, alone on a line. It cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("phone")
        parser.add_argument(
            "--scope", nargs="+", action="extend", required=True, choices=services.SCOPES, metavar="SCOPE"
        )
        parser.add_argument("--days", type=int, default=30)

    def handle(self, *, phone: str, scope: list[str], days: int, **_: Any) -> None:
        try:
            user = queries.person_with_phone(normalised(phone))
        except ValueError:
            raise CommandError(f"{phone} is not an Indonesian mobile number.") from None
        if user is None:
            raise CommandError("Nobody signs in with this phone number.")
        try:
            token = services.issue_token(user=user, scopes=sorted(set(scope)), days=days, now=timezone.now())
        except ValueError as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(token)
