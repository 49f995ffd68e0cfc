"""The usage log: start, stop, record, correct."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Body, Path, Query, Router, Status

from accounts.api_answers import own_answers, page_of, version_seen, write_answers
from accounts.api_auth import WRITES, may
from accounts.schemas import Id, Page, PageIn, slug_type
from bookings.models import Booking, Run
from bookings.ordering.api import CHANGED, Verb, carry_out
from bookings.runs import queries
from bookings.runs import schemas as shapes
from bookings.runs import services as runs
from bookings.runs.schemas import CompleteIn, RunIn
from bookings.trail import access
from bookings.trail.api_finding import booking_of
from facilities.errors import NotAllowed, check_version

router = Router(tags=["runs"])

Reference = slug_type(20)
NOTHING_NEEDED, ONE_OF_FOUR = Body(None), Body(...)
LOG = may("runs:write")
RUN = may("bookings:write", "runs:write")
BOOKINGS = ["bookings"]


@router.get(
    "/bookings/{reference}/runs",
    auth=may("bookings:read"),
    response=own_answers(Page[shapes.RunOut], 404),
    summary="Runs of a booking",
)
def list_runs(request: HttpRequest, reference: Path[Reference], asked: Query[PageIn]) -> Any:  # type: ignore[valid-type]
    """What really happened, in order of time, with corrections."""
    return page_of(queries.runs_of(booking_of(request, reference)), asked, shapes.runs_out)


@router.post(
    "/bookings/{reference}/runs",
    auth=LOG,
    throttle=WRITES,
    response=write_answers(shapes.RunOut, status=201),
    summary="Record a run",
)
def record_run(request: HttpRequest, reference: Path[Reference], asked: shapes.LogIn) -> Any:  # type: ignore[valid-type]
    """Write down and sign what came out of a run; completes the booking unless told not to.

    What can hardly be (another run of the machine at that time, a far-off day, too many packs) is refused with its values
    until a manager says with `confirm_reason` that it was so.
    """
    booking = _run_by(request, reference)
    _check_word(request, booking, asked.confirm_reason)
    run = runs.record_run(
        booking_id=booking.pk,
        actor=request.user,
        now=timezone.now(),
        complete=asked.complete,
        **run_values(asked, booking),
    )
    return Status(201, shapes.run_out(_read(request, run.pk)))


@router.post(
    "/bookings/{reference}/start",
    auth=LOG,
    throttle=WRITES,
    response=write_answers(shapes.RunOut, status=201),
    summary="Start the machine",
)
def start_run(request: HttpRequest, reference: Path[Reference]) -> Any:  # type: ignore[valid-type]
    """Start a run for a producer who is here. One run at a time per machine."""
    run = runs.start_run(booking_id=_run_by(request, reference).pk, actor=request.user, now=timezone.now())
    return Status(201, shapes.run_out(_read(request, run.pk)))


@router.post(
    "/runs/{run_id}/stop", auth=LOG, throttle=WRITES, response=write_answers(shapes.RunOut), summary="Stop the machine"
)
def stop_run(request: HttpRequest, run_id: Path[Id]) -> Any:
    """Stop a run. What came out of it is recorded afterwards."""
    run = _run_at_work(request, run_id)
    runs.stop_run(run_id=run.pk, actor=request.user, now=timezone.now())
    return shapes.run_out(_read(request, run.pk))


@router.post(
    "/runs/{run_id}/corrections",
    auth=LOG,
    throttle=WRITES,
    response=write_answers(shapes.CorrectionOut, 412, status=201),
    summary="Correct a signed run",
)
def correct_run(request: HttpRequest, run_id: Path[Id], asked: shapes.CorrectionIn = ONE_OF_FOUR) -> Any:
    """Change one value of a signed run; the old value, who and why are kept."""
    run = _run_at_work(request, run_id)
    _check_word(request, run.booked_machine.booking, asked.confirm_reason)
    correction = runs.correct_run(
        run_id=run.pk,
        field=asked.field,
        value=asked.model_dump()["value"],
        confirm_reason=asked.confirm_reason,
        reason=asked.reason,
        actor=request.user,
        now=timezone.now(),
        version=version_seen(request, run.version),
    )
    return Status(201, shapes.correction_out(correction, run.booked_machine.booking.facility.zone))


def _run_by(request: HttpRequest, reference: str) -> Booking:
    booking = booking_of(request, reference)
    if not access.may_run(request.user, booking):
        raise NotAllowed
    return booking


def _check_word(request: HttpRequest, booking: Booking, reason: str) -> None:
    if reason and not access.may_decide(request.user, booking):
        raise NotAllowed


def _read(request: HttpRequest, run_id: int) -> Run:
    run = queries.visible_run(request.user, run_id)
    if run is None:
        raise Http404("run")
    return run


def _run_at_work(request: HttpRequest, run_id: int) -> Run:
    run = _read(request, run_id)
    if not access.may_run(request.user, run.booked_machine.booking):
        raise NotAllowed
    return run


@router.post(
    "/bookings/{reference}/check-in", auth=RUN, throttle=WRITES, response=CHANGED, summary="Check in", tags=BOOKINGS
)
def check_in_booking(request: HttpRequest, response: HttpResponse, reference: Path[Reference]) -> Any:  # type: ignore[valid-type]
    """Record that the producer is here. Everybody who works in the house."""
    return carry_out(request, response, reference, access.may_run, runs.check_in)


@router.post(
    "/bookings/{reference}/complete", auth=RUN, throttle=WRITES, response=CHANGED, summary="Complete", tags=BOOKINGS
)
def complete_booking(
    request: HttpRequest,
    response: HttpResponse,
    reference: Path[Reference],  # type: ignore[valid-type]
    asked: CompleteIn | None = NOTHING_NEEDED,
) -> Any:
    """Close a booking, with the run that was made or without. Everybody who works in the house."""
    run = asked.run if asked else None
    _check_word(request, booking_of(request, reference), run.confirm_reason if run else "")
    service = runs.complete if run is None else _recording(request, run, reference)
    return carry_out(request, response, reference, access.may_run, service)


def _recording(request: HttpRequest, run: RunIn, reference: str) -> Verb:
    """Return the service that signs a run and completes its booking."""
    booking = booking_of(request, reference)
    values = run_values(run, booking)

    def record(*, version: int | None, **who: Any) -> None:
        check_version(booking, version)
        runs.record_run(**who, **values, complete=True)

    return record


def run_values(run: RunIn, booking: Booking) -> dict[str, Any]:
    """Return a run as `record_run` takes it; a run of another booking is 404."""
    if run.run and not queries.runs_of(booking).filter(pk=run.run).exists():
        raise Http404("run")
    values = run.model_dump(exclude={"run", "complete", "cleaning"})
    return values | {"run_id": run.run, "cleaning": run.cleaning.model_dump() if run.cleaning else None}
