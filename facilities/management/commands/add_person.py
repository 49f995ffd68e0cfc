"""`manage.py add_person PHONE NAME --duty …`: let somebody sign in and be responsible."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import queries as people
from accounts import services as accounts
from accounts.models import User
from accounts.writing.phones import normalised
from facilities.catalogue import queries
from facilities.models import Duty
from facilities.setup import staffing


class Command(BaseCommand):
    help = "Let a person sign in, with a duty. A new person's first password is printed once, alone on the last line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("phone")
        parser.add_argument("name")
        parser.add_argument("--duty", choices=Duty.Kind.values)
        parser.add_argument("--house", help="slug, for operator and manager")
        parser.add_argument("--district", help="Kemendagri code, for district")
        parser.add_argument("--admin", action="store_true", help="may do everything, everywhere")

    def handle(self, *, phone: str, name: str, admin: bool, **scope: Any) -> None:
        now = timezone.now()
        duty = _duty(scope)
        user, password = _person(phone, name, now=now)
        if duty:
            staffing.give_duty(user=user, actor=None, now=now, **duty)
        if admin:
            accounts.make_admin(user=user, actor=None, now=now)
        self.stderr.write(f"{user.name} may sign in. They choose their own password under Akun.")
        if password:
            self.stdout.write(password)


def _duty(scope: dict[str, Any]) -> dict[str, Any] | None:
    """Return the duty asked for, its house or district found. Raises CommandError if they do not belong together."""
    kind, slug, code = scope["duty"], scope["house"], scope["district"]
    needs = {"operator": (True, False), "manager": (True, False), "district": (False, True)}.get(kind, (False, False))
    if (bool(slug), bool(code)) != needs:
        raise CommandError("operator and manager need --house, district needs --district, others need neither.")
    house = queries.facilities().filter(slug=slug).first() if slug else None
    district = queries.districts().filter(code=code).first() if code else None
    if (slug and house is None) or (code and district is None):
        raise CommandError(f"{slug or code} is not known.")
    return {"kind": kind, "facility": house, "district": district} if kind else None


def _person(phone: str, name: str, *, now: Any) -> tuple[User, str]:
    """Return the person with this number, made with a first password if new; "" for somebody known."""
    try:
        number = normalised(phone)
    except ValueError:
        raise CommandError(f"{phone} is not an Indonesian mobile number.") from None
    known = people.person_with_phone(number)
    if known is not None:
        return known, ""
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    return accounts.register(phone=number, name=name, password=password, now=now), password
