"""One written case: the world it is about, ordinary until told otherwise, and the real question in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from bookings.rules.decision import Ability, Party, Question, Request, Rules, Traits, policy_of
from facilities.time.calendars import Blocked, Calendar, Roster
from facilities.time.changeover import Matrix
from facilities.time.hours import WeeklyRule, open_spans
from facilities.time.spans import Span, subtracted
from tests.cases.words import MONDAY, WIB, class_of, pieces, span_and_rest

KINDS = {"perawatan": "maintenance", "perbaikan": "broken"}


@dataclass
class Case:
    """One row: where it stands, its columns, and what its phrases say."""

    name: str
    columns: dict[str, str]
    day: date = MONDAY
    now: datetime = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # Friday 08.00
    hours: list[tuple[int, int]] = field(default_factory=lambda: [(480, 720), (780, 960)])
    shut: list[Blocked] = field(default_factory=list)
    cells: dict[tuple[str, str], int | None] = field(default_factory=dict)
    setup: int = 0
    full: int = 30
    rules: Rules = Rules(zone=WIB, grid=15, notice=60, horizon=60, shortest=30, longest=480)
    policy: dict[str, object] = field(default_factory=dict)
    traits: Traits = Traits("Segel kontinu 1", "halal", type_code="BAND")
    abilities: list[Ability] = field(default_factory=list)
    party: Party | None = Party()
    asked: dict[str, object] = field(default_factory=dict)
    at_counter: bool = False
    broken: tuple[datetime, datetime] | None = None
    on_duty: dict[str, list[Span]] | None = None
    away: dict[str, list[Span]] = field(default_factory=dict)

    def calendar(self) -> Calendar:
        week = [WeeklyRule(day, a, b, date(2020, 1, 1)) for day in range(5) for a, b in self.hours]
        around = {"first": self.day - timedelta(days=3), "last": self.day + timedelta(days=3)}
        opened = open_spans(week, closures=[s.span for s in self.shut], holidays=(), zone=WIB, **around)
        since, until = self.broken or (None, None)
        return Calendar(
            opened, self.shut, self.held(), since, until, Matrix(self.cells), self.full, WIB, self.rosters()
        )

    def rosters(self) -> list[Roster] | None:
        if self.on_duty is None:
            return None
        names = enumerate(self.on_duty.items())
        return [Roster(number, subtracted(spans, self.away.get(name, []))) for number, (name, spans) in names]

    def held(self) -> list[Blocked]:
        """Return what the column *Di mesin itu* puts on the machine."""
        found = []
        for piece in pieces(self.columns["Di mesin itu"], nothing="kosong"):
            work, what = span_and_rest(piece, self.day)
            if what in KINDS:
                found.append(Blocked(work, KINDS[what]))
            else:
                found.append(Blocked(work, "taken", work=work, cleaning_class=class_of(what)))
        return found

    def question(self) -> Question:
        """Return the real question behind the column *Diminta*."""
        span, rest = span_and_rest(self.columns["Diminta"], self.day)
        request = Request(span.start, span.end, self.setup, class_of(rest), **self.asked)  # type: ignore[arg-type]
        rules = replace(self.rules, policy=policy_of(self.policy))
        can = frozenset(self.abilities or [Ability("keripik", "standing_pouch")])
        traits = replace(self.traits, capabilities=can)
        return Question(request, self.calendar(), rules, traits, self.now, self.at_counter, self.party)
