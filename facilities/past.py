"""What is past stays: nobody rewrites counted days unawares. Every setting with a date asks here first.

A house changes from today on. The province may go back, once it has seen which months that rewrites. And no week that
stands already is done away with by one that says nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from accounts import words
from accounts.models import User
from facilities.access import may_set_defaults
from facilities.errors import BadInput, Reason, Refusal
from facilities.models import Facility, OpeningHours, Shift
from facilities.time.hours import hidden_by, local_date
from facilities.time.past import is_over, months_rewritten

REWRITES = "rewrites_the_past"


def keep_the_past(
    field: str,
    first: date,
    last: date | None = None,
    *,
    facility: Facility,
    actor: User,
    now: datetime,
    confirmed: str = "",
) -> None:
    """Let a change from `first` to `last` (both included) through if no day of it is over at the house.

    Otherwise raises `BadInput` (`in_the_past`) by the name of the field; for the province `Refusal`
    (`rewrites_the_past`) with the months, unless `confirmed` says them as `values["months"]` does.
    """
    today = local_date(now, facility.zone)
    if not is_over(first, today=today):
        return
    months = months_rewritten(first, last, today=today)
    if not may_set_defaults(actor):
        raise over(field, months)
    if months and confirmed != _code(months):
        raise Refusal([_rewrites(months)])


def hide_nothing(rows: Iterable[OpeningHours | Shift], first: date, last: date | None) -> None:
    """Raise `BadInput` for a week from `first` to `last` that would do away with another unseen (`hidden_by`)."""
    hidden = hidden_by({(row.valid_from, row.valid_until) for row in rows}, first, last)
    if hidden is None:
        return
    begins, ends = hidden
    if ends is None:
        raise BadInput("valid_from", "ordinary_week_begins",
                       "Minggu biasa mulai hari itu juga. Mulai minggu khusus sehari sesudahnya.",
                       "The ordinary week begins on that day. Begin the special one a day later.")  # fmt: skip
    said = [words.short_date(day, language) for day in (begins, ends) for language in ("id", "en")]
    raise BadInput("valid_from", "special_week_holds",
                   f"Minggu khusus berlaku {said[0]} sampai {said[2]}. Mulai sesudahnya, atau hapus dulu minggu khusus itu.",
                   f"A special week holds from {said[1]} to {said[3]}. Begin after it, or remove it first.")  # fmt: skip


def over(field: str, months: Sequence[date] = ()) -> BadInput:
    """Return the no to a change of what is past, with the months it would rewrite where they are known."""
    about = (f" Ini menulis ulang {_said(months, 'id')}: minta dinas provinsi.",
             f" This would rewrite {_said(months, 'en')}: ask the provincial office.") if months else ("", "")  # fmt: skip
    return BadInput(field, "in_the_past", "Hari itu sudah lewat. Yang lewat tidak berubah, juga dalam laporan." + about[0],
                    "That day is over. What is past stays, in reports too." + about[1])  # fmt: skip


def _rewrites(months: Sequence[date]) -> Reason:
    return Reason(
        REWRITES,
        id=f"Ini menulis ulang angka {_said(months, 'id')}.",
        en=f"This rewrites the figures of {_said(months, 'en')}.",
        values={"months": _code(months), "count": len(months)},
        overridable=True,
        way_out_id="Pilih hari ini atau sesudahnya, atau sahkan bahwa bulan itu dihitung ulang.",
        way_out_en="Choose today or later, or confirm that these months are counted again.",
    )


def _code(months: Sequence[date]) -> str:
    return f"{months[0]:%Y-%m}/{months[-1]:%Y-%m}"


def _said(months: Sequence[date], language: str) -> str:
    """Name the months: all of a few, the first and the last of many."""
    names = [words.month_name(month, language) for month in months]
    if len(names) > 3:
        return f"{names[0]} – {names[-1]}"
    return ", ".join(names)
