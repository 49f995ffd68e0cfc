"""What a house knows of who asks: facts for the rules, read only as far as a house's rules look at them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Value

from bookings.models import BookedMachine, Booking, Document, Producer, Qualification
from bookings.rules.base import Elsewhere, FiledDocument, Lesson
from bookings.rules.decision import Party, Request, Rules
from bookings.trail.lifecycle import APPROVED, CANCELLED, CHECKED_IN, COMPLETED, NO_SHOW, REQUESTED
from facilities.database.row_texts import RowsOf, instant
from facilities.models import Facility, Machine
from facilities.region.distances import straight_km
from facilities.region.places import Place
from facilities.time.hours import local_date, local_day
from facilities.time.spans import Span

REMEMBERED = timedelta(days=365)
DAY = timedelta(days=1)
LONGEST = timedelta(days=31)  # no booking is longer (ordering.services.AT_MOST)
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
    """Return what the machine's house knows of a producer around one request. At most one statement."""
    known = Known(producer, [(machine, request, rules)], now, moving=moving, thorough=thorough)
    return known.party(machine, request, rules)


class Known:
    """What houses know of one producer, for asking about one time or many. One statement at most.

    The bookings of the producer and their cooperative at these houses, documents and lessons, and the share of the
    days asked for: each only where a house has a rule about it. `moving` is a booking that counts as not there. A
    `thorough` answer also reads what only warns: documents in any case, and what is held on other machines.
    """

    def __init__(
        self,
        producer: Producer,
        asked: Iterable[tuple[Machine | Place, Request, Rules]],
        now: datetime,
        *,
        moving: int | None = None,
        thorough: bool = False,
    ) -> None:
        self._producer = producer
        asked = list(asked)
        rules, houses = [one for _place, _request, one in asked], {place.facility_id for place, *_ in asked}
        counted = _booked_by(producer).filter(facility__in=houses, starts_at__gte=now - REMEMBERED).exclude(pk=moving)
        reserving = [(place, request) for place, request, one in asked if one.policy.get("reserved_share")]
        documented = thorough or any(one.policy.get("documents_required") for one in rules)
        wanted = {
            PAST: counted if any(map(counts_bookings, rules)) else None,
            DOCUMENTS: _documents(producer) if documented else None,
            LESSONS: _lessons(producer, houses) if any(map(teaches, rules)) else None,
            SHARED: _held_by_others(reserving).exclude(booking=moving) if reserving else None,
            ELSEWHERE: _held_by(producer, asked).exclude(booking=moving) if thorough else None,
        }
        told = _told({what: rows for what, rows in wanted.items() if rows is not None})
        self._past: dict[int, list[Past]] = defaultdict(list)
        for row in told[PAST]:
            self._past[row[-1]].append(_past(row))
        self._documents = [_document(row) for row in told[DOCUMENTS]]
        self._lessons = [(None if row[0] else row[-1], _lesson(row)) for row in told[LESSONS]]
        self._shared: dict[int, list[tuple[Span, int]]] = defaultdict(list)
        for start, end, machine, held_from, held_until in told[SHARED]:
            held = Span(instant(held_from), instant(held_until))
            self._shared[machine].append((held, _minutes_between(start, end)))
        self._elsewhere = [(row[0], _elsewhere(row)) for row in told[ELSEWHERE]]

    def party(
        self, place: Machine | Place, request: Request, rules: Rules, *, before: Iterable[Request] = ()
    ) -> Party:
        """Return what a machine's house knows around a request, as if those `before` were booked there."""
        planned = [
            Past(0, self._producer.pk, REQUESTED, one.start, one.minutes, False, None, False) for one in before
        ]
        house, day = place.facility_id, _day_of(request, rules)
        return party_from(
            self._producer,
            place.facility,
            request,
            rules,
            [*self._past[house], *planned],
            documents=self._documents,
            lessons=[lesson for at, lesson in self._lessons if at in (None, house)],
            shared_minutes=sum(minutes for held, minutes in self._shared[place.pk] if held.overlaps(day)),
            elsewhere=[one for machine, one in self._elsewhere if machine != place.pk],
        )


PAST, DOCUMENTS, LESSONS, SHARED, ELSEWHERE = "past", "documents", "lessons", "shared", "elsewhere"


def _told(wanted: Mapping[str, QuerySet[Any]]) -> Mapping[str, list[list[Any]]]:
    """Return the rows of each kind, in one statement; none of what is not wanted."""
    found: dict[str, list[list[Any]]] = {PAST: [], DOCUMENTS: [], LESSONS: [], SHARED: [], ELSEWHERE: []}
    if wanted:
        first, *others = (
            rows.order_by().values_list(Value(what)).annotate(rows=RowsOf(*COLUMNS[what]))
            for what, rows in wanted.items()
        )
        found |= {what: json.loads(text or "[]") for what, text in first.union(*others, all=True)}
    return found


