"""Booking for somebody at the counter: one page, twenty seconds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.formats import clock
from accounts.models import User
from accounts.signed_in import signed_in
from accounts.writing.numbers import Unclear, Unreadable, whole
from bookings.day import counter_services as counter
from bookings.day.counter_forms import LATER, NEW, NOW, CounterForm, WhoForm
from bookings.day.today import machines_now
from bookings.desk.views import asked_day, blame, for_managers
from bookings.models import Booking, Producer
from bookings.ordering.own_time import JUST, naming_the_own, own_booking
from bookings.packs.near_misses import here, with_near_misses
from bookings.people.queries import candidates
from bookings.people.services import Newcomer
from bookings.rules.decision import Question, Request, verdict
from bookings.rules.question import question_about, request_for
from bookings.trail.access import bookable_producers
from facilities.catalogue.wording import sentences
from facilities.errors import BadInput, Refusal
from facilities.models import Facility
from facilities.time.spans import Span

AT_MOST = 31 * 24 * 60


@for_managers
@require_http_methods(["GET", "HEAD", "POST"])
def walk_in(request: HttpRequest, house: Facility) -> HttpResponse:
    """Find or enrol the person, choose a machine and a length, and start now or book a later time."""
    now = timezone.now()
    rows = machines_now(house, now=now)
    if request.method != "POST":
        form = CounterForm(initial=_initial(request, now), rows=rows, asked=_minutes(request), now=now)
        return _page(request, house, form)
    typed = _with_alternative(request)
    form = CounterForm(typed, rows=rows, asked=_minutes(request), now=now)
    if asks_to_search(typed):
        form = CounterForm(initial=typed.dict(), rows=rows, asked=_minutes(request), now=now)
        return _page(request, house, form)
    if not form.is_valid():
        return _page(request, house, form, status=422)
    return _book(request, house, form, now)


def asks_to_search(typed: QueryDict) -> bool:
    """Return whether this is a search: by its button, or by Enter before anybody was chosen."""
    return typed.get("langkah") == "cari" or bool(typed.get("cari")) and not typed.get("producer")


def _book(request: HttpRequest, house: Facility, form: CounterForm, now: datetime) -> HttpResponse:
    party = party_of(request, form)
    if party is None:
        form.add_error("producer", _("Orang ini tidak ditemukan. Cari lagi."))
        return _page(request, house, form, status=422)
    if isinstance(party, Producer) and "tahu" not in request.POST:
        warnings = verdict(_question(form, party, now)).warnings
        if warnings:
            return _page(request, house, form, status=409, warnings=sentences(warnings))
    try:
        booking = _serve(request, form, party, now)
    except (BadInput, Refusal) as no:
        known = party if isinstance(party, Producer) else _enrolled(party)
        own = _sent_before(request, form, known, now) if known else None
        return _done(request, own, again=True) if own else _not_booked(request, house, form, no, known, now)
    return _done(request, booking)


def _not_booked(
    request: HttpRequest, house: Facility, form: CounterForm, no: BadInput | Refusal, known: Producer | None, now: datetime
) -> HttpResponse:
    """Say why not, beside its field or with the ways out; everything typed is kept."""
    if isinstance(no, BadInput):
        blame(form, no)
        return _page(request, house, form, status=422)
    refusal = _with_ways_out(no, form, known, signed_in(request), now)
    hard = any(not reason.overridable for reason in refusal.reasons)
    extra = {"reasons": sentences(refusal.reasons), "alternatives": here(refusal, house.pk), "may_override": not hard}
    return _page(request, house, form, status=409, **extra)


def _asked(form: CounterForm, now: datetime) -> Request:
    """Return what is asked of the machine, as the rules read it; now begins with the setup."""
    data, machine, wish = form.cleaned_data, form.chosen_machine, form.wish()
    soonest = now.replace(second=0, microsecond=0) + timedelta(minutes=machine.setup)
    starts_at = data["starts_at"] if data["when"] == LATER else soonest
    ends_at = starts_at + timedelta(minutes=data["minutes"])
    return request_for(
        machine, starts_at, ends_at, form=wish.form or None, line=wish.line, pack_format=wish.pack_format
    )


def _question(form: CounterForm, party: Producer, now: datetime) -> Question:
    at_once = form.cleaned_data["when"] == NOW
    return question_about(
        form.chosen_machine, _asked(form, now), now=now, producer=party, at_counter=at_once, thorough=True
    )


def _with_ways_out(
    refusal: Refusal, form: CounterForm, party: Producer | None, actor: User, now: datetime
) -> Refusal:
    """Add what almost fits, of a later time; somebody who stands here now chooses another machine from the list."""
    machine, asked = form.chosen_machine, _asked(form, now)
    refusal = with_near_misses(refusal, machine, asked, now=now)
    if party is None:
        return refusal
    return naming_the_own(refusal, machine, asked.start, asked.end, producer=party, actor=actor, now=now)


def _sent_before(request: HttpRequest, form: CounterForm, party: Producer, now: datetime) -> Booking | None:
    """Return the booking that this very form has just made, sent twice by an impatient finger or a slow line."""
    asked, packs = _asked(form, now), form.wish()
    own = own_booking(form.chosen_machine, asked.start, asked.end, producer=party, actor=signed_in(request))
    if own is None or own.made_by_id != signed_in(request).pk or now - own.made_at > JUST:
        return None
    at_once = form.cleaned_data["when"] == NOW
    told = (party.pk, asked.minutes, packs.pack_format, packs.quantity, at_once)
    kept = (own.producer_id, Span(own.starts_at, own.ends_at).minutes, own.pack_format, own.quantity, own.is_walk_in)
    return own if told == kept and (at_once or own.starts_at == asked.start) else None


def _enrolled(newcomer: Newcomer) -> Producer | None:
    """Return who was put on file with this number; None where a refusal took that back."""
    return Producer.objects.filter(phone=newcomer.phone).first()


def _serve(request: HttpRequest, form: CounterForm, party: Any, now: datetime) -> Booking:
    data = form.cleaned_data
    asked = {
        "producer": party,
        "machine": form.chosen_machine,
        "minutes": data["minutes"],
        "wish": form.wish(),
        "actor": signed_in(request),
        "now": now,
        "override_reason": data["override_reason"],
    }
    if data["when"] == NOW:
        return counter.serve_walk_in(**asked)
    return counter.book_for(starts_at=data["starts_at"], **asked)


def _done(request: HttpRequest, booking: Booking, *, again: bool = False) -> HttpResponse:
    names = {"name": booking.producer.name, "clock": clock(booking.ends_at), "code": booking.reference}
    if again:
        messages.info(request, _("Ini pesanan %(name)s, %(code)s, baru saja Anda catat.") % names)
        return redirect(f"/pesanan/{booking.reference}/")
    if booking.is_walk_in:
        messages.success(request, _("%(name)s tercatat sampai %(clock)s. Tekan Mulai saat mesin jalan.") % names)
        return redirect("today")
    messages.success(request, _("Jam untuk %(name)s tercatat, nomor %(code)s.") % names)
    return redirect(f"/pesanan/{booking.reference}/")


def party_of(request: HttpRequest, form: WhoForm) -> Producer | Newcomer | None:
    """Return who was chosen, None where nobody of that name may be booked for."""
    if form.cleaned_data["producer"] == NEW:
        return form.newcomer()
    return bookable_producers(signed_in(request)).filter(slug=form.cleaned_data["producer"]).first()


def _page(request: HttpRequest, house: Facility, form: CounterForm, status: int = 200, **extra: Any) -> HttpResponse:
    context = {"house": house, "form": form, **people_for(request, form), **extra}
    return render(request, "day/walk_in.html", context, status=status)


def people_for(request: HttpRequest, form: WhoForm) -> dict[str, Any]:
    """Return whom a page offers to choose: those found by the words typed, and whoever is chosen already."""
    words = (request.POST.get("cari") or request.GET.get("cari") or "").strip()[:80]
    people = candidates(signed_in(request), words)
    chosen = form["producer"].value() or ""
    if chosen and chosen != NEW and chosen not in {one.slug for one in people}:
        known = bookable_producers(signed_in(request)).filter(slug=chosen).select_related("district")
        people = [*known, *people]
    return {"people": people, "words": words, "chosen": chosen}


def _initial(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """Fill in what the board or a list already knows: machine, time, length, person."""
    asked = request.GET
    day, start = asked_day(request), asked.get("mulai", "")
    later = bool(start) or day != timezone.localdate(now)
    return {
        "producer": asked.get("untuk", ""),
        "machine": asked.get("mesin", ""),
        "minutes": str(_minutes(request) or 60),
        "when": LATER if later else NOW,
        "starts_at": start or (f"{day:%Y-%m-%d}T08:00" if later else None),
        "line": "halal",
        "new_kind": "umkm",
        "new_district": None,
    }


def _minutes(request: HttpRequest) -> int | None:
    """Return the asked length in minutes, when it is one a booking can have."""
    asked = request.POST.get("minutes") or request.GET.get("menit") or ""
    try:
        found = whole(asked)
    except (Unclear, Unreadable):
        return None
    return found if 1 <= found <= AT_MOST else None


def _with_alternative(request: HttpRequest) -> QueryDict:
    """Return what was typed, with the place of the tapped alternative put in."""
    typed = request.POST.copy()
    machine, _blank, start = typed.get("pakai", "").partition(" ")
    if machine and start:
        typed["machine"], typed["starts_at"], typed["when"] = machine, start, LATER
    return typed
