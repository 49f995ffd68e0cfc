"""Nobody hoards times: at most so many open bookings at once."""

from __future__ import annotations

from bookings.rules.base import Question, Rule, Setting
from facilities.errors import Reason


def too_many_open(q: Question) -> Reason | None:
    """Bookings that wait, are approved or under way count; finished and called-off ones do not."""
    most = q.number("open_bookings")
    if q.party is None or most is None or q.party.open_bookings < most:
        return None
    held = q.party.open_bookings
    return Reason(
        "quota_used",
        id=f"Paling banyak {most} pesanan terbuka; Anda punya {held}.",
        en=f"At most {most} open bookings; you have {held}.",
        values={"most": most, "open": held},
        overridable=True,
        way_out_id="Selesaikan atau batalkan satu pesanan dulu.",
        way_out_en="Finish or call off one booking first.",
    )


RULE = Rule(
    "open_bookings",
    220,
    too_many_open,
    about_people=True,
    settings=(
        Setting(
            "open_bookings", "count", low=1, high=200,
            id="Satu pelaku usaha punya paling banyak {} pesanan terbuka.",
            en="One producer has at most {} open bookings.",
        ),
    ),
)  # fmt: skip
