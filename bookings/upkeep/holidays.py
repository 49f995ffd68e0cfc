"""When a holiday comes, moves or goes: which bookings stand in its way, and what becomes of them.

An estimate pushes nobody aside: whoever has booked keeps the time until a decree sets the day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from accounts.models import User
from bookings.models import BookedMachine
from bookings.trail.lifecycle import APPROVED, CHECKED_IN, REQUESTED
from bookings.upkeep.services import Affected, make_room
from facilities.errors import Reason
from facilities.models import Closure, Facility, Machine, WorkedHoliday
from facilities.occupancy.timetables import closures_of, without_days
from facilities.occupancy.writing import lock
from facilities.setup import holidays, houses
from facilities.time.spans import Span
from facilities.transactions import in_one_transaction

Spans = dict[int, list[Span]]


@in_one_transaction
def set_holiday(*, draft: Closure, actor: User, now: datetime, version: int = 0, seen: Collection[str] = ()) -> Closure:
    """Write or change a holiday, and displace the bookings under its new days, each with a message.

    `seen` are the references the province was shown; any other refuses with `bookings_affected`. Raises `BadInput`, `Stale`.
    """
    lock(Machine.objects.values_list("pk", flat=True))
    days = _new_days(draft)
    holiday = holidays.set_holiday(draft=draft, actor=actor, now=now, version=version)
    _make_room(_spans(days, Facility.objects.all()), holiday, actor=actor, now=now, seen=seen)
    return holiday


@in_one_transaction
def rest_on(
    *, facility: Facility, on: date, actor: User, now: datetime, version: int, seen: Collection[str] = ()
) -> None:
    """Keep a holiday again that a house had worked on, and displace its bookings of that day. Raises as `set_holiday`."""
    lock(facility.machines.values_list("pk", flat=True))
    holidays.rest_on(facility=facility, on=on, actor=actor, now=now, version=version)
    for holiday in Closure.objects.filter(facility__isnull=True, first_on__lte=on, last_on__gte=on):
        draft = Closure(first_on=on, last_on=on, kind=holiday.kind, reason=holiday.reason)
        spans = _spans([draft], [facility])
        _make_room({} if holiday.is_estimate else spans, holiday, actor=actor, now=now, seen=seen)


def under_holiday(draft: Closure, *, facilities: Iterable[Facility] | None = None) -> list[BookedMachine]:
    """Return the parts of bookings under the days that a holiday, as it would be, shuts anew; in order of time."""
    return _under(_spans(_new_days(draft), Facility.objects.all() if facilities is None else facilities))


def _new_days(draft: Closure) -> list[Closure]:
    """Return the days a draft shuts that the holiday it changes did not shut for certain."""
    if draft.is_estimate or draft.last_on < draft.first_on:
        return []
    old = Closure.objects.filter(pk=draft.pk, is_estimate=False, kind=draft.kind).first() if draft.pk else None
    length = (old.last_on - old.first_on).days + 1 if old else 0
    return list(without_days(draft, {old.first_on + timedelta(days=n) for n in range(length)} if old else ()))


def _spans(days: Iterable[Closure], facilities: Iterable[Facility]) -> Spans:
    """Return by house when it would be shut on these days."""
    worked: dict[int, set[date]] = defaultdict(set)
    for pk, day in WorkedHoliday.objects.values_list("facility_id", "on"):
        worked[pk].add(day)
    days = list(days)
    return {
        house.pk: [
            span for one in closures_of(house, days, worked[house.pk]) for span in houses.closed_spans(one, house)
        ]
        for house in facilities
    }


def _under(spans: Spans) -> list[BookedMachine]:
    whole = [span for some in spans.values() for span in some]
    if not whole:
        return []
    rows = BookedMachine.objects.filter(
        machine__facility__in=[pk for pk, some in spans.items() if some],
        occupancy__starts_at__lt=max(span.end for span in whole),
        occupancy__ends_at__gt=min(span.start for span in whole),
        booking__status__in=[REQUESTED, APPROVED, CHECKED_IN],
    ).select_related("booking__producer", "booking__facility", "machine__facility", "occupancy")
    return [row for row in rows.order_by("starts_at", "pk") if _hit(row, spans[row.machine.facility_id])]


def _hit(part: BookedMachine, spans: Iterable[Span]) -> bool:
    held = part.occupancy
    return held is not None and any(Span(held.starts_at, held.ends_at).overlaps(span) for span in spans)


def _make_room(spans: Spans, holiday: Closure, *, actor: User, now: datetime, seen: Collection[str]) -> None:
    parts = _under(spans)
    references = sorted({part.booking.reference for part in parts})
    if set(references) - set(seen):
        raise Affected(Reason(
            "bookings_affected",
            id=f"{len(references)} pesanan terkena. Lihat dulu siapa, lalu simpan dan kabari mereka.",
            en=f"{len(references)} bookings are affected. See whose first, then save and tell them.",
            values={"bookings": references},
            overridable=True,
        ), parts)  # fmt: skip
    machines = {part.machine_id: part.machine for part in parts}
    for pk, machine in machines.items():
        for span in spans[machine.facility_id]:
            if any(part.machine_id == pk and _hit(part, [span]) for part in parts):
                make_room([machine], span, actor=actor, now=now, displace=True, why="holiday", words=holiday.reason)
