"""How a house comes to be, and who is responsible for it."""

from __future__ import annotations

from datetime import date, datetime

from accounts.models import User
from facilities.audit import audit
from facilities.models import District, Duty, Facility, OpeningHours
from facilities.transactions import in_one_transaction

ORDINARY_WEEK = tuple((weekday, 8 * 60, 16 * 60) for weekday in range(5))
"""Monday to Friday, 08.00 to 16.00, until the manager says otherwise."""


@in_one_transaction
def open_facility(
    *, slug: str, name: str, district: District, zone_name: str, phone: str, contact_name: str, now: datetime
) -> Facility:
    """Make a house with ordinary hours, at its district's place on the map. Raises IntegrityError for a known slug."""
    facility = Facility.objects.create(
        slug=slug,
        name=name,
        district=district,
        address=district.capital,
        latitude=district.latitude,
        longitude=district.longitude,
        zone_name=zone_name,
        phone=phone,
        contact_name=contact_name,
    )
    start = date(now.year, 1, 1)
    OpeningHours.objects.bulk_create(
        OpeningHours(facility=facility, weekday=weekday, opens=opens, closes=closes, valid_from=start)
        for weekday, opens, closes in ORDINARY_WEEK
    )
    audit(action="open_facility", target=facility, actor=None, now=now, after={"slug": slug, "name": name})
    return facility


@in_one_transaction
def give_duty(
    *, user: User, kind: str, facility: Facility | None, district: District | None, actor: User | None, now: datetime
) -> Duty:
    """Make a person responsible; giving the same duty twice changes nothing.

    The database refuses a duty without the scope of its kind.
    """
    duty, is_new = Duty.objects.get_or_create(user=user, kind=kind, facility=facility, district=district, ended_at=None)
    if is_new:
        where = facility.slug if facility else district.code if district else ""
        audit(action="give_duty", target=duty, actor=actor, now=now, after={"kind": kind, "where": where})
    return duty


@in_one_transaction
def end_duties(*, user: User, actor: User | None, now: datetime) -> int:
    """End every duty of a person; return how many there were. Their name stays in the history."""
    ended = list(Duty.objects.filter(user=user, ended_at=None))
    Duty.objects.filter(pk__in=[duty.pk for duty in ended]).update(ended_at=now)
    for duty in ended:
        audit(action="end_duty", target=duty, actor=actor, now=now, before={"kind": duty.kind})
    return len(ended)
