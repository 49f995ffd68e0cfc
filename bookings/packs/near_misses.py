"""Near misses: a time was refused; what is almost the same and can be had? The three best, of different kinds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone

from bookings.models import BookedMachine, Booking
from bookings.packs import estimate, unfit
from bookings.packs.sessions import longest_session, minutes_for, plan_sessions, whole_run
from bookings.packs.wanted import FORTNIGHT, Abilities, Wanted
from bookings.rules.decision import Request, policy_of
from bookings.rules.question import request_to_move
from facilities.errors import Reason, Refusal
from facilities.models import Machine
from facilities.region.distances import kilometres_to, straight_km
from facilities.region.free_times import FreeTimes
from facilities.region.places import Place
from facilities.region.region import region
from facilities.time.availability import Starts
from facilities.time.hours import local_date, local_day
from facilities.time.instants import instant_of, minute_of
from facilities.time.spans import Span

SAME_DAY, NEXT_DAY, SHORTER, SPLIT = "same_day", "next_day", "shorter", "split"
OTHER_MACHINE, OTHER_HOUSE = "other_machine", "other_house"
BEST = 3
MOST_HOUSES = 20
TWO_VISITS = 1440
"""Minutes that coming twice counts for: as much as waiting a day."""

NOT_ABOUT_TIME = frozenset({"wrong_line", "does_not_fit_machine", "not_qualified"})
"""Reasons that another time on the same machine does not mend."""
NOT_HERE = frozenset({"document_missing", "document_expired", "producer_suspended", "for_the_whole_house"})
"""Reasons that no machine of the same house mends."""
KEPT = "kept_for_others"
"""Holds for every day of the house that is not open to all yet."""
THIS_WEEK = frozenset({"quota_used"})
"""Reasons that hold for the whole week at this house."""


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Something almost as asked, of a kind. Unpacks into machine, start and end.

    `packs` is how many it makes, where packs were asked for; `cost` is how far it lies from what was asked, in minutes.
    """

    kind: str
    machine: Place
    starts_at: datetime
    ends_at: datetime
    packs: int | None = None
    cost: float = 0

    def __iter__(self) -> Iterator[object]:
        return iter((self.machine, self.starts_at, self.ends_at))


def ruled_out(reasons: Iterable[Reason]) -> set[str]:
    """Return the codes of a refusal, with `for_the_whole_house` for what no other time or machine there mends either.

    That is too many open bookings, a run longer than a whole week's quota, and an induction nobody had.
    """
    return {"for_the_whole_house" if _is_everywhere(reason) else reason.code for reason in reasons}


def _is_everywhere(reason: Reason) -> bool:
    told = reason.values
    if reason.code == "quota_used":
        quota, asked = told.get("quota"), told.get("asked")
        never = isinstance(quota, int) and isinstance(asked, int) and asked > quota and not told.get("season")
        return "open" in told or never
    return reason.code == "not_qualified" and told.get("lesson") == "induction"


def near_misses(
    machine: Machine,
    request: Request,
    *,
    now: datetime,
    codes: Collection[str] = (),
    except_: int | None = None,
    quantity: int | None = None,
) -> list[NearMiss]:
    """Return up to three near misses of a refused request, the closest first: two statements at any size, seven when the region has changed.

    `codes` are those of the refusal, from `ruled_out`: what they rule out is not offered. `except_` is an occupancy that counts as free.
    Another machine takes as long as `quantity` packs take there, and each says how many of them it makes, where its pace is known.
    Closeness is minutes of delay, with what is given up (packs, the way) counted as minutes too.
    """
    if request.minutes > 24 * 60 or request.end <= now:
        return []
    asked = _Refused(machine, request, now, frozenset(codes), except_, quantity)
    return _best(sorted(asked.all(), key=lambda near: (near.cost, near.starts_at, near.machine.pk)))


def _best(found: list[NearMiss]) -> list[NearMiss]:
    """Return three, the closest first: one of each kind, and only then a second of a kind, at quite another time."""
    chosen: list[NearMiss] = []
    for near in found:
        if len(chosen) < BEST and all(near.kind != one.kind for one in chosen):
            chosen.append(near)
    for near in found:
        if len(chosen) < BEST and not any(_alike(near, one) for one in chosen):
            chosen.append(near)
    return sorted(chosen, key=lambda near: (near.cost, near.starts_at))


def _alike(one: NearMiss, other: NearMiss) -> bool:
    return one.machine.pk == other.machine.pk and one.starts_at < other.ends_at and other.starts_at < one.ends_at


