"""Reads of facilities and their time. The catalogue is public; nothing here names a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower

from .availability import starts_from_minutes
from .calendars import BROKEN, CLOSED, HOLIDAY, MAINTENANCE, TAKEN, Blocked, Calendar, Job, nearest_starts
from .hours import WeeklyRule, local_date, local_day, open_spans
from .minutes import MinuteOf, minute_of, minute_up
from .models import Closure, District, Facility, Machine, MachinePhoto, MachineType, Occupancy, OpeningHours, Tariff
from .occupancy import with_breakdown
from .opening import observes
from .spans import Span

Minutes = tuple[int, int]
"""From one minute since 1970 up to, not including, another."""

CODES = {"booking": TAKEN, "offer": TAKEN, "maintenance": MAINTENANCE, "breakdown": BROKEN}


def listed_machines(
    *,
    on: date,
    facility: str = "",
    district: str = "",
    type: str = "",
    form: str = "",
    format: str = "",
    line: str = "",
    level: str = "",
    q: str = "",
) -> QuerySet[Machine]:
    """Return the machines in service on a day that match every given filter; empty filters match all."""
    machines = in_service(on)
    exact = {
        "facility__slug": facility,
        "facility__district__code": district,
        "type__slug": type.lower(),
        "line": line,
        "operator_level": level,
    }
    machines = machines.filter(**{name: value for name, value in exact.items() if value})
    if form or format:
        wanted = Q(capabilities__form__in=[form, "semua"]) if form else Q()
        wanted &= Q(capabilities__format__in=[format, "semua"]) if format else Q()
        machines = machines.filter(wanted).distinct()
    for word in q.split():
        machines = machines.filter(
            Q(name__icontains=word)
            | Q(type__name__icontains=word)
            | Q(type__name_en__icontains=word)
            | Q(facility__name__icontains=word)
        )
    return machines


def in_service(on: date) -> QuerySet[Machine]:
    """Return machines in service on a day, with what a card needs: house, type, breakdown, today's tariff, photo."""
    tariff = Tariff.objects.filter(machine=OuterRef("pk"), valid_from__lte=on).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on)
    )
    photo = MachinePhoto.objects.filter(machine=OuterRef("pk")).exclude(small="")
    return (
        with_breakdown(Machine.objects.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=on)))
        .select_related("facility__district", "type")
        .prefetch_related("capabilities")
        .annotate(
            tariff_unit=Subquery(tariff.values("unit")[:1]),
            tariff_amount=Subquery(tariff.values("amount")[:1]),
            tariff_is_example=Subquery(tariff.values("is_example")[:1]),
            photo_small=Subquery(photo.values("small")[:1]),
        )
        .order_by(Lower("name"), "pk")
    )


def tariff_on(machine: Machine, on: date) -> Tariff | None:
    """Return the tariff in force for a machine on a day, or None where none is decreed."""
    valid = machine.tariffs.filter(valid_from__lte=on).filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))
    return valid.order_by("-valid_from").first()


def districts() -> QuerySet[District]:
    """Return all districts with `facility_count`."""
    return District.objects.annotate(facility_count=Count("facilities"))


def facilities() -> QuerySet[Facility]:
    """Return all houses with their district and `machine_count` of machines in service."""
    return Facility.objects.select_related("district").annotate(
        machine_count=Count("machines", filter=Q(machines__retired_on__isnull=True))
    )


def machine_types() -> QuerySet[MachineType]:
    """Return all types by name."""
    return MachineType.objects.all()


