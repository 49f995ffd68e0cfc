"""What a setting would do to bookings, or to months that are counted, on one page before it is saved: for every setting."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from bookings.messages.queries import without_reader
from bookings.models import BookedMachine
from bookings.rules.preview import Breach
from bookings.setup.rule_views import EDIT, STEP, TOKEN
from bookings.upkeep.services import Affected
from bookings.upkeep.settings import Answer
from facilities.catalogue.wording import sentences
from facilities.errors import Refusal
from facilities.models import Facility
from facilities.past import REWRITES

SEEN, MONTHS, GO_ON = "terlihat", "bulan", "lanjut"
TELL, STAY = "ya", "tetap"
OURS = (STEP, TOKEN, SEEN, GO_ON, "rumah")


def answer_of(request: HttpRequest) -> Answer:
    """Return what was said on the page: nothing at all unless one of its ways to go on was taken."""
    said = request.POST.get(GO_ON)
    seen = frozenset(request.POST.getlist(SEEN)) if said in (TELL, STAY) else frozenset()
    return Answer(seen, stay=said == STAY, months=request.POST.get(MONTHS, ""))


def goes_back(request: HttpRequest) -> bool:
    """Return whether the page is left for the form, with all that was typed and nothing saved."""
    return request.POST.get(STEP) == EDIT


def ask_first(request: HttpRequest, house: Facility, refusal: Refusal, *, may_stay: bool = True) -> HttpResponse:
    """Answer 409 with every booking that is affected and who would be told, or the months; and the ways to go on."""
    rows = [_row(one) for one in refusal.by] if isinstance(refusal, Affected) else []
    unread = without_reader(row["part"].booking for row in rows)
    months = refusal.reasons[0].values.get("months", "") if refusal.code == REWRITES else ""
    context = {
        "house": house,
        "reasons": sentences(refusal.reasons),
        "rows": rows,
        "unread": unread,
        "months": months,
        "may_stay": may_stay,
        "typed": _typed(request, months),
    }
    return render(request, "setup/before_saving.html", context, status=409)


def needs_asking(refusal: Refusal) -> bool:
    """Return whether a refusal is one that the page can ask about, and not simply a no."""
    return isinstance(refusal, Affected) or refusal.code == REWRITES


def _row(one: BookedMachine | Breach) -> dict[str, Any]:
    """Return one line: the booking's part, and what is wrong with it then. Where time is taken back, that alone is."""
    if isinstance(one, BookedMachine):
        return {"part": one, "said": []}
    return {"part": one.part, "said": [reason.sentence(get_language() or "id") for reason in one.reasons]}


def _typed(request: HttpRequest, months: object) -> list[tuple[str, str]]:
    rows = [(key, str(value)) for key, values in request.POST.lists() for value in values if key not in OURS]
    return [*(row for row in rows if row[0] != MONTHS), (MONTHS, str(months))] if months else rows
