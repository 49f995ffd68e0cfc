"""Template words: icons, machine drawings, status chips, and how numbers and dates are written.

`{% load ui %}`. Every filter returns an empty string for None, so that templates need no guard.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import segno
from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy

from accounts import formats
from accounts.writing import phones

register = template.Library()

# state → (class of the chip, icon, word); 4-ux §5
STATUSES: dict[str, tuple[str, str, Any]] = {
    "free": ("free", "kosong", gettext_lazy("Kosong")),
    "requested": ("wait", "menunggu", gettext_lazy("Menunggu")),
    "approved": ("ok", "disetujui", gettext_lazy("Disetujui")),
    "checked_in": ("ok", "orang", gettext_lazy("Hadir")),
    "running": ("run", "dipakai", gettext_lazy("Sedang dipakai")),
    "completed": ("done", "selesai", gettext_lazy("Selesai")),
    "late": ("late", "terlambat", gettext_lazy("Terlambat")),
    "no_show": ("miss", "takdatang", gettext_lazy("Tidak hadir")),
    "declined": ("miss", "silang", gettext_lazy("Ditolak")),
    "expired": ("done", "terlambat", gettext_lazy("Kedaluwarsa")),
    "cancelled": ("done", "silang", gettext_lazy("Dibatalkan")),
    "displaced": ("late", "pindah", gettext_lazy("Perlu jam baru")),
    "maintenance": ("care", "perawatan", gettext_lazy("Perawatan")),
    "broken": ("down", "rusak", gettext_lazy("Rusak")),
    "closed": ("shut", "ditutup", gettext_lazy("Ditutup")),
    "retired": ("shut", "ditutup", gettext_lazy("Tidak dipakai lagi")),
}
DARK = re.compile(rb"\x01+")
ROOT = Path(__file__).resolve().parents[2]
BADGED = {"broken", "maintenance", "running"}


@cache
def drawings() -> dict[str, str]:
    """Return the symbol of each machine type code."""
    with (ROOT / "facilities" / "data" / "drawings.csv").open(newline="") as rows:
        return {row["code"]: row["symbol"] for row in csv.DictReader(rows)}


def _use(sprite: str, symbol: str, css: str) -> SafeString:
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, static(sprite), symbol)


@register.simple_tag
def icon(name: str, size: str = "", **extra: str) -> SafeString:
    """`{% icon "jam" %}`, `{% icon "jam" size="lg" %}`, `class="flip"` for more classes."""
    css = " ".join(filter(None, ["i", f"i-{size}" if size else "", extra.get("class", "")]))
    return _use("img/icons.svg", f"i-{name}", css)


@register.simple_tag
def logo() -> SafeString:
    """The house mark at the top of a page."""
    return _use("img/icons.svg", "i-lambang", "logo")


@register.simple_tag
def machine_drawing(kind: str, size: str = "") -> SafeString:
    """The drawing of a type code ("BAND") or symbol ("segel-kontinu"); size "", xs, sm, lg or xl."""
    symbol = drawings().get(kind, kind if kind in drawings().values() else "mesin")
    return _use("img/machines.svg", f"m-{symbol}", f"m m-{size}" if size else "m")


@register.simple_tag
def status_chip(status: str, word: str = "") -> SafeString:
    """Icon, word and colour of a booking's or a machine's state; `word` replaces the usual one."""
    css, name, usual = STATUSES.get(status, ("done", "info", status))
    return format_html('<span class="chip {}">{}{}</span>', css, icon(name), word or usual)


@register.simple_tag
def state_badge(status: str) -> SafeString:
    """The corner badge on a machine's drawing, inside `.pic`; nothing while the machine is fine."""
    if status not in BADGED:
        return SafeString("")
    css, name, _ = STATUSES[status]
    return format_html('<span class="badge {}" aria-hidden="true">{}</span>', css, icon(name))


@register.simple_tag
def step_line(step: int, steps: int) -> SafeString:
    """The thin line under the bar that says how far one is."""
    marks = format_html_join("", "<i{}></i>", ((SafeString(' class="on"') if n < step else "",) for n in range(steps)))
    return format_html('<div class="steps" role="presentation">{}</div>', marks)


