"""Template words of the counter: minutes of a booking that went by, and what may be tapped."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.formats import clock, duration, short_date
from accounts.words import NBSP
from accounts.writing.numbers import plain
from bookings.day.today import Line
from bookings.models import Downtime, Run
from bookings.runs.forms import LABELS
from bookings.trail.lifecycle import EARLIEST_CHECK_IN
from facilities.vocabulary import form_word, format_word

register = template.Library()


def _minutes(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds() // 60)


@register.filter
def booked_minutes(line: Line) -> int:
    """The booked length in minutes."""
    return _minutes(line.booking.starts_at, line.booking.ends_at)


@register.filter
def elapsed_minutes(line: Line, now: datetime) -> int:
    """Booked minutes that went by: between nothing and all of them."""
    return max(0, min(_minutes(line.booking.starts_at, now), booked_minutes(line)))


@register.filter
def time_left(line: Line, now: datetime) -> str:
    """20 menit lagi, or how far past the booked end."""
    left = _minutes(now, line.booking.ends_at)
    if left >= 0:
        return _("%(duration)s lagi") % {"duration": duration(left)}
    return _("lewat %(duration)s") % {"duration": duration(-left)}


@register.filter
def may_arrive(line: Line, now: datetime) -> bool:
    """Whether a check-in would be accepted already."""
    return now >= line.booking.starts_at - EARLIEST_CHECK_IN


@register.filter
def form_name(code: str) -> str:
    """The word for a product form in the active language."""
    return form_word(code, get_language() or "id") if code else ""


@register.filter
def format_name(code: str) -> str:
    """The word for a pack format in the active language."""
    return format_word(code, get_language() or "id") if code else ""


@register.filter
def run_field(name: str) -> str:
    """The label of a corrected field."""
    return str(LABELS.get(name, name))


@register.filter
def run_value(text: str) -> str:
    """A corrected value as people read it: instants on the house's clock, nothing as a dash."""
    try:
        moment = datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        moment = None
    return f"{short_date(moment)} {clock(moment)}" if moment else _sheet_words(text) or "—"


@register.filter
def stored_value(value: object) -> str:
    """A value of a run, as `run_value` shows it once it is a correction."""
    return run_value(value.isoformat() if isinstance(value, datetime) else str(value if value is not None else ""))


def _sheet_words(text: str) -> str:
    """A tick, a result or a list of stops as words; what people typed stays as it is."""
    said = {"yes": _("ya"), "no": _("tidak"), **dict(Run.Result.choices)}
    if text in said:
        return str(said[text])
    stops, reasons = [], dict(Downtime.Reason.choices)
    for stop in text.split("; "):
        minutes, _blank, rest = stop.partition(" ")
        code, _blank, note = rest.partition(" ")
        if plain(minutes) is None or code not in reasons:
            return text
        stops.append(f"{duration(int(minutes))} {str(reasons[code]).lower()}{': ' if note else ''}{note}")
    return "; ".join(stops)


@register.filter
def words(text: str) -> list[str]:
    """A list written in one string."""
    return text.split()


@register.filter
def age(since: datetime | None, now: datetime) -> str:
    """How long ago in its largest unit: 10 menit, 17 jam, 2 hari."""
    if since is None:
        return ""
    minutes = max(0, _minutes(since, now))
    if minutes < 60:
        return duration(minutes)
    if minutes < 48 * 60:
        return duration(minutes // 60 * 60)
    return (_("%(n)d hari") % {"n": minutes // 1440}).replace(" ", NBSP)


@register.filter
def by_when(instant: datetime, day: date) -> str:
    """10.00, or Sab 28 Nov 12.00 when that is not the day the page shows."""
    local = timezone.localtime(instant)
    return clock(instant) if local.date() == day else f"{short_date(instant)} {clock(instant)}"
