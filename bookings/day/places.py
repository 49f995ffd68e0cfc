"""Where on a day's board a booking may go: only starts that the one decision accepts. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import prefetch_related_objects

from bookings.day.board import Gap, Lane, Scale, gap_at
from bookings.models import BookedMachine
from bookings.ordering.moving import Moving
from bookings.rules.decision import Question, verdict
from bookings.rules.party import Known
from bookings.rules.question import rules_of, traits_of
from facilities.models import Machine
from facilities.occupancy.reading import calendars
from facilities.time.calendars import Calendar, Job, free_spans, starts
from facilities.time.spans import Span, clipped


class Places:
    """The free stretches of a board, asked for one booking after another; the machines are read once."""

    def __init__(self, lanes: Sequence[Lane], scale: Scale, *, now: datetime) -> None:
        self._lanes, self._scale, self._now = lanes, scale, now
        self._read: dict[int | None, dict[int, Calendar]] = {}
        prefetch_related_objects([lane.machine for lane in lanes], "capabilities")

    def of(self, part: BookedMachine) -> dict[int, list[Gap]]:
        """Return, by machine, the first start in each free stretch at which the booking could be moved."""
        if self._scale.window.end <= self._now:
            return {}
        moving = Moving(part.booking, part)
        first = max(self._scale.window.start, self._now)
        able = [lane for lane in self._lanes if moving.fits(lane.machine, first, self._now)]
        asked = [(lane.machine, moving.request(lane.machine, first), rules_of(lane.machine)) for lane in able]
        known, calendar_of = moving.known(asked, self._now), self._calendars(part.occupancy_id)
        return {lane.machine.pk: self._gaps(lane, moving, calendar_of[lane.machine.pk], known) for lane in able}

    def first(self, part: BookedMachine) -> tuple[Machine, datetime] | None:
        """Return the first place on this board for a booking that lost its own, of the machines of its type; or None."""
        kin = {lane.machine.pk: lane.machine for lane in self._lanes if lane.machine.type_id == part.machine.type_id}
        found = [(gap.starts_at, kin[pk]) for pk, gaps in self.of(part).items() if pk in kin for gap in gaps]
        best = min(found, key=lambda place: (place[0], place[1].name_key), default=None)
        return (best[1], best[0]) if best else None

    def _calendars(self, except_: int | None) -> dict[int, Calendar]:
        if except_ not in self._read:
            machines = [lane.machine for lane in self._lanes]
            self._read[except_] = calendars(machines, self._scale.window, except_=except_)
        return self._read[except_]

    def _gaps(self, lane: Lane, moving: Moving, calendar: Calendar, known: Known) -> list[Gap]:
        """Return one gap for each stretch that the board shows as free: the booking's own time is not one."""
        machine, scale, now = lane.machine, self._scale, self._now
        minutes = moving.minutes(machine)
        job = Job(minutes, machine.setup, machine.limits.grid, moving.cleaning_class)
        asked = Span(max(scale.window.start, now), scale.window.end)
        possible = starts(calendar, job, window=asked, now=now, zone=machine.facility.zone)
        found = []
        for stretch in clipped(free_spans(lane.calendar, now=now, minimum=minutes), scale.window):
            inside = (start for start in possible if stretch.contains(start))
            start = next((one for one in inside if self._accepts(machine, one, moving, calendar, known)), None)
            if start is not None:
                found.append(gap_at(start, minutes, scale))
        return found

    def _accepts(self, machine: Machine, start: datetime, moving: Moving, calendar: Calendar, known: Known) -> bool:
        request, rules = moving.request(machine, start), rules_of(machine)
        party, traits = known.party(machine, request, rules), traits_of(machine, request)
        return not verdict(Question(request, calendar, rules, traits, self._now, party=party)).refusals
