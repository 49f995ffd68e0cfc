"""One machine's time around a question: what is open, shut, taken, broken, and who could run it. Pure values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from facilities.time.availability import first_starts
from facilities.time.changeover import Claim, Held, Matrix, claim, tails
from facilities.time.hours import local_date, local_day
from facilities.time.instants import instant_of, minute_of, minute_up
from facilities.time.spans import Span, clipped, merged, subtracted

TAKEN, MAINTENANCE, BROKEN, CLOSED, HOLIDAY = "taken", "maintenance", "broken", "closed", "holiday"


@dataclass(frozen=True, slots=True)
class Blocked:
    """A stretch that is shut or taken: the code that explains it, and words that never name a person.

    What takes a machine says more: `work` is its setup and run, without the cleaning after it, and
    `cleaning_class` what it leaves behind. `key` is its occupancy. A holiday without a decree `is_estimate`; its
    `doubtful` hours are those that the house would be open if it does not come true.
    """

    span: Span
    code: str
    words: str = ""
    work: Span | None = None
    cleaning_class: str = ""
    key: int | None = None
    is_estimate: bool = False
    doubtful: tuple[Span, ...] = ()

    @property
    def busy(self) -> Span:
        """The part in which the machine really does something: setup and run."""
        return self.work or self.span


@dataclass(frozen=True, slots=True)
class KeptAway:
    """`span`: where no work of a class may lie because of `block`; `refused`: whatever the cleaning."""

    span: Span
    block: Blocked
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Roster:
    """One operator who may run the machine, and when they are on shift and free."""

    operator: int
    free: Sequence[Span]

    def covers(self, work: Span) -> bool:
        return any(span.contains(work) for span in self.free)


@dataclass(frozen=True, slots=True)
class Calendar:
    """`open`: opening hours with closures cut out. `shut`: those closures, for the words.

    `taken`: occupancies, setup and cleaning included. While a breakdown is open,
    `broken_since` and `broken_until` (expected; may be overdue) say so. `matrix` and `full` (minutes of the
    machine's full clean) say how far jobs keep each other away. `rosters` are the operators of a machine
    that only operators run, None for one that needs none.
    """

    open: Sequence[Span]
    shut: Sequence[Blocked] = ()
    taken: Sequence[Blocked] = ()
    broken_since: datetime | None = None
    broken_until: datetime | None = None
    matrix: Matrix = field(default_factory=Matrix)
    full: int = 0
    zone: ZoneInfo | None = None
    rosters: Sequence[Roster] | None = None

    def occupied(self, now: datetime, horizon: datetime) -> list[Span]:
        """Return what is taken between `now` and `horizon`, breakdowns included."""
        return [block.span for block in self.taken] + self._broken(now, horizon)

    def busy(self, now: datetime, horizon: datetime, cleaning_class: str = "") -> list[Span]:
        """Return where no work (setup and run) of a class may lie: what is taken, and the cleaning around it."""
        return [kept.span for kept in self.kept_away(cleaning_class)] + self._broken(now, horizon)

    def kept_away(self, cleaning_class: str = "") -> list[KeptAway]:
        """Return, for each thing that is taken, how far it keeps work of a class away."""
        found = []
        for block in self.taken:
            reach = claim(self.held(block), cleaning_class, self.matrix, full=self.full)
            found.append(KeptAway(_span(reach, block.busy), block, reach.refused))
        return found

    def held(self, block: Blocked) -> Held:
        """Return what is taken as changeovers see it, in whole minutes."""
        zone = self.zone or UTC
        day = local_day(local_date(block.busy.start, zone), zone)  # type: ignore[arg-type]
        return Held(
            minute_of(block.busy.start),
            minute_up(block.busy.end),
            (minute_of(day.start), minute_of(day.end)),
            block.cleaning_class,
            is_job=block.code == TAKEN,
            key=block.key,
        )

    def tails(self, blocks: Sequence[Blocked]) -> list[int]:
        """Return the minutes of cleaning after each of these, were they all there is on the machine."""
        return tails([self.held(block) for block in blocks], self.matrix, full=self.full)

    def without(self, key: int | None) -> Calendar:
        """Return the same calendar as if one occupancy were free: for moving what holds it."""
        if key is None:
            return self
        return replace(self, taken=[block for block in self.taken if block.key != key])

    def workable(self) -> list[list[Span]]:
        """Return when somebody can work here: the opening hours, or for each operator those in which they are free."""
        if self.rosters is None:
            return [list(self.open)]
        return [[part for span in merged(r.free) for part in clipped(self.open, span)] for r in self.rosters]

    def _broken(self, now: datetime, horizon: datetime) -> list[Span]:
        if self.broken_since is None:
            return []
        overdue = self.broken_until is None or self.broken_until <= now
        until = horizon if overdue else min(self.broken_until or horizon, horizon)
        return [Span(self.broken_since, until)] if until > self.broken_since else []


def _span(reach: Claim, work: Span) -> Span:
    """Return a claim as instants: exact where it ends with the work itself, which may begin at any second."""
    start = work.start if reach.start == minute_of(work.start) else instant_of(reach.start)
    end = work.end if reach.end == minute_up(work.end) else instant_of(reach.end)
    return Span(start, end)


@dataclass(frozen=True, slots=True)
class Job:
    """How long a machine is needed: minutes of setup and run, on a grid of minutes, and what it leaves behind."""

    run: int
    setup: int
    grid: int
    cleaning_class: str = ""


def starts(calendar: Calendar, job: Job, *, window: Span, now: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return, in order, every start of a run in `window` that the calendar allows."""
    return nearest_starts(calendar, job, window=window, now=now, zone=zone, count=None)


def nearest_starts(
    calendar: Calendar, job: Job, *, window: Span, now: datetime, zone: ZoneInfo, count: int | None
) -> list[datetime]:
    """Return the first `count` of `starts`, or all of them."""
    busy = calendar.busy(now, window.end + timedelta(days=2), job.cleaning_class)
    origin = local_day(local_date(window.start, zone), zone).start
    found: set[datetime] = set()
    for opened in calendar.workable():
        found.update(
            first_starts(
                opened, busy, window=window, run=job.run, setup=job.setup, grid=job.grid, origin=origin, count=count
            )
        )
    return sorted(found)[:count]


def free_spans(calendar: Calendar, *, now: datetime, minimum: int) -> list[Span]:
    """Return the open and untaken stretches from `now` on, at least `minimum` minutes long."""
    horizon = max((span.end for span in calendar.open), default=now)
    left: Iterable[Span] = subtracted(calendar.open, calendar.occupied(now, horizon))
    ahead = (Span(max(s.start, now), s.end) for s in left if s.end > now)
    return [span for span in ahead if span.minutes >= minimum]
