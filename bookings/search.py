"""Ask for packs: which machines can do it, when, for how much; and for every other one, why not.

Eight statements at any size: houses, machines with abilities and tariffs, opening hours, closures, occupancies,
changeovers, shifts, and what holds the operators. Everything between is arithmetic on whole minutes. When nothing
fits, the same is read once more further ahead, for near misses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone

from bookings import estimate, unfit
from bookings.free import Times
from bookings.ranking import EARLIEST, ranked
from facilities.availability import spread
from facilities.distances import origin_of, straight_km
from facilities.errors import Reason
from facilities.hours import local_date, local_day
from facilities.instants import instant_of, minute_of
from facilities.places import Place, Price, Rated, places
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
    until = timezone.localdate(window.end + FORTNIGHT)
    known = places(on=timezone.localdate(now), until=until, form=wanted.form, format=wanted.format)
    options, misfits, almost = _sorted_out(wanted, known, window, now)
    near: Sequence[Near] = ()
    if not options and almost:
        near = _near_misses(wanted, almost, window, now)
    return Found(ranked(options, order), misfits, near)


def _window(wanted: Wanted, now: datetime) -> Span:
    earliest = max(wanted.earliest, now)
    latest = min(wanted.latest, earliest + LONGEST_WINDOW)
    return Span(earliest, max(latest, earliest + timedelta(minutes=1)))


def _sorted_out(
    wanted: Wanted, known: Sequence[Place], window: Span, now: datetime
) -> tuple[list[Option], list[Misfit], list[Place]]:
    """Return options, misfits, and the machines that would do it if only they had time."""
    origin = origin_of(wanted.district, (place.house for place in known))
    able, options, misfits = [], [], []
    for place in known:
        reasons = unfit.reasons(place, wanted, now)
        if reasons:
            misfits.append(Misfit(place, reasons))
        else:
            able.append(place)
    times = Times(able, window, now)
    for place in able:
        option = _option(place, wanted, times, origin)
        if isinstance(option, Option):
            options.append(option)
        else:
            misfits.append(Misfit(place, option))
    return options, misfits, able


def _option(place: Place, wanted: Wanted, times: Times, origin: tuple[float, float] | None) -> Option | list[Reason]:
    """Return what a machine offers, or every reason why it has no time."""
    rated = best_ability(place, wanted)
    minutes = minutes_for(place, wanted, rated)
    most = longest_session(place, times)
    plan = plan_sessions(place, wanted, rated, times, minutes, most) if minutes > most else ()
    each = _minutes_of(plan[0]) if plan else minutes
    if plan:
        starts = [minute_of(plan[0].start)]
    else:
        fits = minutes <= most
        starts = spread(times.each_range(place, wanted.cleaning_class, each), gap=each, count=OFFERED) if fits else []
    if not starts:
        return unfit.no_time(place, wanted, times, minutes)
    clean = _same_class_before(place, wanted, times, each)
    if clean and not plan and clean[0] not in starts:
        starts = sorted([*starts[: OFFERED - 1], clean[0]])
    sessions = plan or [Session(instant_of(starts[0]), instant_of(starts[0] + minutes), wanted.quantity)]
    asked = {**place.house.policy, **place.policy}.get("documents_required")
    return Option(
        machine=place,
        minutes=minutes,
        minutes_each=each,
        rate=rated.rate if rated else None,
        learned_from=rated.learned_from if rated else 0,
        starts=[instant_of(start) for start in starts],
        no_cleaning=[instant_of(start) for start in starts if start in clean],
        distance=_distance(place, origin),
        tariff=_tariff(place, sessions[0]),
        price=_price(place, sessions),
        documents=asked if isinstance(asked, list) else (),
        plan=plan,
    )


def _tariff(place: Place, session: Session) -> Price | None:
    return place.price_on(local_date(session.start, place.house.zone))


def _price(place: Place, sessions: Sequence[Session]) -> int | None:
    """Return what all sessions cost together, each by the tariff of its own day; None where any is not known yet."""
    costs = []
    for one in sessions:
        price = _tariff(place, one)
        asked = {"minutes": _minutes_of(one), "quantity": one.packs}
        costs.append(estimate.price(price.unit, price.amount, **asked) if price else None)
    total = sum(cost or 0 for cost in costs)
    return None if None in costs or total > estimate.LARGEST_PRICE else total


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


def _longest_by_day(place: Place, wanted: Wanted, times: Times, most: int) -> dict[object, tuple[int, int]]:
    """Return for each day the start and minutes of its longest run, in whole grid steps; of two the earlier."""
    zone, grid, span = place.house.zone, place.limits.grid, times.span(place)
    best: dict[object, tuple[int, int]] = {}
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


def _same_class_before(place: Place, wanted: Wanted, times: Times, minutes: int) -> list[int]:
    """Return the starts that directly follow a job of the same class on the same day: nothing is cleaned between."""
    own, plan = wanted.cleaning_class, times.plan
    if not own or plan is None or plan.matrix(place.house.pk).minutes(own, own, full=1):
        return []
    step, zone = place.limits.grid, place.house.zone
    found = []
    for _start, end, held_class, is_job in plan.rows(place.pk):
        if is_job and held_class == own:
            after = end + place.setup
            day = minute_of(local_day(local_date(instant_of(end), zone), zone).start)
            start = after + (day - after) % step
            if start - place.setup < day + 1440 and times.is_free(place, own, minutes, start):
                found.append(start)
    return sorted(found)


def _distance(place: Place, origin: tuple[float, float] | None) -> int | None:
    return straight_km(*origin, place.house.latitude, place.house.longitude) if origin else None


def _near_misses(wanted: Wanted, able: Sequence[Place], window: Span, now: datetime) -> list[Near]:
    """Return the three best of what is almost as asked: later, over several days, or fewer packs in the time asked."""
    later = replace(wanted, earliest=window.start, latest=window.end + FORTNIGHT)
    times = Times(able, _window(later, now), now)
    after = [
        _near("split" if o.plan else "next_day", o)
        for p in able
        if isinstance(o := _option(p, later, times, None), Option)
    ]
    fewer = list(_shorter(wanted, able, Times(able, window, now)))
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
            starts = spread(times.each_range(place, wanted.cleaning_class, minutes), gap=1, count=1)
            if starts:
                at = instant_of(starts[0])
                packs = estimate.packs_possible(minutes, rate=rated.rate) if rated and wanted.quantity else None
                yield Near("shorter", place, at, at + timedelta(minutes=minutes), packs)
                break
