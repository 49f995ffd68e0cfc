"""Fill an empty database with years of history at a chosen scale, in bulk: for benchmarks and load tests.

Scales are those of the design (facts §8). One transaction per house, so that progress
can be shown; a start that is broken off leaves a database that is no longer empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

import holidays
from django.db import transaction

from accounts.models import User
from bookings.demo import world
from bookings.demo.crew import Crew
from bookings.demo.crowd import UNUSABLE, Crowd
from bookings.demo.diary import Diary
from bookings.demo.ordinary import ordinary
from bookings.demo.people import Offer
from bookings.demo.rows import Rows
from bookings.demo.shape import fate, house_weights, jobs, machine_weights, season, spread
from bookings.demo.stage import Stage
from bookings.runs.learning import learn_everything
from facilities.catalogue.services import load_catalogue
from facilities.models import (
    Breakdown,
    Closure,
    District,
    Duty,
    Facility,
    Machine,
    MachineType,
    Maintenance,
    StaleMonth,
)
from facilities.occupancy.matrices import matrix_of
from facilities.occupancy.timetables import opening_times
from facilities.time.hours import local_date
from facilities.time.spans import Span

AHEAD = timedelta(days=14)
MOST_A_DAY = 4
WEEK = {**dict.fromkeys(range(4), ((480, 960),)), 4: ((480, 690), (780, 990)), 5: ((480, 780),)}
COMMON = "BAND VAC1 FWGH LBR CODJ FPIS FLIQ BANDGAS SPIN CAP IND IMP CUPM FAUG VFSP VAC2 FLOW RETORT VFSL CODH".split()
RARE = "FOOT CUPA VFSG PCH LBF LSEAL SHRINK SEAM CTNS STRAP METAL N2 PRNT LAM SEWB".split()

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of everything; `bookings` in ten years."""

    houses: int
    machines: int
    bookings: int
    producers: int
    cooperatives: int
    zones: tuple[str, ...] = ("Asia/Pontianak",)