class _Refused:
    """One refused request, and the time of every machine that could do it instead."""

    def __init__(
        self,
        machine: Machine,
        request: Request,
        now: datetime,
        codes: frozenset[str],
        except_: int | None,
        quantity: int | None,
    ) -> None:
        self.request, self.now, self.codes, self.quantity = request, now, codes, quantity
        self.zone = machine.facility.zone
        day = local_day(local_date(request.start, self.zone), self.zone)
        window = Span(max(day.start, now), max(day.end, now) + FORTNIGHT)
        self.wanted = Wanted(
            window.start, window.end, form=request.form or "", format=request.format or "",
            cleaning_class=request.cleaning_class, line=request.line or "", net_weight=request.net_weight,
            width=request.width, minutes=request.minutes,
        )  # fmt: skip
        here = region()
        known = here.in_service(timezone.localdate(now))
        self.own = next((place for place in known if place.pk == machine.pk), None)
        self.by_packs = replace(self.wanted, minutes=None, quantity=quantity) if quantity else self.wanted
        self.abilities = Abilities(self.by_packs)
        why = unfit.Reasons(self.wanted, Abilities(self.wanted), now)
        others = [p for p in known if p.pk != machine.pk and not why.of(p) and self._akin(p)]
        self.others = _nearest_houses(others, machine)
        able = [*self.others, *([self.own] if self.own else ())]
        self.times = FreeTimes(able, window, now, laid_down=here.laid_down, except_=except_)

    def _akin(self, place: Place) -> bool:
        """Where nobody said what is packed, only machines of the same type are alike; what asks for training is not."""
        if "not_qualified" in self.codes and self.own is not None and place.facility_id == self.own.facility_id:
            return place.type_id != self.own.type_id
        if self.request.form or self.request.format or self.own is None:
            return True
        return place.type_id == self.own.type_id and place.line == self.own.line

    def all(self) -> Iterable[NearMiss]:
        """Yield every near miss that the refusal does not rule out."""
        here = not self.codes & (NOT_ABOUT_TIME | NOT_HERE)
        if self.own and here:
            whole = list(self._elsewhen(self.own))
            yield from whole
            if not self.codes & THIS_WEEK:
                yield from self._shorter(self.own)
                if not any(near.kind == SAME_DAY for near in whole):
                    yield from self._split(self.own)
        for place in self.others:
            same_house = self.own is not None and place.facility_id == self.own.facility_id
            if not (same_house and self.codes & (NOT_HERE | THIS_WEEK)):
                yield from self._instead(place, same_house=same_house)

    def _elsewhen(self, place: Place) -> Iterable[NearMiss]:
        """The nearest start on the same day, and on the nearest other day."""
        asked_on = local_date(self.request.start, self.zone)
        minutes = whole_run(place, self.request.minutes)
        for start in self._starts(place, minutes):
            at = instant_of(start)
            if self._in_week(at) and self.codes & THIS_WEEK:
                continue
            kind = SAME_DAY if local_date(at, self.zone) == asked_on else NEXT_DAY
            yield self._near(kind, place, at, minutes, 0)

    def _shorter(self, place: Place) -> Iterable[NearMiss]:
        """The longest run that fits at the very time asked for; each minute given up counts double."""
        start, grid = minute_of(self.request.start), place.limits.grid
        longest = min(self.request.minutes - 1, place.limits.longest) // grid * grid
        for minutes in range(longest, place.limits.shortest - 1, -grid):
            if start in self._starts(place, minutes):
                yield self._near(SHORTER, place, self.request.start, minutes, 2 * (self.request.minutes - minutes))
                return

    def _split(self, place: Place) -> Iterable[NearMiss]:
        """Two or more visits, where no single one is long enough."""
        minutes = whole_run(place, self.request.minutes)
        most = min(longest_session(place, self.times), minutes - place.limits.grid)
        plan = plan_sessions(place, self.wanted, None, self.times, minutes, most) if most > 0 else ()
        if len(plan) > 1 and self._is_open_to_all(place, plan[0].start):
            first = plan[0]
            yield self._near(SPLIT, place, first.start, first.minutes, TWO_VISITS)

    def _instead(self, place: Place, *, same_house: bool) -> Iterable[NearMiss]:
        """Another machine: the start nearest to the one asked for."""
        kilometres = 0 if same_house or self.own is None else _apart(self.own, place)
        minutes = self._minutes_at(place)
        start = self._starts(place, minutes).nearest(minute_of(self.request.start))
        kind, way = (OTHER_MACHINE, 30) if same_house else (OTHER_HOUSE, 240 + 2 * kilometres)
        if start is not None:
            yield self._near(kind, place, instant_of(start), minutes, way)

    def _minutes_at(self, place: Place) -> int:
        best = self.abilities.best(place)
        return minutes_for(place, self.by_packs if best else self.wanted, best)

    def _starts(self, place: Place, minutes: int) -> Starts:
        found = self.times.starts(place, self.request.cleaning_class, minutes)
        kept = KEPT in self.codes and self._keeps(place)
        return found.before(minute_of(self._open_until(place))) if kept else found

    def _keeps(self, place: Place) -> bool:
        """Return whether this is the house that keeps a share of its days for others."""
        return self.own is not None and place.facility_id == self.own.facility_id

    def _open_until(self, place: Place) -> datetime:
        """Return when the days end that are open to all by now."""
        days = policy_of(place.facility.policy, place.policy).get("reserved_opens")
        last = local_date(self.now, self.zone) + timedelta(days=days if isinstance(days, int) else 0)
        return local_day(last, self.zone).end

    def _is_open_to_all(self, place: Place, start: datetime) -> bool:
        return KEPT not in self.codes or not self._keeps(place) or start < self._open_until(place)

    def _near(self, kind: str, place: Place, start: datetime, minutes: int, given_up: float) -> NearMiss:
        delay = abs((start - self.request.start).total_seconds()) / 60
        packs, lacking = self._packs(place, minutes)
        cost = delay + max(given_up, 2 * lacking) if kind == SHORTER else delay + given_up + 2 * lacking
        return NearMiss(kind, place, start, start + timedelta(minutes=minutes), packs, cost)

    def _packs(self, place: Place, minutes: int) -> tuple[int | None, float]:
        """How many of the packs asked for a run makes, and how many minutes it lacks for the others."""
        rated = self.abilities.best(place) if self.quantity and self.request.format else None
        if rated is None or self.quantity is None:
            return None, 0
        packs = min(self.quantity, estimate.packs_possible(minutes, rate=rated.rate))
        return packs, (self.quantity - packs) * 60 / rated.rate

    def _in_week(self, at: datetime) -> bool:
        one, other = (local_date(instant, self.zone) for instant in (at, self.request.start))
        return one.isocalendar()[:2] == other.isocalendar()[:2]


