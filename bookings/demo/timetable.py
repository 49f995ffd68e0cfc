"""What holds the machines of a house while its history is made up, cleaned after as the matrix says.

Bookings are made up in any order; only when all of a machine's time is known is it known what
follows what. So occupancies wait here, and `settle` writes them: the same `tails` as the services.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bookings.demo.rows import Rows
from facilities.models import Assignment, Machine, Occupancy
from facilities.time.changeover import Held, Matrix, tails
from facilities.time.hours import local_date, local_day
from facilities.time.instants import minute_of, minute_up
from facilities.time.spans import Span


@dataclass(frozen=True, slots=True)
class Kept:
    """Time on one machine that is to be written: `work` is setup and run, or all of a stop."""

    key: int
    work: Span
    kind: str = "booking"
    cleaning_class: str = ""
    operator_id: int | None = None

    @property
    def is_job(self) -> bool:
        return self.kind == "booking"


@dataclass(slots=True)
class Timetable:
    """Collects what holds each machine until `settle`."""

    rows: Rows
    _kept: dict[Machine, list[Kept]] = field(default_factory=lambda: defaultdict(list))
    _days: dict[tuple[str, date], tuple[int, int]] = field(default_factory=dict)

    def job(self, machine: Machine, work: Span, *, cleaning_class: str = "", operator_id: int | None = None) -> int:
        """Keep a booking's setup and run on a machine; return the key its occupancy will have."""
        key = self.rows.reserve_key(Occupancy)
        self._kept[machine].append(Kept(key, work, cleaning_class=cleaning_class, operator_id=operator_id))
        return key

    def stop(self, machine: Machine, span: Span, kind: str) -> int:
        """Keep maintenance or a breakdown; return the key its occupancy will have."""
        key = self.rows.reserve_key(Occupancy)
        self._kept[machine].append(Kept(key, span, kind))
        return key

    def settle(self, matrix: Matrix) -> None:
        """Write everything kept so far, each job with the cleaning that what follows it asks for."""
        for machine, kept in self._kept.items():
            held = [self._held(one, machine.facility.zone) for one in kept]
            for one, tail in zip(kept, tails(held, matrix, full=machine.cleaning), strict=True):
                self._write(machine, one, tail)
        # In order of time: the database looks for overlaps among what comes later.
        for one in sorted((one for kept in self._kept.values() for one in kept), key=lambda one: one.work.start):
            self._assign(one)
        self._kept.clear()

    def _write(self, machine: Machine, one: Kept, tail: int) -> None:
        self.rows.add(
            Occupancy,
            id=one.key,
            machine_id=machine.pk,
            starts_at=one.work.start,
            ends_at=one.work.end + timedelta(minutes=tail),
            cleaning_from=one.work.end if one.is_job else None,
            cleaning_class=one.cleaning_class,
            kind=one.kind,
        )

    def _assign(self, one: Kept) -> None:
        if one.operator_id is not None:
            self.rows.add(
                Assignment,
                operator_id=one.operator_id,
                occupancy_id=one.key,
                starts_at=one.work.start,
                ends_at=one.work.end,
            )

    def _held(self, one: Kept, zone: ZoneInfo) -> Held:
        work = one.work
        return Held(
            minute_of(work.start), minute_up(work.end), self._day(local_date(work.start, zone), zone),
            one.cleaning_class, one.is_job, one.key,
        )  # fmt: skip

    def _day(self, day: date, zone: ZoneInfo) -> tuple[int, int]:
        known = self._days.get((zone.key, day))
        if known is None:
            whole = local_day(day, zone)
            known = self._days[zone.key, day] = (minute_of(whole.start), minute_of(whole.end))
        return known
