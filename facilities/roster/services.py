"""Operators of a house: who runs which types of machine, when they work, when they are away.

What a change does to bookings is the business of `bookings.roster.services`, which calls these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db.models import F

from accounts.models import User
from facilities.audit import audit
from facilities.errors import BadInput, Stale
from facilities.models import Absence, Duty, Facility, Machine, Operator, Shift
from facilities.past import hide_nothing
from facilities.time.hours import WeeklyRule
from facilities.time.spans import Span
from facilities.transactions import in_one_transaction

LONGEST_ABSENCE = timedelta(days=366)
CHANGEABLE = ("name", "types", "user")


@in_one_transaction
def add_operator(
    *, facility: Facility, name: str, types: Sequence[str], user: User | None, actor: User, now: datetime
) -> Operator:
    """Put a person on a house's roster; without shifts nobody can count on them yet. Raises `BadInput`."""
    values = _checked(facility, {"name": name, "types": types, "user": user}, operator=None)
    operator = Operator.objects.create(facility=facility, **values)
    audit(action="add_operator", target=operator, actor=actor, now=now, after=_plain(values))
    return operator


@in_one_transaction
def change_operator(
    *, operator: Operator, changes: Mapping[str, object], actor: User, now: datetime, version: int
) -> Operator:
    """Change an operator's `CHANGEABLE` fields. Raises `Stale` when somebody was faster, `BadInput`."""
    values = _checked(operator.facility, changes, operator=operator)
    before = {name: getattr(operator, name) for name in values}
    _bump(operator, version, **values)
    audit(action="change_operator", target=operator, actor=actor, now=now, before=_plain(before), after=_plain(values))
    return operator


@in_one_transaction
def end_operator(*, operator: Operator, ended_on: date | None, actor: User, now: datetime, version: int) -> Operator:
    """Take a person off the roster from a day on, which is the first they are no longer here; None takes that back."""
    before = {"ended_on": operator.ended_on.isoformat() if operator.ended_on else None}
    if ended_on is None and operator.user is not None:
        _check_user(operator.facility, operator.user, operator)
    _bump(operator, version, ended_on=ended_on)
    audit(action="end_operator" if ended_on else "keep_operator", target=operator, actor=actor, now=now,
          before=before, after={"ended_on": ended_on.isoformat() if ended_on else None})  # fmt: skip
    return operator


@in_one_transaction
def set_shifts(
    *,
    operator: Operator,
    rules: Iterable[WeeklyRule],
    valid_from: date,
    valid_until: date | None,
    actor: User,
    now: datetime,
    version: int,
) -> list[Shift]:
    """Replace the week of shifts that begins on `valid_from`; a week without rules is one off. Raises `BadInput`, `Stale`."""
    rules = sorted(rules)
    for one, two in zip(rules, rules[1:], strict=False):
        if one.weekday == two.weekday and two.opens < one.closes:
            raise BadInput(
                "shifts",
                "shifts_overlap",
                "Dua giliran pada hari yang sama bertumpuk.",
                "Two shifts of a day overlap.",
            )
    if not rules:
        raise BadInput("shifts", "no_shift", "Isi sedikitnya satu giliran.", "Fill in at least one shift.")
    _bump(operator, version)
    hide_nothing(operator.shifts.all(), valid_from, valid_until)
    old = operator.shifts.filter(valid_from=valid_from)
    before = [str(shift) for shift in old]
    old.delete()
    made = Shift.objects.bulk_create(
        Shift(operator=operator, weekday=rule.weekday, starts=rule.opens, ends=rule.closes,
              valid_from=valid_from, valid_until=valid_until)
        for rule in rules
    )  # fmt: skip
    audit(action="set_shifts", target=operator, actor=actor, now=now, before={"shifts": before},
          after={"shifts": [str(shift) for shift in made], "valid_from": valid_from.isoformat()})  # fmt: skip
    return made


@in_one_transaction
def drop_shifts(*, operator: Operator, valid_from: date, actor: User, now: datetime, version: int) -> None:
    """Remove the week that begins on `valid_from`; the one before it is back. Raises `BadInput` where none begins then."""
    _bump(operator, version)
    old = operator.shifts.filter(valid_from=valid_from)
    before = [str(shift) for shift in old]
    if not before:
        raise BadInput("valid_from", "unknown_week", "Minggu itu tidak ada.", "There is no such week.")
    old.delete()
    audit(action="drop_shifts", target=operator, actor=actor, now=now,
          before={"shifts": before, "valid_from": valid_from.isoformat()})  # fmt: skip


