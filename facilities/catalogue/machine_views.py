"""The public catalogue: machines, and one machine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from facilities.catalogue import queries, wording
from facilities.catalogue.card_views import machine_card
from facilities.catalogue.forms import CatalogueForm, boxes_with_counts
from facilities.catalogue.opening import opening_days
from facilities.catalogue.standing import Listed, found_machines, spread_out, standing
from facilities.catalogue.week_views import week_strip
from facilities.models import Capability, Machine
from facilities.occupancy import reading
from facilities.time.lengths import allowed_length
from facilities.time.spans import Span

PER_PAGE = 12
SIBLINGS = 3
DURATIONS = (60, 120, 180, 240)
MANY = 2000

Pace = tuple[int, int, tuple[int | None, int | None, int | None]]


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Show every machine that matches, the soonest free first."""
    now = timezone.now()
    form = CatalogueForm(request.GET, districts=list(queries.districts()), types=list(queries.machine_types()))
    is_read = form.is_valid()
    wanted, near = form.wanted(), form.near_district()
    found = found_machines(wanted, on=timezone.localdate(now), now=now, near=near)
    page = Paginator(found.listed, PER_PAGE).get_page(form.cleaned_data.get("page") or 1)
    context = {
        "form": form,
        "selects": [form[name] for name in ("district", "type", "near")],
        "groups": boxes_with_counts(form, found.counts),
        "page": page,
        "cards": [machine_card(item, now=now) for item in page],
        "total": len(found.listed),
        "houses": found.houses,
        "near": near,
        "is_filtered": not wanted.is_empty,
    }
    return render(request, "catalogue/machines.html", context, status=200 if is_read else 422)


@require_safe
def machine(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a machine does, when it is free, what it costs, and where it stands."""
    now = timezone.now()
    today = timezone.localdate(now)
    found = get_object_or_404(queries.in_service(today), slug=slug)
    alike = queries.in_service(today).filter(type=found.type_id).exclude(pk=found.pk)[:12]
    everyone = [found, *alike]
    window = Span(now, now + timedelta(days=14))
    calendars = reading.calendars(everyone, window)
    minutes = allowed_length(found.facility, request.GET.get("lama", ""))
    how = standing(found, calendars[found.pk], now=now, minutes=minutes)
    starts = reading.free_starts(found, calendars[found.pk], now=now, minutes=minutes, window=window, count=MANY)
    others = [Listed(m, standing(m, calendars[m.pk], now=now)) for m in alike]
    others.sort(key=lambda item: item.standing.free_from or window.end)
    context = {
        "machine": found,
        "house": found.facility,
        "standing": how,
        "standing_words": wording.standing_words(how, now=now, zone=found.facility.zone),
        "minutes": minutes,
        "durations": [d for d in DURATIONS if found.limits.shortest <= d <= found.limits.longest],
        "times": [_time(found, start, minutes) for start in spread_out(starts, minutes=minutes)],
        "week": week_strip(found, calendars[found.pk], now=now),
        "others": [machine_card(item, now=now) for item in others[:SIBLINGS]],
        **_facts(found, today=today, now=now),
    }
    return render(request, "catalogue/machine.html", context)


def _time(machine: Machine, start: datetime, minutes: int) -> dict[str, Any]:
    local = start.astimezone(machine.facility.zone)
    return {
        "start": start,
        "end": start + timedelta(minutes=minutes),
        "query": f"lama={minutes}&hari={local:%Y-%m-%d}&jam={local:%Y-%m-%dT%H:%M}",
    }


def _facts(machine: Machine, *, today: Any, now: datetime) -> dict[str, Any]:
    breakdown = machine.breakdowns.filter(closed_at__isnull=True).first() if machine.broken_since else None
    (hours,) = opening_days([machine.facility], [today])[machine.facility_id]
    return {
        "photos": [
            {"url": default_storage.url(photo.large or photo.small), "words": photo.description}
            for photo in machine.photos.exclude(small="")
        ],
        "level": wording.level_word(machine.operator_level),
        "work": wording.work_words(machine.type_id),
        "tariff": queries.tariff_on(machine, today),
        "price": wording.price(machine.tariff_unit, machine.tariff_amount),
        "breakdown": breakdown,
        "is_overdue": bool(breakdown and breakdown.expected_until <= now),
        "rules": wording.rules(machine.facility),
        "hours_today": None if hours.is_shut else wording.day_hours(hours.spans),
        "bring": wording.lines(machine.facility.what_to_bring),
        "map_href": wording.map_address(machine.facility),
        "capabilities": _abilities(machine),
    }


def _abilities(machine: Machine) -> list[dict[str, Any]]:
    """What the machine packs, packs of one pace, one size and the same products in one line."""
    forms: dict[tuple[str, Pace], list[str]] = {}
    for c in machine.capabilities.all():
        forms.setdefault((c.format, _pace(c)), []).append(c.form)
    packs: dict[tuple[Pace, tuple[str, ...]], list[str]] = {}
    for (pack, pace), products in forms.items():
        packs.setdefault((pace, tuple(sorted(products))), []).append(pack)
    return [
        {
            "formats": wording.format_words(found),
            "forms": wording.form_words(products),
            "rate": rate,
            "source": wording.rate_source(runs),
            "sizes": wording.sizes(*limits),
        }
        for ((rate, runs, limits), products), found in packs.items()
    ]


def _pace(ability: Capability) -> Pace:
    """Return what tells two abilities apart: packs per hour, the runs that taught it, and the sizes."""
    sizes = (ability.smallest, ability.largest, ability.widest)
    return ability.best_rate, ability.learned_from if ability.learned_rate else 0, sizes
