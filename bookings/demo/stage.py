"""One house while its story is written: who could bring what, what is taken, what is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from accounts.models import User
from bookings.demo.crew import Crew
from bookings.demo.diary import Asked, Diary, Life
from bookings.demo.documents import expired_on
from bookings.demo.fates import quantity
from bookings.demo.people import Offer
from bookings.demo.rows import Rows
from bookings.demo.shape import GRID
from bookings.demo.world import Equipped
from bookings.models import Product
from bookings.packs.estimate import packs_possible
from facilities.models import Facility
from facilities.region.distances import origin_of, straight_km
from facilities.time.changeover import Matrix
from facilities.time.hours import local_date
from facilities.time.spans import Span, subtracted

WEEKS, AFTER = timedelta(days=56), timedelta(days=15)
"""How far the demo reaches back, at least, and ahead."""

MAIN_CAST = frozenset({"Keripik Siti", "Abon Budi"})
"""Producers whose bookings are told one by one in `scenes`, so that nobody is surprised by them."""


TRIES = 6
"""How often chance picks a product before the machine stays empty."""


@dataclass(slots=True)
class Stage:
    """`days` are the open spans of each local day; `busy` what scenes have taken, per machine; `here` who is in the house now.

    `crew` runs what only operators run; `matrix` says what never shares a machine's day.
    """

    house: Facility
    machines: list[Equipped]
    offers: list[Offer]
    days: dict[date, list[Span]]
    manager: User
    operator: User
    load: float
    now: datetime
    random: Random
    diary: Diary
    rows: Rows
    crew: Crew
    matrix: Matrix
    busy: dict[int, list[Span]] = field(default_factory=dict)
    used: dict[int, datetime] = field(default_factory=dict)
    here: set[str] = field(default_factory=set)
    packed: dict[tuple[int, date], set[str]] = field(default_factory=lambda: defaultdict(set))
    tried: set[str] = field(default_factory=set)
    held: dict[tuple[int, tuple[int, int]], int] = field(default_factory=lambda: defaultdict(int))
    _known: dict[object, tuple[list[Offer], list[float]]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return local_date(self.now, self.house.zone)

    def open_day(self, number: int) -> date | None:
        """Return the nth day after today on which the house opens; negative counts back; None beyond the story."""
        if number < 0:
            past = [day for day in self.days if day < self.today]
            return past[number] if -number <= len(past) else None
        ahead = [day for day in self.days if day > self.today]
        return ahead[number - 1] if number <= len(ahead) else None

    def free(self, equipped: Equipped, day: date) -> list[Span]:
        """Return what is open and not taken of a machine's day, from grid point to grid point."""
        left = subtracted(self.days.get(day, []), self.busy.get(equipped.machine.pk, []))
        snapped = ((on_grid(span.start), span.end) for span in left)
        return [Span(start, end) for start, end in snapped if end - start >= timedelta(minutes=60)]

    def fit(self, equipped: Equipped, day: date, minute: int, length: int) -> Span | None:
        """Return a run on `day` near a minute of the day: there if it fits, else as early as it does."""
        zone = self.house.zone
        wished = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minute)
        machine, run = equipped.machine, timedelta(minutes=length)
        for span in self.free(equipped, day):
            earliest = on_grid(span.start + timedelta(minutes=machine.setup))
            for start in (wished, earliest):
                if start >= earliest and start + run + timedelta(minutes=machine.cleaning) <= span.end:
                    return Span(start, start + run)
        return None

    def take(self, equipped: Equipped, run: Span) -> None:
        """Keep other jobs away from a run, its setup and its cleaning."""
        machine = equipped.machine
        lead, tail = timedelta(minutes=machine.setup), timedelta(minutes=machine.cleaning)
        self.busy.setdefault(machine.pk, []).append(Span(run.start - lead, run.end + tail))

    def offer_for(
        self, equipped: Equipped, day: date | None = None, *, producer: str = "", without: Collection[str] = ()
    ) -> Offer | None:
        """Return somebody's product that this machine packs, by chance or of one producer.

        With a `day`, one that may meet what the machine packs that day.
        """
        offers, sums = self._fitting(equipped, producer, frozenset(without))
        for _ in range(TRIES if offers else 0):
            offer = self.random.choices(offers, cum_weights=sums)[0]
            if day is None or self._may_meet(equipped, day, offer.cleaning_class):
                return offer
        return None

    def _may_meet(self, equipped: Equipped, day: date, own: str) -> bool:
        others = self.packed.get((equipped.machine.pk, day), ())
        return not any(self.matrix.refuses(own, other) or self.matrix.refuses(other, own) for other in others)

    def _fitting(self, equipped: Equipped, producer: str, without: frozenset[str]) -> tuple[list[Offer], list[float]]:
        """Return what fits, with running sums of the weights; kept, for a machine is asked thousands of times."""
        key = (equipped.machine.pk, producer, without)
        if key not in self._known:
            offers = [
                offer
                for offer in self.offers
                if offer.line == equipped.machine.line
                and offer.producer not in without
                and (not producer or offer.producer == producer)
                and pairs(equipped, offer)
            ]
            self._known[key] = offers, list(accumulate(offer.weight for offer in offers))
        return self._known[key]

    def ask(
        self, equipped: Equipped, run: Span, offer: Offer, *, made_at: datetime | None = None, walk_in: bool = False
    ) -> Asked | None:
        """Return the request for a run: pack, quantity, who asked and when; None where the house would say no."""
        machine, trial = equipped.machine, self._is_trial(offer)
        if not self._may_come(offer, run):
            return None
        work = Span(run.start - timedelta(minutes=machine.setup), run.end)
        operator = self.crew.take(machine, work) if machine.is_operated else None
        if machine.is_operated and operator is None:
            return None
        self._remember(machine.pk, offer, run)
        form, format_ = self.random.choice(pairs(equipped, offer))
        rate = equipped.rates[form, format_]
        walk_in = walk_in and run.start < self.now
        known_format = "" if format_ == "semua" else format_
        wanted = quantity(run.minutes, rate, self.random)
        asked_at = run.start - timedelta(minutes=6) if walk_in else made_at or self.made_at(run.start)
        by_hand = not walk_in and (trial or self._by_hand(run.minutes, offer))
        return Asked(
            machine=machine,
            starts_at=run.start,
            ends_at=run.end,
            made_at=asked_at,
            producer_id=offer.producer_id,
            made_by_id=self.operator.pk if walk_in else offer.booked_by_id,
            on_behalf=offer.on_behalf or walk_in,
            product_id=offer.product_id,
            product_name=offer.name,
            pack_format=known_format,
            cleaning_class=offer.cleaning_class,
            operator_id=operator,
            is_trial=trial,
            is_in_reserve=self._is_far(offer),
            rate=rate,
            quantity=min(wanted, max(packs_possible(run.minutes, rate=rate), 1)),
            walk_in=walk_in,
            by_hand=by_hand,
            tariff=equipped.tariff,
            opened=self._opened(asked_at, run.start) if by_hand else (),
        )

    def _opened(self, first: datetime, last: datetime) -> list[Span]:
        """Return when the house is open on the local days from one instant to another."""
        zone = self.house.zone
        days = range(local_date(first, zone).toordinal(), local_date(last, zone).toordinal() + 1)
        return [span for day in days for span in self.days.get(date.fromordinal(day), ())]

    def _is_trial(self, offer: Offer) -> bool:
        return offer.documents == "none" and bool(self.house.policy.get("documents_required"))

    def _is_far(self, offer: Offer) -> bool:
        """Return whether the house keeps a share of its time for people from as far away as this."""
        far, origin = self.house.policy.get("reserved_far"), origin_of(offer.district, ())
        return bool(far and origin) and straight_km(*origin, self.house.latitude, self.house.longitude) >= far  # type: ignore[misc]

    def _may_come(self, offer: Offer, run: Span) -> bool:
        """Return whether the house's rules about documents and quota let somebody come, as its policy says."""
        if self.house.policy.get("documents_required"):
            if offer.documents == "none" and offer.producer in self.tried:
                return False
            if offer.documents == "expired" and local_date(run.start, self.house.zone) > expired_on(self.now):
                return False
        quota = self.house.policy.get("weekly_quota")
        return quota is None or self.held[self._week(offer, run)] + run.minutes <= quota

    def _week(self, offer: Offer, run: Span) -> tuple[int, tuple[int, int]]:
        year, week, _ = local_date(run.start, self.house.zone).isocalendar()
        return offer.producer_id, (year, week)

    def _remember(self, machine: int, offer: Offer, run: Span) -> None:
        self.used[offer.product_id] = max(run.start, self.used.get(offer.product_id, run.start))
        self.packed[machine, local_date(run.start, self.house.zone)].add(offer.cleaning_class)
        self.held[self._week(offer, run)] += run.minutes
        self.tried.add(offer.producer)

    def made_at(self, start: datetime) -> datetime:
        """Return when a booking may have been made: some days ahead, at a waking hour, never in the future."""
        lead = timedelta(minutes=180 + self.random.expovariate(1 / (3 * 1440)))
        made = start - min(lead, timedelta(days=25))
        local = made.astimezone(self.house.zone)
        waking = local.replace(hour=self.random.randrange(7, 21), minute=self.random.randrange(60), second=0)
        made = waking if waking <= start - timedelta(hours=3) else made
        if made > self.now - timedelta(minutes=30):
            made = self.now - timedelta(minutes=self.random.randrange(60, 4 * 1440))
        return min(made, start - timedelta(hours=2)).replace(microsecond=0)

    def write(self, asked: Asked, life: Life) -> int:
        return self.diary.write(asked, life)

    def remember_products(self) -> None:
        """Say when each product was last booked: the newest stands first in a producer's list."""
        products = [Product(pk=pk, used_at=at) for pk, at in self.used.items()]
        Product.objects.bulk_update(products, ["used_at"])

    def _by_hand(self, minutes: int, offer: Offer) -> bool:
        house = self.house
        if house.approval == Facility.Approval.MANUAL:
            return True
        if house.approval == Facility.Approval.VERIFIED and not offer.is_verified:
            return True
        limited = house.approval in (Facility.Approval.BELOW_LIMIT, Facility.Approval.VERIFIED)
        return limited and minutes > house.approval_limit


def opening_day(now: datetime, zone: ZoneInfo) -> date:
    """Return the day on which the demo begins: eight weeks ago, and from there back to the first of a month.

    So every month of the reports is whole but the running one.
    """
    return local_date(now - WEEKS, zone).replace(day=1)


def pairs(equipped: Equipped, offer: Offer) -> list[tuple[str, str]]:
    """Return the (form, format) pairs in which a machine packs a product, in a fixed order; none where the size is wrong."""
    sizes = equipped.sizes
    if offer.grams is not None and not sizes.get("smallest", 0) <= offer.grams <= sizes.get("largest", offer.grams):
        return []
    return sorted(
        (form, format_)
        for form, format_ in equipped.rates
        if form in (offer.form, "semua") and (format_ == "semua" or format_ in offer.formats)
    )


def on_grid(instant: datetime) -> datetime:
    """Return the first grid point at or after an instant."""
    step = GRID * 60
    late = int(instant.timestamp()) % step
    return instant + timedelta(seconds=step - late) if late else instant
