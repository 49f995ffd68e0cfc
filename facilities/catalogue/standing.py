"""The catalogue: which machines match, how many would under each filter, and how each stands right now.

Reads every machine in service with its capabilities, then their calendars: a fixed
number of queries however many machines there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from accounts.writing.texts import folded
from facilities.catalogue.queries import in_service
from facilities.models import District, Machine
from facilities.occupancy.reading import calendars, free_starts
from facilities.region.distances import straight_km
from facilities.time.calendars import BROKEN, MAINTENANCE, Calendar
from facilities.time.lengths import USUAL
from facilities.time.spans import Span
from facilities.vocabulary import ANY

LOOK_AHEAD, FIRST_LOOK = timedelta(days=14), timedelta(days=3)

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked of a machine; empty means anything. Within a group any value will do."""

    forms: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()
    district: str = ""
    type: str = ""
    facility: str = ""
    words: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self == Filters()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a machine stands at an instant: free, running, maintenance, broken or closed (nothing free soon).

    `until` is when that ends (None: nobody knows), `free_from` the earliest start that can be booked.
    """

    status: str
    until: datetime | None = None
    free_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A machine of the catalogue with its standing and, when a district was named, kilometres to it."""

    machine: Machine
    standing: Standing
    distance: int | None = None


@dataclass(frozen=True, slots=True)
class FoundMachines:
    """The machines that match, the soonest free first, and for each group how many each value would find."""

    listed: Sequence[Listed] = ()
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    houses: int = 0


def found_machines(
    wanted: Filters, *, on: date, now: datetime, near: District | None = None, minutes: int = USUAL
) -> FoundMachines:
    """Return what the catalogue shows for `wanted` on a local day: soonest free first, then nearest, then by name."""
    everything = list(in_service(on))
    matching = [machine for machine in everything if matches(machine, wanted)]
    listed = listed_with_standing(matching, now=now, minutes=minutes, near=near)
    return FoundMachines(listed, _counts(everything, wanted), len({machine.facility_id for machine in matching}))


def listed_with_standing(
    machines: Sequence[Machine], *, now: datetime, minutes: int = USUAL, near: District | None = None
) -> list[Listed]:
    """Return machines (of `in_service`) with their standing, the soonest free first.

    Most are free within days, so the fortnight is read only of those that are not.
    """
    found = _standings(machines, Span(now, now + FIRST_LOOK), now, minutes)
    rest = [machine for machine in machines if found[machine.pk].free_from is None]
    found |= _standings(rest, Span(now, now + LOOK_AHEAD), now, minutes)
    listed = [Listed(machine, found[machine.pk], distance_to(machine, near)) for machine in machines]
    return sorted(listed, key=_soonest_then_nearest)


def _standings(machines: Sequence[Machine], window: Span, now: datetime, minutes: int) -> dict[int, Standing]:
    known = calendars(machines, window) if machines else {}
    return {m.pk: standing(m, known[m.pk], now=now, minutes=minutes, until=window.end) for m in machines}


def standing(
    machine: Machine, calendar: Calendar, *, now: datetime, minutes: int = USUAL, until: datetime | None = None
) -> Standing:
    """Return how a machine stands, from its calendar around now; free times are looked for `until`, else a fortnight."""
    window = Span(now, until or now + LOOK_AHEAD)
    starts = free_starts(machine, calendar, now=now, minutes=minutes, window=window, count=1)
    free_from = starts[0] if starts else None
    if calendar.broken_since is not None and calendar.broken_since <= now:
        overdue = calendar.broken_until is None or calendar.broken_until <= now
        return Standing("broken", None if overdue else calendar.broken_until, free_from)
    holding = next((block for block in calendar.taken if block.span.contains(now)), None)
    if holding is not None:
        status = {MAINTENANCE: "maintenance", BROKEN: "broken"}.get(holding.code, "running")
        return Standing(status, holding.span.end, free_from)
    return Standing("free" if free_from else "closed", None, free_from)


def spread_out(starts: Iterable[datetime], *, minutes: int, count: int = 3) -> list[datetime]:
    """Return the first start, then the first ones that do not overlap what was returned before.

    11.45, 12.00 and 12.15 are one choice for a run of two hours; 11.45, 13.45 and tomorrow 08.00 are three.
    """
    chosen: list[datetime] = []
    for start in starts:
        if not chosen or start >= chosen[-1] + timedelta(minutes=minutes):
            chosen.append(start)
            if len(chosen) == count:
                break
    return chosen


def matches(machine: Machine, wanted: Filters) -> bool:
    """Return whether a machine is what is asked for; form and format must be one and the same capability."""
    exact = (
        (wanted.levels, machine.operator_level),
        (wanted.lines, machine.line),
        ({wanted.district} - {""}, machine.facility.district_id),
        ({wanted.type} - {""}, machine.type.slug),
        ({wanted.facility} - {""}, machine.facility.slug),
    )
    if any(values and value not in values for values, value in exact):
        return False
    if (wanted.forms or wanted.formats) and not any(
        (not wanted.forms or c.form == ANY or c.form in wanted.forms)
        and (not wanted.formats or c.format == ANY or c.format in wanted.formats)
        for c in machine.capabilities.all()
    ):
        return False
    kind, house = machine.type, machine.facility
    named = f"{machine.name} {kind.name} {kind.name_en} {house.name} {house.district}"
    named = folded(named)
    return all(word in named for word in wanted.words)


def distance_to(machine: Machine, near: District | None) -> int | None:
    if near is None:
        return None
    house = machine.facility
    return straight_km(near.latitude, near.longitude, house.latitude, house.longitude)


def _soonest_then_nearest(item: Listed) -> tuple[datetime, int, str, int]:
    return item.standing.free_from or NEVER, item.distance or 0, item.machine.name_key, item.machine.pk


def _counts(machines: Iterable[Machine], wanted: Filters) -> dict[str, Counter[str]]:
    """Count per group what each value would find, the other groups staying as they are."""
    anything: frozenset[str] = frozenset()
    open_groups = {
        "forms": replace(wanted, forms=anything),
        "formats": replace(wanted, formats=anything),
        "levels": replace(wanted, levels=anything),
        "lines": replace(wanted, lines=anything),
        "district": replace(wanted, district=""),
        "type": replace(wanted, type=""),
    }
    counts: dict[str, Counter[str]] = {group: Counter() for group in open_groups}
    for machine in machines:
        for group, others in open_groups.items():
            if matches(machine, others):
                counts[group].update(_values(machine, group, others))
    return counts


def _values(machine: Machine, group: str, others: Filters) -> set[str]:
    """Return the values of a group that this machine answers to."""
    capabilities = machine.capabilities.all()
    if group == "forms":
        return {c.form for c in capabilities if not others.formats or c.format == ANY or c.format in others.formats}
    if group == "formats":
        return {c.format for c in capabilities if not others.forms or c.form == ANY or c.form in others.forms}
    values = {
        "levels": machine.operator_level,
        "lines": machine.line,
        "district": machine.facility.district_id,
        "type": machine.type.slug,
    }
    return {values[group]}
