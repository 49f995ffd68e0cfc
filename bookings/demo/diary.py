"""Write whole lives of bookings, from request to signed run, as the services would have.

Mirrors the services of `ordering`, `day`, `runs` and `upkeep`: the same statuses,
versions, events with their details, and what is left of the occupancy. A test holds a
life written here against one lived through the services.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from bookings.demo.rows import Rows
from bookings.demo.timetable import Timetable
from bookings.models import BookedMachine, Booking, BookingEvent, Downtime, Run
from bookings.packs import estimate
from bookings.trail.answering import answer_by
from bookings.trail.lifecycle import (
    APPROVED,
    CANCELLED,
    CHECKED_IN,
    COMPLETED,
    DECLINED,
    DISPLACED,
    EXPIRED,
    HOLDING,
    NO_SHOW,
    REQUESTED,
)
from bookings.trail.references import ALPHABET, LENGTH
from facilities.models import Machine
from facilities.time.changeover import Matrix
from facilities.time.spans import Span

ENDINGS = {
    "no_show": ("mark_no_show", NO_SHOW),
    "cancelled": ("cancel", CANCELLED),
    "declined": ("decline", DECLINED),
    "expired": ("expire", EXPIRED),
    "displaced": ("displace", DISPLACED),
}
CLEANED_WITH = "Sabun food grade dan air panas"
_VOWELS = str.maketrans("", "", "aeiou-")


@dataclass(slots=True)
class Asked:
    """What somebody asked for. Keys, not objects: hundreds of thousands of these are made."""

    machine: Machine
    starts_at: datetime
    ends_at: datetime
    made_at: datetime
    producer_id: int
    made_by_id: int | None = None
    on_behalf: bool = False
    product_id: int | None = None
    product_name: str = ""
    pack_format: str = ""
    cleaning_class: str = ""
    operator_id: int | None = None
    rate: int = 0
    quantity: int | None = None
    note: str = ""
    walk_in: bool = False
    by_hand: bool = False
    is_trial: bool = False
    is_in_reserve: bool = False
    tariff: tuple[int, str, int] | None = None
    """Key, unit and rupiah of the tariff in force."""
    opened: Sequence[Span] = ()
    """When the house is open between the asking and the job: needed where a person answers."""

    @property
    def answered_by(self) -> datetime:
        """Return until when the house must answer."""
        within = self.machine.facility.answer_within
        return answer_by(self.opened, asked_at=self.made_at, start=self.starts_at, within=within)

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


@dataclass(slots=True)
class Life:
    """What became of it. `end` is empty while it goes on, else a name of `ENDINGS` or `completed`."""

    end: str = ""
    ended_at: datetime | None = None
    ended_by_id: int | None = None
    reason_code: str = ""
    reason: str = ""
    decided_at: datetime | None = None
    decided_by_id: int | None = None
    checked_in_at: datetime | None = None
    run: Ran | None = None
    staff_id: int | None = None


@dataclass(slots=True)
class Ran:
    """A run: unsigned until `signed_at`, going on until `stopped_at`."""

    started_at: datetime
    stopped_at: datetime | None = None
    signed_at: datetime | None = None
    good: int | None = None
    rejected: int | None = None
    downtimes: Sequence[tuple[int, str]] = ()
    lot_code: str = ""
    note: str = ""
    cleaned_by: str = ""


@dataclass(slots=True)
class Step:
    """One event to be: action, status after it, and when."""

    action: str
    after: str
    at: datetime
    actor_id: int | None
    on_behalf: bool = False
    reason_code: str = ""
    reason: str = ""
    details: dict[str, object] = field(default_factory=dict)
    moves: bool = True


class Diary:
    """Writes lives into `rows`, each with a fresh reference. What holds time waits in `timetable` for `settle`."""

    def __init__(self, rows: Rows, random: Random) -> None:
        self._rows = rows
        self.timetable = Timetable(rows)
        self._random = random
        self._references: set[str] = set()

    def write(self, asked: Asked, life: Life) -> int:
        """Write one booking with everything that hangs on it; return its key."""
        keys = (self._rows.reserve_key(Booking), self._rows.reserve_key(Run) if life.run else 0)
        steps = list(_steps(asked, life, keys[1]))
        status = steps[-1].after
        occupancy = self._occupancy(asked, life) if status in HOLDING else None
        self._booking(keys[0], asked, life, steps)
        part = self._rows.add(
            BookedMachine,
            booking_id=keys[0],
            machine_id=asked.machine.pk,
            starts_at=asked.starts_at,
            ends_at=asked.ends_at,
            setup=asked.machine.setup,
            cleaning=asked.machine.cleaning,
            occupancy_id=occupancy,
        )
        self._events(keys[0], steps)
        if life.run:
            self._run(keys[1], part, asked, life, life.run)
        return keys[0]

    def settle(self, matrix: Matrix) -> None:
        """Write the time that is held, cleaned after by the house's matrix: once all that holds it is written."""
        self.timetable.settle(matrix)

    def reference(self, slug: str) -> str:
        """Return a reference like those of `references.new_reference`, from the fixed seed."""
        letters = (slug[:1] + slug[1:].translate(_VOWELS)).upper()
        prefix = "".join(char for char in letters if char in ALPHABET or char in "OIL")[:3] or "RPK"
        while True:
            found = f"{prefix}-{''.join(self._random.choices(ALPHABET, k=LENGTH))}"
            if found not in self._references:
                self._references.add(found)
                return found

    def _occupancy(self, asked: Asked, life: Life) -> int:
        start = asked.starts_at - timedelta(minutes=asked.machine.setup)
        end = asked.ends_at
        if life.end == "completed":
            stopped = life.run.stopped_at if life.run and life.run.signed_at else life.ended_at
            end = min(end, max(stopped or end, start + timedelta(minutes=1)))
        return self.timetable.job(
            asked.machine, Span(start, end), cleaning_class=asked.cleaning_class, operator_id=asked.operator_id
        )

    def _booking(self, key: int, asked: Asked, life: Life, steps: list[Step]) -> None:
        house, status = asked.machine.facility, steps[-1].after
        tariff = asked.tariff
        price = estimate.price(tariff[1], tariff[2], minutes=asked.minutes, quantity=asked.quantity) if tariff else None
        deadline = asked.starts_at - timedelta(minutes=house.cancel_deadline)
        was_approved = len(steps) > 1 and steps[-2].after == APPROVED
        self._rows.add(
            Booking,
            id=key,
            reference=self.reference(house.slug),
            facility_id=house.pk,
            producer_id=asked.producer_id,
            product_id=asked.product_id,
            product_name=asked.product_name,
            pack_format=asked.pack_format,
            quantity=asked.quantity,
            note=asked.note,
            status=status,
            starts_at=asked.starts_at,
            ends_at=asked.ends_at,
            is_walk_in=asked.walk_in,
            is_trial=asked.is_trial,
            is_in_reserve=asked.is_in_reserve,
            is_late_cancel=bool(status == CANCELLED and was_approved and life.ended_at and life.ended_at > deadline),
            made_by_id=asked.made_by_id,
            made_at=asked.made_at,
            expires_at=asked.answered_by if status == REQUESTED else None,
            decided_at=_decided_at(asked, life, status),
            checked_in_at=life.checked_in_at,
            ended_at=life.ended_at if status != DISPLACED else None,
            reason_code=life.reason_code,
            reason=life.reason,
            tariff_id=tariff[0] if tariff else None,
            price=price,
            version=1 + sum(step.moves for step in steps[1:]),
        )

    def _events(self, key: int, steps: list[Step]) -> None:
        before = ""
        for step in steps:
            self._rows.add(
                BookingEvent,
                booking_id=key,
                action=step.action,
                from_status=before,
                to_status=step.after,
                at=step.at,
                actor_id=step.actor_id,
                on_behalf=step.on_behalf,
                reason_code=step.reason_code,
                reason=step.reason,
                details=step.details,
            )
            before = step.after

    def _run(self, key: int, part: int, asked: Asked, life: Life, ran: Ran) -> None:
        signed = ran.signed_at is not None
        self._rows.add(
            Run,
            id=key,
            booked_machine_id=part,
            machine_id=asked.machine.pk,
            started_at=ran.started_at,
            stopped_at=ran.stopped_at,
            operator_id=life.staff_id,
            good=ran.good,
            rejected=ran.rejected,
            lot_code=ran.lot_code,
            note=ran.note,
            cleaned_before=True if signed else None,
            cleaned_after=True if signed else None,
            cleaning_agent=CLEANED_WITH if signed else "",
            cleaning_result="clean" if signed else "",
            cleaned_by=ran.cleaned_by if signed else "",
            signed_at=ran.signed_at,
            signed_by_id=life.staff_id if signed else None,
            version=1 + (ran.stopped_at is not None) + signed,
        )
        for minutes, reason in ran.downtimes:
            self._rows.add(Downtime, run_id=key, minutes=minutes, reason=reason)


