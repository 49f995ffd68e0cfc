"""The usage log in the API: runs, and corrections of signed ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from accounts.schemas import BodyId, Count, Flag, In, Instant, integer, one_line, paragraphs, some_words
from bookings.models import Run, RunCorrection

Why = some_words(300)
Word = one_line(300)
WORD = Field("", description="a manager's word on what was asked back; nobody else gives it")


class DowntimeIn(In):
    minutes: integer(1, 2880)  # type: ignore[valid-type]
    reason: Literal["machine", "material", "power", "operator", "other"]
    note: one_line(200) = ""  # type: ignore[valid-type]


class CleaningIn(In):
    before: Flag | None = None
    after: Flag | None = None
    agent: one_line(60) = ""  # type: ignore[valid-type]
    result: Literal["", "clean", "again"] = ""
    by: one_line(80) = ""  # type: ignore[valid-type]


class RunIn(In):
    """What really happened. It is signed by whoever sends it, once."""

    started_at: Instant
    stopped_at: Instant
    good: Count = Field(description="packs")
    rejected: Count = Field(description="packs")
    run: BodyId | None = Field(None, description="id of a run that was started; default: the unsigned one, or a new one")
    lot_code: one_line(40) = ""  # type: ignore[valid-type]
    note: paragraphs(500) = ""  # type: ignore[valid-type]
    downtimes: Annotated[list[DowntimeIn], Field(max_length=50)] = []
    cleaning: CleaningIn | None = None
    confirm_reason: Word = WORD


class LogIn(RunIn):
    complete: Flag = Field(True, description="also completes the booking")


class CompleteIn(In):
    run: RunIn | None = None


class Correction(In):
    reason: Why  # type: ignore[valid-type]
    confirm_reason: Word = WORD


class CountCorrection(Correction):
    field: Literal["good", "rejected"]
    value: Count


class InstantCorrection(Correction):
    field: Literal["started_at", "stopped_at"]
    value: Instant


class LotCorrection(Correction):
    field: Literal["lot_code"]
    value: one_line(40)  # type: ignore[valid-type]


class NoteCorrection(Correction):
    field: Literal["note"]
    value: paragraphs(500)  # type: ignore[valid-type]


class StopsCorrection(Correction):
    """The whole list of stops, in place of the one that was signed."""

    field: Literal["downtimes"]
    value: Annotated[list[DowntimeIn], Field(max_length=50)]


class CleanedCorrection(Correction):
    field: Literal["cleaned_before", "cleaned_after"]
    value: Flag


class CleanerCorrection(Correction):
    field: Literal["cleaning_agent", "cleaned_by"]
    value: one_line(60)  # type: ignore[valid-type]


class ResultCorrection(Correction):
    field: Literal["cleaning_result"]
    value: Literal["", "clean", "again"]


CorrectionIn = Annotated[
    CountCorrection | InstantCorrection | LotCorrection | NoteCorrection | StopsCorrection | CleanedCorrection
    | CleanerCorrection | ResultCorrection,
    Field(discriminator="field"),
]  # fmt: skip


class DowntimeOut(Schema):
    minutes: int
    reason: str
    note: str


class CleaningOut(Schema):
    before: bool | None
    after: bool | None
    agent: str
    result: str
    by: str


class CorrectionOut(Schema):
    field: str
    old: str
    new: str
    reason: str
    made_at: datetime
    doubts: list[str]
    confirm_reason: str


class RunOut(Schema):
    id: int
    version: int
    booking: str
    machine: str
    started_at: datetime
    stopped_at: datetime | None
    good: int | None
    rejected: int | None
    lot_code: str
    note: str
    downtimes: list[DowntimeOut]
    cleaning: CleaningOut
    signed_at: datetime | None
    doubts: list[str] = Field(description="what was asked back, and believed on a manager's word")
    confirm_reason: str
    is_past_entry: bool = Field(description="entered days later by a manager: nobody had booked it")
    corrections: list[CorrectionOut]


def run_out(run: Run) -> RunOut:
    """Return a run's shape; it needs its booking, machine, downtimes and corrections (`logs.runs_of`)."""
    booking = run.booked_machine.booking
    zone = booking.facility.zone
    same = ("id", "version", "good", "rejected", "lot_code", "note", "doubts", "confirm_reason", "is_past_entry")
    return RunOut(
        **{name: getattr(run, name) for name in same},
        booking=booking.reference,
        machine=run.machine.slug,
        started_at=run.started_at.astimezone(zone),
        stopped_at=run.stopped_at.astimezone(zone) if run.stopped_at else None,
        signed_at=run.signed_at.astimezone(zone) if run.signed_at else None,
        downtimes=[DowntimeOut.from_orm(row) for row in run.downtimes.all()],
        cleaning=_cleaning_out(run),
        corrections=[correction_out(row, zone) for row in run.corrections.all()],
    )


def _cleaning_out(run: Run) -> CleaningOut:
    return CleaningOut(
        before=run.cleaned_before,
        after=run.cleaned_after,
        agent=run.cleaning_agent,
        result=run.cleaning_result,
        by=run.cleaned_by,
    )


def correction_out(row: RunCorrection, zone: Any) -> CorrectionOut:
    same = ("field", "old", "new", "reason", "doubts", "confirm_reason")
    return CorrectionOut(**{name: getattr(row, name) for name in same}, made_at=row.made_at.astimezone(zone))


def runs_out(runs: Iterable[Run]) -> list[RunOut]:
    return [run_out(run) for run in runs]
