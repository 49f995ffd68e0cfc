"""Which coming bookings a house's new rules would have refused, or refuse as things stand; people see them before saving.

Every booking is asked again as when it was made: notice and horizon from that moment, quotas and
open bookings in the order of asking. So of three hours too many, only the latest are named. Time
that is taken, and what only a person decides, is left out: those bookings have their answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import Q, prefetch_related_objects

from bookings.models import BookedMachine, Booking, Document, Producer, Qualification
from bookings.rules import RULES
from bookings.rules.base import FiledDocument, Lesson
from bookings.rules.decision import Question, Rule, Rules, Traits
from bookings.rules.party import COUNTED, REMEMBERED, Past, counts_bookings, family_of, party_from, teaches
from bookings.rules.question import request_for, rules_of, traits_of
from bookings.trail.lifecycle import APPROVED, CANCELLED, NO_SHOW, REQUESTED
from facilities.errors import REFUSE, Reason
from facilities.models import Assignment, Facility, Machine
from facilities.occupancy.timetables import opening_times
from facilities.time.calendars import Calendar
from facilities.time.hours import local_day
from facilities.time.limits import Limits
from facilities.time.spans import Span, clipped

Order = tuple[datetime, int]
"""When a booking was made, and its number: who asked first."""
Change = Callable[[Machine], Rules]
HOLIDAYS_KEPT = ("closed_on_holidays", "closed_on_joint_leave")
"""What a house sets that moves its opening hours, not its rules."""
NOBODY = Reason("no_operator", id="Belum ada operator yang ditunjuk.", en="No operator is named for it.", overridable=True)


@dataclass(frozen=True, slots=True)
class Breach:
    """One coming booking and the rules it does not keep, by name and in words."""

    part: BookedMachine
    reasons: tuple[Reason, ...]
    rules: frozenset[str] = frozenset()

    @property
    def booking(self) -> Booking:
        return self.part.booking


@dataclass(slots=True)
class _Known:
    """What the rules may look at, of all who come, read at once. `fits`: also what machines can do, and until when."""

    open: Sequence[Span]
    fits: bool = False
    history: Mapping[int, list[tuple[Order, Past]]] = field(default_factory=dict)
    documents: Mapping[int, list[FiledDocument]] = field(default_factory=dict)
    lessons: Mapping[int, list[Lesson]] = field(default_factory=dict)
    shared: Mapping[tuple[int, date], list[tuple[Order, int]]] = field(default_factory=dict)


def breaches_of_house(house: Facility, changes: Mapping[str, object], *, now: datetime) -> list[Breach]:
    """Return the coming bookings that keep a house's rules and would not keep them changed. At most nine statements."""
    changed = copy(house)
    for name, value in changes.items():
        setattr(changed, name, value)
    return _breaches(house, _coming(house, now), lambda machine: _rules(machine, changed), now=now, changed=changed)


def breaches_of_machine(
    machine: Machine, limits: Mapping[str, object], policy: Mapping[str, object], *, now: datetime
) -> list[Breach]:
    """Return the same for one machine that gets exactly these rules of its own."""
    changed = copy(machine)
    for name in (*Limits.NAMES, "policy"):
        setattr(changed, name, policy if name == "policy" else limits.get(name))
    coming = [part for part in _coming(machine.facility, now) if part.machine_id == machine.pk]
    return _breaches(machine.facility, coming, lambda _machine: rules_of(changed), now=now)


def standing(house: Facility, machine: Machine | None = None, *, now: datetime) -> list[Breach]:
    """Return the coming bookings that what is stored now refuses, asked as when they were made. At most eleven statements.

    Of the whole house, or of one machine.

    Compare before and after a change: what a manager once let through is in here too.
    """
    parts = _coming(Facility.objects.get(pk=house.pk), now)
    if machine is not None:
        parts = [part for part in parts if part.machine_id == machine.pk]
    if not parts:
        return []
    machines = {part.machine_id: part.machine for part in parts}
    prefetch_related_objects([part.machine for part in parts], "capabilities")
    rules = {pk: rules_of(machine) for pk, machine in machines.items()}
    known = _known_of(parts[0].machine.facility, parts, list(rules.values()), now)
    known.fits = True
    unmanned = _unmanned(parts)
    found = []
    for part in parts:
        asked = _question(part, rules[part.machine_id], known)
        said = {rule.name: reason for rule in RULES if (reason := _refusal(rule, asked))}
        if part.pk in unmanned:
            said["operator"] = NOBODY
        if said:
            found.append(Breach(part, tuple(said.values()), frozenset(said)))
    return found


