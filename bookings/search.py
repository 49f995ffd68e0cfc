"""Ask for packs: which machines can do it, when, for how much; and for every other one, why not.

Eight statements at any size: houses, types, machines with what they can do, tariffs, timetables, occupancies, shifts,
and what holds the operators. Everything between is arithmetic on whole minutes. When nothing fits, the last four are
read once more further ahead, for near misses.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils import timezone

from bookings import estimate, unfit
from bookings.ranking import EARLIEST, ranked
from facilities.availability import Starts
from facilities.distances import kilometres_to, origin_of
from facilities.errors import Reason
from facilities.free import Times
from facilities.hours import local_date, local_day
from facilities.instants import instant_of, minute_of
from facilities.places import Place, Price, Prices, Rated, places
from facilities.spans import Span

FORTNIGHT = timedelta(days=14)
LONGEST_WINDOW = timedelta(days=62)
OFFERED = 3
MOST_SESSIONS = 12
WORTH_COMING = 120
"""Minutes of run for which one travels to a house."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be packed, and when. Empty means not said; then it is not checked.

    `quantity` packs, or `minutes` of run where somebody knows better; neither means an hour. `net_weight` is grams
    or millilitres in a pack, `width` millimetres. `district` is the code of where the asker comes from.
    """

    earliest: datetime
    latest: datetime
    form: str = ""
    format: str = ""
    cleaning_class: str = ""
    line: str = ""
    net_weight: int | None = None
    width: int | None = None
    quantity: int | None = None
    minutes: int | None = None
    district: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """One visit of a plan: a run from start to end, and how many packs it makes (None when no quantity was asked)."""

    start: datetime
    end: datetime
    packs: int | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A machine that can do it. `minutes` of run in all, `rate` packs per hour, learned from so many own runs (0: nominal).

    `starts`: up to three that do not overlap; `minutes_each` is what the first of them takes. `plan` has the sessions
    when one is not enough. `tariff` is that of the first start's day, `price` of all sessions on their days, whole rupiah, None where it is known only after the run.
    `no_cleaning`: which of the starts follow a job of the same class, so that nothing is cleaned between.
    """

    machine: Place
    minutes: int
    minutes_each: int
    rate: int | None
    learned_from: int
    starts: Sequence[datetime]
    no_cleaning: Sequence[datetime]
    distance: int | None
    tariff: Price | None
    price: int | None
    documents: Sequence[str]
    plan: Sequence[Session] = ()

    @property
    def ends_at(self) -> datetime:
        """When the first start ends, or the last session of a plan."""
        return self.plan[-1].end if self.plan else self.starts[0] + timedelta(minutes=self.minutes_each)


@dataclass(frozen=True, slots=True)
class Misfit:
    """A machine that cannot do it, with every reason."""

    machine: Place
    reasons: Sequence[Reason]


