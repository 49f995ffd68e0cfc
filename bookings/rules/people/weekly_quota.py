"""One producer does not keep a house from the others: so many hours a week, fewer in a peak season."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from accounts import words
from bookings.rules.base import Question, Rule, Setting
from facilities.errors import Reason


def over_quota(q: Question) -> Reason | None:
    """What the producer holds in the week of the request, with the request, stays within the quota."""
    quota, season = quota_on(q)
    if q.party is None or quota is None or q.party.week_minutes + q.request.minutes <= quota:
        return None
    used, asked = q.party.week_minutes, q.request.minutes
    id_ = f"Kuota {words.duration(quota)} per minggu{f' selama {season}' if season else ''}; "
    en = f"The quota is {words.duration(quota, 'en')} a week{f' during {season}' if season else ''}; "
    return Reason(
        "quota_used",
        id=f"{id_}sudah {words.duration(used)}; diminta {words.duration(asked)}.",
        en=f"{en}used {words.duration(used, 'en')}; asked {words.duration(asked, 'en')}.",
        values={"quota": quota, "used": used, "asked": asked, "season": season},
        overridable=True,
        way_out_id=_less(quota - used),
        way_out_en=_less_en(quota - used),
    )


def quota_on(q: Question) -> tuple[int | None, str]:
    """Return the minutes a week that hold on the request's day, and the peak season that tightens them."""
    quota, name = q.number("weekly_quota"), ""
    for season in _seasons(q):
        tighter = season["weekly_quota"]
        if isinstance(tighter, int) and (quota is None or tighter < quota):
            quota, name = tighter, str(season.get("name", ""))
    return quota, name


def _seasons(q: Question) -> list[Mapping[str, object]]:
    """Return the seasons that hold on the request's day. One that nobody can read holds never: nobody is stopped by it."""
    found = q.setting("peak_seasons")
    return [one for one in found if _holds(one, q.day)] if isinstance(found, list) else []


def _holds(season: object, day: date) -> bool:
    try:
        first, last = (date.fromisoformat(str(season[edge])) for edge in ("first_on", "last_on"))  # type: ignore[index]
        return "weekly_quota" in season and first <= day <= last  # type: ignore[operator]
    except (KeyError, TypeError, ValueError):
        return False


def _less(left: int) -> str:
    return (
        f"Masih bisa {words.duration(left)} minggu itu, atau pilih minggu lain." if left > 0 else "Pilih minggu lain."
    )


def _less_en(left: int) -> str:
    return (
        f"{words.duration(left, 'en')} are left that week, or choose another." if left > 0 else "Choose another week."
    )


RULE = Rule(
    "weekly_quota",
    200,
    over_quota,
    about_people=True,
    settings=(
        Setting(
            "weekly_quota", "minutes", low=30, high=7 * 1440,
            id="Satu pelaku usaha memakai rumah ini paling lama {} per minggu.",
            en="One producer uses this house at most {} a week.",
        ),
        Setting(
            "peak_seasons", "seasons",
            id="Pada musim ramai kuotanya lebih ketat: {}.",
            en="In peak seasons the quota is tighter: {}.",
        ),
    ),
)  # fmt: skip