def calendars(machines: Sequence[Machine], window: Span) -> dict[int, Calendar]:
    """Return each machine's calendar around `window`, in three queries whatever their number.

    The machines need `facility`, `broken_since` and `broken_until` (see `in_service` and
    `occupancy.lock`). Reaches a day beyond the window on both sides, for setup and cleaning.
    """
    wide = Span(window.start - timedelta(days=1), window.end + timedelta(days=1))
    open_by_facility = _open_times({machine.facility for machine in machines}, wide)
    taken: dict[int, list[Blocked]] = defaultdict(list)
    rows = Occupancy.objects.filter(
        machine__in=[machine.pk for machine in machines], ends_at__gt=wide.start, starts_at__lt=wide.end
    )
    for machine_id, starts_at, ends_at, kind in rows.order_by("starts_at").values_list(
        "machine_id", "starts_at", "ends_at", "kind"
    ):
        taken[machine_id].append(Blocked(Span(starts_at, ends_at), CODES[kind]))
    return {
        machine.pk: Calendar(
            *open_by_facility[machine.facility_id],
            taken=taken[machine.pk],
            broken_since=machine.broken_since,
            broken_until=machine.broken_until,
        )
        for machine in machines
    }


def opening_times(facility: Facility, window: Span) -> tuple[list[Span], list[Blocked]]:
    """Return when one house is open around `window`, and what shuts it."""
    return _open_times({facility}, window)[facility.pk]


def opening_times_of(houses: Iterable[Facility], window: Span) -> dict[int, tuple[list[Span], list[Blocked]]]:
    """Return `opening_times` of several houses by their id, in two queries whatever their number."""
    return _open_times(set(houses), window)


def _open_times(houses: set[Facility], window: Span) -> dict[int, tuple[list[Span], list[Blocked]]]:
    """Return opening spans and closures per facility, in two queries."""
    ids = [house.pk for house in houses]
    rules: dict[int, list[WeeklyRule]] = defaultdict(list)
    fields = ("facility_id", "weekday", "opens", "closes", "valid_from", "valid_until")
    for facility_id, *rule in OpeningHours.objects.filter(facility__in=ids).values_list(*fields):
        rules[facility_id].append(WeeklyRule(*rule))
    margin = timedelta(days=1)
    closures = list(
        Closure.objects.filter(
            Q(facility__in=ids) | Q(facility__isnull=True),
            last_on__gte=window.start.date() - margin,
            first_on__lte=window.end.date() + margin,
        )
    )
    found = {}
    for house in houses:
        zone = house.zone
        shut = [block for closure in closures if observes(house, closure) for block in _blocks(closure, house, window)]
        first, last = local_date(window.start, zone), local_date(window.end, zone)
        spans = open_spans(
            rules[house.pk],
            closures=[block.span for block in shut],
            holidays=(),
            zone=zone,
            first=first,
            last=last,
        )
        found[house.pk] = (spans, shut)
    return found


def _blocks(closure: Closure, house: Facility, window: Span) -> Iterable[Blocked]:
    """Yield a closure's days within the window as spans of the house's own zone."""
    zone = house.zone
    first = max(closure.first_on, local_date(window.start, zone) - timedelta(days=1))
    last = min(closure.last_on, local_date(window.end, zone) + timedelta(days=1))
    code = CLOSED if closure.kind == Closure.Kind.CLOSED else HOLIDAY
    for number in range(first.toordinal(), last.toordinal() + 1):
        midnight = datetime.combine(date.fromordinal(number), datetime.min.time(), tzinfo=zone)
        start = midnight + timedelta(minutes=closure.from_minute)
        end = midnight + timedelta(minutes=closure.until_minute)
        yield Blocked(Span(start, end), code, closure.reason)


