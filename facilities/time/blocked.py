"""What stands in the way on one machine, as spans with a code and never a name; and what is left. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from facilities.time.calendars import BROKEN, CLOSED, Blocked, Calendar
from facilities.time.spans import Span, clipped, intersected, merged, subtracted

NOT_CLEAN, NEVER_MIX, NO_OPERATOR = "not_enough_cleaning_time", "products_never_mix", "no_operator"
"""As in the refusals: whoever asks for such a time is answered with the same code."""


def blocked_in(calendar: Calendar, window: Span, *, now: datetime, cleaning_class: str = "") -> list[Blocked]:
    """Return all that keeps setup or run of a class out of `window`, in order, cut at its ends.

    Times outside opening hours read `closed`. What holds the machine is told without the cleaning around it, which
    depends on what is asked for: that, the days of products that never mix, and hours without an
    operator are told where the house is open and nothing harder stands. A breakdown that is open reaches to the expected
    repair, or as far as the window where that has passed already.

        open      ├────────────────────────────────────────────┤
        held              ├s── run ──┤
        blocked        ├c─┤── taken ─┤─c──┤      ├ no_operator ─┤
    """
    held = _held(calendar, window, now)
    worked = [block.span for block in held]
    kept = calendar.kept_away(cleaning_class)
    never = _open_part(calendar, (k.span for k in kept if k.refused), worked)
    unclean = _open_part(calendar, (k.span for k in kept), [*worked, *never])
    unmanned = subtracted(_without_operator(calendar), [*worked, *never, *unclean])
    softer = ((never, NEVER_MIX), (unclean, NOT_CLEAN), (unmanned, NO_OPERATOR))
    found = [*held, *calendar.shut, *_outside_hours(calendar, window)]
    found += [Blocked(span, code) for spans, code in softer for span in spans]
    cut = (Blocked(part, block.code) for block in found for part in clipped([block.span], window))
    return sorted(cut, key=lambda block: (block.span, block.code))


def free_in(calendar: Calendar, window: Span, *, now: datetime, minutes: int, cleaning_class: str = "") -> list[Span]:
    """Return where in `window`, from `now` on, setup and run of a class have `minutes` or more in one piece."""
    busy = calendar.busy(now, window.end + timedelta(days=2), cleaning_class)
    ahead = Span(max(now, window.start), window.end) if now < window.end else None
    left = (clipped(subtracted(opened, busy), ahead) for opened in calendar.workable()) if ahead else ()
    return merged(span for spans in left for span in spans if span.minutes >= minutes)


def _held(calendar: Calendar, window: Span, now: datetime) -> list[Blocked]:
    """Return what works on the machine, or stands still on it, without the cleaning around it."""
    since, until = calendar.broken_since, calendar.broken_until
    if since is None:
        return [Blocked(block.busy, block.code) for block in calendar.taken]
    held = [Blocked(block.busy, block.code) for block in calendar.taken if block.code != BROKEN]
    end = until if until and until > now else window.end
    return [*held, Blocked(Span(since, end), BROKEN)] if end > since else held


def _open_part(calendar: Calendar, spans: Iterable[Span], harder: Iterable[Span]) -> list[Span]:
    return subtracted(intersected(spans, calendar.open), harder)


def _without_operator(calendar: Calendar) -> list[Span]:
    if calendar.rosters is None:
        return []
    return subtracted(calendar.open, [span for roster in calendar.rosters for span in roster.free])


def _outside_hours(calendar: Calendar, window: Span) -> list[Blocked]:
    shut = [block.span for block in calendar.shut]
    return [Blocked(span, CLOSED) for span in subtracted([window], [*calendar.open, *shut])]
