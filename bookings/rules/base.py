"""What a rule may look at, what it may say, and what a house may set. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from facilities.errors import Reason
from facilities.time.calendars import Calendar
from facilities.time.limits import Limits
from facilities.time.spans import Span

AUTOMATIC, MANUAL, BELOW_LIMIT, VERIFIED = "automatic", "manual", "below_limit", "verified"


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for a machine: minutes, except `horizon` in days. `policy`: the settings of `Setting`, by name."""

    zone: ZoneInfo
    grid: int
    notice: int
    horizon: int
    shortest: int
    longest: int
    approval: str = AUTOMATIC
    approval_limit: int = 0
    policy: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, limits: Limits, zone: ZoneInfo, policy: Mapping[str, object]) -> Rules:
        """Return a machine's limits and policy as one."""
        return cls(zone=zone, policy=policy, **{name: getattr(limits, name) for name in Limits.NAMES})


@dataclass(frozen=True, slots=True)
class Ability:
    """One thing a machine can do: form into format, with the pack's limits where it has some (g or ml, mm)."""

    form: str
    format: str
    smallest: int | None = None
    largest: int | None = None
    widest: int | None = None


@dataclass(frozen=True, slots=True)
class Traits:
    """What matters about a machine when deciding: its line, its type, and what it packs into what."""

    name: str
    line: str
    capabilities: frozenset[Ability] = frozenset()
    in_service: bool = True
    type_code: str = ""
    level: str = ""
    is_support: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """The machine that a booking moves away from: its type, whether that packs at all, and what it packs."""

    type_code: str
    is_support: bool = False
    capabilities: frozenset[Ability] = frozenset()


@dataclass(frozen=True, slots=True)
class Request:
    """A run from `start` to `end` with `setup` minutes before it, leaving a cleaning class behind.

    An empty class is a product nobody described. `net_weight` is grams or millilitres in a pack, `width`
    millimetres; None is not said. `moved_from` is another machine that the booking holds, None where it holds none.
    """

    start: datetime
    end: datetime
    setup: int
    cleaning_class: str = ""
    line: str | None = None
    form: str | None = None
    format: str | None = None
    net_weight: int | None = None
    width: int | None = None
    moved_from: Origin | None = None

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds() // 60)

    @property
    def work(self) -> Span:
        """Setup and run: the part that must lie inside opening hours, and away from other work."""
        return Span(self.start - timedelta(minutes=self.setup), self.end)


@dataclass(frozen=True, slots=True)
class FiledDocument:
    """A document on file. `expires_on` is its last day, None where it has none."""

    kind: str
    number: str
    expires_on: date | None = None
    is_verified: bool = False


@dataclass(frozen=True, slots=True)
class Lesson:
    """What somebody was taught: a type of machine, or (empty) the house's induction."""

    type_code: str
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A run that the producer holds on another machine, at whichever house."""

    machine: str
    span: Span
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """What a house knows of who asks, around the time that is asked for. Minutes are of runs, at this house.

    `week_minutes`: what the producer holds or used in the house's week (Monday to Sunday) of the request,
    `family_minutes`: the same of their cooperative with all its members, None outside one.
    `open_bookings`: requested, approved or here, without the one that is being moved. `no_shows` and `late_cancels`:
    when, of the last year; `is_newcomer`: completed nothing here in that year. `trials`: trial runs booked before.
    `shared_minutes`: what others than newcomers and far districts hold of this machine that day; `distance` kilometres.
    `elsewhere`: what the producer holds on other machines around that time, at any house.
    """

    is_verified: bool = False
    is_newcomer: bool = False
    distance: float | None = None
    week_minutes: int = 0
    family_minutes: int | None = None
    open_bookings: int = 0
    no_shows: Sequence[datetime] = ()
    late_cancels: Sequence[datetime] = ()
    documents: Sequence[FiledDocument] = ()
    lessons: Sequence[Lesson] = ()
    trials: int = 0
    shared_minutes: int = 0
    elsewhere: Sequence[Elsewhere] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Everything a rule may look at. `party` is None while nobody in particular asks: then rules about people are silent.

    `at_counter` is a manager booking for somebody who stands there: notice and grid do not count.
    """

    request: Request
    calendar: Calendar
    rules: Rules
    traits: Traits
    now: datetime
    at_counter: bool = False
    party: Party | None = None

    @property
    def day(self) -> date:
        """The house's date of the start."""
        return self.request.start.astimezone(self.rules.zone).date()

    def setting(self, name: str) -> object:
        """Return what the house set, or None where it is silent."""
        return self.rules.policy.get(name)

    def number(self, name: str) -> int | None:
        """Return a whole-number setting, or None where the house is silent."""
        value = self.rules.policy.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


Check = Callable[[Question], "Reason | None"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing a house, or one of its machines, may set in a rule's sentence.

    `kind` is minutes, days, count, percent, km, flag, choices (of `options`) or seasons. `{}` in the
    sentences is where the value stands. `default` None means: off until somebody sets it.
    """

    name: str
    kind: str
    id: str
    en: str
    default: object = None
    low: int = 0
    high: int = 100_000
    options: Sequence[tuple[str, str, str]] = ()
    per_machine: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its check, how hard it is (the smaller, the earlier it is said), and what may be set."""

    name: str
    order: int
    check: Check
    settings: Sequence[Setting] = ()
    about_people: bool = False