def next_free(machines: Sequence[Machine], *, now: datetime, minutes: int, days: int = 14) -> dict[int, datetime]:
    """Return each machine's earliest start for a run of `minutes` within `days`; absent where there is none.

    The first of `free_starts` for every machine, honouring notice, horizon and grid of each
    house, but counted in whole minutes all the way: a thousand machines at once. Three
    queries. Machines as for `calendars`.
    """
    window = Span(now, now + timedelta(days=days))
    wide = Span(window.start - timedelta(days=1), window.end + timedelta(days=1))
    houses = {machine.facility_id: machine.facility for machine in machines}
    opening = _open_times(set(houses.values()), wide)
    opened = {pk: [(minute_up(s.start), minute_of(s.end)) for s in opening[pk][0]] for pk in houses}
    startable = {pk: _startable(house, window, now) for pk, house in houses.items()}
    taken = _taken_minutes(machines, wide)
    found: dict[int, datetime] = {}
    for machine in machines:
        house, open_for_booking = machine.facility, startable[machine.facility_id]
        span = _in_service_within(machine, open_for_booking) if open_for_booking else None
        if span is None:
            continue
        busy = taken[machine.pk] + _broken_minutes(machine, now, span.end + timedelta(days=2))
        job = Job(minutes, machine.setup, machine.cleaning, house.grid)
        start = _first_minute(opened[house.pk], busy, job, span=span, zone=house.zone)
        if start is not None:
            found[machine.pk] = datetime.fromtimestamp(start * 60, UTC)
    return found


def _taken_minutes(machines: Sequence[Machine], window: Span) -> dict[int, list[Minutes]]:
    """Return the minutes of each machine that anything occupies around `window`, in one query."""
    taken: dict[int, list[Minutes]] = defaultdict(list)
    rows = Occupancy.objects.filter(
        machine__in=[machine.pk for machine in machines], ends_at__gt=window.start, starts_at__lt=window.end
    )
    for machine_id, start, end in rows.values_list("machine_id", MinuteOf("starts_at"), MinuteOf("ends_at", up=True)):
        taken[machine_id].append((start, end))
    return taken


def _broken_minutes(machine: Machine, now: datetime, horizon: datetime) -> list[Minutes]:
    """Return the minutes an open breakdown claims, as `Calendar.busy` counts them."""
    if machine.broken_since is None:
        return []
    claimed = Calendar((), broken_since=machine.broken_since, broken_until=machine.broken_until).busy(now, horizon)
    return [(minute_of(span.start), minute_up(span.end)) for span in claimed]


def _first_minute(open_: Sequence[Minutes], busy: list[Minutes], job: Job, *, span: Span, zone: ZoneInfo) -> int | None:
    """Return the first minute of `span` at which a job may start."""
    first, last = minute_up(span.start), minute_up(span.end)
    midnight = minute_of(local_day(local_date(span.start, zone), zone).start)
    starts = starts_from_minutes(
        [(start - first, end - first) for start, end in open_],
        [(start - first, end - first) for start, end in busy],
        size=last - first,
        run=job.run,
        setup=job.setup,
        cleaning=job.cleaning,
        step=job.grid,
        offset=midnight - first,
    )
    return first + starts[0] if starts else None


def _startable(house: Facility, window: Span, now: datetime) -> Span | None:
    """Return the part of `window` in which the house lets runs start: after its notice, within its horizon."""
    earliest = max(window.start, now + timedelta(minutes=house.notice))
    last_day = local_date(now, house.zone) + timedelta(days=house.horizon + 1)
    latest = min(window.end, datetime.combine(last_day, datetime.min.time(), tzinfo=house.zone))
    return Span(earliest, latest) if latest > earliest else None


def _in_service_within(machine: Machine, span: Span) -> Span | None:
    """Return the part of `span` in which the machine is in service, by its house's calendar."""
    zone, retired_on = machine.facility.zone, machine.retired_on
    start = max(span.start, local_day(machine.in_service_from, zone).start)
    end = min(span.end, local_day(retired_on, zone).start) if retired_on else span.end
    return Span(start, end) if end > start else None


def free_starts(
    machine: Machine, calendar: Calendar, *, now: datetime, minutes: int, window: Span, count: int
) -> list[datetime]:
    """Return the first `count` starts in `window` that respect notice and horizon, while the machine is in service."""
    house = machine.facility
    asked = _startable(house, window, now)
    startable = _in_service_within(machine, asked) if asked else None
    if startable is None:
        return []
    job = Job(minutes, machine.setup, machine.cleaning, house.grid)
    return nearest_starts(calendar, job, window=startable, now=now, zone=house.zone, count=count)
