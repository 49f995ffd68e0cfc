"""The page of times, shared by booking and moving: what stands where on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import formats
from accounts.models import User
from bookings.models import Booking
from bookings.ordering.forms import lengths_of
from bookings.ordering.own_time import in_own_words, own_bookings
from bookings.ordering.times import Cell, DayChoice, Offer, offered_times, strip_start
from bookings.packs.order_address import kept, kept_pairs, local_instant, local_text, read_day
from facilities.catalogue import wording
from facilities.catalogue.queries import tariff_on
from facilities.catalogue.wording import sentences
from facilities.models import Machine
from facilities.time.lengths import allowed_length
from facilities.time.spans import MINUTE

PARTS = (
    (0, 11 * 60, gettext_lazy("Pagi")),
    (11 * 60, 15 * 60, gettext_lazy("Siang")),
    (15 * 60, 24 * 60, gettext_lazy("Sore")),
)
"""Minutes of the local day: what people call morning, midday and afternoon."""
LENGTHS = (60, 120, 180, 240)
FORTNIGHT = timedelta(days=14)


def time_page(
    machine: Machine,
    data: QueryDict,
    *,
    now: datetime,
    minutes: int | None = None,
    moving: int | None = None,
    cleaning_class: str = "",
    viewer: object = None,
    booking: Booking | None = None,
) -> dict[str, Any]:
    """Return what `pick_time.html` and `move.html` show; `minutes` is fixed when a booking is moved.

    `cleaning_class` is what the product leaves behind, empty while nobody said.
    `viewer` is who looks: their own bookings are called theirs. `booking` is the one that moves.
    """
    zone = machine.facility.zone
    length = minutes or allowed_length(machine.limits, data.get("lama", ""))
    chosen = local_instant(data.get("jam", ""), zone)
    why = data.get("kenapa", "")
    day = formats.day_of(chosen, zone) if chosen else read_day(data.get("hari", ""))
    offer = offered_times(machine, minutes=length, day=day, now=now, moving=moving, cleaning_class=cleaning_class)
    offer = _in_own_words(machine, offer, viewer, booking, now)
    preferred = _preferred(offer, chosen, is_day_asked=day is not None)
    return {
        "machine": machine,
        "house": machine.facility,
        "minutes": length,
        "lengths": [{"minutes": m, "query": kept(data, lama=m, jam=None)} for m in _usual(machine, length)],
        "all_lengths": lengths_of(machine),
        "hidden": kept_pairs(data, "lama", "jam", "hari"),
        "hidden_but_length": kept_pairs(data, "lama", "jam"),
        "nearest": [_near(start, offer, machine, preferred) for start in offer.nearest],
        "days": [_day(choice, offer, data, length) for choice in offer.days],
        "day": offer.day,
        "later": _other_fortnight(offer, data, machine, now, length),
        "parts": _parts(offer, machine, preferred, data, why),
        "shut_by": offer.shut_by,
        "lost": chosen is not None and preferred is None,
        "picked": _words(preferred, length, zone) if preferred else "",
        "onward": kept(data, lama=length, jam=None, hari=None),
        "next_day": _next_day(offer, data, zone, length),
        "any_tidy": any(cell.tidy for cell in offer.cells),
        **_told_tariff(machine, offer.day),
    }


def _told_tariff(machine: Machine, day: date) -> dict[str, Any]:
    tariff = tariff_on(machine, day)
    return {"tariff": tariff, "tariff_words": wording.price(tariff.unit, tariff.amount) if tariff else ""}


def _in_own_words(
    machine: Machine, offer: Offer, viewer: object, booking: Booking | None, now: datetime
) -> Offer:
    """Return the offer; times that the viewer's own bookings hold say which."""
    cells = offer.cells
    if not isinstance(viewer, User) or not any(reason.code == "taken" for cell in cells for reason in cell.reasons):
        return offer
    producer, moving = (booking.producer, booking.pk) if booking else (None, None)
    found = own_bookings(machine, cells[0].start, cells[-1].end, actor=viewer, producer=producer, moving=moving)
    named = []
    for cell in cells:
        own = next((one for one in found if one.starts_at < cell.end and one.ends_at > cell.start), None)
        named.append(replace(cell, reasons=in_own_words(cell.reasons, own, actor=viewer, now=now)) if own else cell)
    return replace(offer, cells=named)


def _preferred(offer: Offer, chosen: datetime | None, *, is_day_asked: bool) -> datetime | None:
    """Return the time that is marked already: the one chosen, else the first of the day asked for, else the nearest.

    Never one of another day than somebody asked for, nor another than the one that was lost: a button would book it.
    """
    of_day = [cell.start for cell in offer.cells if cell.free]
    if chosen is not None:
        return chosen if chosen in {*of_day, *offer.nearest} else None
    return next(iter(of_day if is_day_asked else offer.nearest), None)


