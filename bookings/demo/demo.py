"""Fill an empty database with the demo: three houses, their people, and some weeks around today.

The same every time but for the dates, which are relative to `now`, and today's hours: whoever looks at it in the
evening or on a Sunday finds the houses open and working. Everything is marked as an example.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from random import Random
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import User
from bookings.demo import absences, cast, documents, people, scenes, telling, wishes, world
from bookings.demo.crew import Crew, Weeks
from bookings.demo.diary import Diary
from bookings.demo.rows import Rows
from bookings.demo.stage import AFTER, Stage, opening_day
from bookings.runs.learning import learn_everything
from facilities.audit import mark_months
from facilities.catalogue.services import load_catalogue
from facilities.facts import facts
from facilities.models import Closure, Facility, MachineType, WorkedHoliday
from facilities.occupancy.matrices import matrix_of
from facilities.occupancy.timetables import opening_times
from facilities.time.hours import local_date, local_day
from facilities.time.spans import Span

SEED = 2026
SINCE, LEFT = 60, 120
"""Minutes for which a house has been open and stays open, at least, when somebody looks at the demo for the first time."""


@transaction.atomic
def load(*, now: datetime) -> None:
    """Write the whole demo into a database that has no people yet."""
    now, random = now.replace(second=0, microsecond=0), Random(SEED)
    load_catalogue()
    persons = people.make_people(now)
    houses = {house.slug: _house(house, now) for house in cast.HOUSES}
    people.give_duties(persons, houses)
    offers = people.make_producers(persons, _formats(), now=now, random=random)
    types = MachineType.objects.in_bulk()
    rows = Rows()
    diary = Diary(rows, random)
    machines = []
    for plan in cast.HOUSES:
        house = houses[plan.slug]
        equipped = world.equip(
            house, plan.machines, types, since=opening_day(now, house.zone), random=random, non_halal=plan.non_halal,
            limits=cast.LIMITS,
        )  # fmt: skip
        machines += [one.machine for one in equipped]
        crew = _crew(plan, house, persons, rows, now)
        stage = Stage(
            house=house,
            machines=equipped,
            offers=[offer for offer in offers if plan.slug in offer.house.split("|")],
            days=open_days(house, now),
            manager=persons[plan.manager],
            operator=persons[plan.operators[0]],
            load=plan.load,
            now=now,
            random=random,
            diary=diary,
            rows=rows,
            crew=crew,
            matrix=matrix_of(house.pk),
        )
        scenes.play(stage)
    rows.finish()
    _add_what_hangs_on_it(persons, houses, now=now, random=random)
    mark_months(machines, opening_day(now, house.zone), local_date(now + AFTER, house.zone))


def _add_what_hangs_on_it(
    persons: Mapping[str, User], houses: Mapping[str, Facility], *, now: datetime, random: Random
) -> None:
    """Write what needs the bookings to be there: learned rates, documents, needs, an absence, messages."""
    learn_everything()
    documents.file_documents(persons, now=now, random=random)
    documents.give_lessons(persons, houses, now=now)
    wishes.remember_wishes(houses["pontianak"], now=now)
    absences.leave_without(houses["pontianak"], "Hasan", staff=persons["Cahya"], now=now)
    telling.tell(now=now)


def open_days(house: Facility, now: datetime) -> dict[date, list[Span]]:
    """Return the open spans of every local day around `now` on which the house opens at all."""
    first = local_day(opening_day(now, house.zone), house.zone).start
    spans, _ = opening_times(house, Span(first, now + AFTER))
    days: dict[date, list[Span]] = {}
    for span in spans:
        days.setdefault(local_date(span.start, house.zone), []).append(span)
    return days


def _house(plan: cast.House, now: datetime) -> Facility:
    house = Facility.objects.create(
        slug=plan.slug,
        name=plan.name,
        district_id=plan.district,
        address=plan.address,
        latitude=plan.latitude,
        longitude=plan.longitude,
        zone_name=plan.zone_name,
        phone=plan.phone,
        contact_name=plan.contact_name,
        about=plan.about,
        what_to_bring=cast.BRING,
        is_example=True,
        **plan.rules,
    )
    for week, first, last in _weeks(plan, now):
        world.open_week(house, week, since=first, until=last)
    today = local_date(now, house.zone)
    if Closure.objects.filter(facility=None, first_on__lte=today, last_on__gte=today).exists():
        WorkedHoliday.objects.create(facility=house, on=today)
    return house


def _weeks(plan: cast.House, now: datetime) -> Weeks:
    """Return a house's opening times: the ordinary week, Ramadan's, and today's where `now` is no ordinary hour."""
    first, last = (date.fromisoformat(day) for day in cast.RAMADAN_2027)
    weeks = [(plan.week, _first_day(now), None), (cast.RAMADAN_WEEK, first, last)]
    local = now.astimezone(ZoneInfo(plan.zone_name))
    today, usual = local.date(), cast.RAMADAN_WEEK if first <= local.date() <= last else plan.week
    hours = working_hours(usual.get(today.weekday(), ()), local.hour * 60 + local.minute)
    if hours is not None and today != first:  # of two weeks that begin on one day both would hold
        weeks.append(({today.weekday(): hours}, today, today))
    return weeks


def working_hours(usual: Iterable[tuple[int, int]], minute: int) -> tuple[tuple[int, int], ...] | None:
    """Return today's opening times, in minutes of the day, so that this minute is well inside; None: the usual ones are. Pure."""
    if any(opens + SINCE <= minute <= closes - LEFT for opens, closes in usual):
        return None
    opens, closes = max(0, (minute // 60 - 3) * 60), min(24 * 60, (minute // 60 + 5) * 60)
    apart = [(one, other) for one, other in usual if other < opens or one > closes]
    touching = [(one, other) for one, other in usual if (one, other) not in apart]
    now_open = (min([opens, *(one for one, _ in touching)]), max([closes, *(other for _, other in touching)]))
    return tuple(sorted([*apart, now_open]))


def _crew(plan: cast.House, house: Facility, persons: Mapping[str, User], rows: Rows, now: datetime) -> Crew:
    """Write a house's operators with their shifts; those who are staff may sign in."""
    crew = Crew(house.zone)
    for worker in plan.crew:
        user = persons.get(worker.name)
        hand = crew.hire(
            rows, _weeks(plan, now), facility_id=house.pk, name=worker.name, types=worker.types,
            user_id=user.pk if user else None, days_off=worker.days_off,
        )  # fmt: skip
        absences.go_away(rows, hand, worker.name, zone=house.zone, staff=persons[plan.manager], now=now)
    return crew


def _first_day(now: datetime) -> date:
    return date(now.year - 2, 1, 1)


def _formats() -> Mapping[str, frozenset[str]]:
    return {row["code"]: frozenset(row["pack_formats"].split("|")) for row in facts("products")}
