"""Part of each day is kept for newcomers and far districts, and opens to all some days before."""

from __future__ import annotations

from datetime import timedelta

from bookings.rules.base import Question, Rule, Setting
from facilities.errors import Reason
from facilities.time.hours import local_day
from facilities.time.spans import clipped, total_minutes


def kept_for_others(q: Question) -> Reason | None:
    """Others than newcomers and far districts hold at most the rest of the machine's open day, until it opens to all."""
    share = q.number("reserved_share")
    if q.party is None or not share or may_use_reserve(q):
        return None
    opens_on = q.day - timedelta(days=q.number("reserved_opens") or 0)
    if q.now.astimezone(q.rules.zone).date() >= opens_on:
        return None
    opened = total_minutes(clipped(q.calendar.open, local_day(q.day, q.rules.zone)))
    left = opened * (100 - share) // 100 - q.party.shared_minutes
    if q.request.minutes <= left:
        return None
    days = q.number("reserved_opens") or 0
    return Reason(
        "kept_for_others",
        id=f"{share} % jam hari itu disediakan bagi pelaku usaha baru dan daerah jauh sampai {days} hari sebelumnya.",
        en=f"{share} % of that day is kept for newcomers and far districts until {days} days before.",
        values={"share": share, "opens_on": opens_on.isoformat(), "left": max(0, left)},
        overridable=True,
        way_out_id=f"Coba lagi mulai {opens_on:%d-%m-%Y}, atau pilih hari lain.",
        way_out_en=f"Try again from {opens_on:%Y-%m-%d}, or choose another day.",
    )


def may_use_reserve(q: Question) -> bool:
    """Return whether the kept share is for this producer: never completed a booking here, or comes from far away."""
    if q.party is None or not q.number("reserved_share"):
        return False
    far = q.number("reserved_far")
    return q.party.is_newcomer or (far is not None and q.party.distance is not None and q.party.distance >= far)


RULE = Rule(
    "reserved_share",
    230,
    kept_for_others,
    about_people=True,
    settings=(
        Setting(
            "reserved_share", "percent", low=1, high=80,
            id="{} jam tiap hari disediakan bagi pelaku usaha baru dan daerah jauh.",
            en="{} of each day is kept for newcomers and far districts.",
        ),
        Setting(
            "reserved_opens", "days", default=7, low=0, high=60,
            id="Sisanya dibuka untuk semua {} sebelumnya.",
            en="What is left opens to all {} before.",
        ),
        Setting(
            "reserved_far", "km", default=100, low=10, high=1000,
            id="Daerah jauh: {} atau lebih dari rumah ini.",
            en="Far: {} or more from this house.",
        ),
    ),
)  # fmt: skip
