"""A house's rules, its weekly hours, and the days it is shut."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db.models import F

from accounts.models import User
from facilities.audit import audit, mark_months
from facilities.errors import BadInput, Stale
from facilities.models import Closure, Facility, OpeningHours
from facilities.past import hide_nothing, keep_the_past, over
from facilities.setup.holidays import write_down_past_days
from facilities.setup.weeks import weeks_of
from facilities.time.bounds import check_lengths, check_limits
from facilities.time.hours import WeeklyRule, local_date
from facilities.time.past import is_over
from facilities.time.spans import Span
from facilities.transactions import in_one_transaction

RULE_FIELDS = (
    "grid",
    "notice",
    "horizon",
    "shortest",
    "longest",
    "approval",
    "approval_limit",
    "answer_within",
    "grace",
    "cancel_deadline",
    "closed_on_holidays",
    "closed_on_joint_leave",
)
POLICY = "policy"
"""What the house asks of those who book, as one mapping. `bookings` says what may stand in it."""
PAGE_FIELDS = ("name", "address", "phone", "contact_name", "about", "what_to_bring")


@in_one_transaction
def change_facility(
    *, facility: Facility, changes: Mapping[str, object], actor: User, now: datetime, version: int | None = None
) -> Facility:
    """Change a house's page, rules or policy; bookings made under the old rules stay. Raises `Stale`, `BadInput`."""
    unknown = sorted(set(changes) - {*RULE_FIELDS, *PAGE_FIELDS, POLICY})
    if unknown:
        raise BadInput(unknown[0], "unknown_field", "Isian ini tidak dikenal.", "This field is unknown.")
    check_house_rules(facility, changes)
    before = {name: getattr(facility, name) for name in changes}
    seen = facility.version if version is None else version
    if {"closed_on_holidays", "closed_on_joint_leave"} & set(changes):
        write_down_past_days(facility, changes, actor=actor, now=now)
    if not Facility.objects.filter(pk=facility.pk, version=seen).update(version=F("version") + 1, **changes):
        raise Stale
    audit(action="change_facility", target=facility, actor=actor, now=now, before=before, after=dict(changes))
    facility.refresh_from_db()
    today = local_date(now, facility.zone)
    mark_months(facility.machines.all(), today, today)
    return facility


def check_house_rules(facility: Facility, changes: Mapping[str, object]) -> None:
    """Raise `BadInput` where new rules of time cannot be, also for a machine that has some of its own."""
    check_limits(changes)
    if not {"shortest", "longest"} & set(changes):
        return
    lengths = {name: int(str(changes.get(name, getattr(facility, name)))) for name in ("shortest", "longest")}
    check_lengths(**lengths)
    own = facility.machines.filter(retired_on__isnull=True).exclude(shortest__isnull=True, longest__isnull=True)
    for name, shortest, longest in own.values_list("name", "shortest", "longest"):
        if (longest or lengths["longest"]) < (shortest or lengths["shortest"]):
            raise BadInput(
                "shortest" if shortest is None else "longest",
                "clashes_with_machine",
                f"Bertentangan dengan aturan {name} sendiri. Ubah aturan mesin itu dulu.",
                f"This clashes with the own rules of {name}. Change those first.",
            )


@in_one_transaction
def set_week(
    *,
    facility: Facility,
    rules: Iterable[WeeklyRule],
    valid_from: date,
    valid_until: date | None,
    actor: User,
    now: datetime,
    confirmed: str = "",
) -> list[OpeningHours]:
    """Replace the week that begins on `valid_from`; what it does to bookings is the caller's business.

    Raises `BadInput` where two rules of a weekday overlap, as `hide_nothing` does, and as `keep_the_past` does: to change the week in force,
    begin one today.
    """
    keep_the_past("valid_from", valid_from, valid_until, facility=facility, actor=actor, now=now, confirmed=confirmed)
    rules = sorted(rules)
    for one, two in zip(rules, rules[1:], strict=False):
        if one.weekday == two.weekday and two.opens < one.closes:
            raise BadInput(
                "hours",
                "hours_overlap",
                "Dua jam buka pada hari yang sama bertumpuk.",
                "Two opening hours of a day overlap.",
            )
    hide_nothing(facility.opening_hours.all(), valid_from, valid_until)
    old = facility.opening_hours.filter(valid_from=valid_from)
    before = {"rules": [str(rule) for rule in old]}
    old.delete()
    made = OpeningHours.objects.bulk_create(
        OpeningHours(facility=facility, weekday=rule.weekday, opens=rule.opens, closes=rule.closes,
                     valid_from=valid_from, valid_until=valid_until)
        for rule in rules
    )  # fmt: skip
    audit(action="set_week", target=facility, actor=actor, now=now, before=before,
          after={"rules": [str(rule) for rule in made], "valid_from": valid_from.isoformat(),
                 "valid_until": valid_until.isoformat() if valid_until else None})  # fmt: skip
    today = local_date(now, facility.zone)
    last = min(valid_until or today, today + timedelta(days=31))
    mark_months(facility.machines.all(), min(valid_from, today), max(last, today))
    return made


