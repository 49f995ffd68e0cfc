"""`manage.py open_house SLUG NAME --district CODE`: a real house in an installation without demo data."""

from argparse import ArgumentParser
from typing import Any
from zoneinfo import available_timezones

from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_slug
from django.db import IntegrityError
from django.forms import ValidationError
from django.utils import timezone

from accounts.writing.phones import normalised
from facilities.catalogue import queries
from facilities.catalogue.services import load_catalogue
from facilities.setup import staffing


class Command(BaseCommand):
    help = "Load districts, machine types and holidays, and open a house; its manager completes it under Pengaturan."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="short name in addresses, e.g. sambas")
        parser.add_argument("name", help='e.g. "Rumah Produksi Sambas"')
        parser.add_argument("--district", required=True, help="Kemendagri code, e.g. 61.01")
        parser.add_argument("--phone", required=True, help="the house's WhatsApp number")
        parser.add_argument("--contact", required=True, help="who answers it")
        parser.add_argument("--zone", default="Asia/Pontianak")

    def handle(self, *, slug: str, name: str, district: str, phone: str, contact: str, zone: str, **_: Any) -> None:
        if zone not in available_timezones():
            raise CommandError(f"{zone} is not a time zone; write it like Asia/Pontianak.")
        brought = load_catalogue(today=timezone.localdate())
        place = queries.districts().filter(code=district).first()
        if place is None:
            known = ", ".join(f"{d.code} {d.name}" for d in queries.districts())
            raise CommandError(f"{district} is not a district. Known: {known}")
        try:
            validate_slug(slug)
            number = normalised(phone)
            house = staffing.open_facility(
                slug=slug.lower(), name=name, district=place, zone_name=zone, phone=number, contact_name=contact,
                now=timezone.now(),
            )  # fmt: skip
        except (ValidationError, ValueError):
            raise CommandError("The slug holds letters, digits and hyphens; the phone is a mobile number.") from None
        except IntegrityError:
            raise CommandError(f"There is a house named {slug} already.") from None
        if brought:
            self.stdout.write(f"{len(brought)} holidays are new or newer than before; see /libur/.")
        self.stdout.write(f"/rumah/{house.slug}/ is open, Monday to Friday 08.00–16.00.")
        self.stdout.write(f'Next: manage.py add_person PHONE "NAME" --duty manager --house {house.slug}')