@dataclass(frozen=True, slots=True)
class Near:
    """Almost what was asked: `shorter` (fewer packs), `next_day` (later than asked), `split` (over several days)."""

    kind: str
    machine: Place
    starts_at: datetime
    ends_at: datetime
    packs: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The answer: options in the order asked for, all the others with their reasons, and near misses if nothing fits."""

    options: Sequence[Option]
    misfits: Sequence[Misfit]
    near: Sequence[Near] = ()


def search(wanted: Wanted, *, now: datetime, order: str = EARLIEST) -> Found:
    """Return every machine of every house: the options ranked by `order`, the others with every reason.

    `order` is earliest, nearest or cheapest. The window is at most 62 days from its earliest.
    """
    window = _window(wanted, now)
    sizes = (wanted.form, wanted.format, wanted.quantity, wanted.net_weight, wanted.width)
    known = places(
        on=timezone.localdate(now), form=wanted.form, format=wanted.format, with_abilities=any(sizes)
    )
    able, misfits = _sorted_out(wanted, known, now)
    times = Times(able, window, now)
    last = timezone.localdate(window.end + FORTNIGHT)
    prices = Prices(able, first=timezone.localdate(window.start), last=last)
    houses = [place.facility for place in known]
    origin = origin_of(wanted.district, houses)
    kilometres = kilometres_to(houses, *origin) if origin else {}
    options, without_time = _options(wanted, able, times, prices, kilometres)
    misfits += without_time
    near: Sequence[Near] = ()
    if not options and able:
        near = _near_misses(wanted, able, times, prices)
    return Found(ranked(options, order), misfits, near)


def _window(wanted: Wanted, now: datetime) -> Span:
    earliest = max(wanted.earliest, now)
    latest = min(wanted.latest, earliest + LONGEST_WINDOW)
    return Span(earliest, max(latest, earliest + timedelta(minutes=1)))


def _sorted_out(wanted: Wanted, known: Sequence[Place], now: datetime) -> tuple[list[Place], list[Misfit]]:
    """Return the machines that can do it, and those that cannot whatever the hour."""
    able, misfits = [], []
    why = unfit.Reasons(wanted, now)
    for place in known:
        reasons = why.of(place)
        if reasons:
            misfits.append(Misfit(place, reasons))
        else:
            able.append(place)
    return able, misfits


def _options(
    wanted: Wanted, able: Sequence[Place], times: Times, prices: Prices, kilometres: Mapping[int, int]
) -> tuple[list[Option], list[Misfit]]:
    """Return what each machine offers, and those that would do it if only they had time."""
    options, misfits = [], []
    for place in able:
        option = _option(place, wanted, times, prices, kilometres)
        if isinstance(option, Option):
            options.append(option)
        else:
            misfits.append(Misfit(place, option))
    return options, misfits


def _option(
    place: Place, wanted: Wanted, times: Times, prices: Prices, kilometres: Mapping[int, int]
) -> Option | list[Reason]:
    """Return what a machine offers, or every reason why it has no time."""
    rated = best_ability(place, wanted)
    minutes = each = minutes_for(place, wanted, rated)
    free = times.starts(place, wanted.cleaning_class, minutes)
    plan: Sequence[Session] = ()
    if free:
        starts = free.spread(gap=minutes, count=OFFERED)
        clean = _same_class_before(place, wanted, times, free)
        if clean and clean[0] not in starts:
            starts = sorted([*starts[: OFFERED - 1], clean[0]])
    else:
        most = longest_session(place, times)
        plan = plan_sessions(place, wanted, rated, times, minutes, most) if minutes > most else ()
        if not plan:
            return unfit.no_time(place, wanted, times, minutes)
        each, starts = _minutes_of(plan[0]), [minute_of(plan[0].start)]
        clean = _same_class_before(place, wanted, times, times.starts(place, wanted.cleaning_class, each))
    sessions = plan or [Session(instant_of(starts[0]), instant_of(starts[0] + minutes), wanted.quantity)]
    asked = place.policy.get("documents_required", place.facility.policy.get("documents_required"))
    tariffs = [prices.on(place, local_date(one.start, place.facility.zone)) for one in sessions]
    return Option(
        machine=place,
        minutes=minutes,
        minutes_each=each,
        rate=rated.rate if rated else None,
        learned_from=rated.learned_from if rated else 0,
        starts=[instant_of(start) for start in starts],
        no_cleaning=[instant_of(start) for start in starts if start in clean],
        distance=kilometres.get(place.facility_id),
        tariff=tariffs[0],
        price=_price(sessions, tariffs),
        documents=asked if isinstance(asked, list) else (),
        plan=plan,
    )


def _price(sessions: Sequence[Session], tariffs: Sequence[Price | None]) -> int | None:
    """Return what all sessions cost together, each by the tariff of its own day; None where any is not known yet."""
    total = 0
    for one, tariff in zip(sessions, tariffs, strict=True):
        minutes = _minutes_of(one)
        cost = estimate.price(tariff.unit, tariff.amount, minutes=minutes, quantity=one.packs) if tariff else None
        if cost is None:
            return None
        total += cost
    return total if total <= estimate.LARGEST_PRICE else None


def best_ability(place: Place, wanted: Wanted) -> Rated | None:
    """Return the fastest of a machine's abilities that serves what is wanted, sizes included."""
    serving = [ability for ability in place.abilities if unfit.takes(ability, wanted)]
    return max(serving, key=lambda ability: ability.rate, default=None)


def minutes_for(place: Place, wanted: Wanted, rated: Rated | None) -> int:
    """Return the minutes of run that a machine needs, on its grid: the quantity at its rate, or what was asked."""
    if wanted.minutes is None and wanted.quantity is not None and rated is not None:
        return whole_run(place, estimate.minutes_needed(wanted.quantity, rate=rated.rate, grid=place.limits.grid))
    return whole_run(place, wanted.minutes if wanted.minutes is not None else 60)


