"""The house wants notice, so that the machine and its people can be ready."""

from __future__ import annotations

from datetime import timedelta

from accounts import words
from bookings.rules.base import Question, Rule
from facilities.errors import Reason


def too_soon(q: Question) -> Reason | None:
    """The house wants notice, so that the machine and its people can be ready."""
    if q.at_counter or q.now > q.request.start or q.request.start - q.now >= timedelta(minutes=q.rules.notice):
        return None
    notice = q.rules.notice
    return Reason(
        "too_soon",
        id=f"Pesan paling lambat {words.duration(notice)} sebelum mulai.",
        en=f"Book at least {words.duration(notice, 'en')} before the start.",
        values={"notice": notice},
        overridable=True,
        way_out_id="Pilih jam yang lebih siang, atau telepon petugas.",
        way_out_en="Choose a later time, or phone the house.",
    )


RULE = Rule("notice", 50, too_soon)
