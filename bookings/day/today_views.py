"""The day at the counter: the list, its paper twin, and finding a booking by its code."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.formats import clock, long_date
from accounts.signed_in import signed_in
from bookings.day.day_sheet import day_sheet as sheet_of
from bookings.day.today import Day, day_of
from bookings.desk.views import asked_day, at_counter
from bookings.models import Booking
from bookings.trail.access import may_run
from bookings.trail.references import normalised
from facilities.access import may_manage
from facilities.models import Facility
from facilities.time.hours import local_day

SCHEME = re.compile(r".*/hadir/([^/]+)/?$", re.IGNORECASE)


@at_counter
@require_safe
def today(request: HttpRequest, house: Facility) -> HttpResponse:
    """Show who is due, late and running now. A fetch gets the list alone, and 304 when nothing changed."""
    now = timezone.now()
    day = day_of(house, now=now)
    decides = may_manage(signed_in(request), house)
    context = {"house": house, "houses": request.houses, "day": day, "now": now, "decides": decides}
    context |= {"headline": headline(day, now), "subline": _opening(day, now)}
    region = render_to_string("day/_today_region.html", context, request)
    tag = f'"{hashlib.sha256(region.encode()).hexdigest()[:24]}"'
    if request.headers.get("X-Requested-With") == "fetch":
        known = request.headers.get("If-None-Match", "").removeprefix("W/")
        if known == tag:
            return HttpResponseNotModified()
        return HttpResponse(region, headers={"ETag": tag})
    return render(request, "day/today.html", {**context, "region": region})


def headline(day: Day, now: datetime) -> str:
    """Return the day in one finding: what runs, and what is wrong."""
    running = len(day.running) + len(day.forgotten)
    found = []
    if running:
        found.append(ngettext("%(n)d mesin jalan", "%(n)d mesin jalan", running) % {"n": running})
    if day.late:
        found.append(ngettext("%(n)d orang terlambat", "%(n)d orang terlambat", len(day.late)) % {"n": len(day.late)})
    elif day.broken:
        found.append(ngettext("%(n)d mesin rusak", "%(n)d mesin rusak", len(day.broken)) % {"n": len(day.broken)})
    if found:
        return ", ".join(found)
    if day.coming or day.here:
        n = len(day.coming) + len(day.here)
        return ngettext("%(n)d pesanan lagi hari ini", "%(n)d pesanan lagi hari ini", n) % {"n": n}
    if not day.open:
        return _("Hari ini tutup")
    return _("Hari ini tenang")


def _opening(day: Day, now: datetime) -> str:
    if not day.open:
        return ", ".join(block.words for block in day.shut)
    closes = day.open[-1].end
    if now >= closes:
        return _("Sudah tutup sejak %(clock)s") % {"clock": clock(closes)}
    if now < day.open[0].start:
        return _("Buka pukul %(clock)s") % {"clock": clock(day.open[0].start)}
    return _("Buka sampai %(clock)s") % {"clock": clock(closes)}


@at_counter
@require_safe
def day_sheet(request: HttpRequest, house: Facility) -> HttpResponse:
    """Show one A4 page per machine list, with blanks to fill by hand when the power is out."""
    now = timezone.now()
    day = asked_day(request)
    rows = sheet_of(house, local_day(day, house.zone), now=now)
    context = {"house": house, "on": day, "title": long_date(day), "rows": rows, "now": now, "spare": range(4)}
    return render(request, "day/day_sheet.html", context)


@at_counter
@require_safe
def by_code(request: HttpRequest, house: Facility) -> HttpResponse:
    """Find a booking by the code on its receipt, typed or scanned (a scanner types the whole address)."""
    typed = request.GET.get("kode", "").strip()[:200]
    address = SCHEME.match(typed)
    code = normalised(address.group(1) if address else typed)
    context = {"house": house, "typed": typed}
    if not code:
        return render(request, "day/by_code.html", context)
    found = Booking.objects.filter(reference=code).first()
    if found is None or not may_run(signed_in(request), found):
        return render(request, "day/by_code.html", {**context, "unknown": True}, status=404)
    return redirect("arrival", reference=found.reference)
