"""What a house knows of who asks: facts for the rules, read only as far as a house's rules look at them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Value

from bookings.decision import Party, Request, Rules
from bookings.lifecycle import APPROVED, CANCELLED, CHECKED_IN, COMPLETED, NO_SHOW, REQUESTED
from bookings.models import BookedMachine, Booking, Document, Producer, Qualification
from bookings.rules.base import Lesson, Paper
from facilities.distances import straight_km
from facilities.hours import local_date, local_day
from facilities.models import Facility, Machine
from facilities.row_texts import RowsOf, instant
from facilities.spans import Span

REMEMBERED = timedelta(days=365)
LONGEST = timedelta(days=31)  # no booking is longer (reserving.AT_MOST)
COUNTED = (REQUESTED, APPROVED, CHECKED_IN, COMPLETED)
OPEN = (REQUESTED, APPROVED, CHECKED_IN)
COUNTING = (
    "weekly_quota", "peak_seasons", "cooperative_quota", "open_bookings", "manual_after", "pause_after",
    "documents_required", "reserved_share",
)  # fmt: skip
"""Settings whose rules look at the bookings of the producer or their cooperative."""


@dataclass(frozen=True, slots=True)
class Past:
    """One booking of the family, as far as rules look at it."""

    pk: int
    producer: int
    status: str
    starts_at: datetime
    minutes: int
    is_late_cancel: bool
    ended_at: datetime | None
    is_trial: bool


def party_of(
    producer: Producer,
    machine: Machine,
    request: Request,
    rules: Rules,
    *,
    now: datetime,
    moving: int | None = None,
    thorough: bool = False,
) -> Party:
    """Return what the machine's house knows of a producer around a request. At most one statement.

    The bookings of the producer and their cooperative at this house, documents and lessons, and the day's share:
    each only where the house has a rule about it. A `thorough` answer reads documents in any case, for what is
    only a warning.
    """
    wanted = {
        PAST: _history(producer, machine, request, rules, now) if counts_bookings(rules) else None,
        PAPERS: _papers(producer) if thorough or rules.policy.get("documents_required") else None,
        LESSONS: _lessons(producer, machine) if teaches(rules) else None,
        SHARED: _shared(machine, request, rules, moving) if rules.policy.get("reserved_share") else None,
    }
    told = _told({what: rows for what, rows in wanted.items() if rows is not None})
    return party_from(
        producer,
        machine.facility,
        request,
        rules,
        [one for one in map(_past, told[PAST]) if one.pk != moving],
        papers=[Paper(kind, number, _day(until), bool(seen)) for kind, number, until, seen in told[PAPERS]],
        lessons=[Lesson(code or "", _day(until)) for code, until in told[LESSONS]],
        shared_minutes=sum(_minutes_between(start, end) for start, end in told[SHARED]),
    )


PAST, PAPERS, LESSONS, SHARED = "past", "papers", "lessons", "shared"


def _told(wanted: Mapping[str, QuerySet[Any]]) -> Mapping[str, list[list[Any]]]:
    """Return the rows of each kind, in one statement; none of what is not wanted."""
    found: dict[str, list[list[Any]]] = {PAST: [], PAPERS: [], LESSONS: [], SHARED: []}
    if wanted:
        first, *others = (
            rows.order_by().values_list(Value(what)).annotate(rows=RowsOf(*COLUMNS[what]))
            for what, rows in wanted.items()
        )
        found |= {what: json.loads(text or "[]") for what, text in first.union(*others, all=True)}
    return found


COLUMNS: Mapping[str, tuple[Any, ...]] = {
    PAST: ("pk", "producer_id", "status", "starts_at", "ends_at", "is_late_cancel", "ended_at", "is_trial"),
    PAPERS: ("kind", "number", "expires_on", Q(verified_at__isnull=False)),
    LESSONS: ("type_id", "expires_on"),
    SHARED: ("booking__starts_at", "booking__ends_at"),
}


def _past(row: Sequence[Any]) -> Past:
    pk, owner, status, starts_at, ends_at, late, ended_at, trial = row
    ended = instant(ended_at) if ended_at else None
    minutes = _minutes_between(starts_at, ends_at)
    return Past(pk, owner, status, instant(starts_at), minutes, bool(late), ended, bool(trial))


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _minutes_between(start: str, end: str) -> int:
    return int((instant(end) - instant(start)).total_seconds() // 60)


def party_from(
    producer: Producer,
    house: Facility,
    request: Request,
    rules: Rules,
    history: Sequence[Past],
    *,
    papers: Sequence[Paper] = (),
    lessons: Sequence[Lesson] = (),
    shared_minutes: int = 0,
) -> Party:
    """Return what these facts come to: `history` is of the producer and their cooperative at the house. Reads nothing.

    Where no rule counts bookings, nobody is a newcomer and nothing was used.
    """
    own = [one for one in history if one.producer == producer.pk]
    week = week_of(request, rules)
    return Party(
        is_verified=producer.is_verified,
        is_newcomer=counts_bookings(rules) and not any(one.status == COMPLETED for one in own),
        distance=straight_km(producer.district.latitude, producer.district.longitude, house.latitude, house.longitude),
        week_minutes=_minutes(own, week),
        family_minutes=_minutes(history, week) if counts_bookings(rules) and family_of(producer) else None,
        open_bookings=sum(one.status in OPEN for one in own),
        no_shows=[one.starts_at for one in own if one.status == NO_SHOW],
        late_cancels=[one.ended_at or one.starts_at for one in own if one.status == CANCELLED and one.is_late_cancel],
        papers=papers,
        lessons=lessons,
        trials=sum(one.is_trial and one.status in COUNTED for one in own),
        shared_minutes=shared_minutes,
    )


def family_of(producer: Producer) -> int | None:
    """Return the cooperative whose quota a producer shares: the one it belongs to, or itself; None outside one."""
    return producer.cooperative_id or (producer.pk if producer.kind == Producer.Kind.COOPERATIVE else None)


def counts_bookings(rules: Rules) -> bool:
    """Return whether any rule of the machine counts what its producer booked before."""
    return any(rules.policy.get(name) for name in COUNTING)


def _history(producer: Producer, machine: Machine, request: Request, rules: Rules, now: datetime) -> QuerySet[Booking]:
    """Return the family's bookings at this house that any rule may count."""
    who = Q(producer=producer.pk)
    head = producer.cooperative_id
    if head is not None:
        who |= Q(producer=head) | Q(producer__cooperative=head)
    elif producer.kind == Producer.Kind.COOPERATIVE:
        who |= Q(producer__cooperative=producer.pk)
    week = week_of(request, rules)
    recent = Q(starts_at__gte=now - REMEMBERED) | Q(starts_at__lt=week.end, ends_at__gt=week.start)
    return Booking.objects.filter(who, recent, facility=machine.facility_id, status__in=(*COUNTED, NO_SHOW, CANCELLED))


