"""The public pages of the houses, and how booking works."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from facilities.catalogue import queries, wording
from facilities.catalogue.card_views import machine_card
from facilities.catalogue.opening import DayHours, opening_days, upcoming_closures
from facilities.catalogue.standing import listed_with_standing
from facilities.models import Facility

CLOSURES_AHEAD = timedelta(days=60)


@require_safe
def houses(request: HttpRequest) -> HttpResponse:
    """List the houses by district, with today's hours."""
    today = timezone.localdate()
    found = list(queries.facilities().order_by("district__name", "name_key"))
    hours = opening_days(found, [today])
    rows = [house_row(house, hours[house.pk][0]) for house in found]
    groups = [
        {"district": district, "rows": list(rows_of)}
        for district, rows_of in groupby(rows, key=lambda row: str(row["house"].district))
    ]
    context = {"groups": groups, "total": len(found), "machines": sum(house.machine_count for house in found)}
    return render(request, "catalogue/houses.html", context)


def house_row(house: Facility, hours: DayHours) -> dict[str, Any]:
    """Return a house with today's hours in words."""
    return {
        "house": house,
        "hours": "" if hours.is_shut else wording.day_hours(hours.spans),
        "why_shut": hours.closure.reason if hours.closure and hours.is_shut else "",
    }


@require_safe
def house(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one house: hours of this week, what shuts it next, contact, rules, machines."""
    now = timezone.now()
    found = get_object_or_404(queries.facilities(), slug=slug)
    today = now.astimezone(found.zone).date()
    machines = list(queries.in_service(today).filter(facility=found))
    listed = listed_with_standing(machines, now=now)
    context = {
        "house": found,
        "week": _week(found, today),
        "closures": _closures(found, today),
        "rules": wording.rules(found),
        "bring": wording.lines(found.what_to_bring),
        "map_href": wording.map_address(found),
        "chat_href": wording.whatsapp_address(found.phone),
        "cards": [machine_card(item, now=now) for item in listed],
        "free_soon": sum(1 for item in listed if _is_free_today(item.standing.free_from, now, found)),
    }
    return render(request, "catalogue/house.html", context)


def _is_free_today(free_from: datetime | None, now: datetime, house: Facility) -> bool:
    return free_from is not None and free_from.astimezone(house.zone).date() == now.astimezone(house.zone).date()


def _week(house: Facility, today: date) -> list[dict[str, Any]]:
    days = opening_days([house], wording.week_of(today))[house.pk]
    return [
        {
            "day": hours.day,
            "is_today": hours.day == today,
            "hours": "" if hours.is_shut else wording.day_hours(hours.spans),
            "closure": hours.closure,
        }
        for hours in days
    ]


def _closures(house: Facility, today: date) -> list[dict[str, Any]]:
    coming = upcoming_closures([house], first=today, last=today + CLOSURES_AHEAD)
    return [{"closure": c, "words": wording.closure_words(c)} for c in coming[house.pk]]


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Explain booking in four steps."""
    return render(request, "catalogue/guide.html")