def _words(start: datetime, minutes: int, zone: ZoneInfo) -> str:
    """Sen 23 Nov, 08.00–10.00."""
    end = formats.clock(start + minutes * MINUTE, zone)
    return f"{formats.short_date(start, zone)}, {formats.clock(start, zone)}–{end}"


def _next_day(offer: Offer, data: QueryDict, zone: ZoneInfo, length: int) -> dict[str, Any] | None:
    """Return the next day with a free time and the query that shows it, of a day that has none."""
    if offer.next_free is None or any(cell.free for cell in offer.cells):
        return None
    day = formats.day_of(offer.next_free, zone)
    return {"start": offer.next_free, "query": kept(data, lama=length, hari=day.isoformat(), jam=None)}


def _usual(machine: Machine, length: int) -> list[int]:
    limits = machine.limits
    usual = [m for m in LENGTHS if limits.shortest <= m <= limits.longest and m % limits.grid == 0]
    return usual if length in usual else sorted([*usual, length])


def _near(start: datetime, offer: Offer, machine: Machine, preferred: datetime | None) -> dict[str, Any]:
    return {
        "value": local_text(start, machine.facility.zone),
        "start": start,
        "end": start + offer.minutes * MINUTE,
        "words": _words(start, offer.minutes, machine.facility.zone),
        "checked": start == preferred,
    }


def _day(choice: DayChoice, offer: Offer, data: QueryDict, length: int) -> dict[str, Any]:
    words = {"full": _("penuh"), "closed": _("tutup"), "holiday": _("libur"), "far": _("belum buka")}
    return {
        "day": choice.day,
        "short": formats.weekday_name(choice.day)[:3],
        "free": choice.free,
        "word": words.get(choice.state, ""),
        "is_shown": choice.day == offer.day,
        "query": kept(data, lama=length, hari=choice.day.isoformat(), jam=None),
    }


def _other_fortnight(offer: Offer, data: QueryDict, machine: Machine, now: datetime, length: int) -> dict[str, str]:
    """Return the queries of the fortnights before and after, where there are some."""
    today = formats.day_of(now, machine.facility.zone)
    first = strip_start(offer.days[0].day, today)
    links = {}
    before, after = first - FORTNIGHT, first + FORTNIGHT
    if before >= today:
        links["before"] = kept(data, lama=length, hari=before.isoformat(), jam=None)
    if after <= today + timedelta(days=machine.limits.horizon):
        links["after"] = kept(data, lama=length, hari=after.isoformat(), jam=None)
    return links


def _parts(
    offer: Offer, machine: Machine, preferred: datetime | None, data: QueryDict, why: str
) -> list[dict[str, Any]]:
    zone = machine.facility.zone
    in_nearest = set(offer.nearest)
    groups = []
    for first, last, word in PARTS:
        cells = [cell for cell in offer.cells if first <= _minute(cell.start, zone) < last]
        runs = [list(run) for _key, run in groupby(cells, key=_answer_key)]
        shown: list[dict[str, Any]] = []
        for run in runs:
            if run[0].free:
                shown += [_free(cell, zone, cell.start == preferred and cell.start not in in_nearest) for cell in run]
            else:
                shown.append(_why(run, zone, data, why))
        if shown:
            groups.append({"word": word, "cells": shown})
    return groups


def _answer_key(cell: Cell) -> tuple[str, ...]:
    """Times that get the same answer stand together; free ones have none."""
    return tuple(reason.id for reason in cell.reasons)


def _free(cell: Cell, zone: ZoneInfo, checked: bool) -> dict[str, Any]:
    start, end = formats.clock(cell.start, zone), formats.clock(cell.end, zone)
    value = local_text(cell.start, zone)
    words = f"{formats.short_date(cell.start, zone)}, {start}–{end}"
    return {"free": True, "start": start, "end": end, "value": value, "words": words, "checked": checked, "tidy": cell.tidy}


def _why(run: list[Cell], zone: ZoneInfo, data: QueryDict, why: str) -> dict[str, Any]:
    """One or more times in a row with the same answer, and the way to the next free one."""
    marks = [f"{cell.start.astimezone(zone):%H%M}" for cell in run]
    first, last = run[0], run[-1]
    answer = {
        "free": False,
        "start": formats.clock(first.start, zone),
        "until": formats.clock(last.start, zone) if len(run) > 1 else "",
        "id": f"kenapa-{marks[0]}",
        "reasons": sentences(first.reasons),
        "open": why.replace(".", "").replace(":", "") in marks,
    }
    if last.next_free:
        next_day, jam = f"{last.next_free.astimezone(zone):%Y-%m-%d}", local_text(last.next_free, zone)
        answer |= {"next_free": last.next_free, "query": kept(data, hari=next_day, jam=jam)}
    return answer


def _minute(instant: datetime, zone: Any) -> int:
    local = instant.astimezone(zone)
    return local.hour * 60 + local.minute
