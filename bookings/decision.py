"""Whether a time may be booked, and every reason why not. Pure: no clock, no database.

`reasons_against` collects *all* reasons, so that a person sees the whole list at
once. Each rule is one small function from a `Question` to a `Reason` or None.
What nobody may override (time that is taken, the line) says `overridable=False`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts import words
from facilities.calendars import Calendar
from facilities.errors import Reason
from facilities.spans import Span, subtracted

AUTOMATIC, MANUAL, BELOW_LIMIT = "automatic", "manual", "below_limit"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a house sets: minutes, except `horizon` in days."""

    zone: ZoneInfo
    grid: int
    notice: int
    horizon: int
    shortest: int
    longest: int
    approval: str = AUTOMATIC
    approval_limit: int = 0


@dataclass(frozen=True, slots=True)
class Traits:
    """What matters about a machine when deciding: its line and what it packs into what."""

    name: str
    line: str
    capabilities: frozenset[tuple[str, str]] = frozenset()
    in_service: bool = True


@dataclass(frozen=True, slots=True)
class Request:
    """A run from `start` to `end` with setup before and cleaning after it, in minutes."""

    start: datetime
    end: datetime
    setup: int
    cleaning: int
    line: str | None = None
    form: str | None = None
    format: str | None = None

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds() // 60)

    @property
    def work(self) -> Span:
        """Setup and run: the part that must lie inside opening hours."""
        return Span(self.start - timedelta(minutes=self.setup), self.end)

    @property
    def whole(self) -> Span:
        """Setup, run and cleaning: the part that must not meet another occupancy."""
        return Span(self.work.start, self.end + timedelta(minutes=self.cleaning))


@dataclass(frozen=True, slots=True)
class Question:
    """Everything a rule may look at."""

    request: Request
    calendar: Calendar
    rules: Rules
    traits: Traits
    now: datetime
    at_counter: bool = field(default=False)


Rule = Callable[[Question], "Reason | None"]


def in_the_past(q: Question) -> Reason | None:
    """A time that has begun cannot be booked; a walk-in may start in this very grid step."""
    allowance = timedelta(minutes=q.rules.grid) if q.at_counter else timedelta(0)
    if q.request.start + allowance >= q.now:
        return None
    return Reason(
        "in_the_past",
        id="Jam ini sudah lewat.",
        en="This time has passed.",
        values={"starts_at": q.request.start.isoformat(), "now": q.now.isoformat()},
    )


def too_soon(q: Question) -> Reason | None:
    """The house wants notice, so that the machine and its people can be ready."""
    if q.at_counter or q.now > q.request.start or q.request.start - q.now >= timedelta(minutes=q.rules.notice):
        return None
    notice = q.rules.notice
    return Reason(
        "too_soon",
        id=f"Pesan paling lambat {words.duration(notice)} sebelum mulai.",
        en=f"Book at least {words.duration(notice, 'en')} before the start.",
        values={"notice": notice},
        overridable=True,
        way_out_id="Pilih jam yang lebih siang, atau telepon petugas.",
        way_out_en="Choose a later time, or phone the house.",
    )


def too_far(q: Question) -> Reason | None:
    """Times open day by day, up to the horizon, at the house's midnight."""
    today = q.now.astimezone(q.rules.zone).date()
    last = today + timedelta(days=q.rules.horizon)
    if q.request.start.astimezone(q.rules.zone).date() <= last:
        return None
    return Reason(
        "too_far",
        id=f"Jam bisa dipesan sampai {words.long_date(last)}.",
        en=f"Times can be booked until {words.long_date(last, 'en')}.",
        values={"horizon": q.rules.horizon, "last_on": last.isoformat()},
        overridable=True,
    )


def too_short(q: Question) -> Reason | None:
    """A run is worth the setup and the cleaning around it."""
    if q.request.minutes >= q.rules.shortest:
        return None
    return Reason(
        "too_short",
        id=f"Paling singkat {words.duration(q.rules.shortest)}; diminta {words.duration(q.request.minutes)}.",
        en=f"At least {words.duration(q.rules.shortest, 'en')}; asked {words.duration(q.request.minutes, 'en')}.",
        values={"shortest": q.rules.shortest, "asked": q.request.minutes},
        overridable=True,
    )