def _unmanned(parts: list[BookedMachine]) -> set[int]:
    """Return the parts on machines that only operators run, without one."""
    held = {part.occupancy_id: part.pk for part in parts if part.machine.is_operated}
    if not held:
        return set()
    manned = Assignment.objects.filter(occupancy__in=held).values_list("occupancy_id", flat=True)
    return {pk for occupancy, pk in held.items() if occupancy not in set(manned)}


def _rules(machine: Machine, house: Facility) -> Rules:
    changed = copy(machine)
    changed.facility = house
    return rules_of(changed)


def _coming(house: Facility, now: datetime) -> list[BookedMachine]:
    rows = BookedMachine.objects.filter(
        booking__facility=house, booking__status__in=(REQUESTED, APPROVED), starts_at__gt=now
    ).select_related("machine", "booking__producer__district", "booking__product")
    parts = list(rows.order_by("starts_at", "pk"))
    for part in parts:
        part.machine.facility = part.booking.facility = house
    return parts


def _breaches(
    house: Facility, parts: list[BookedMachine], change: Change, *, now: datetime, changed: Facility | None = None
) -> list[Breach]:
    if not parts:
        return []
    machines = {part.machine_id: part.machine for part in parts}
    old = {pk: rules_of(machine) for pk, machine in machines.items()}
    new = {pk: change(machine) for pk, machine in machines.items()}
    known = after = _known_of(house, parts, list(new.values()), now)
    if changed is not None and any(getattr(house, name) != getattr(changed, name) for name in HOLIDAYS_KEPT):
        after = replace(known, open=_open_for(changed, parts, now))
    found = []
    for part in parts:
        reasons = _new_reasons(part, old[part.machine_id], new[part.machine_id], known, after)
        if reasons:
            found.append(Breach(part, reasons))
    return found


def _new_reasons(part: BookedMachine, old: Rules, new: Rules, known: _Known, after: _Known) -> tuple[Reason, ...]:
    """Return what refuses under the new rules, of rules that did not under the old ones."""
    asked = _question(part, new, after)
    said = [(rule, reason) for rule in RULES if (reason := _refusal(rule, asked))]
    if not said:
        return ()
    before = _question(part, old, known)
    return tuple(reason for rule, reason in said if _refusal(rule, before) is None)


def _refusal(rule: Rule, question: Question) -> Reason | None:
    reason = rule.check(question)
    return reason if reason is not None and reason.effect == REFUSE else None


def _question(part: BookedMachine, rules: Rules, known: _Known) -> Question:
    """Return what was asked when the booking was made, on a machine with nothing else on it."""
    booking, machine = part.booking, part.machine
    request = replace(
        request_for(machine, part.starts_at, part.ends_at, product=booking.product, pack_format=booking.pack_format),
        setup=part.setup,
    )
    order = (booking.made_at, booking.pk)
    history = [past for made, past in known.history.get(_group(booking.producer), ()) if made < order]
    party = party_from(
        booking.producer,
        machine.facility,
        request,
        rules,
        history,
        documents=known.documents.get(booking.producer_id, ()),
        lessons=known.lessons.get(booking.producer_id, ()),
        shared_minutes=_shared(part, order, rules, known) if rules.policy.get("reserved_share") else 0,
    )
    day = local_day(request.start.astimezone(rules.zone).date(), rules.zone)
    traits = Traits(machine.name, machine.line, type_code=machine.type_id, level=machine.operator_level)
    if known.fits:
        traits = traits_of(machine, request)
    calendar = Calendar(clipped(known.open, day), zone=rules.zone)
    return Question(request, calendar, rules, traits, booking.made_at, booking.is_walk_in, party)


