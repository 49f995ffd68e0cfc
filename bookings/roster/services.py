"""Who runs a machine that only operators run, and what becomes of their work when they cannot.

A job that loses its operator keeps its time. Nothing is taken from anybody silently: a change of the roster
that strands jobs is refused, with each job and who could take it, until `replacements` answers for every one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import wraps
from types import MappingProxyType
from typing import Any, TypeVar

from accounts.models import User
from bookings.models import BookedMachine, Booking, BookingEvent
from bookings.roster.week import TO_RUN, Work, left_of, parts_holding, work_for
from bookings.trail.events import lock_machines_of, record
from facilities.errors import BadInput, Reason, Refusal, Stale, WrongState
from facilities.models import Assignment, Machine, Occupancy, Operator
from facilities.occupancy.on_duty import free_operators
from facilities.occupancy.writing import assign, lock, lock_operators, release
from facilities.roster import services as facility_roster
from facilities.roster.coverage import uncovered
from facilities.time.calendars import Calendar
from facilities.time.hours import local_date
from facilities.time.spans import Span
from facilities.transactions import in_one_transaction

ANYBODY = -1
T = TypeVar("T")
Replacements = Mapping[str, int | None]
"""Reference of a booking to the id of the operator who takes it over, or None to leave it without for now."""

NOT_THEIR_TYPE = Reason(
    "no_operator",
    id="Operator ini tidak tercatat bisa menjalankan jenis mesin itu.",
    en="This operator is not on file for that type of machine.",
    way_out_id="Pilih operator lain, atau tambahkan jenisnya di Giliran.",
    way_out_en="Choose another operator, or add the type on the roster.",
)
NOT_THERE = Reason(
    "no_operator",
    id="Operator ini tidak bertugas pada jam itu.",
    en="This operator is not on shift at that time.",
    overridable=True,
    way_out_id="Pilih yang bertugas, atau tulis alasan Anda.",
    way_out_en="Choose one who is, or write down your reason.",
)


def man(calendar: Calendar, held: Occupancy, work: Span, *, is_new: bool) -> None:
    """Give a job the first operator who is there and free for setup and run.

    The calendar was read under the operators' lock, those with least to do first. Nobody free means that a
    manager went on regardless: the booking then waits for somebody to be named.
    """
    chosen = next((one.operator for one in calendar.rosters or () if one.covers(work)), None)
    if chosen is not None:
        assign(held.pk, chosen, work, is_new=is_new)
    elif not is_new:
        release(held.pk)


@in_one_transaction
def reassign(
    *, booking_id: int, operator_id: int, actor: User, now: datetime, override_reason: str = "", seen: int = ANYBODY
) -> Booking:
    """Name who runs a booking's machine, or somebody else.

    Whoever is not on shift then needs a manager's `override_reason`, kept in the trail. Raises `Refusal`
    (`no_operator`) when they are at another machine or do not know this one, `WrongState`, `BadInput`, and `Stale`
    when it is not the operator `seen` any more who was named before (0: nobody).
    """
    lock_machines_of(booking_id)
    part = BookedMachine.objects.select_related("booking__facility", "machine", "occupancy").get(booking=booking_id)
    booking, held, left = part.booking, part.occupancy, left_of(part, now=now)
    if held is None or left is None or booking.status not in TO_RUN:
        raise WrongState(action="reassign", status=booking.status)
    lock_operators(booking.facility_id)
    before = Assignment.objects.filter(occupancy=held).values_list("operator_id", flat=True).first()
    if seen not in (ANYBODY, before or 0):
        raise Stale
    operator = Operator.objects.filter(pk=operator_id, facility=booking.facility_id).first()
    if operator is None or not part.machine.is_operated:
        raise BadInput("operator", "unknown_operator", "Pilih operator rumah ini.", "Choose an operator of this house.")
    _check_knows(operator, part, left)
    free = free_operators(booking.facility, part.machine.type_id, left, except_=held.pk)
    if operator.pk not in free and not _is_elsewhere(operator, held, left) and not override_reason:
        raise Refusal([NOT_THERE])
    assign(held.pk, operator.pk, left)
    details: dict[str, object] = {"operator": operator.pk, "operator_before": before}
    record(booking, _solved(booking), before=booking.status, actor=actor, now=now, reason=override_reason,
           details=details)  # fmt: skip
    return booking


def _carefully(change: Callable[..., T]) -> Callable[..., T]:
    """Return a verb of the roster that also gives away what it strands, or puts it back on the list.

    It takes what the verb takes, and `replacements`; it raises `Refusal` as the module says, and what the verb raises.
    Machines are locked first, then operators, as everywhere: so that no booking is made or given back meanwhile.
    """

    @in_one_transaction
    @wraps(change)
    def changed(
        *, operator: Operator, actor: User, now: datetime, replacements: Replacements = MappingProxyType({}), **values: Any
    ) -> T:
        house = operator.facility
        held = Machine.objects.filter(occupancies__assignment__operator=operator, occupancies__ends_at__gt=now)
        lock(held.values_list("pk", flat=True))
        lock_operators(house.pk)
        before = uncovered(house, now=now)
        done = change(operator=operator, actor=actor, now=now, **values)
        after = uncovered(house, now=now)
        lost = [pk for pk, causes in after.items() if causes - before.get(pk, frozenset())]
        work = work_for(parts_holding(lost), house, now=now) if lost else []
        if any(one.part.booking.reference not in replacements for one in work):
            raise Refusal([_stranded(work)], alternatives=work)
        for one in work:
            _hand_over(one, replacements[one.part.booking.reference], work, actor=actor, now=now)
        return done

    return changed


add_absence = _carefully(facility_roster.add_absence)
"""Note that an operator is away, and give their work of that time to others."""
end_operator = _carefully(facility_roster.end_operator)
"""Take an operator off the roster from a day on, and give their work from then to others."""
change_operator = _carefully(facility_roster.change_operator)
"""Change an operator; work of a type they no longer run goes to others."""
set_shifts = _carefully(facility_roster.set_shifts)
"""Change a week of shifts; work outside the new ones goes to others."""
drop_shifts = _carefully(facility_roster.drop_shifts)
"""Remove a week of shifts; work outside the one before it goes to others."""


def _hand_over(one: Work, operator_id: int | None, work: Sequence[Work], *, actor: User, now: datetime) -> None:
    """Give one stranded job to somebody, or leave it without: its producer is told only if nobody could take it."""
    booking, held = one.part.booking, one.part.occupancy
    assert held is not None  # it is stranded because it holds time
    details: dict[str, object] = {"operator": operator_id, "operator_before": held.assignment.operator_id}
    if operator_id is None:
        release(held.pk)
        action = "unassign" if one.choices else "strand"
    else:
        if operator_id not in {choice.pk for choice in one.choices}:
            raise Refusal([NOT_THERE], alternatives=work)
        try:
            assign(held.pk, operator_id, one.left)
        except Refusal as taken:
            raise Refusal(taken.reasons, alternatives=work) from taken
        action = "reassign"
    code = "no_operator" if action == "strand" else ""
    record(booking, action, before=booking.status, actor=actor, now=now, reason_code=code, details=details)


def _stranded(work: Sequence[Work]) -> Reason:
    references = [one.part.booking.reference for one in work]
    return Reason(
        "bookings_affected",
        id=f"{len(work)} pesanan kehilangan operatornya. Pilih pengganti, atau lanjutkan tanpa operator dulu.",
        en=f"{len(work)} bookings lose their operator. Choose who takes over, or go on without one for now.",
        values={"bookings": references},
        overridable=True,
    )


def _check_knows(operator: Operator, part: BookedMachine, work: Span) -> None:
    day = local_date(work.start, part.booking.facility.zone)
    if part.machine.type_id not in operator.types or (operator.ended_on and operator.ended_on <= day):
        raise Refusal([NOT_THEIR_TYPE])


def _is_elsewhere(operator: Operator, held: Occupancy, work: Span) -> bool:
    """Return whether they run another machine then: no reason helps, and the database says so."""
    rows = Assignment.objects.filter(operator=operator, starts_at__lt=work.end, ends_at__gt=work.start)
    return rows.exclude(occupancy=held).exists()


def _solved(booking: Booking) -> str:
    """Return how naming somebody is recorded: a producer who was told that nobody can is told that somebody does."""
    told = BookingEvent.objects.filter(booking=booking, action__in=["strand", "restore"]).order_by("-at", "-pk").first()
    return "restore" if told is not None and told.action == "strand" else "reassign"