COLUMNS: Mapping[str, tuple[Any, ...]] = {
    PAST: ("pk", "producer_id", "status", "starts_at", "ends_at", "is_late_cancel", "ended_at", "is_trial", "facility_id"),
    DOCUMENTS: ("kind", "number", "expires_on", Q(verified_at__isnull=False)),
    LESSONS: ("type_id", "expires_on", "facility_id"),
    SHARED: ("booking__starts_at", "booking__ends_at", "machine_id", "starts_at", "ends_at"),
    ELSEWHERE: ("machine_id", "machine__name", "starts_at", "ends_at", "booking__reference"),
}


def _past(row: Sequence[Any]) -> Past:
    pk, owner, status, starts_at, ends_at, late, ended_at, trial, _house = row
    ended = instant(ended_at) if ended_at else None
    minutes = _minutes_between(starts_at, ends_at)
    return Past(pk, owner, status, instant(starts_at), minutes, bool(late), ended, bool(trial))


def _document(row: Sequence[Any]) -> FiledDocument:
    kind, number, until, seen = row
    return FiledDocument(kind, number, _day(until), bool(seen))


def _lesson(row: Sequence[Any]) -> Lesson:
    code, until, _house = row
    return Lesson(code or "", _day(until))


def _elsewhere(row: Sequence[Any]) -> Elsewhere:
    _machine, name, start, end, reference = row
    return Elsewhere(name, Span(instant(start), instant(end)), reference)


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
    documents: Sequence[FiledDocument] = (),
    lessons: Sequence[Lesson] = (),
    shared_minutes: int = 0,
    elsewhere: Sequence[Elsewhere] = (),
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
        documents=documents,
        lessons=lessons,
        trials=sum(one.is_trial and one.status in COUNTED for one in own),
        shared_minutes=shared_minutes,
        elsewhere=elsewhere,
    )


def family_of(producer: Producer) -> int | None:
    """Return the cooperative whose quota a producer shares: the one it belongs to, or itself; None outside one."""
    return producer.cooperative_id or (producer.pk if producer.kind == Producer.Kind.COOPERATIVE else None)


def counts_bookings(rules: Rules) -> bool:
    """Return whether any rule of the machine counts what its producer booked before."""
    return any(rules.policy.get(name) for name in COUNTING)


def _booked_by(producer: Producer) -> QuerySet[Booking]:
    """Return what a producer and their cooperative booked, as far as any rule counts it."""
    who = Q(producer=producer.pk)
    head = producer.cooperative_id
    if head is not None:
        who |= Q(producer=head) | Q(producer__cooperative=head)
    elif producer.kind == Producer.Kind.COOPERATIVE:
        who |= Q(producer__cooperative=producer.pk)
    return Booking.objects.filter(who, status__in=(*COUNTED, NO_SHOW, CANCELLED))


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


def _documents(producer: Producer) -> QuerySet[Document]:
    return Document.objects.filter(producer=producer, withdrawn_at__isnull=True)


def _lessons(producer: Producer, houses: Collection[int]) -> QuerySet[Qualification]:
    """Return a producer's lessons: these houses' induction, and types taught anywhere."""
    here = Q(type__isnull=False) | Q(facility__in=houses)
    return Qualification.objects.filter(here, producer=producer, withdrawn_at__isnull=True)


def _held_by(producer: Producer, asked: Sequence[tuple[Machine | Place, Request, Rules]]) -> QuerySet[BookedMachine]:
    """Return what a producer holds from the first run asked for to the last, on whichever machine of whichever house."""
    first, last = min(one.start for _, one, _ in asked), max(one.end for _, one, _ in asked)
    return BookedMachine.objects.filter(
        booking__producer=producer.pk, booking__status__in=OPEN, starts_at__lt=last, ends_at__gt=first
    )


def _day_of(request: Request, rules: Rules) -> Span:
    return local_day(local_date(request.start, rules.zone), rules.zone)


def _held_by_others(asked: Sequence[tuple[Machine | Place, Request]]) -> QuerySet[BookedMachine]:
    """Return what others than newcomers and far districts hold of machines, on all days from the first asked for to the last."""
    days = Span(min(r.start for _place, r in asked) - DAY, max(r.start for _place, r in asked) + DAY)
    return _outside_reserve({place.pk for place, _request in asked}, days)


def _outside_reserve(machines: Collection[int], days: Span) -> QuerySet[BookedMachine]:
    # By the machine's own index: by status it would read the house's whole past.
    return BookedMachine.objects.filter(
        machine__in=machines, starts_at__lt=days.end, starts_at__gt=days.start - LONGEST, ends_at__gt=days.start,
        booking__status__in=COUNTED, booking__is_in_reserve=False,
    )  # fmt: skip
