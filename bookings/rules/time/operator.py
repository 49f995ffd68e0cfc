"""A machine that only operators run needs one who is there and free."""

from __future__ import annotations

from bookings.rules.base import Question, Rule
from facilities.errors import Reason


def no_operator(q: Question) -> Reason | None:
    """One operator covers setup and run whole. A manager may go on and find somebody."""
    rosters = q.calendar.rosters
    if rosters is None or any(roster.covers(q.request.work) for roster in rosters):
        return None
    nobody = not rosters
    return Reason(
        "no_operator",
        id="Belum ada operator untuk mesin ini."
        if nobody
        else "Tidak ada operator yang bertugas dan bebas pada jam ini.",
        en="No operator is on file for this machine." if nobody else "No operator is on shift and free at this time.",
        values={"operators": len(rosters)},
        overridable=True,
        way_out_id="Telepon petugas rumah produksi." if nobody else "Pilih jam lain.",
        way_out_en="Phone the house." if nobody else "Choose another time.",
    )


RULE = Rule("operator", 35, no_operator)
