"""What a sheet says that can hardly be: asked back with its values, and believed on a manager's word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts import words
from accounts.models import User
from bookings.models import BookedMachine, Booking, Run
from bookings.trail.access import may_decide
from facilities.errors import Reason, Refusal
from facilities.models import Capability
from facilities.vocabulary import ANY

FAR = timedelta(days=1)
"""A run lies near its booking while it touches the day before or after it."""
LONGEST = timedelta(days=2)
AT_MOST = 2
"""How many times the pace one plans with is still believed: a nominal rate is cautious, a slip is ten times it."""
OVERLAPS, FAR_OFF, TOO_MANY = "overlaps_a_run", "far_from_booking", "too_many_packs"
ALL = (OVERLAPS, FAR_OFF, TOO_MANY)


@dataclass(frozen=True, slots=True)
class Work:
    """What a sheet says was done: from when to when, packs in all, and minutes that the machine stood still."""

    start: datetime
    end: datetime
    packs: int = 0
    stood: int = 0

    @property
    def minutes(self) -> float:
        return (self.end - self.start).total_seconds() / 60 - self.stood


def doubts_about(
    part: BookedMachine, work: Work, *, but: int | None = None, asked: Iterable[str] = ALL
) -> list[Reason]:
    """Return what can hardly be of a run, whose machine is locked: another signed run at that time, a far-off day, too many packs.

    `but` is the run that is being corrected; `asked` which doubts are looked for. Every one is overridable: by a manager's word.
    """
    checks = {
        OVERLAPS: lambda: _overlaps(part, work, but),
        FAR_OFF: lambda: _far_off(part, work),
        TOO_MANY: lambda: _too_many(part, work),
    }
    return [found for code in asked if (found := checks[code]()) is not None]


def believed(doubts: Sequence[Reason], booking: Booking, *, actor: User, reason: str) -> list[str]:
    """Return the codes of doubts that somebody with the right has answered with a reason; raise `Refusal` with all otherwise."""
    if any(not doubt.overridable for doubt in doubts) or (doubts and not (reason and may_decide(actor, booking))):
        raise Refusal(doubts)
    return [doubt.code for doubt in doubts]


def _overlaps(part: BookedMachine, work: Work, but: int | None) -> Reason | None:
    signed = Run.objects.filter(machine=part.machine_id, signed_at__isnull=False, stopped_at__gt=work.start,
                                started_at__lt=work.end, started_at__gt=work.start - LONGEST - FAR)  # fmt: skip
    others = list(signed.exclude(pk=but).select_related("booked_machine__booking").order_by("started_at"))
    if not others:
        return None
    zone = part.booking.facility.zone
    told = [(run.booked_machine.booking.reference, run.started_at, run.stopped_at or work.end) for run in others]

    def said(language: str) -> str:
        return ", ".join(f"{words.clock_span(start, end, zone, language)} ({name})" for name, start, end in told)

    return Reason(
        OVERLAPS,
        id=f"Mesin ini sudah tercatat jalan untuk pesanan lain: {said('id')}.",
        en=f"This machine is already recorded as running for another booking: {said('en')}.",
        values={
            "runs": [
                {"booking": name, "started_at": start.isoformat(), "stopped_at": end.isoformat()}
                for name, start, end in told
            ]
        },
        overridable=True,
        way_out_id="Periksa jam mulai dan selesai.",
        way_out_en="Check when it started and stopped.",
    )


def _far_off(part: BookedMachine, work: Work) -> Reason | None:
    booked_from, booked_until = part.starts_at, part.ends_at
    if work.end > booked_from - FAR and work.start < booked_until + FAR:
        return None
    zone = part.booking.facility.zone

    def said(language: str) -> tuple[str, str]:
        return words.moment(work.start, zone, language), words.moment(booked_from, zone, language)

    (typed, booked), (typed_en, booked_en) = said("id"), said("en")
    return Reason(
        FAR_OFF,
        id=f"Tertulis {typed}, padahal pesanannya {booked}.",
        en=f"It says {typed_en}, but the booking is for {booked_en}.",
        values={"started_at": work.start.isoformat(), "booked_at": booked_from.isoformat()},
        overridable=True,
        way_out_id="Periksa tanggal dan bulannya.",
        way_out_en="Check the day and the month.",
    )


def _too_many(part: BookedMachine, work: Work) -> Reason | None:
    rate = _fastest(part) if work.packs else None
    if rate is None:
        return None
    most, minutes = int(AT_MOST * rate * max(work.minutes, 0) / 60), int(max(work.minutes, 0))
    if work.packs <= most:
        return None
    return Reason(
        TOO_MANY,
        id=f"{words.number(work.packs)} kemasan dalam {words.duration(minutes)} melebihi kemampuan mesin "
        f"(sekitar {words.number(rate)} per jam).",
        en=f"{words.number(work.packs, 'en')} packs in {words.duration(minutes, 'en')} are more than the machine can do "
        f"(about {words.number(rate, 'en')} an hour).",
        values={"packs": work.packs, "minutes": minutes, "rate": rate, "most": most},
        overridable=True,
        way_out_id="Periksa jumlah kemasan dan jamnya.",
        way_out_en="Check the packs and the hours.",
    )


def _fastest(part: BookedMachine) -> int | None:
    """Return the packs per hour to plan with: of the booked format where the machine says it, else of any."""
    rows = Capability.objects.filter(machine=part.machine_id).values_list("format", "rate", "learned_rate")
    rates = [(format_, max(rate, learned or 0)) for format_, rate, learned in rows]
    own = [rate for format_, rate in rates if format_ in (part.booking.pack_format, ANY)]
    return max(own or [rate for _format, rate in rates], default=None)
