"""Maintenance and breakdowns of one machine, which the caller has locked and emptied."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.db.models import F

from accounts.models import User
from facilities.audit import audit, mark_months
from facilities.errors import BadInput, Reason, Refusal, WrongState, check_version
from facilities.models import Breakdown, Machine, Maintenance, Occupancy, StopCorrection
from facilities.occupancy.writing import block, lock, reshape, vacate
from facilities.past import keep_the_past
from facilities.time.hours import local_date
from facilities.time.spans import Span
from facilities.transactions import in_one_transaction

ALREADY_BROKEN = Reason(
    "already_broken",
    id="Mesin ini sudah tercatat rusak. Tutup dulu laporan yang ada.",
    en="This machine is already reported broken. Close that report first.",
)


def schedule_maintenance(*, machine: Machine, span: Span, title: str, actor: User, now: datetime) -> Maintenance:
    """Take the time for planned work; raises `Refusal` (`taken`) if anything still holds it.

    Raises as `keep_the_past` for days that are over: planned work is not available time.
    """
    house = machine.facility
    keep_the_past("starts_at", local_date(span.start, house.zone), facility=house, actor=actor, now=now)
    occupancy = block(machine, span, Occupancy.Kind.MAINTENANCE)
    work = Maintenance.objects.create(
        machine=machine,
        occupancy=occupancy,
        starts_at=span.start,
        ends_at=span.end,
        title=title,
        made_by=actor,
        changed_at=now,
    )
    _mark(machine, span)
    audit(action="schedule_maintenance", target=work, actor=actor, now=now, after=_span(span) | {"title": title})
    return work


@in_one_transaction
def cancel_maintenance(*, maintenance_id: int, actor: User, now: datetime, version: int | None = None) -> Maintenance:
    """Call planned work off, or end it early: what is left of its time is free at once. Raises `Stale`, `WrongState`."""
    lock([Maintenance.objects.get(pk=maintenance_id).machine_id])
    work = Maintenance.objects.select_related("machine__facility", "occupancy").get(pk=maintenance_id)
    check_version(work, version)
    changed = Maintenance.objects.filter(pk=work.pk, cancelled_at__isnull=True, ends_at__gt=now)
    if work.starts_at < now:
        done = changed.update(ends_at=now, **_changed(now))
        if done and work.occupancy is not None:
            reshape(work.occupancy.pk, Span(work.starts_at, now), machine=work.machine)
    else:
        done = changed.update(cancelled_at=now, occupancy=None, **_changed(now))
        vacate([work.occupancy_id])
    if not done:
        raise WrongState(action="cancel_maintenance", status="ended")
    _mark(work.machine, Span(work.starts_at, work.ends_at))
    audit(action="cancel_maintenance", target=work, actor=actor, now=now)
    work.refresh_from_db()
    return work


def report_breakdown(*, machine: Machine, span: Span, reason: str, actor: User, now: datetime) -> Breakdown:
    """Open a breakdown and take the time up to the expected repair, as far as it is free.

    Raises `Refusal` with `already_broken` when one is open.
    """
    if Breakdown.objects.filter(machine=machine, closed_at__isnull=True).exists():
        raise Refusal([ALREADY_BROKEN])
    in_the_way = machine.occupancies.filter(starts_at__lt=span.end, ends_at__gt=span.start)
    following = in_the_way.exclude(cleaning_from__lte=span.start).order_by("starts_at").first()
    held = span if following is None else _before(following.starts_at, span)
    try:
        stop = Breakdown.objects.create(
            machine=machine,
            occupancy=block(machine, held, Occupancy.Kind.BREAKDOWN) if held else None,
            started_at=span.start,
            expected_until=span.end,
            reason=reason,
            reported_by=actor,
            changed_at=now,
        )
    except IntegrityError as error:
        raise Refusal([ALREADY_BROKEN]) from error
    _mark(machine, span)
    audit(action="report_breakdown", target=stop, actor=actor, now=now, after=_span(span) | {"reason": reason})
    return stop


@in_one_transaction
def close_breakdown(*, breakdown_id: int, repair: str, actor: User, now: datetime) -> Breakdown:
    """Say that the machine runs again: the rest of the held time is free at once. Raises `WrongState`."""
    stop = Breakdown.objects.select_related("machine__facility", "occupancy").get(pk=breakdown_id)
    closed_at = max(now, stop.started_at + timedelta(minutes=1))
    still_open = Breakdown.objects.filter(pk=stop.pk, closed_at__isnull=True)
    if not still_open.update(closed_at=closed_at, repair=repair, **_changed(now)):
        raise WrongState(action="close_breakdown", status="closed")
    held = stop.occupancy
    if held is not None and closed_at < held.ends_at:
        reshape(held.pk, Span(held.starts_at, closed_at), machine=stop.machine)
    _mark(stop.machine, Span(stop.started_at, closed_at))
    audit(action="close_breakdown", target=stop, actor=actor, now=now, after={"repair": repair})
    stop.refresh_from_db()
    return stop


@in_one_transaction
def correct_breakdown(
    *,
    breakdown_id: int,
    values: Mapping[str, Any],
    reason: str,
    actor: User,
    now: datetime,
    version: int | None = None,
) -> list[StopCorrection]:
    """Change what was reported of a breakdown (`CORRECTABLE`), keeping every old value, who changed it, and why.

    Only the record and the sums change: the time it held is over, or is held until it is closed. Raises `Stale`, and
    `BadInput` for an order of instants that cannot be, for times to come, and for a second stop at the same time.
    """
    lock([Breakdown.objects.get(pk=breakdown_id).machine_id])
    stop = Breakdown.objects.select_related("machine__facility").get(pk=breakdown_id)
    check_version(stop, version)
    changed = {name: values[name] for name in CORRECTABLE if name in values and values[name] != getattr(stop, name)}
    old = {name: getattr(stop, name) for name in changed}
    before = Span(stop.started_at, stop.closed_at or now)
    for name, value in changed.items():
        setattr(stop, name, value)
    _check_stop(stop, was_open="closed_at" in old and old["closed_at"] is None, now=now)
    Breakdown.objects.filter(pk=stop.pk).update(**_changed(now), **changed)
    _mark(stop.machine, before)
    _mark(stop.machine, Span(stop.started_at, stop.closed_at or now))
    audit(action="correct_breakdown", target=stop, actor=actor, now=now, reason=reason,
          before={name: _text(value) for name, value in old.items()},
          after={name: _text(value) for name, value in changed.items()})  # fmt: skip
    return StopCorrection.objects.bulk_create(
        StopCorrection(breakdown=stop, field=name, old=_text(old[name]), new=_text(value), reason=reason,
                       made_by=actor, made_at=now)
        for name, value in changed.items()
    )  # fmt: skip


CORRECTABLE = ("started_at", "closed_at", "reason", "repair")
"""What of a breakdown can be corrected."""


def _check_stop(stop: Breakdown, *, was_open: bool, now: datetime) -> None:
    """Raise `BadInput` for a breakdown that cannot have been."""
    if was_open:
        raise BadInput("closed_at", "still_open", "Kerusakan ini belum ditutup. Tutup dulu.", "Close this breakdown first.")
    end = stop.closed_at or now
    if stop.started_at >= end or stop.started_at >= stop.expected_until:
        raise BadInput("started_at", "ends_before_it_starts", "Jam mulai harus sebelum jam siap.",
                       "It must start before it is repaired.")  # fmt: skip
    if end > now:
        raise BadInput("closed_at", "in_the_future", "Jam siap belum lewat.", "The repair is in the future.")
    others = Breakdown.objects.filter(machine=stop.machine_id, started_at__lt=end).exclude(pk=stop.pk)
    if others.exclude(closed_at__lte=stop.started_at).exists():
        raise BadInput("started_at", "two_stops_at_once", "Mesin ini sudah tercatat rusak pada jam itu.",
                       "This machine is already recorded as broken at that time.")  # fmt: skip


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else "" if value is None else str(value)


def _changed(now: datetime) -> dict[str, object]:
    """Return what every change of a stop writes beside what it changes."""
    return {"version": F("version") + 1, "changed_at": now}


def _before(instant: datetime, span: Span) -> Span | None:
    """Return the part of `span` before an instant, or None."""
    return Span(span.start, min(instant, span.end)) if instant > span.start else None


def _mark(machine: Machine, span: Span) -> None:
    zone = machine.facility.zone
    mark_months([machine], local_date(span.start, zone), local_date(span.end, zone))


def _span(span: Span) -> dict[str, object]:
    return {"starts_at": span.start.isoformat(), "ends_at": span.end.isoformat()}
