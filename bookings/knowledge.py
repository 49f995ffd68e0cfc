"""What a house knows of who asks: facts for the rules, read only as far as a house's rules look at them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import BooleanField, CharField, ExpressionWrapper, Q, Value
from django.db.models.functions import Coalesce

from bookings.decision import Party, Request, Rules
from bookings.lifecycle import APPROVED, CANCELLED, CHECKED_IN, COMPLETED, NO_SHOW, REQUESTED
from bookings.models import Booking, Document, Producer, Qualification
from bookings.rules.base import Lesson, Paper
from facilities.distances import straight_km
from facilities.hours import local_date, local_day
from facilities.models import Facility, Machine
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
    """Return what the machine's house knows of a producer around a request. At most three statements.

    One for the bookings of the producer and their cooperative at this house, one for documents and lessons, and one
    for the day's share: only where the house has a rule about them. A `thorough` answer reads documents in any
    case, for what is only a warning.
    """
    counting = counts_bookings(rules)
    history = _history(producer, machine, request, rules, now) if counting else ()
    asks_for_papers = thorough or bool(rules.policy.get("documents_required"))
    papers, lessons = _on_file(producer, machine, papers=asks_for_papers, lessons=teaches(rules))
    return party_from(
        producer,
        machine.facility,
        request,
        rules,
        [one for one in history if one.pk != moving],
        papers=papers,
        lessons=lessons,
        shared_minutes=_shared(machine, request, rules, moving) if rules.policy.get("reserved_share") else 0,
    )


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


def _history(producer: Producer, machine: Machine, request: Request, rules: Rules, now: datetime) -> Iterable[Past]:
    """Yield the family's bookings at this house that any rule may count, in one statement."""
    who = Q(producer=producer.pk)
    head = producer.cooperative_id
    if head is not None:
        who |= Q(producer=head) | Q(producer__cooperative=head)
    elif producer.kind == Producer.Kind.COOPERATIVE:
        who |= Q(producer__cooperative=producer.pk)
    week = week_of(request, rules)
    recent = Q(starts_at__gte=now - REMEMBERED) | Q(starts_at__lt=week.end, ends_at__gt=week.start)
    rows = Booking.objects.filter(who, recent, facility=machine.facility_id, status__in=(*COUNTED, NO_SHOW, CANCELLED))
    columns = ("pk", "producer_id", "status", "starts_at", "ends_at", "is_late_cancel", "ended_at", "is_trial")
    for pk, owner, status, starts_at, ends_at, late, ended_at, trial in rows.order_by().values_list(*columns):
        minutes = int((ends_at - starts_at).total_seconds() // 60)
        yield Past(pk, owner, status, starts_at, minutes, late, ended_at, trial)


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


def _on_file(
    producer: Producer, machine: Machine, *, papers: bool, lessons: bool
) -> tuple[list[Paper], list[Lesson]]:
    """Return a producer's documents, and their lessons: this house's induction, and types taught anywhere.

    As far as each is asked for, and both in one statement.
    """
    written = Document.objects.filter(producer=producer, withdrawn_at__isnull=True).order_by()
    taught = Qualification.objects.filter(
        Q(type__isnull=False) | Q(facility=machine.facility_id), producer=producer, withdrawn_at__isnull=True
    ).order_by()
    seen = ExpressionWrapper(Q(verified_at__isnull=False), BooleanField())
    of_paper = written.values_list(Value("paper"), "kind", "number", "expires_on", seen)
    of_lesson = taught.values_list(
        Value("lesson"), Coalesce("type_id", Value("")), Value("", CharField()), "expires_on", Value(True)
    )
    rows = of_paper.union(of_lesson, all=True) if papers and lessons else of_paper if papers else of_lesson
    found = list(rows) if papers or lessons else []
    return (
        [Paper(kind, number, until, bool(checked)) for what, kind, number, until, checked in found if what == "paper"],
        [Lesson(code, until) for what, code, _number, until, _checked in found if what == "lesson"],
    )


def _shared(machine: Machine, request: Request, rules: Rules, moving: int | None) -> int:
    """Return the minutes of the machine's day that are held by others than newcomers and far districts."""
    day = local_day(local_date(request.start, rules.zone), rules.zone)
    # By the machine's own index: by status it would read the house's whole past.
    rows = machine.booked.filter(
        starts_at__lt=day.end, starts_at__gt=day.start - LONGEST, ends_at__gt=day.start,
        booking__status__in=COUNTED, booking__is_in_reserve=False,
    )  # fmt: skip
    spans = rows.exclude(booking=moving).values_list("booking__starts_at", "booking__ends_at")
    return sum(int((end - start).total_seconds() // 60) for start, end in spans)