def _decided_at(asked: Asked, life: Life, status: str) -> datetime | None:
    if status == DECLINED:
        return life.ended_at
    return life.decided_at if asked.by_hand else asked.made_at


def _steps(asked: Asked, life: Life, run_key: int) -> list[Step]:
    status = REQUESTED if asked.by_hand else APPROVED
    times = {"starts_at": asked.starts_at.isoformat(), "ends_at": asked.ends_at.isoformat()}
    details: dict[str, object] = {"machine": asked.machine.slug, **times, "overridden": [], "asks": _asks(asked)}
    steps = [Step("reserve", status, asked.made_at, asked.made_by_id, asked.on_behalf, details=details, moves=False)]
    if asked.by_hand and life.decided_at is not None:
        steps.append(Step("approve", APPROVED, life.decided_at, life.decided_by_id))
    if life.checked_in_at is not None:
        steps.append(Step("check_in", CHECKED_IN, life.checked_in_at, life.staff_id))
    if life.run is not None:
        steps += _run_steps(life.run, run_key, life.staff_id)
    if life.end == "completed" and life.ended_at is not None:
        steps.append(Step("complete", COMPLETED, life.ended_at, life.staff_id))
    elif life.end:
        action, after = ENDINGS[life.end]
        at = life.ended_at or asked.starts_at
        own = life.end == "cancelled" and asked.on_behalf
        steps.append(Step(action, after, at, life.ended_by_id, own, life.reason_code, life.reason))
    return steps


def _asks(asked: Asked) -> list[str]:
    """Return why a person answered, as the rules would have said."""
    if not asked.by_hand:
        return []
    return ["document_missing", "needs_manager"] if asked.is_trial else ["needs_manager"]


def _run_steps(ran: Ran, key: int, staff_id: int | None) -> list[Step]:
    known: dict[str, object] = {"run": key}
    steps = [Step("start_run", CHECKED_IN, ran.started_at, staff_id, details=known, moves=False)]
    if ran.stopped_at is not None:
        steps.append(Step("stop_run", CHECKED_IN, ran.stopped_at, staff_id, details=known, moves=False))
    if ran.signed_at is not None:
        counted = {"run": key, "good": ran.good, "rejected": ran.rejected}
        steps.append(Step("record_run", CHECKED_IN, ran.signed_at, staff_id, details=counted, moves=False))
    return steps
