"""The calendar of the country, as the province keeps it, and the holidays on which a house works all the same."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import date, datetime, timedelta

from django.db.models import F
from django.utils import timezone

from accounts.models import User
from facilities.audit import audit, mark_months
from facilities.errors import BadInput, Stale
from facilities.models import Closure, Facility, Machine, RemovedHoliday, WorkedHoliday
from facilities.occupancy.timetables import keeps, without_days
from facilities.past import over
from facilities.time.hours import local_date
from facilities.time.past import is_over
from facilities.transactions import in_one_transaction

LONGEST = timedelta(days=31)
FIELDS = ("first_on", "last_on", "kind", "reason", "is_estimate", "source")


@in_one_transaction
def set_holiday(*, draft: Closure, actor: User, now: datetime, version: int = 0) -> Closure:
    """Write a holiday, or change the one that `draft` bears the key of; what it does to bookings is the caller's business.

    Whoever sets it keeps it: newer facts leave it alone. What is over stays as it was. Raises `BadInput`, `Stale`.
    """
    today = timezone.localdate(now, timezone.get_default_timezone())
    old = _seen(draft, version) if draft.pk else None
    check_holiday(draft, today=today)
    before = _told(old) if old else {}
    if old:
        mark_months(Machine.objects.all(), old.first_on, old.last_on)
    draft.version = version + 1
    draft.is_set_by_people, draft.made_by = True, actor
    draft.fact = old.fact if old and old.fact else draft.known_by
    draft.save()
    mark_months(Machine.objects.all(), draft.first_on, draft.last_on)
    audit(action="set_holiday", target=draft, actor=actor, now=now, before=before, after=_told(draft))
    return draft


@in_one_transaction
def remove_holiday(*, holiday: Closure, actor: User, now: datetime, version: int) -> None:
    """Take a holiday away: its days can be booked again, and newer facts do not bring it back. Raises as `set_holiday`."""
    old = _seen(holiday, version)
    if is_over(old.first_on, today=timezone.localdate(now, timezone.get_default_timezone())):
        raise over("first_on")
    if old.fact:
        RemovedHoliday.objects.get_or_create(fact=old.fact)
    mark_months(Machine.objects.all(), old.first_on, old.last_on)
    audit(action="remove_holiday", target=old, actor=actor, now=now, before=_told(old))
    old.delete()


@in_one_transaction
def work_on(*, facility: Facility, on: date, actor: User, now: datetime, version: int) -> None:
    """Open a house on a holiday by its weekly hours. Raises `BadInput` for a day that is over, `Stale`."""
    _next_version(facility, on, now, version)
    WorkedHoliday.objects.get_or_create(facility=facility, on=on, defaults={"made_by": actor})
    audit(action="work_on_holiday", target=facility, actor=actor, now=now, after={"on": on.isoformat()})


@in_one_transaction
def rest_on(*, facility: Facility, on: date, actor: User, now: datetime, version: int) -> None:
    """Keep a holiday again that the house had worked on; bookings are the caller's business. Raises as `work_on`."""
    _next_version(facility, on, now, version)
    WorkedHoliday.objects.filter(facility=facility, on=on).delete()
    audit(action="rest_on_holiday", target=facility, actor=actor, now=now, before={"on": on.isoformat()})


def write_down_past_days(facility: Facility, changes: Mapping[str, object], *, actor: User, now: datetime) -> None:
    """Note what the past holidays of a house were before it keeps others: shut days as its own, worked ones as worked.

    Which kinds a house keeps has no date. Without these rows the change would rewrite every month that is counted.
    """
    yesterday = local_date(now, facility.zone) - timedelta(days=1)
    changed = copy(facility)
    for name, value in changes.items():
        setattr(changed, name, value)
    worked = set(facility.worked_holidays.values_list("on", flat=True))
    for one in Closure.objects.filter(facility__isnull=True, first_on__lte=yesterday):
        if keeps(facility, one) == keeps(changed, one):
            continue
        past = copy(one)
        past.last_on = min(one.last_on, yesterday)
        if keeps(facility, one):
            Closure.objects.bulk_create(_own(piece, facility, actor) for piece in without_days(past, worked))
        else:
            days = {past.first_on + timedelta(days=n) for n in range((past.last_on - past.first_on).days + 1)} - worked
            WorkedHoliday.objects.bulk_create(WorkedHoliday(facility=facility, on=day, made_by=actor) for day in days)
            worked |= days


def _own(day: Closure, facility: Facility, actor: User) -> Closure:
    return Closure(facility=facility, first_on=day.first_on, last_on=day.last_on, kind=day.kind, reason=day.reason,
                   is_estimate=day.is_estimate, source=day.source, made_by=actor)  # fmt: skip


def _next_version(facility: Facility, on: date, now: datetime, version: int) -> None:
    if is_over(on, today=local_date(now, facility.zone)):
        raise over("on")
    if not Facility.objects.filter(pk=facility.pk, version=version).update(version=F("version") + 1):
        raise Stale
    mark_months(facility.machines.all(), on, on)


def _seen(holiday: Closure, version: int) -> Closure:
    """Return a holiday as it is stored, for the one who writes. Raises `Stale` where it is another by now, or gone."""
    found = Closure.objects.select_for_update().filter(pk=holiday.pk, facility__isnull=True).first()
    if found is None or found.version != version:
        raise Stale
    return found


def check_holiday(draft: Closure, *, today: date) -> None:
    """Raise `BadInput` where days cannot be, are over, or are taken by the same holiday."""
    old = Closure.objects.filter(pk=draft.pk).first() if draft.pk else None
    if draft.last_on < draft.first_on:
        raise BadInput("last_on", "ends_before_it_starts", "Hari terakhir sebelum hari pertama.",
                       "The last day is before the first.")  # fmt: skip
    if draft.last_on - draft.first_on > LONGEST:
        raise BadInput("last_on", "far_too_long", "Libur paling lama sebulan.", "A holiday lasts at most a month.")
    moved = old is None or (old.first_on, old.last_on, old.kind) != (draft.first_on, draft.last_on, draft.kind)
    if moved and is_over(min(draft.first_on, old.first_on if old else draft.first_on), today=today):
        raise over("first_on")
    same = Closure.objects.filter(facility__isnull=True, reason=draft.reason, first_on=draft.first_on, kind=draft.kind)
    if same.exclude(pk=draft.pk).exists():
        raise BadInput(
            "first_on", "already", "Libur ini sudah ada pada hari itu.", "This holiday is on that day already."
        )


def _told(holiday: Closure) -> dict[str, object]:
    return {name: str(getattr(holiday, name)) for name in FIELDS}
