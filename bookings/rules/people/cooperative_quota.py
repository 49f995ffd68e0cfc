"""A cooperative and its members together use no more than their share."""

from __future__ import annotations

from accounts import words
from bookings.rules.base import Question, Rule, Setting
from facilities.errors import Reason


def over_cooperative_quota(q: Question) -> Reason | None:
    """What the cooperative and all its members hold in that week, with the request, stays within their quota."""
    quota = q.number("cooperative_quota")
    if q.party is None or q.party.family_minutes is None or quota is None:
        return None
    used, asked = q.party.family_minutes, q.request.minutes
    if used + asked <= quota:
        return None
    return Reason(
        "quota_used",
        id=f"Kuota koperasi bersama anggotanya {words.duration(quota)} per minggu; "
        f"sudah {words.duration(used)}; diminta {words.duration(asked)}.",
        en=f"The quota of a cooperative with its members is {words.duration(quota, 'en')} a week; "
        f"used {words.duration(used, 'en')}; asked {words.duration(asked, 'en')}.",
        values={"quota": quota, "used": used, "asked": asked, "family": True},
        overridable=True,
        way_out_id="Pilih minggu lain, atau atur bersama pengurus koperasi.",
        way_out_en="Choose another week, or settle it with the cooperative's officers.",
    )


RULE = Rule(
    "cooperative_quota",
    210,
    over_cooperative_quota,
    about_people=True,
    settings=(
        Setting(
            "cooperative_quota", "minutes", low=30, high=7 * 1440,
            id="Satu koperasi bersama semua anggotanya paling lama {} per minggu.",
            en="One cooperative with all its members at most {} a week.",
        ),
    ),
)  # fmt: skip