@register.simple_tag
def qr_code(text: str, label: str) -> SafeString:
    """A QR code as SVG, dark on white in every theme, four modules of quiet zone with the card around it."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
    runs = [
        f"M{start} {y}h{end - start}v1h-{end - start}z"
        for y, row in enumerate(rows)
        for start, end in (match.span() for match in DARK.finditer(row))
    ]
    box = len(rows) + 4
    return format_html(
        '<svg class="qr" viewBox="-2 -2 {0} {0}" role="img" aria-label="{1}">'
        '<path class="qr-light" d="M-2-2h{0}v{0}h-{0}z"/><path class="qr-dark" d="{2}"/></svg>',
        box,
        label,
        "".join(runs),
    )


@register.filter
def status_class(status: str) -> str:
    """The class of a state: free, wait, ok, run, done, late, miss, care, down or shut."""
    return STATUSES.get(status, ("done", "", ""))[0]


@register.filter
def status_icon(status: str) -> str:
    """The icon's name of a state, for `{% icon booking.status|status_icon %}`."""
    return STATUSES.get(status, ("", "info", ""))[1]


@register.filter
def status_word(status: str) -> str:
    """The word of a state."""
    return str(STATUSES.get(status, ("", "", status))[2])


@register.simple_tag(takes_context=True)
def current(context: template.Context, path: str, exact: bool = False) -> SafeString:
    """`aria-current="page"` when the page lies at or under `path`."""
    request = context.get("request")
    here = getattr(request, "path", "")
    hit = here == path if exact or path == "/" else here.startswith(path)
    return SafeString(' aria-current="page"' if hit else "")


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: object) -> str:
    """This page's query with some values changed (None removes): `?{% with_query page=2 %}`."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query.pop(key, None) if value is None else query.__setitem__(key, str(value))
    return query.urlencode()


@register.simple_tag
def jam_span(start: dt.datetime, end: dt.datetime, zone: formats.Zone = None) -> str:
    """`{% jam_span b.starts_at b.ends_at b.facility.zone %}` → 08.00–10.00."""
    return formats.clock_span(start, end, zone)


def _filter(name: str, convert: Callable[..., str]) -> None:
    def shown(value: Any, argument: Any = None) -> str:
        if value is None or value == "":
            return ""
        return convert(value) if argument is None else convert(value, argument)

    shown.__doc__ = convert.__doc__
    register.filter(name, shown)


def _span_of(value: Any, zone: formats.Zone = None) -> str:
    start = getattr(value, "starts_at", None) or value.start
    end = getattr(value, "ends_at", None) or value.end
    return formats.clock_span(start, end, zone)


for _name, _convert in {
    "rupiah": formats.rupiah,
    "angka": formats.number,
    "persen": formats.percent,
    "durasi": formats.duration,
    "telepon": formats.phone,
    "telepon_samar": phones.masked,
    "tanggal": formats.long_date,
    "tanggal_pendek": formats.short_date,
    "tanggal_saja": formats.plain_date,
    "bulan": formats.month_name,
    "hari": formats.weekday_name,
    "jam": formats.clock,
    "zona": formats.zone_name,
    "jam_span": _span_of,
}.items():
    _filter(_name, _convert)


@register.filter
def nama_jenis(kind: Any) -> str:
    """The name of a machine type in the language of the page."""
    return kind.name_en if (get_language() or "id").startswith("en") else kind.name


@register.filter
def tarif(value: int | None) -> str:
    """Rp25.000, or the word for nothing to pay."""
    return gettext("gratis") if value == 0 else "" if value is None else formats.rupiah(value)


@register.filter
def field_kind(bound: Any) -> str:
    """What a bound field's widget is: checkbox, radio, boxes, select, textarea, file or input."""
    widget = bound.field.widget
    kinds = {
        "CheckboxInput": "checkbox",
        "RadioSelect": "radio",
        "CheckboxSelectMultiple": "boxes",
        "Select": "select",
        "Textarea": "textarea",
    }
    if getattr(widget, "needs_multipart_form", False):
        return "file"
    return next((kinds[cls.__name__] for cls in type(widget).__mro__ if cls.__name__ in kinds), "input")


@register.simple_tag
def widget(bound: Any, css: str = "") -> SafeString:
    """Render a bound field's control with our classes, its description and its error joined to it."""
    attributes = {"class": " ".join(filter(None, ["input", css, bound.field.widget.attrs.get("class", "")]))}
    described = [f"{bound.auto_id}_helptext"] if bound.help_text else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return bound.as_widget(attrs=attributes)
