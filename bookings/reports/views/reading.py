"""Who may read a report, and what they asked for: the same at the door of every report page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from bookings.reports import queries, selection
from bookings.reports.report import earlier
from bookings.reports.selection import Selection
from facilities.access import reportable_facilities
from facilities.errors import BadInput
from facilities.models import Facility


class Reading:
    """One reader's request: the houses they may read of, what they asked, and what time it is."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.now: datetime = timezone.now()
        self.houses: list[Facility] = self.readable()
        self.first = queries.first_month(self.houses)
        self.today = self.now.astimezone(ZoneInfo(settings.DISPLAY_ZONE)).date()
        self.asked: Selection = self._asked()

    def readable(self) -> list[Facility]:
        """Return the houses whose figures this reader may read here, by name."""
        return queries.reportable_houses(self.request.user)

    def _asked(self) -> Selection:
        """Return what was asked; without a month the last whole one, if anything was counted in it."""
        last = earlier(self.today)
        default = last if self.first and self.first <= last else self.today.replace(day=1)
        try:
            return selection.read(self.request.GET, self.houses, default=default, everything=self.everything())
        except selection.Unknown as unknown:
            raise Http404 from unknown

    def everything(self) -> str:
        """Return what all their houses are called together."""
        return gettext("Kalimantan Barat") if self.sees_all else gettext("Semua rumah Anda")

    @property
    def sees_all(self) -> bool:
        """Whether every house is theirs to read."""
        scope = reportable_facilities(self.request.user)
        return scope is not None and not scope

    def of_house(self, slug: str) -> Selection:
        """Return the same month of one house; 404 for one that is not theirs."""
        area = next((one for one in self.asked.by_house if one.houses[0].slug == slug), None)
        if area is None:
            raise Http404
        choices = self.asked
        return Selection(choices.month, area, choices.districts, choices.by_house, choices.everything)

    def machine_slug(self) -> str:
        """Return the machine that was asked for, or nothing; 404 for one that is not in the area that was asked for."""
        slug = self.request.GET.get("mesin", "")[:60]
        if slug and not queries.is_there(self.asked.houses, machine=slug):
            raise Http404
        return slug

    def choices(self, shown: Selection) -> dict[str, Any]:
        """Return what the line of filters needs."""
        return {
            "asked": shown,
            "months": selection.months_to_choose(self.first, self.today),
            "is_example": any(house.is_example for house in shown.houses),
        }


def read_with(
    reading: Callable[[HttpRequest], Any],
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Return what lets a view be read by those who may read reports, called with `reading(request)`.

    Others get 404, as if there were none; what cannot be read is 422 with the field named.
    """

    def reader(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @require_safe
        @login_required
        @wraps(view)
        def read(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if reportable_facilities(request.user) is None:
                raise Http404
            try:
                return view(reading(request), *args, **kwargs)
            except BadInput as bad:
                sentence = bad.sentence(get_language() or "id")
                return render(
                    request, "reports/unreadable.html", {"field": bad.field, "sentence": sentence}, status=422
                )

        return read

    return reader


reader = read_with(Reading)
