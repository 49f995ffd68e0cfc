"""What stands between a producer and the times that a search offers: rules about people, asked before anybody gets that far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bookings.decision import Question, Request, Rules, Traits, policy_of
from bookings.knowledge import Known
from bookings.models import Producer
from bookings.offers import Option
from bookings.rules import RULES
from bookings.wanted import Wanted
from facilities.calendars import Calendar
from facilities.errors import ASK, REFUSE, Reason
from facilities.places import Place
from facilities.region import region

ABOUT_PEOPLE = tuple(rule for rule in RULES if rule.about_people)


@dataclass(frozen=True, slots=True)
class Hurdle:
    """What the house says against a producer, or wants a person to look at, and at which of the times on offer."""

    reason: Reason
    starts: Sequence[datetime]


@dataclass(frozen=True, slots=True)
class _Asked:
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
    opened = _Opened(any(one.rules.policy.get("reserved_share") for one in asked))
    found: dict[int, list[tuple[datetime, Reason]]] = {}
    for one in asked:
        party = known.party(one.place, one.request, one.rules, before=one.before)
        calendar = opened.around(one.place, one.request)
        question = Question(one.request, calendar, one.rules, _traits(one.place), now, party=party)
        said = (reason for rule in ABOUT_PEOPLE if (reason := rule.check(question)) and reason.effect in (REFUSE, ASK))
        found.setdefault(one.place.pk, []).extend((one.request.start, reason) for reason in said)
    return {pk: _gathered(said) for pk, said in found.items() if said}


def _times(wanted: Wanted, option: Option) -> Sequence[_Asked]:
    place, rules = option.machine, _rules(option.machine)
    if option.plan:
        visits = [_request(wanted, place, one.start, one.minutes) for one in option.plan]
        return [_Asked(place, one, rules, visits[:number]) for number, one in enumerate(visits)]
    return [_Asked(place, _request(wanted, place, start, option.minutes_each), rules) for start in option.starts]


def _request(wanted: Wanted, place: Place, start: datetime, minutes: int) -> Request:
    return Request(
        start, start + timedelta(minutes=minutes), place.setup, wanted.cleaning_class,
        line=wanted.line or None, form=wanted.form or None, format=wanted.format or None,
        net_weight=wanted.net_weight, width=wanted.width,
    )  # fmt: skip


def _rules(place: Place) -> Rules:
    return Rules.of(place.limits, place.facility.zone, policy_of(place.facility.policy, place.policy))


def _traits(place: Place) -> Traits:
    return Traits(place.name, place.line, type_code=place.type_id, level=place.level)


class _Opened:
    """When houses are open on a day, for the rule that keeps a share of it; nothing where no house has that rule."""

    def __init__(self, matters: bool) -> None:
        self._arranged = region().laid_down.arrangements if matters else {}

    def around(self, place: Place, request: Request) -> Calendar:
        one = self._arranged.get(place.facility_id)
        return Calendar(one.timetable(request.work).open if one else (), zone=place.facility.zone)


def _gathered(said: Sequence[tuple[datetime, Reason]]) -> Sequence[Hurdle]:
    """Return each reason once, with the times it holds for. What counts from day to day may differ: then it is another."""
    times: dict[tuple[str, str], list[datetime]] = {}
    reasons: dict[tuple[str, str], Reason] = {}
    for start, reason in said:
        words = (reason.id, reason.way_out_id)
        times.setdefault(words, []).append(start)
        reasons[words] = reason
    found = [Hurdle(reason, times[words]) for words, reason in reasons.items()]
    return sorted(found, key=lambda one: one.reason.effect != REFUSE)
