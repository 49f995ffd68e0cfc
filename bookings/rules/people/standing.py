"""Not coming, and calling off late, has consequences that pass: a warning, then a person answers, then a pause."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts import words
from bookings.rules.base import Question, Rule, Setting
from facilities.errors import ASK, WARN, Reason


def suspended(q: Question) -> Reason | None:
    """A no-show counts one, two late cancellations count one; each is forgotten after the days the house sets."""
    if q.party is None:
        return None
    pause, manual = q.number("pause_after"), q.number("manual_after")
    points, last = points_of(q)
    if pause is not None and points >= pause and last is not None:
        until = last + timedelta(days=q.number("pause_days") or 0)
        if q.now < until:
            return _paused(q, until, points)
    if manual is not None and points >= manual:
        return _said(q, points, ASK, "Pesanan Anda dijawab petugas dulu.", "A person answers your bookings for now.")
    if points and (pause is not None or manual is not None):
        return _said(q, points, WARN, "Lain kali batalkan lebih awal.", "Please call off earlier next time.")
    return None


def points_of(q: Question) -> tuple[int, datetime | None]:
    """Return how much counts against the producer now, and when the last of it happened."""
    if q.party is None:
        return 0, None
    since = q.now - timedelta(days=q.number("forgets_after") or 0)
    missed = [at for at in q.party.no_shows if since < at <= q.now]
    late = [at for at in q.party.late_cancels if since < at <= q.now]
    return len(missed) + len(late) // 2, max([*missed, *late], default=None)


def _paused(q: Question, until: datetime, points: int) -> Reason:
    day, day_en = (words.long_date(until.astimezone(q.rules.zone).date(), lang) for lang in ("id", "en"))
    return Reason(
        "producer_suspended",
        id=f"Pesanan Anda dijeda sampai {day}: {points} kali tidak hadir atau batal terlambat.",
        en=f"Your bookings pause until {day_en}: {points} times not coming or calling off late.",
        values={"until": until.isoformat(), "points": points},
        overridable=True,
        way_out_id="Telepon petugas bila ada alasan yang belum tercatat.",
        way_out_en="Phone the house if there was a reason they do not know.",
    )


def _said(q: Question, points: int, effect: str, id_: str, en: str) -> Reason:
    return Reason(
        "needs_manager" if effect == ASK else "standing",
        id=f"Tercatat {points} kali tidak hadir atau batal terlambat. {id_}",
        en=f"On record: {points} times not coming or calling off late. {en}",
        values={"points": points},
        overridable=True,
        effect=effect,
    )


RULE = Rule(
    "standing",
    190,
    suspended,
    about_people=True,
    settings=(
        Setting(
            "manual_after", "count", low=1, high=20,
            id="Sesudah {} kali tidak hadir, pesanan dijawab petugas dulu.",
            en="After {} no-shows a person answers first.",
        ),
        Setting(
            "pause_after", "count", low=1, high=20,
            id="Sesudah {} kali tidak hadir, pesanan dijeda.",
            en="After {} no-shows bookings pause.",
        ),
        Setting(
            "pause_days", "days", default=14, low=1, high=180,
            id="Jeda berlangsung {} sejak kejadian terakhir.",
            en="The pause lasts {} from the last time.",
        ),
        Setting(
            "forgets_after", "days", default=60, low=7, high=365,
            id="Setiap kejadian dilupakan sesudah {}.",
            en="Each is forgotten after {}.",
        ),
    ),
)  # fmt: skip