def _apart(one: Place, other: Place) -> int:
    return straight_km(one.facility.latitude, one.facility.longitude, other.facility.latitude, other.facility.longitude)


def _nearest_houses(able: list[Place], machine: Machine) -> list[Place]:
    """Return the machines of the nearest houses: nobody drives past twenty of them."""
    house = machine.facility
    far = kilometres_to((place.facility for place in able), house.latitude, house.longitude)
    near = set(sorted(far, key=lambda pk: far[pk])[:MOST_HOUSES])
    return [place for place in able if place.facility_id in near]


def with_near_misses(
    refusal: Refusal, machine: Machine, request: Request, *, now: datetime, quantity: int | None = None
) -> Refusal:
    """Return the same refusal with the three best ways that are open instead, for so many packs."""
    codes = ruled_out(refusal.reasons)
    return Refusal(
        refusal.reasons, alternatives=near_misses(machine, request, now=now, codes=codes, quantity=quantity)
    )


def move_with_near_misses(
    refusal: Refusal,
    booking: Booking,
    machine: Machine | None,
    starts_at: datetime,
    ends_at: datetime,
    *,
    now: datetime,
) -> Refusal:
    """Return the same refusal with what a booking may move to instead: never another house, its own time counts as free."""
    part = BookedMachine.objects.select_related("occupancy", "machine__facility").get(booking=booking)
    target = machine or part.machine
    request = request_to_move(booking, part, target, starts_at, ends_at)
    near = near_misses(target, request, now=now, codes=ruled_out(refusal.reasons), except_=part.occupancy_id,
                       quantity=booking.quantity)  # fmt: skip
    return Refusal(refusal.reasons, alternatives=[one for one in near if one.kind != OTHER_HOUSE])


def here(refusal: Refusal, house: int) -> list[NearMiss]:
    """Return the near misses that one tap can take at this house: as long as asked, only elsewhen or beside."""
    near = (one for one in refusal.alternatives if isinstance(one, NearMiss))
    return [one for one in near if one.machine.facility_id == house and one.kind not in (SHORTER, SPLIT)]