@in_one_transaction
def add_absence(
    *, operator: Operator, span: Span, reason: str, actor: User, now: datetime, version: int | None = None
) -> Absence:
    """Note when an operator is away, with only as much of why as the house needs. Raises `BadInput`, `Stale`."""
    if span.end <= now:
        raise BadInput("ends_at", "in_the_past", "Waktu itu sudah lewat.", "That time is over.")
    if span.end - span.start > LONGEST_ABSENCE:
        raise BadInput("ends_at", "far_too_long", "Paling lama setahun.", "At most a year.")
    _bump(operator, version)
    absence = Absence.objects.create(
        operator=operator, starts_at=span.start, ends_at=span.end, reason=reason, made_by=actor, made_at=now
    )
    audit(action="add_absence", target=absence, actor=actor, now=now,
          after={"operator": operator.pk, "starts_at": span.start.isoformat(), "ends_at": span.end.isoformat()})  # fmt: skip
    return absence


@in_one_transaction
def remove_absence(*, absence: Absence, actor: User, now: datetime, version: int | None = None) -> None:
    """Take an absence back: the operator can be counted on again, for what is not with somebody else by now.

    Raises `Stale` when the operator's roster was changed since.
    """
    _bump(absence.operator, version)
    audit(action="remove_absence", target=absence, actor=actor, now=now,
          before={"operator": absence.operator_id, "starts_at": absence.starts_at.isoformat(),
                  "ends_at": absence.ends_at.isoformat()})  # fmt: skip
    Absence.objects.filter(pk=absence.pk).delete()


def _checked(facility: Facility, values: Mapping[str, object], *, operator: Operator | None) -> dict[str, object]:
    unknown = sorted(set(values) - set(CHANGEABLE))
    if unknown:
        raise BadInput(unknown[0], "unknown_field", "Isian ini tidak dikenal.", "This field is unknown.")
    found = dict(values)
    if "name" in found:
        found["name"] = " ".join(str(found["name"]).split())
        if not found["name"]:
            raise BadInput("name", "empty", "Tulis namanya.", "Write the name.")
    if "types" in found:
        found["types"] = sorted(set(found["types"]))  # type: ignore[call-overload]
        _check_types(facility, found["types"], operator)  # type: ignore[arg-type]
    if isinstance(found.get("user"), User):
        _check_user(facility, found["user"], operator)  # type: ignore[arg-type]
    return found


def _check_types(facility: Facility, types: Sequence[str], operator: Operator | None) -> None:
    """A type that left the house may stay with who knew it; a new one must be there."""
    known = set(Machine.objects.filter(facility=facility).values_list("type_id", flat=True))
    known |= set(operator.types) if operator else set()
    if not types:
        raise BadInput("types", "no_type", "Pilih sedikitnya satu jenis mesin.", "Choose at least one type of machine.")
    if not known.issuperset(types):
        raise BadInput("types", "unknown_type", "Jenis itu tidak ada di rumah ini.", "This house has no such type.")


def _check_user(facility: Facility, user: User, operator: Operator | None) -> None:
    works_here = Duty.objects.filter(user=user, facility=facility, kind=Duty.Kind.OPERATOR, ended_at__isnull=True)
    if not works_here.exists():
        raise BadInput(
            "user", "no_duty", "Orang ini belum bertugas sebagai operator di sini.", "This person is no operator here."
        )
    others = Operator.objects.filter(facility=facility, user=user, ended_on__isnull=True)
    if operator is not None:
        others = others.exclude(pk=operator.pk)
    if others.exists():
        raise BadInput(
            "user", "linked_already", "Akun ini sudah dipakai operator lain.", "Another operator has this account."
        )


def _bump(operator: Operator, version: int | None, **values: object) -> None:
    """Count a change, if the operator is as its writer saw; None: whatever they saw."""
    rows = Operator.objects.filter(pk=operator.pk, **({} if version is None else {"version": version}))
    if not rows.update(version=F("version") + 1, **values):
        raise Stale
    operator.refresh_from_db()


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value.pk if isinstance(value, User) else value for name, value in values.items()}
