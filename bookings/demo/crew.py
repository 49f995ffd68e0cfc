"""The operators of a house while its history is made up: who is there, and what each has to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from bookings.demo.rows import Rows
from facilities.models import Machine, Operator, Shift
from facilities.time.hours import local_date
from facilities.time.spans import Span

Week = Mapping[int, Iterable[tuple[int, int]]]
Weeks = Sequence[tuple[Week, date, date | None]]
"""Opening times by weekday, with the first and last day on which they hold."""


@dataclass(slots=True)
class Hand:
    """One operator: the machine types they run, the weekdays they never work, and what holds them."""

    key: int
    types: frozenset[str]
    days_off: frozenset[int] = frozenset()
    away: list[Span] = field(default_factory=list)
    _busy: dict[date, list[Span]] = field(default_factory=lambda: defaultdict(list))

    def is_free(self, day: date, work: Span) -> bool:
        held = [*self.away, *self._busy.get(day, ())]
        return day.weekday() not in self.days_off and not any(span.overlaps(work) for span in held)

    def take(self, day: date, work: Span) -> None:
        self._busy[day].append(work)

    def load(self, day: date) -> int:
        """Return the minutes given to them so far on a day."""
        return sum(span.minutes for span in self._busy.get(day, ()))


@dataclass(slots=True)
class Crew:
    """A house's operators. Their shifts are the opening hours of the days they work."""

    zone: ZoneInfo
    hands: list[Hand] = field(default_factory=list)

    def hire(
        self,
        rows: Rows,
        weeks: Weeks,
        *,
        facility_id: int,
        name: str,
        types: Iterable[str],
        user_id: int | None = None,
        days_off: Iterable[int] = (),
    ) -> Hand:
        """Write an operator with shifts and let them work here."""
        key = rows.add(
            Operator, facility_id=facility_id, user_id=user_id, name=name, types=sorted(set(types)), is_example=True
        )
        hand = Hand(key, frozenset(types), frozenset(days_off))
        for week, first, last in weeks:
            for weekday, times in week.items():
                if weekday in hand.days_off:
                    continue
                for starts, ends in times:
                    rows.add(
                        Shift, operator_id=key, weekday=weekday, starts=starts, ends=ends,
                        valid_from=first, valid_until=last,
                    )  # fmt: skip
        self.hands.append(hand)
        return hand

    def take(self, machine: Machine, work: Span) -> int | None:
        """Give a piece of work to whoever runs such machines and has least to do that day; None if nobody is free."""
        day = local_date(work.start, self.zone)
        able = [hand for hand in self.hands if machine.type_id in hand.types and hand.is_free(day, work)]
        if not able:
            return None
        chosen = min(able, key=lambda hand: hand.load(day))
        chosen.take(day, work)
        return chosen.key