def too_long(q: Question) -> Reason | None:
    """Nobody keeps a machine from the others for longer than the house says."""
    if q.request.minutes <= q.rules.longest:
        return None
    return Reason(
        "too_long",
        id=f"Paling lama {words.duration(q.rules.longest)}; diminta {words.duration(q.request.minutes)}.",
        en=f"At most {words.duration(q.rules.longest, 'en')}; asked {words.duration(q.request.minutes, 'en')}.",
        values={"longest": q.rules.longest, "asked": q.request.minutes},
        overridable=True,
        way_out_id="Bagi menjadi beberapa hari.",
        way_out_en="Split it over several days.",
    )


def off_grid(q: Question) -> Reason | None:
    """Starts and lengths follow the house's grid, counted from its midnight. Walk-ins start when they start."""
    local = q.request.start.astimezone(q.rules.zone)
    on_grid = (local.hour * 60 + local.minute) % q.rules.grid == 0 and local.second == 0 and local.microsecond == 0
    whole_steps = (q.request.end - q.request.start) % timedelta(minutes=q.rules.grid) == timedelta(0)
    if q.at_counter or (on_grid and whole_steps):
        return None
    return Reason(
        "off_grid",
        id=f"Jam mulai dan lama mengikuti langkah {q.rules.grid}{words.NBSP}menit.",
        en=f"Starts and lengths go in steps of {q.rules.grid} minutes.",
        values={"grid": q.rules.grid},
    )


def outside_hours(q: Question) -> Reason | None:
    """Setup and run lie in opening hours. Says `holiday` when one is what shuts the house, else `closed`."""
    missing = subtracted([q.request.work], q.calendar.open)
    if not missing:
        return None
    for block in q.calendar.shut:
        if any(block.span.overlaps(part) for part in missing):
            return Reason(
                block.code,
                id=f"Rumah produksi tutup: {block.words}.",
                en=f"The house is closed: {block.words}.",
                values={"reason": block.words},
            )
    return Reason(
        "closed",
        id=_closed_words(q, "id"),
        en=_closed_words(q, "en"),
        values={"setup": q.request.setup},
        way_out_id="Pilih jam di dalam jam buka.",
        way_out_en="Choose a time within opening hours.",
    )


def _closed_words(q: Question, language: str) -> str:
    zone = q.rules.zone
    day = q.request.start.astimezone(zone).date()
    spans = [s for s in q.calendar.open if s.start.astimezone(zone).date() == day]
    text = ", ".join(words.clock_span(s.start, s.end, zone, language) for s in spans)
    setup = words.duration(q.request.setup, language)
    if language == "en":
        return (
            f"Outside opening hours ({text}), including {setup} of setup." if text else "The house is closed that day."
        )
    return f"Di luar jam buka ({text}), termasuk persiapan {setup}." if text else "Rumah produksi tutup hari itu."


def taken(q: Question) -> Reason | None:
    """Setup or run meets time that is already held. Says what holds it, never who."""
    block = next((b for b in q.calendar.taken if b.span.overlaps(q.request.work)), None)
    if block is None:
        return None
    until_id = words.clock(block.span.end, q.rules.zone)
    until_en = words.clock(block.span.end, q.rules.zone, "en")
    sentences = {
        "taken": (f"Jam ini sudah diambil, sampai {until_id}.", f"This time is taken, until {until_en}."),
        "maintenance": (f"Mesin dirawat sampai {until_id}.", f"The machine is in maintenance until {until_en}."),
        "broken": ("Mesin sedang rusak.", "The machine is broken."),
    }
    id_, en = sentences[block.code]
    values = {"starts_at": block.span.start.isoformat(), "ends_at": block.span.end.isoformat()}
    return Reason(block.code, id=id_, en=en, values=values)


def no_time_to_clean(q: Question) -> Reason | None:
    """The cleaning after this run must end before the next job's setup begins."""
    if any(b.span.overlaps(q.request.work) for b in q.calendar.taken):
        return None
    block = next((b for b in q.calendar.taken if b.span.overlaps(q.request.whole)), None)
    if block is None:
        return None
    start = words.clock(block.span.start, q.rules.zone)
    start_en = words.clock(block.span.start, q.rules.zone, "en")
    need = words.duration(q.request.cleaning)
    return Reason(
        "not_enough_cleaning_time",
        id=f"Perlu {need} bersih-bersih, tetapi mesin dipakai lagi pukul {start}.",
        en=f"{words.duration(q.request.cleaning, 'en')} of cleaning is needed, but the machine is used again at {start_en}.",
        values={"cleaning": q.request.cleaning, "next_starts_at": block.span.start.isoformat()},
        way_out_id="Mulai lebih awal, atau pilih waktu yang lebih singkat.",
        way_out_en="Start earlier, or choose a shorter time.",
    )


