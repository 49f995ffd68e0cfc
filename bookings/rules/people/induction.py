"""Who uses a house knows its rules: an induction, valid for a while."""

from __future__ import annotations

from bookings.rules.base import Lesson, Question, Rule, Setting
from facilities.errors import Reason


def not_inducted(q: Question) -> Reason | None:
    """The producer's people had this house's induction, and it still counts on the day of the run."""
    if q.party is None or not q.setting("induction_required") or taught(q, ""):
        return None
    return Reason(
        "not_qualified",
        id="Pengenalan rumah produksi ini belum diikuti, atau sudah kedaluwarsa.",
        en="The induction of this house is missing, or no longer counts.",
        values={"lesson": "induction"},
        overridable=True,
        way_out_id="Minta jadwal pengenalan kepada petugas. Biasanya satu jam.",
        way_out_en="Ask the house for an induction. It usually takes an hour.",
    )


def taught(q: Question, type_code: str) -> bool:
    """Return whether a lesson is on file that counts on the day of the run; the empty code is the induction."""
    lessons: list[Lesson] = [one for one in q.party.lessons if one.type_code == type_code] if q.party else []
    return any(one.expires_on is None or one.expires_on >= q.day for one in lessons)


RULE = Rule(
    "induction",
    160,
    not_inducted,
    about_people=True,
    settings=(
        Setting(
            "induction_required", "flag",
            id="Sebelum memesan, ikuti pengenalan rumah ini: {}.",
            en="Before booking, the induction of this house: {}.",
        ),
    ),
)  # fmt: skip