def week_of(request: Request, rules: Rules) -> Span:
    """Return the house's week, Monday to Sunday, in which a request starts."""
    day = local_date(request.start, rules.zone)
    monday = day - timedelta(days=day.weekday())
    first, last = local_day(monday, rules.zone), local_day(monday + timedelta(days=6), rules.zone)
    return Span(first.start, last.end)


def _minutes(bookings: Iterable[Past], week: Span) -> int:
    return sum(one.minutes for one in bookings if one.status in COUNTED and week.contains(one.starts_at))


def teaches(rules: Rules) -> bool:
    """Return whether any rule of the machine asks what the producer's people were taught."""
    return bool(rules.policy.get("induction_required") or rules.policy.get("qualification_required"))


def _papers(producer: Producer) -> QuerySet[Document]:
    return Document.objects.filter(producer=producer, withdrawn_at__isnull=True)


def _lessons(producer: Producer, machine: Machine) -> QuerySet[Qualification]:
    """Return a producer's lessons: this house's induction, and types taught anywhere."""
    here = Q(type__isnull=False) | Q(facility=machine.facility_id)
    return Qualification.objects.filter(here, producer=producer, withdrawn_at__isnull=True)


def _shared(machine: Machine, request: Request, rules: Rules, moving: int | None) -> QuerySet[BookedMachine]:
    """Return what of the machine's day is held by others than newcomers and far districts."""
    day = local_day(local_date(request.start, rules.zone), rules.zone)
    # By the machine's own index: by status it would read the house's whole past.
    return BookedMachine.objects.filter(
        machine=machine, starts_at__lt=day.end, starts_at__gt=day.start - LONGEST, ends_at__gt=day.start,
        booking__status__in=COUNTED, booking__is_in_reserve=False,
    ).exclude(booking=moving)  # fmt: skip
