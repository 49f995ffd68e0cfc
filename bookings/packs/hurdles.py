"""What stands between a producer and the times that a search offers: rules about people, asked before anybody gets that far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bookings.models import Producer
from bookings.packs.offers import Option
from bookings.packs.wanted import Wanted, request_of
from bookings.rules import RULES
from bookings.rules.decision import Question, Request, Rules, Traits
from bookings.rules.party import Known
from bookings.rules.question import rules_of
from facilities.errors import ASK, REFUSE, Reason
from facilities.occupancy.timetables import Arrangement
from facilities.region.places import Place
from facilities.region.region import region
from facilities.time.calendars import Calendar

ABOUT_PEOPLE = tuple(rule for rule in RULES if rule.about_people)


@dataclass(frozen=True, slots=True)
class Hurdle:
    """What the house says against a producer, or wants a person to look at, and at which of the times on offer."""

    reason: Reason
    starts: Sequence[datetime]


@dataclass(frozen=True, slots=True)
class _OptionTime:
    """One time of an option; of a plan also the visits before it."""

    place: Place
    request: Request
    rules: Rules
    before: Sequence[Request] = ()


def hurdles(
    producer: Producer, wanted: Wanted, options: Sequence[Option], *, now: datetime
) -> Mapping[int, Sequence[Hurdle]]:
    """Return the hurdles of each option by its machine's id, those that refuse first. Two statements at most.

    Of a plan every visit is asked about, as if those before it were booked.
    """
    asked = [one for option in options for one in _times(wanted, option)]
    known = Known(producer, ((one.place, one.request, one.rules) for one in asked), now)
    keeps = any(one.rules.policy.get("reserved_share") for one in asked)
    arranged = region().laid_down.arrangements if keeps else {}
    found: dict[int, list[tuple[datetime, Reason]]] = {}
    for one in asked:
        party = known.party(one.place, one.request, one.rules, before=one.before)
        question = Question(one.request, _opened(arranged, one), one.rules, _traits(one.place), now, party=party)
        said = (reason for rule in ABOUT_PEOPLE if (reason := rule.check(question)) and reason.effect in (REFUSE, ASK))
        found.setdefault(one.place.pk, []).extend((one.request.start, reason) for reason in said)
    return {pk: _gathered(said) for pk, said in found.items() if said}


def _times(wanted: Wanted, option: Option) -> Sequence[_OptionTime]:
    place, rules = option.machine, rules_of(option.machine)
    if option.plan:
        visits = [request_of(wanted, place, one.start, one.minutes) for one in option.plan]
        return [_OptionTime(place, one, rules, visits[:number]) for number, one in enumerate(visits)]
    return [_OptionTime(place, request_of(wanted, place, start, option.minutes_each), rules) for start in option.starts]


def _traits(place: Place) -> Traits:
    return Traits(place.name, place.line, type_code=place.type_id, level=place.level)


def _opened(arranged: Mapping[int, Arrangement], one: _OptionTime) -> Calendar:
    """Return when the house is open around a time: for the rule that keeps a share of the day."""
    house = arranged.get(one.place.facility_id)
    return Calendar(house.timetable(one.request.work).open if house else (), zone=one.rules.zone)


def _gathered(said: Sequence[tuple[datetime, Reason]]) -> Sequence[Hurdle]:
    """Return each reason once, with the times it holds for. What counts from day to day may differ: then it is another."""
    found: dict[tuple[str, str], tuple[Reason, list[datetime]]] = {}
    for start, reason in said:
        found.setdefault((reason.id, reason.way_out_id), (reason, []))[1].append(start)
    return sorted((Hurdle(*one) for one in found.values()), key=lambda one: one.reason.effect != REFUSE)
