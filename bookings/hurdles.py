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


def hurdles(
    producer: Producer, wanted: Wanted, options: Sequence[Option], *, now: datetime
) -> Mapping[int, Sequence[Hurdle]]:
    """Return the hurdles of each option by its machine's id, those that refuse first. Two statements at most.

    Of a plan, its first session is asked about: the others are booked when the first one is.
    """
    asked = [(option.machine, _request(wanted, option, start), _rules(option.machine)) for option, start in _times(options)]
    known = Known(producer, asked, now)
    opened = _Opened(any(rules.policy.get("reserved_share") for *_, rules in asked))
    found: dict[int, list[tuple[datetime, Reason]]] = {}
    for place, request, rules in asked:
        question = Question(
            request, opened.around(place, request), rules, _traits(place), now, party=known.party(place, request, rules)
        )
        said = (reason for rule in ABOUT_PEOPLE if (reason := rule.check(question)) and reason.effect in (REFUSE, ASK))
        found.setdefault(place.pk, []).extend((request.start, reason) for reason in said)
    return {pk: _gathered(said) for pk, said in found.items() if said}


def _times(options: Sequence[Option]) -> Sequence[tuple[Option, datetime]]:
    return [(option, start) for option in options for start in (option.starts[:1] if option.plan else option.starts)]


def _request(wanted: Wanted, option: Option, start: datetime) -> Request:
    return Request(
        start, start + timedelta(minutes=option.minutes_each), option.machine.setup, wanted.cleaning_class,
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
    """Return each reason once, with the times it holds for. What it counts may differ from day to day: then it is another."""
    times: dict[str, list[datetime]] = {}
    reasons: dict[str, Reason] = {}
    for start, reason in said:
        times.setdefault(reason.id, []).append(start)
        reasons[reason.id] = reason
    found = [Hurdle(reason, times[words]) for words, reason in reasons.items()]
    return sorted(found, key=lambda one: one.reason.effect != REFUSE)
