"""The front door: a producer's home, the public landing page, or the way to one's desk."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import formats
from accounts.models import User
from bookings.home import queries as own
from bookings.home import receipt_words
from bookings.models import Booking
from bookings.packs.order_address import kept_values, local_text
from bookings.trail.access import own_producer_ids
from facilities.access import duties_of
from facilities.catalogue import queries, wording
from facilities.catalogue.card_views import machine_card
from facilities.catalogue.forms import CatalogueForm
from facilities.catalogue.house_views import house_row
from facilities.catalogue.opening import opening_days, upcoming_closures
from facilities.catalogue.standing import listed_with_standing, spread_out
from facilities.models import Facility, Machine
from facilities.occupancy import reading
from facilities.time.spans import Span

LOOK_AHEAD = timedelta(days=14)
NOTICE_DAYS = 35
SOONEST = 6
MANY = 2000


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send staff to their desk, show producers their day, and everybody else the door."""
    now = timezone.now()
    if not isinstance(request.user, User):
        return landing(request, now)
    duties = duties_of(request.user)
    if duties.is_staff:
        return HttpResponseRedirect("/hari-ini/")
    if duties.sees_all or duties.districts:
        return HttpResponseRedirect("/laporan/")
    response = render(request, "home/home.html", _home(request.user, now))
    response["Cache-Control"] = "private, no-store"
    return response


def _home(user: User, now: datetime) -> dict[str, Any]:
    coming = own.next_bookings(user, now=now)
    last = own.last_use(user)
    following = coming[0] if coming else None
    again = _again(last, now) if last else None
    house = following.facility if following else last.facility if last else None
    return {
        "greeting": greeting(now),
        "name": user.get_short_name(),
        "next": _pack(following, now) if following else None,
        "more_coming": len(coming) > 1,
        "several": len(own_producer_ids(user)) > 1,
        "displaced": own.displaced(user),
        "again": again,
        "again_href": f"/pesan/{again['machine'].slug}/?{again['query']}" if again else "/mesin/",
        "ask_href": (wording.whatsapp_address(house.phone) or f"/rumah/{house.slug}/") if house else "/rumah/",
        "notice": _notice(house, formats.day_of(now)) if house else None,
    }


def greeting(now: datetime) -> str:
    """Selamat pagi until eleven, siang until three, sore until six, then malam; on the province's clock."""
    hour = timezone.localtime(now).hour
    if 4 <= hour < 11:
        return _("Selamat pagi")
    if 11 <= hour < 15:
        return _("Selamat siang")
    return _("Selamat sore") if 15 <= hour < 18 else _("Selamat malam")


def _pack(booking: Booking, now: datetime) -> dict[str, Any]:
    zone = booking.facility.zone
    day, today = formats.day_of(booking.starts_at, zone), formats.day_of(now, zone)
    titles = {0: _("Siapkan sekarang"), 1: _("Siapkan malam ini")}
    near = {0: _("Hari ini"), 1: _("Besok")}.get((day - today).days, "")
    return {
        "booking": booking,
        "machine": booking.machines.all()[0].machine,
        "day": ", ".join(filter(None, [near, formats.long_date(day)])),
        "status": "late" if booking.status == "approved" and booking.starts_at < now else booking.status,
        "map_href": wording.map_address(booking.facility),
        "bring_title": titles.get((day - today).days, _("Yang perlu dibawa")),
        "bring": [item for item in receipt_words.bring_list(booking) if item[1]],
        "arrive": receipt_words.arrive_at(booking) if booking.starts_at > now else None,
    }


def _again(last: Booking, now: datetime) -> dict[str, Any] | None:
    """The last order once more: the three nearest times for it, each one tap from the check page."""
    part = last.machines.all()[0]
    machine = queries.in_service(formats.day_of(now)).filter(pk=part.machine_id).first()
    if machine is None:
        return None
    minutes = int((part.ends_at - part.starts_at).total_seconds() // 60)
    window = Span(now, now + LOOK_AHEAD)
    calendar = reading.calendars([machine], window)[machine.pk]
    starts = reading.free_starts(machine, calendar, now=now, minutes=minutes, window=window, count=MANY)
    query = _order_again(last, minutes)
    good, _rejected, ran = own.good_packs(last)
    days = (formats.day_of(now) - formats.day_of(last.starts_at)).days
    return {
        "machine": machine,
        "producer": last.producer,
        "title": _("Sama seperti minggu lalu?") if 4 <= days <= 10 else _("Sama seperti terakhir?"),
        "good": good,
        "ran": ran,
        "query": query,
        "times": [{"start": start, "query": f"{query}&jam={local_text(start, machine.facility.zone)}"} for start in spread_out(starts, minutes=minutes)],
    }


def _order_again(last: Booking, minutes: int) -> str:
    return kept_values(
        lama=minutes,
        producer=last.producer.slug,
        product=last.product_id,
        format=last.pack_format,
        quantity=last.quantity,
    )


def _notice(house: Facility, today: date) -> dict[str, Any] | None:
    """The next closing of the house that matters to this person."""
    coming = upcoming_closures([house], first=today, last=today + timedelta(days=NOTICE_DAYS))
    closure = next(iter(coming[house.pk]), None)
    return {"closure": closure, "words": wording.closure_words(closure), "house": house} if closure else None


def landing(request: HttpRequest, now: datetime) -> HttpResponse:
    """What this is, where the houses are, what is free next, how to book."""
    today = timezone.localdate(now)
    houses = list(queries.facilities().order_by("district__name", "name_key"))
    hours = opening_days(houses, [today])
    machines: list[Machine] = list(queries.in_service(today))
    listed = listed_with_standing(machines, now=now)
    ask = CatalogueForm({}, districts=list(queries.districts()), types=[])
    context = {
        "ask": ask,
        "houses": [house_row(house, hours[house.pk][0]) for house in houses],
        "cards": [machine_card(item, now=now) for item in _one_of_each(listed)],
        "total": len(machines),
        "free_today": sum(1 for i in listed if i.standing.free_from and timezone.localdate(i.standing.free_from) == today),
    }
    return render(request, "home/landing.html", context)


def _one_of_each(listed: list[Any]) -> list[Any]:
    """The soonest free machine of each type, six of them: a row of six sealers tells nobody anything."""
    seen: dict[str, Any] = {}
    for item in listed:
        seen.setdefault(item.machine.type_id, item)
    return list(seen.values())[:SOONEST]