def whole_run(place: Place, minutes: int) -> int:
    """Return minutes rounded up to what a machine's rules take: whole steps of its grid, and not below its shortest run."""
    grid = place.limits.grid
    return -(-max(minutes, place.limits.shortest) // grid) * grid


def longest_session(place: Place, times: Times) -> int:
    """Return how long one run can be at most on a machine: by its rules, and by when anybody can work at it."""
    if times.plan is None:
        return 0
    stretch = times.longest_stretch(place) - place.setup
    grid = place.limits.grid
    return max(0, min(place.limits.longest, stretch) // grid * grid)


def _minutes_of(session: Session) -> int:
    return int((session.end - session.start).total_seconds() // 60)


def plan_sessions(
    place: Place, wanted: Wanted, rated: Rated | None, times: Times, minutes: int, most: int
) -> Sequence[Session]:
    """Return sessions that together make `minutes`: one a day, from the first day on, of half the longest at least.

    Where there are too few such days, of two hours, then of any length; nothing when even those are too few, or more
    than a dozen. Nobody comes on a fifth day for half an hour that the fourth had room for.
    """
    best = _longest_by_day(place, wanted, times, most)
    for least in (most // 2, min(most, WORTH_COMING), 0):
        days = [best[day] for day in sorted(best) if best[day][1] >= least]
        plan = _visits(days, place, wanted, rated, minutes)
        if plan:
            return plan
    return ()


def _visits(
    days: Sequence[tuple[int, int]], place: Place, wanted: Wanted, rated: Rated | None, minutes: int
) -> Sequence[Session]:
    """Return a session on each of these days, start and longest minutes given, until `minutes` are made; else nothing."""
    left, packs_left = minutes, wanted.quantity
    planned: list[Session] = []
    for start, longest in days[:MOST_SESSIONS]:
        length = longest
        length = min(length, whole_run(place, left))
        at, packs = instant_of(start), None
        if packs_left is not None and rated is not None:
            packs = min(packs_left, estimate.packs_possible(length, rate=rated.rate))
            packs_left -= packs
        planned.append(Session(at, at + timedelta(minutes=length), packs))
        left -= length
        if left <= 0:
            return planned
    return ()


def _longest_by_day(place: Place, wanted: Wanted, times: Times, most: int) -> dict[date, tuple[int, int]]:
    """Return for each day the start and minutes of its longest run, in whole grid steps; of two the earlier."""
    zone, grid, span = place.facility.zone, place.limits.grid, times.span(place)
    best: dict[date, tuple[int, int]] = {}
    if span is None:
        return best
    first, last, midnight = span
    for low, high in times.gaps(place, wanted.cleaning_class):
        start = max(low + place.setup, first)
        start += (midnight - start) % grid
        while start < min(high, last):
            length = min(most, (high - start) // grid * grid)
            day = local_date(instant_of(start), zone)
            known = best.get(day)
            if length >= place.limits.shortest and (known is None or (-length, start) < (-known[1], known[0])):
                best[day] = (start, length)
            start = minute_of(local_day(day, zone).end)
            start += (midnight - start) % grid
    return best


def _same_class_before(place: Place, wanted: Wanted, times: Times, free: Starts) -> list[int]:
    """Return the starts that directly follow a job of the same class on the same day: nothing is cleaned between."""
    own, plan, house = wanted.cleaning_class, times.plan, place.facility_id
    if not own or plan is None:
        return []
    ends = [end for _start, end, held_class, is_job in plan.rows(place.pk) if is_job and held_class == own]
    if not ends or plan.matrix(house).minutes(own, own, full=1):
        return []
    midnights, setup, step = plan.midnights(house), place.setup, place.limits.grid
    found = []
    for end in ends:
        tomorrow = bisect_right(midnights, end)
        if tomorrow == len(midnights):  # long after the window
            continue
        start = end + setup + (midnights[tomorrow - 1] - end - setup) % step
        if start - setup < midnights[tomorrow] and start in free:
            found.append(start)
    return sorted(found)


def _near_misses(wanted: Wanted, able: Sequence[Place], times: Times, prices: Prices) -> list[Near]:
    """Return the three best of what is almost as asked: later, over several days, or fewer packs in the time asked."""
    later = replace(wanted, earliest=times.window.start, latest=times.window.end + FORTNIGHT)
    then, _never = _options(later, able, Times(able, _window(later, times.now), times.now), prices, {})
    after = [_near("split" if option.plan else "next_day", option) for option in then]
    fewer = list(_shorter(wanted, able, times))
    best = (
        sorted(after, key=lambda n: (n.starts_at, n.machine.pk))[:2] + sorted(fewer, key=lambda n: -(n.packs or 0))[:1]
    )
    rest = sorted(after, key=lambda n: (n.starts_at, n.machine.pk))[2:]
    return [*best, *rest][:OFFERED]


def _near(kind: str, option: Option) -> Near:
    first = option.plan[0] if option.plan else None
    end = first.end if first else option.ends_at
    return Near(kind, option.machine, option.starts[0], end, first.packs if first else None)


def _shorter(wanted: Wanted, able: Iterable[Place], times: Times) -> Iterable[Near]:
    """Yield, for each machine, the longest run of half an hour or more, on the hour, that fits in the time asked."""
    for place in able:
        rated, limits = best_ability(place, wanted), place.limits
        needed = minutes_for(place, wanted, rated)
        for minutes in range(min(needed, longest_session(place, times)) // 60 * 60, limits.shortest - 1, -60):
            if minutes in (0, needed):
                continue
            first = next(iter(times.starts(place, wanted.cleaning_class, minutes)), None)
            if first is not None:
                at = instant_of(first)
                packs = estimate.packs_possible(minutes, rate=rated.rate) if rated and wanted.quantity else None
                yield Near("shorter", place, at, at + timedelta(minutes=minutes), packs)
                break
