"""Template words of the reports: figures with their units, and what is missing in words."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from accounts import formats
from bookings.models import Need
from bookings.reports import needs
from bookings.reports.findings import change
from bookings.reports.indicators import INDICATORS, NOTHING_TO_SAY, NeedSums, need_told
from bookings.reports.naming import short_name
from bookings.reports.queries import UsageRow

register = template.Library()


@register.filter
def jam_dari_menit(minutes: float | None) -> str:
    """Hours from minutes: 6.874; below ten one decimal: 7,5."""
    if minutes is None:
        return ""
    hours = minutes / 60
    return formats.number(hours, 1 if 0 < abs(hours) < 10 and minutes % 60 else 0)


@register.filter
def lama(minutes: float | None) -> str:
    """A length of waiting, rounded to what matters: 45 menit, 5 jam, 3 hari."""
    if minutes is None:
        return ""
    size = abs(minutes)
    if size < 90:
        return ngettext("%(n)s menit", "%(n)s menit", round(size)).replace(" ", "\u00a0") % {"n": round(size)}
    if size < 36 * 60:
        return ngettext("%(n)s jam", "%(n)s jam", round(size / 60)).replace(" ", "\u00a0") % {"n": round(size / 60)}
    return ngettext("%(n)s hari", "%(n)s hari", round(size / 1440)).replace(" ", "\u00a0") % {"n": round(size / 1440)}


@register.filter
def pendek(name: str) -> str:
    """A house's name without the words all houses share."""
    return short_name(name)


@register.simple_tag
def ukuran(row: UsageRow, key: str) -> SafeString | str:
    """A figure of a row: 66 %, 1.250, hours rounded; *belum lapor* where missing, a dash where there can be none."""
    why, value = row.why_missing(key), row.figure(key)
    if why in NOTHING_TO_SAY:
        return "–"
    if value is None:
        return format_html('<span class="soft it">{}</span>', gettext("belum lapor"))
    unit = INDICATORS[key].unit if key in INDICATORS else "count"
    shown = {"share": formats.percent, "hours": jam_dari_menit}.get(unit, formats.number)
    return shown(value)


@register.simple_tag
def nama_ukuran(key: str) -> str:
    """The name of an indicator."""
    return INDICATORS[key].name(get_language() or "id")


@register.simple_tag
def definisi(key: str) -> str:
    """The definition of an indicator, as it stands in every export."""
    return INDICATORS[key].definition(get_language() or "id")


@register.filter
def perubahan(points: int | None) -> str:
    """naik 3 poin, turun 2 poin, tetap."""
    return change(points)


@register.filter
def arah(difference: int | None) -> str:
    """The icon of a change."""
    return "naik" if difference and difference > 0 else "turun"


@register.filter
def persen_bulat(share: float | None) -> str:
    """66 from 0.66, for a cell whose title says percent."""
    return "" if share is None else formats.number(round(share * 100))


@register.filter
def jam_ke(hour: int) -> str:
    """08.00 from 8."""
    return formats.clock(hour * 60)


@register.filter
def hari_pendek(weekday: int) -> str:
    """Sen from 0."""
    return formats.weekday_name(weekday)[:3]


@register.filter
def nama_bulan(key: str) -> str:
    """November 2026 from 2026-11."""
    return formats.month_name(dt.date.fromisoformat(f"{key}-01"))


@register.simple_tag
def kebutuhan(sums: NeedSums | None, key: str, exactly: bool) -> str:
    """A count of needs as its reader may know it: 7, <5, or rounded to the nearest five; of no ledger, *belum dicatat*."""
    if sums is None:
        return gettext("belum dicatat")
    return needs.figure_words(need_told(key, sums, exactly=exactly))


@register.simple_tag
def nama_bentuk(dimension: str, code: str) -> str:
    """The word for a product form or a pack format; *Tidak disebut* without one."""
    return needs.label_of(dimension, code, {})


@register.simple_tag
def isi_kemasan(need: Need) -> str:
    """What goes into a pack: 100 g, 250 ml."""
    return needs.pack_words(need.net_weight, need.form)


@register.simple_tag
def kata_alasan(code: str) -> str:
    """Why nothing fitted, in a few words."""
    return needs.reason_words(code)


@register.simple_tag
def kata_kebutuhan(state: str) -> str:
    """What became of a need."""
    return needs.state_words()[state]