@in_one_transaction
def drop_week(*, facility: Facility, valid_from: date, actor: User, now: datetime) -> None:
    """Remove the week that begins on `valid_from`; the one before it is back. The last week stays.

    A week that has begun ends yesterday: its days that are over stay as they were. Raises `BadInput` for one that is
    over, or was replaced by a later one.
    """
    today, week = local_date(now, facility.zone), facility.opening_hours.filter(valid_from=valid_from)
    begun = is_over(valid_from, today=today)
    if begun and not any(one.is_current and one.valid_from == valid_from for one in weeks_of(facility, on=today)):
        raise over("valid_from")
    others = facility.opening_hours.exclude(valid_from=valid_from)
    if not (others.filter(valid_from__lte=today).exclude(valid_until__lt=today) if begun else others).exists():
        raise BadInput(
            "valid_from", "last_week", "Minggu terakhir tidak bisa dihapus.", "The last week cannot be removed."
        )
    if begun:
        week.update(valid_until=today - timedelta(days=1))
    else:
        week.delete()
    audit(action="drop_week", target=facility, actor=actor, now=now, before={"valid_from": valid_from.isoformat()})
    mark_months(facility.machines.all(), today, today)


def close_days(
    *,
    facility: Facility,
    first_on: date,
    last_on: date,
    from_minute: int,
    until_minute: int,
    reason: str,
    actor: User,
    now: datetime,
    confirmed: str = "",
) -> Closure:
    """Write a closure; what it does to bookings is the caller's business. Raises `BadInput`, and as `keep_the_past`."""
    keep_the_past("first_on", first_on, last_on, facility=facility, actor=actor, now=now, confirmed=confirmed)
    if last_on < first_on:
        raise BadInput(
            "last_on",
            "ends_before_it_starts",
            "Hari terakhir sebelum hari pertama.",
            "The last day is before the first.",
        )
    if last_on - first_on > timedelta(days=366):
        raise BadInput("last_on", "far_too_long", "Penutupan paling lama setahun.", "A closure lasts at most a year.")
    if until_minute <= from_minute:
        raise BadInput(
            "until", "ends_before_it_starts", "Jam selesai harus sesudah jam mulai.", "The end must be after the start."
        )
    closure = Closure.objects.create(
        facility=facility,
        first_on=first_on,
        last_on=last_on,
        from_minute=from_minute,
        until_minute=until_minute,
        reason=reason,
        made_by=actor,
    )
    mark_months(facility.machines.all(), first_on, last_on)
    audit(action="close_days", target=closure, actor=actor, now=now,
          after={"first_on": first_on.isoformat(), "last_on": last_on.isoformat(), "reason": reason})  # fmt: skip
    return closure


@in_one_transaction
def reopen(*, closure: Closure, actor: User, now: datetime) -> None:
    """Remove a house's own closure: its days can be booked again. Those that are over stay shut."""
    facility = closure.facility
    if facility is None:
        raise BadInput("closure", "not_yours", "Hari libur diatur provinsi.", "Holidays are set by the province.")
    today = local_date(now, facility.zone)
    if is_over(closure.last_on, today=today):
        raise over("closure")
    mark_months(facility.machines.all(), closure.first_on, closure.last_on)
    audit(action="reopen", target=closure, actor=actor, now=now,
          before={"first_on": closure.first_on.isoformat(), "last_on": closure.last_on.isoformat()})  # fmt: skip
    if is_over(closure.first_on, today=today):
        Closure.objects.filter(pk=closure.pk).update(last_on=today - timedelta(days=1))
    else:
        closure.delete()


def closed_spans(closure: Closure, facility: Facility) -> list[Span]:
    """Return a closure's days as spans in UTC, in the zone of one house."""
    spans = []
    for number in range(closure.first_on.toordinal(), closure.last_on.toordinal() + 1):
        midnight = datetime.combine(date.fromordinal(number), datetime.min.time(), tzinfo=facility.zone)
        start = midnight + timedelta(minutes=closure.from_minute)
        spans.append(Span(start, midnight + timedelta(minutes=closure.until_minute)))
    return spans
