"""Adding machines, changing what they do and cost, and taking them out of service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db.models import F

from accounts.models import User
from facilities.audit import audit, mark_months
from facilities.errors import BadInput, Reason, Refusal, Stale
from facilities.models import Facility, Machine, MachineType, Occupancy, Tariff
from facilities.occupancy.writing import lock
from facilities.past import keep_the_past
from facilities.setup.abilities import Ability, write_abilities
from facilities.time.hours import local_date, local_day
from facilities.transactions import in_one_transaction

CHANGEABLE = ("name", "setup", "cleaning", "operator_level", "asset_code", "register_number", "note")
"""Not the line: what a machine touched once cannot be undone by a form."""


@in_one_transaction
def add_machine(
    *,
    facility: Facility,
    type: MachineType,
    line: str,
    values: Mapping[str, object],
    abilities: Iterable[Ability],
    in_service_from: date,
    actor: User,
    now: datetime,
    confirmed: str = "",
) -> Machine:
    """Put a machine into a house. `values` are the `CHANGEABLE` fields. Raises `BadInput`, and as `keep_the_past`.

    The slug is `<house>-<type>-<number>` with the first number that was never used.
    """
    _check_fields(values)
    keep_the_past("in_service_from", in_service_from, facility=facility, actor=actor, now=now, confirmed=confirmed)
    Facility.objects.select_for_update(no_key=True).get(pk=facility.pk)
    machine = Machine.objects.create(
        facility=facility,
        type=type,
        slug=_free_slug(facility, type),
        line=line,
        in_service_from=in_service_from,
        **values,
    )
    write_abilities(machine, abilities)
    audit(action="add_machine", target=machine, actor=actor, now=now, after={**_plain(values), "line": line})
    mark_months([machine], min(in_service_from, local_date(now, facility.zone)), local_date(now, facility.zone))
    return machine


@in_one_transaction
def change_machine(
    *, machine: Machine, changes: Mapping[str, object], actor: User, now: datetime, version: int | None = None
) -> Machine:
    """Change a machine's `CHANGEABLE` fields; bookings made before keep their setup and cleaning.

    Raises `Stale` when somebody was faster, `BadInput` for an unknown field.
    """
    _check_fields(changes)
    before = {name: getattr(machine, name) for name in changes}
    seen = machine.version if version is None else version
    if not Machine.objects.filter(pk=machine.pk, version=seen).update(version=F("version") + 1, **changes):
        raise Stale
    audit(action="change_machine", target=machine, actor=actor, now=now, before=_plain(before), after=_plain(changes))
    machine.refresh_from_db()
    return machine


@in_one_transaction
def set_tariff(
    *,
    machine: Machine,
    unit: str,
    amount: int,
    legal_basis: str,
    valid_from: date,
    actor: User,
    now: datetime,
    reason: str = "",
    confirmed: str = "",
) -> Tariff:
    """Decree a price from a day on (rupiah per unit); the one before it ends by that. Bookings keep their price.

    Of a day the newest counts: the earlier is kept, with who corrected it and the `reason`, without which it raises
    `BadInput`. The same again changes nothing. Past prices stay: raises as `keep_the_past`.
    """
    (locked,) = lock([machine.pk])
    keep_the_past("valid_from", valid_from, facility=locked.facility, actor=actor, now=now, confirmed=confirmed)
    terms = {"unit": unit, "amount": 0 if unit == Tariff.Unit.FREE else amount, "legal_basis": legal_basis}
    old = locked.tariffs.filter(valid_from=valid_from, corrected_at__isnull=True).first()
    before = {name: getattr(old, name) for name in terms} if old else {}
    if old is not None and before == terms:
        return old
    if old is not None and not reason:
        raise BadInput("reason", "tariff_that_day",
                       "Tarif mulai tanggal itu sudah ada. Tulis kenapa diganti; yang lama tetap tercatat.",
                       "A tariff starts on that day already. Write why it is replaced; the old one stays on file.")  # fmt: skip
    if old is not None:
        Tariff.objects.filter(pk=old.pk).update(corrected_at=now, corrected_by=actor, reason=reason)
    tariff = Tariff.objects.create(machine=locked, valid_from=valid_from, **terms)
    audit(action="correct_tariff" if old else "set_tariff", target=tariff, actor=actor, now=now, before=before,
          after={**terms, "valid_from": valid_from.isoformat()}, reason=reason)  # fmt: skip
    return tariff


@in_one_transaction
def retire(*, machine: Machine, retired_on: date, actor: User, now: datetime, confirmed: str = "") -> Machine:
    """Take a machine out of service from a day on; its history stays.

    Raises `Refusal` (`bookings_affected`) while somebody holds time on it from that day, and as `keep_the_past`.
    """
    (locked,) = lock([machine.pk])
    begins = min(retired_on, locked.retired_on or retired_on)  # what was out of service already stays so
    keep_the_past("retired_on", begins, facility=locked.facility, actor=actor, now=now, confirmed=confirmed)
    start = local_day(retired_on, locked.facility.zone).start
    held = Occupancy.objects.filter(machine=locked, ends_at__gt=start, kind=Occupancy.Kind.BOOKING).count()
    if held:
        raise Refusal([_still_held(held)])
    Machine.objects.filter(pk=machine.pk).update(retired_on=retired_on, version=F("version") + 1)
    audit(action="retire", target=machine, actor=actor, now=now, after={"retired_on": retired_on.isoformat()})
    today = local_date(now, locked.facility.zone)
    mark_months([locked], min(retired_on, today), max(retired_on, today))
    machine.refresh_from_db()
    return machine


@in_one_transaction
def return_to_service(*, machine: Machine, actor: User, now: datetime, confirmed: str = "") -> Machine:
    """Take a retirement back. Raises as `keep_the_past` for one that has begun: the days since would count anew."""
    if machine.retired_on is not None:
        keep_the_past("retired_on", machine.retired_on, facility=machine.facility, actor=actor, now=now,
                      confirmed=confirmed)  # fmt: skip
    before = {"retired_on": machine.retired_on.isoformat() if machine.retired_on else None}
    Machine.objects.filter(pk=machine.pk).update(retired_on=None, version=F("version") + 1)
    audit(action="return_to_service", target=machine, actor=actor, now=now, before=before)
    today = local_date(now, machine.facility.zone)
    mark_months([machine], min(machine.retired_on or today, today), today)
    machine.refresh_from_db()
    return machine


def _still_held(count: int) -> Reason:
    return Reason(
        "bookings_affected",
        id=f"Masih ada {count} pesanan sesudah tanggal itu. Pindahkan atau batalkan dulu.",
        en=f"{count} bookings hold time after that day. Move or call them off first.",
        values={"count": count},
    )


def _check_fields(values: Mapping[str, object]) -> None:
    unknown = sorted(set(values) - set(CHANGEABLE))
    if unknown:
        raise BadInput(unknown[0], "unknown_field", "Isian ini tidak dikenal.", "This field is unknown.")


def _free_slug(facility: Facility, type: MachineType) -> str:
    stem = f"{facility.slug}-{type.slug}-"
    used = set(Machine.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(slug for number in range(1, len(used) + 2) if (slug := f"{stem}{number}") not in used)


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