def _shared(part: BookedMachine, order: Order, rules: Rules, known: _Known) -> int:
    """Return the minutes of the machine's day that others than newcomers and far districts asked for before."""
    day = part.starts_at.astimezone(rules.zone).date()
    return sum(minutes for made, minutes in known.shared.get((part.machine_id, day), ()) if made < order)


def _days(parts: list[BookedMachine]) -> dict[tuple[int, date], list[tuple[Order, int]]]:
    """Return what is held outside the reserve, by machine and the house's day."""
    found: dict[tuple[int, date], list[tuple[Order, int]]] = defaultdict(list)
    for part in parts:
        if not part.booking.is_in_reserve:
            day = part.starts_at.astimezone(part.machine.facility.zone).date()
            minutes = int((part.ends_at - part.starts_at).total_seconds() // 60)
            found[part.machine_id, day].append(((part.booking.made_at, part.booking_id), minutes))
    return found


def _known_of(house: Facility, parts: list[BookedMachine], rules: list[Rules], now: datetime) -> _Known:
    producers = {part.booking.producer_id: part.booking.producer for part in parts}
    known = _Known(_open_for(house, parts, now))
    if any(counts_bookings(one) for one in rules):
        known.history = _history(house, producers.values(), now)
    if any(one.policy.get("documents_required") for one in rules):
        known.documents = _documents(producers)
    if any(one.policy.get("reserved_share") for one in rules):
        known.shared = _days(parts)
    if any(teaches(one) for one in rules):
        known.lessons = _lessons(house, producers)
    return known


def _open_for(house: Facility, parts: list[BookedMachine], now: datetime) -> Sequence[Span]:
    return opening_times(house, Span(now, max(part.ends_at for part in parts)))[0]


def _group(producer: Producer) -> int:
    """Return the number under which a producer's history is kept: its cooperative's, or its own."""
    return family_of(producer) or producer.pk


def _history(house: Facility, producers: Iterable[Producer], now: datetime) -> dict[int, list[tuple[Order, Past]]]:
    """Return what the producers and their cooperatives booked at the house, by family, in one statement."""
    groups = {_group(producer) for producer in producers}
    rows = Booking.objects.filter(
        Q(producer__in=groups) | Q(producer__cooperative__in=groups),
        facility=house,
        starts_at__gte=now - REMEMBERED,
        status__in=(*COUNTED, NO_SHOW, CANCELLED),
    ).order_by()
    found: dict[int, list[tuple[Order, Past]]] = defaultdict(list)
    columns = ("pk", "producer_id", "status", "starts_at", "ends_at", "is_late_cancel", "ended_at", "is_trial")
    for made_at, head, *past in rows.values_list("made_at", "producer__cooperative_id", *columns):
        pk, owner, status, starts_at, ends_at, late, ended_at, trial = past
        minutes = int((ends_at - starts_at).total_seconds() // 60)
        one = Past(pk, owner, status, starts_at, minutes, late, ended_at, trial)
        found[head or owner].append(((made_at, pk), one))
    return found


def _documents(producers: Iterable[int]) -> dict[int, list[FiledDocument]]:
    rows = Document.objects.filter(producer__in=producers, withdrawn_at__isnull=True)
    found: dict[int, list[FiledDocument]] = defaultdict(list)
    for owner, kind, number, until, seen in rows.values_list(
        "producer_id", "kind", "number", "expires_on", "verified_at"
    ):
        found[owner].append(FiledDocument(kind, number, until, seen is not None))
    return found


def _lessons(house: Facility, producers: Iterable[int]) -> dict[int, list[Lesson]]:
    rows = Qualification.objects.filter(producer__in=producers, withdrawn_at__isnull=True)
    rows = rows.filter(Q(type__isnull=False) | Q(facility=house))
    found: dict[int, list[Lesson]] = defaultdict(list)
    for owner, code, until in rows.values_list("producer_id", "type_id", "expires_on"):
        found[owner].append(Lesson(code or "", until))
    return found