def broken(q: Question) -> Reason | None:
    """While a breakdown is open, times from its start on are not promised, except those after the expected repair.

    A repair that is overdue promises nothing: then every later time is refused.
    """
    since, until = q.calendar.broken_since, q.calendar.broken_until
    if since is None or q.request.end <= since:
        return None
    overdue = until is None or until <= q.now
    if not overdue and until is not None and q.request.work.start >= until:
        return None
    if any(b.code == "broken" and b.span.overlaps(q.request.work) for b in q.calendar.taken):
        return None
    return Reason(
        "broken",
        id="Mesin sedang rusak." if overdue else f"Mesin rusak, perkiraan siap {words.moment(until, q.rules.zone)}.",  # type: ignore[arg-type]
        en="The machine is broken.",
        values={"since": since.isoformat(), "expected_until": until.isoformat() if until else None},
        way_out_id="Pilih mesin lain, atau jam sesudah perkiraan siap.",
        way_out_en="Choose another machine, or a time after the expected repair.",
    )


def wrong_line(q: Question) -> Reason | None:
    """Halal and non-halal never share a machine (UU 33/2014 art. 21; PP 31/2019 art. 53). Nobody overrides this."""
    if q.request.line is None or q.request.line == q.traits.line:
        return None
    lines = {"halal": ("halal", "halal"), "non_halal": ("nonhalal", "non-halal")}
    machine, product = lines[q.traits.line], lines[q.request.line]
    return Reason(
        "wrong_line",
        id=f"Mesin ini hanya untuk produk {machine[0]}; produk Anda tercatat {product[0]}.",
        en=f"This machine is for {machine[1]} products only; yours is recorded as {product[1]}.",
        values={"machine": q.traits.line, "product": q.request.line},
    )


def does_not_fit(q: Question) -> Reason | None:
    """The machine packs this form into this format. What was not said is not checked."""
    form, format_ = q.request.form, q.request.format
    fits = [
        (f, p)
        for f, p in q.traits.capabilities
        if (form is None or f in (form, "semua")) and (format_ is None or p in (format_, "semua"))
    ]
    if q.traits.in_service and (fits or not q.traits.capabilities):
        return None
    return Reason(
        "does_not_fit_machine",
        id=f"{q.traits.name} tidak bisa mengemas ini." if q.traits.in_service else "Mesin ini tidak dipakai pada hari itu.",
        en=f"{q.traits.name} cannot pack this." if q.traits.in_service else "This machine is not in service that day.",
        values={"form": form, "format": format_},
        overridable=q.traits.in_service,
        way_out_id="Pilih bentuk kemasan lain, atau mesin lain.",
        way_out_en="Choose another pack format, or another machine.",
    )


RULES: tuple[Rule, ...] = (
    taken,
    no_time_to_clean,
    broken,
    in_the_past,
    too_soon,
    too_far,
    outside_hours,
    too_short,
    too_long,
    off_grid,
    wrong_line,
    does_not_fit,
)


def reasons_against(
    request: Request,
    calendar: Calendar,
    rules: Rules,
    traits: Traits,
    *,
    now: datetime,
    at_counter: bool = False,
    checks: Iterable[Rule] = RULES,
) -> list[Reason]:
    """Return every reason against the request, the hardest first; an empty list means yes.

    `at_counter` is a manager booking for somebody who stands there: notice and grid
    do not count. Instants are aware UTC, durations minutes.
    """
    question = Question(request, calendar, rules, traits, now, at_counter)
    return [reason for rule in checks if (reason := rule(question)) is not None]


def needs_manager(request: Request, rules: Rules) -> bool:
    """Return whether a person must approve, by the house's approval setting."""
    if rules.approval == MANUAL:
        return True
    return rules.approval == BELOW_LIMIT and request.minutes > rules.approval_limit