SCALES: Mapping[str, Scale] = {
    "pilot": Scale(1, 20, 2_500, 300, 50),
    "kalbar": Scale(15, 165, 323_000, 6_000, 5_460),
    "kalbar-high": Scale(30, 450, 1_650_000, 15_000, 5_460),
    "national": Scale(
        552, 6_000, 11_800_000, 600_000, 210_000, ("Asia/Jakarta", "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
    ),
}


def fill(scale: Scale, *, years: int, seed: int, now: datetime, say: Say) -> None:
    """Write a history of `years` up to `now`, and two weeks of bookings beyond it."""
    now, random = now.replace(second=0, microsecond=0), Random(seed)
    rows = Rows()
    first = now - timedelta(days=round(365.25 * years))
    with transaction.atomic():
        load_catalogue()
        _older_holidays(first.year, now.year + 1)
        houses = _houses(scale, since=first.date())
        crowd = Crowd(rows, houses, now=now, years=years, random=random)
        crowd.gather(producers=scale.producers, cooperatives=scale.cooperatives)
        rows.flush()
    say(f"{scale.producers:,} producers and {scale.cooperatives:,} cooperatives")
    history = History(rows, now=now, first=first, random=random)
    weights = house_weights(len(houses), random)
    total, done = round(scale.bookings * years / 10), 0
    machines = _shared_out(scale.machines, len(houses))
    for number, (house, weight, count) in enumerate(zip(houses, weights, machines, strict=True), start=1):
        left = sum(w * m for w, m in zip(weights[number - 1 :], machines[number - 1 :], strict=True))
        wanted = round((total - done) * weight * count / left)
        with transaction.atomic():
            done += history.of_house(house, count, wanted, crowd.offers[house.pk])
        say(f"{house.slug}: {done:,} of {total:,} bookings, house {number} of {len(houses)}")
    with transaction.atomic():
        rows.finish()
        learn_everything()


class History:
    """Writes the years of one house after another."""

    def __init__(self, rows: Rows, *, now: datetime, first: datetime, random: Random) -> None:
        self._rows, self._random, self._now, self._first = rows, random, now, first
        self._diary = Diary(rows, random)
        self._types = MachineType.objects.in_bulk()
        self._days: dict[str, dict[date, list[Span]]] = {}
        years = range(first.year, now.year + 2)
        self._lebaran, self._imlek = _feasts(years, "Eid al-Fitr"), _feasts(years, "Lunar New Year")

    def of_house(self, house: Facility, machines: int, bookings: int, offers: list[Offer]) -> int:
        """Write one house with its people, machines and about `bookings` bookings; return how many it became."""
        equipped = world.equip(
            house, _types_for(machines, self._random), self._types, since=self._first.date(), random=self._random
        )
        stage = self._stage(house, equipped, offers)
        self._hire(stage)
        weights = machine_weights(len(equipped), self._random)
        # The quiet ones last: they take what the busy ones could not.
        order = sorted(zip(weights, equipped, strict=True), key=lambda pair: -pair[0])
        demand = [season(day, lebaran=self._lebaran, imlek=self._imlek) for day in stage.days]
        done, left = 0, sum(weights)
        for weight, one in order:
            done += self._machine(stage, one, round((bookings - done) * weight / left), demand)
            left -= weight
            self._rows.flush()
        self._diary.settle(stage.matrix)
        self._rows.flush()
        stage.remember_products()
        return done

    def _machine(self, stage: Stage, one: world.Equipped, wanted: int, demand: Sequence[float]) -> int:
        self._mark(one)
        if stage.offer_for(one) is None:
            return 0
        days = list(stage.days)
        still = self._stops(stage, one, days)
        weights = [0.0 if number in still else weight for number, weight in enumerate(demand)]
        written = 0
        for day, count in zip(days, spread(wanted, weights, most=MOST_A_DAY, random=self._random), strict=True):
            for run in self._jobs(stage, one, day, count):
                written += ordinary(stage, one, run, fate(self._random))
        return written

    def _jobs(self, stage: Stage, one: world.Equipped, day: date, count: int) -> Iterable[Span]:
        machine = one.machine
        return jobs(stage.days[day], count, setup=machine.setup, cleaning=machine.cleaning, random=self._random)

    def _stops(self, stage: Stage, one: world.Equipped, days: Sequence[date]) -> set[int]:
        """Write a machine's maintenance and breakdowns; return the numbers of the days they take whole."""
        still: set[int] = set()
        for kind, number, length in self._stop_days(len(days)):
            last = min(number + length - 1, len(days) - 1)
            span = Span(stage.days[days[number]][0].start, stage.days[days[last]][-1].end)
            if span.end > self._now or still & set(range(number, last + 1)):
                continue
            still |= set(range(number, last + 1))
            self._stop(one.machine, kind, span, stage.manager.pk)
        return still

    def _stop_days(self, days: int) -> Iterator[tuple[str, int, int]]:
        """Yield (kind, first day, days): four services a year, a breakdown or two, rarely one of months."""
        years = days / 300
        for _ in range(round(4 * years)):
            yield "maintenance", self._random.randrange(days), 1
        for _ in range(round(1.5 * years * self._random.uniform(0.5, 1.5))):
            length = self._random.randrange(25, 80) if self._random.random() < 0.06 else self._random.randrange(1, 9)
            yield "breakdown", self._random.randrange(days), length

    def _stop(self, machine: Machine, kind: str, span: Span, staff_id: int) -> None:
        held, machine_id = self._diary.timetable.stop(machine, span, kind), machine.pk
        if kind == "maintenance":
            self._rows.add(
                Maintenance, machine_id=machine_id, occupancy_id=held, starts_at=span.start, ends_at=span.end,
                title="Perawatan berkala", made_by_id=staff_id,
            )  # fmt: skip
        else:
            self._rows.add(
                Breakdown, machine_id=machine_id, occupancy_id=held, started_at=span.start, expected_until=span.end,
                closed_at=span.end, reason="Mesin berhenti", repair="Suku cadang diganti", reported_by_id=staff_id,
            )  # fmt: skip

    def _mark(self, one: world.Equipped) -> None:
        """Mark every month of the machine, so that the reports sum it."""
        last = self._now.year * 12 + self._now.month
        for number in range(self._first.year * 12 + self._first.month - 1, last):
            self._rows.add(StaleMonth, machine_id=one.machine.pk, month=date(number // 12, number % 12 + 1, 1))

    def _stage(self, house: Facility, equipped: list[world.Equipped], offers: list[Offer]) -> Stage:
        manager, operator = (self._person(house, kind) for kind in ("manager", "operator"))
        return Stage(
            house=house,
            machines=equipped,
            offers=offers,
            days=self._open_days(house),
            manager=manager,
            operator=operator,
            load=1.0,
            now=self._now,
            random=self._random,
            diary=self._diary,
            rows=self._rows,
            crew=Crew(house.zone),
            matrix=matrix_of(house.pk),
        )

    def _hire(self, stage: Stage) -> None:
        """Write operators for the machines that only they run: four for five machines, and each runs them all."""
        types = [one.machine.type_id for one in stage.machines if one.machine.is_operated]
        for number in range(-(-len(types) * 4 // 5)):
            stage.crew.hire(
                self._rows, [(WEEK, self._first.date(), None)], facility_id=stage.house.pk,
                name=f"Operator {number + 1}", types=types, user_id=None if number else stage.operator.pk,
            )  # fmt: skip

    def _person(self, house: Facility, kind: str) -> User:
        digits = f"{house.pk:06}{1 if kind == 'manager' else 2}"
        person = User(
            phone=f"+6281499{digits}", name=f"{kind.title()} {house.slug}", password=UNUSABLE, joined_at=self._first
        )
        person.pk = self._rows.add(
            User, phone=person.phone, name=person.name, password=UNUSABLE, language="id", joined_at=self._first
        )
        self._rows.add(Duty, user_id=person.pk, kind=kind, facility_id=house.pk)
        return person

    def _open_days(self, house: Facility) -> dict[date, list[Span]]:
        """Return the open spans by local day; houses of one zone keep the same week, so they are resolved once."""
        if house.zone_name not in self._days:
            spans, _ = opening_times(house, Span(self._first, self._now + AHEAD))
            days: dict[date, list[Span]] = {}
            for span in spans:
                days.setdefault(local_date(span.start, house.zone), []).append(span)
            self._days[house.zone_name] = days
        return self._days[house.zone_name]


def _houses(scale: Scale, *, since: date) -> list[Facility]:
    """Make houses round the districts, the provincial capital first."""
    districts = sorted(District.objects.all(), key=lambda district: (district.name != "Pontianak", district.name))
    houses = []
    for number in range(scale.houses):
        district, nth = districts[number % len(districts)], number // len(districts) + 1
        suffix = f" {nth}" if nth > 1 else ""
        house = Facility.objects.create(
            slug=f"{district.name}{suffix}".lower().replace(" ", "-"),
            name=f"Rumah Produksi {district.name}{suffix}",
            district=district,
            address=f"Jalan Contoh {number + 1}, {district.capital}",
            latitude=district.latitude,
            longitude=district.longitude,
            zone_name=scale.zones[number % len(scale.zones)],
            phone=f"+6281200{number + 1:06}",
            contact_name="Pengelola",
            is_example=True,
            approval=("automatic", "below_limit", "manual")[number % 3],
        )
        world.open_week(house, WEEK, since=since)
        houses.append(house)
    return houses


def _types_for(count: int, random: Random) -> list[str]:
    """Choose machine types: the common ones first, a rare one now and then."""
    codes = [COMMON[number % len(COMMON)] for number in range(count)]
    return [random.choice(RARE) if random.random() < 0.15 and number > 3 else code for number, code in enumerate(codes)]


def _shared_out(total: int, parts: int) -> list[int]:
    return [total // parts + (1 if number < total % parts else 0) for number in range(parts)]


def _older_holidays(first_year: int, last_year: int) -> None:
    """Add holidays of years without facts of their own, as estimates."""
    known = set(Closure.objects.filter(facility__isnull=True).values_list("first_on__year", flat=True))
    kinds = {"public": Closure.Kind.PUBLIC, "government": Closure.Kind.JOINT_LEAVE}
    Closure.objects.bulk_create(
        Closure(
            first_on=day,
            last_on=day,
            kind=kind,
            reason=name[:120],
            is_estimate=True,
            source="paket holidays, perkiraan",
        )
        for year in range(first_year, last_year + 1)
        if year not in known
        for category, kind in kinds.items()
        for day, name in sorted(
            holidays.country_holidays("ID", years=year, categories=(category,), language="id").items()
        )
    )


def _feasts(years: Iterable[int], name: str) -> list[date]:
    found = holidays.country_holidays("ID", years=years, language="en_US")
    return [day for day, title in found.items() if title.startswith(name)]
