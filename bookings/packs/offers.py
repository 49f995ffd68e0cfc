"""What machines offer for what is wanted: when, for how long, for how much; or why they have no time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bookings.packs import estimate, unfit
from bookings.packs.sessions import Session, longest_session, minutes_for, plan_sessions
from bookings.packs.wanted import Abilities, Wanted
from facilities.errors import Reason
from facilities.region.free_times import FreeTimes
from facilities.region.places import Place, Price, Rated
from facilities.time.availability import Starts
from facilities.time.hours import local_date
from facilities.time.instants import instant_of, minute_of

OFFERED = 3


class Option(NamedTuple):
    """A machine that can do it: `minutes` of run in all, at `rate` packs per hour, learned from so many own runs (0: nominal).

    `starts`: up to three that do not overlap; `minutes_each` is what the first of them takes. `plan` has the sessions
    when one is not enough. `tariff` is that of the first start's day, `price` of all sessions on their days, whole
    rupiah, None where it is known only after the run. `no_cleaning`: which of the starts follow a job of the same
    class, so that nothing is cleaned between; one that comes soon is offered in place of the third.
    """

    machine: Place
    minutes: int
    minutes_each: int
    rate: int | None
    learned_from: int
    starts: Sequence[datetime]
    no_cleaning: Sequence[datetime]
    distance: int | None
    documents: Sequence[str]
    tariff: Price | None
    price: int | None
    plan: Sequence[Session] = ()

    @property
    def ends_at(self) -> datetime:
        """When the first start ends, or the last session of a plan."""
        return self.plan[-1].end if self.plan else self.starts[0] + timedelta(minutes=self.minutes_each)


class Misfit(NamedTuple):
    """A machine that cannot do it, with every reason."""

    machine: Place
    reasons: Sequence[Reason]


class Able(NamedTuple):
    """What is asked of one machine: its ability, if any was asked for, and the minutes of run."""

    place: Place
    rated: Rated | None
    minutes: int


class Offers:
    """What machines offer. `soon` is the minute until which a time without cleaning is worth waiting for."""

    def __init__(self, wanted: Wanted, abilities: Abilities, kilometres: Mapping[int, int], *, soon: int) -> None:
        self._wanted, self._abilities, self._kilometres, self._soon = wanted, abilities, kilometres, soon

    def asked(self, able: Iterable[Place]) -> list[Able]:
        """Return what is asked of each machine."""
        rated = ((place, self._abilities.best(place)) for place in able)
        return [Able(place, best, minutes_for(place, self._wanted, best)) for place, best in rated]

    def in_first_days(self, asked: Iterable[Able], times: FreeTimes) -> tuple[list[Option], list[Able]]:
        """Return what those machines offer that have enough times in the first days, and what is asked of the others.

        The first times are the same however far one looks. Most machines have them soon, so that most of
        what holds a region's machines need not be read.
        """
        options, others = [], []
        for one in asked:
            free = times.starts(one.place, self._wanted.cleaning_class, one.minutes)
            starts = free.spread(gap=one.minutes, count=OFFERED)
            if len(starts) == OFFERED:
                options.append(self._run(one, times, free, starts))
            else:
                others.append(one)
        return options, others

    def of(self, asked: Iterable[Able], times: FreeTimes) -> tuple[list[Option], list[Misfit]]:
        """Return what each machine offers, and those that would do it if only they had time."""
        options, misfits = [], []
        for one in asked:
            offer = self._offer(one, times)
            if isinstance(offer, Option):
                options.append(offer)
            else:
                misfits.append(Misfit(one.place, offer))
        return options, misfits

    def _offer(self, one: Able, times: FreeTimes) -> Option | list[Reason]:
        """Return one run, else sessions, else every reason why there is no time."""
        place, rated, minutes = one
        free = times.starts(place, self._wanted.cleaning_class, minutes)
        if free:
            return self._run(one, times, free, free.spread(gap=minutes, count=OFFERED))
        most = longest_session(place, times)
        plan = plan_sessions(place, self._wanted, rated, times, minutes, most) if minutes > most else ()
        if plan:
            return self._sessions(one, times, plan)
        return unfit.no_time(place, self._wanted, times, minutes)

    def _run(self, one: Able, times: FreeTimes, free: Starts, starts: list[int]) -> Option:
        """Return an option of one run, at any of these times."""
        place, _rated, minutes = one
        clean = same_class_before(place, self._wanted.cleaning_class, times, free)
        if clean and clean[0] not in starts and clean[0] < self._soon:
            starts = sorted([*starts[: OFFERED - 1], clean[0]])
        tariff = _tariff(place, instant_of(starts[0]))
        price = _cost(tariff, minutes, self._wanted.quantity)
        return self._option(one, starts, clean, minutes_each=minutes, tariff=tariff, price=price)

    def _sessions(self, one: Able, times: FreeTimes, plan: Sequence[Session]) -> Option:
        """Return an option of several sessions; its time is the first one's."""
        place, own, each = one.place, self._wanted.cleaning_class, plan[0].minutes
        clean = same_class_before(place, own, times, times.starts(place, own, each))
        tariffs = [_tariff(place, session.start) for session in plan]
        price = _price(plan, tariffs)
        first = [minute_of(plan[0].start)]
        return self._option(one, first, clean, minutes_each=each, tariff=tariffs[0], price=price, plan=plan)

    def _option(self, one: Able, starts: Sequence[int], clean: Sequence[int], **told: Any) -> Option:
        place, rated, minutes = one
        documents = place.policy.get("documents_required", place.facility.policy.get("documents_required"))
        return Option(
            machine=place,
            minutes=minutes,
            rate=rated.rate if rated else None,
            learned_from=rated.learned_from if rated else 0,
            starts=[instant_of(start) for start in starts],
            no_cleaning=[instant_of(start) for start in starts if start in clean] if clean else (),
            distance=self._kilometres.get(place.facility_id),
            documents=documents if isinstance(documents, list) else (),
            **told,
        )


def _tariff(place: Place, start: datetime) -> Price | None:
    return place.price_on(local_date(start, place.facility.zone))


def _cost(tariff: Price | None, minutes: int, packs: int | None) -> int | None:
    return estimate.price(tariff.unit, tariff.amount, minutes=minutes, quantity=packs) if tariff else None


def _price(plan: Sequence[Session], tariffs: Sequence[Price | None]) -> int | None:
    """Return what all sessions cost together, each by the tariff of its own day; None where any is not known yet."""
    total = 0
    for one, tariff in zip(plan, tariffs, strict=True):
        cost = _cost(tariff, one.minutes, one.packs)
        if cost is None:
            return None
        total += cost
    return total if total <= estimate.LARGEST_PRICE else None


def same_class_before(place: Place, own: str, times: FreeTimes, free: Starts) -> list[int]:
    """Return the starts that directly follow a job of the same class on the same day: nothing is cleaned between."""
    timeline, house = times.timeline, place.facility_id
    if not own or timeline is None:
        return []
    ends = [end for _start, end, held_class, is_job in timeline.rows(place.pk) if is_job and held_class == own]
    if not ends or timeline.matrix(house).minutes(own, own, full=1):
        return []
    midnights, setup, step = timeline.midnights(house), place.setup, place.limits.grid
    found = []
    for end in ends:
        tomorrow = bisect_right(midnights, end)
        if tomorrow == len(midnights):  # long after the window
            continue
        start = end + setup + (midnights[tomorrow - 1] - end - setup) % step
        if start - setup < midnights[tomorrow] and start in free:
            found.append(start)
    return sorted(found)
