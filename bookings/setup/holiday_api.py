"""The calendar of the country in the API: read by anybody, kept by the province."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router, Status

from accounts.api_answers import answers, page_of, tagged, version_seen, write_answers
from accounts.api_auth import WRITES, may
from accounts.schemas import Page, PageIn
from bookings.setup import holiday_schemas as shapes
from bookings.upkeep import holidays as making_room
from facilities.access import may_set_defaults
from facilities.errors import NotAllowed, Reason, Refusal
from facilities.models import Closure
from facilities.setup import holidays

router = Router(tags=["catalogue"])
PROVINCE = may("facility:write")


@router.get("/holidays", response=answers(Page[shapes.HolidayOut]), summary="Holidays")
def list_holidays(request: HttpRequest, asked: Query[PageIn]) -> Any:
    """The holidays that are not over, the soonest first. Dates without a decree are estimates."""
    found = Closure.objects.filter(facility__isnull=True, last_on__gte=timezone.localdate()).order_by("first_on", "pk")
    return page_of(found, asked, lambda rows: [shapes.holiday_out(row) for row in rows])


@router.put(
    "/holidays/{day}",
    auth=PROVINCE,
    throttle=WRITES,
    response=write_answers(shapes.HolidayOut, 412),
    summary="Set a holiday",
)
def set_holiday(request: HttpRequest, response: HttpResponse, day: Path[shapes.Day], asked: shapes.HolidayIn) -> Any:
    """Write the holiday of that day and name, or change or move it. Bookings under new days are named, and displaced
    only when they are among `seen`. The province."""
    _let_in(request)
    old = _holidays_on(day).filter(reason=asked.reason).first()
    first = asked.first_on or day
    draft = Closure(
        pk=old.pk if old else None,
        first_on=first,
        last_on=asked.last_on or first,
        **asked.model_dump(include={"reason", "kind", "is_estimate", "source"}),
    )
    who = {"actor": request.user, "now": timezone.now(), "version": _version(request, old)}
    made = making_room.set_holiday(draft=draft, seen=asked.seen, **who)
    return tagged(request, response, shapes.holiday_out(made), version=made.version)


@router.delete(
    "/holidays/{day}",
    auth=PROVINCE,
    throttle=WRITES,
    response=write_answers(None, 412, status=204),
    summary="Remove a holiday",
)
def remove_holiday(request: HttpRequest, day: Path[shapes.Day], asked: Query[shapes.HolidayNamed]) -> Any:
    """Take the holiday of that day away: its days can be booked again, and newer facts do not bring it back. The province."""
    _let_in(request)
    found = list(_holidays_on(day).filter(**asked.model_dump(exclude_none=True)))
    if not found:
        raise Http404
    if len(found) > 1:
        raise Refusal([Reason(
            "several_holidays", id="Ada beberapa libur pada hari itu. Sebut namanya.",
            en="Several holidays begin that day. Say which by its name.",
            values={"names": [one.reason for one in found]},
        )])  # fmt: skip
    (holiday,) = found
    version = _version(request, holiday)
    holidays.remove_holiday(holiday=holiday, actor=request.user, now=timezone.now(), version=version)  # type: ignore[arg-type]
    return Status(204, None)


def _let_in(request: HttpRequest) -> None:
    if not may_set_defaults(request.user):
        raise NotAllowed


def _holidays_on(day: date) -> Any:
    return Closure.objects.filter(facility__isnull=True, first_on=day).order_by("pk")


def _version(request: HttpRequest, found: Closure | None) -> int:
    """Return the version the writer saw; who says none writes over the one that is there."""
    current = found.version if found else 0
    seen = version_seen(request, current)
    return current if seen is None else seen
